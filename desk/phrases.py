"""The phrasebook: common replies in the contacts' languages, worded once and with care."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from desk.errors import UsageError

if TYPE_CHECKING:  # the catalogues take long to load, and every command would wait for them
    from fluent.runtime import FluentBundle

LOCALES: Final = Path(__file__).resolve().parent.parent / "locales"
LANGUAGES: Final = ("en", "fa-AF", "ps-AF")
ALIKE: Final = {"fa": "fa-AF", "prs": "fa-AF", "prs-AF": "fa-AF", "ps": "ps-AF", "en-US": "en", "en-GB": "en"}
PREFIX: Final = "phrase-"


def codes() -> list[str]:
    """In the catalogue's order."""
    from fluent.syntax import FluentParser  # noqa: PLC0415 – only who needs a phrase waits for it
    from fluent.syntax.ast import Message  # noqa: PLC0415 – only who needs a phrase waits for it

    parsed = FluentParser().parse(_source("en"))
    return [each.id.name.removeprefix(PREFIX) for each in parsed.body if isinstance(each, Message)]


def language(name: str) -> str:
    """Raises UsageError for a language the phrasebook is not written in."""
    found = ALIKE.get(name, name)
    if found not in LANGUAGES:
        what = f"There are no phrases in {name!r}." if name else "It is not known which language they read."
        raise UsageError(what, f"Name one with --language: {', '.join(LANGUAGES)}.")
    return found


def phrase(code: str, name: str) -> str:
    """The text of a phrase in a language. Raises UsageError for an unknown code or language."""
    bundle = _bundle(language(name))
    key = f"{PREFIX}{code}"
    if not bundle.has_message(key):
        raise UsageError(f"There is no phrase {code!r}.", "See `qasid-desk phrase list`.")
    value = bundle.get_message(key).value
    if value is None:
        raise KeyError(key)
    text, errors = bundle.format_pattern(value)
    if errors:
        raise ValueError(f"phrase {code}: {errors[0]}")
    return str(text)


def _source(name: str) -> str:
    return (LOCALES / name / "phrases.ftl").read_text(encoding="utf-8")


@cache
def _bundle(name: str) -> "FluentBundle":
    from fluent.runtime import FluentBundle, FluentResource  # noqa: PLC0415 – only who needs a phrase waits for it

    bundle = FluentBundle([name], use_isolating=False)
    bundle.add_resource(FluentResource(_source(name)))
    return bundle
