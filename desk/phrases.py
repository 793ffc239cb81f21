"""The phrasebook: common replies in the contacts' languages, worded once and with care."""

from typing import Final

from desk.errors import UsageError
from words.catalogues import LANGUAGES, render, variables

CATALOGUE: Final = "phrases"
ALIKE: Final = {"fa": "fa-AF", "prs": "fa-AF", "prs-AF": "fa-AF", "ps": "ps-AF", "en-US": "en", "en-GB": "en"}
PREFIX: Final = "phrase-"


def codes() -> list[str]:
    """In the catalogue's order."""
    return [key.removeprefix(PREFIX) for key in variables("en", CATALOGUE)]


def language(name: str) -> str:
    """Raises UsageError for a language the phrasebook is not written in."""
    found = ALIKE.get(name, name)
    if found not in LANGUAGES:
        what = f"There are no phrases in {name!r}." if name else "It is not known which language they read."
        raise UsageError(what, f"Name one with --language: {', '.join(LANGUAGES)}.")
    return found


def phrase(code: str, name: str) -> str:
    """The text of a phrase in a language. Raises UsageError for an unknown code or language."""
    try:
        return render(language(name), CATALOGUE, f"{PREFIX}{code}")
    except KeyError as unknown:
        raise UsageError(f"There is no phrase {code!r}.", "See `qasid-desk phrase list`.") from unknown
