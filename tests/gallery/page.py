"""docs/gallery/README.md: the pictures by dialogue and language."""

from collections.abc import Callable, Mapping

from tests.gallery.dialogue import Dialogue
from words.catalogues import LANGUAGES

HEAD = """# What the bot says, in pictures

Every dialogue with the bot, in every language, played with the real relay over the emulated Telegram and photographed
from the emulator's page, as high as what it shows. `make gallery` takes the pictures anew; without a change in code or
wording they come out the same, byte for byte. What people and officers type and the bot deletes is not in them.
`shown.json` tells which commands and which messages of the catalogue each dialogue shows.
"""
NAMES = {"en": "English", "fa-AF": "Dari", "ps-AF": "Pashto"}


def document(every: Mapping[str, Dialogue], picture: Callable[[str, str], str]) -> str:
    """The page; `picture` names a file by language and dialogue."""
    parts = [HEAD]
    for title, officers in (("People", False), ("Officers", True)):
        parts.append(f"## {title}\n")
        parts.append("".join(f"| {NAMES[language]} " for language in LANGUAGES) + "|")
        parts.append("|---" * len(LANGUAGES) + "|")
        for dialogue in every.values():
            if dialogue.officers is officers:
                caption = f"**{dialogue.title}** `{dialogue.name}`"
                parts.append(f"| {caption} " + "| " * (len(LANGUAGES) - 1) + "|")
                cells = [f"![{dialogue.title}]({picture(each, dialogue.name)})" for each in LANGUAGES]
                parts.append(f"| {' | '.join(cells)} |")
        parts.append("")
    return "\n".join(parts).rstrip("\n") + "\n"
