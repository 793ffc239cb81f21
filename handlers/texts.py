"""Words for people: Fluent catalogues by language; code passes finished strings, never dates or numbers."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax.ast import Resource

from words.catalogues import LANGUAGES, LOCALES

DEFAULT = "en"
#: Telegram and browsers say these for Dari.
ALIASES = {"prs": "fa-AF", "fa": "fa-AF"}
CATALOGUES = ("chat.ftl",)
#: An icon at a line's end goes with the last word: alone on a line it says nothing.
LAST_ICON = re.compile("(?<=[^\\s=]) (?=[\u2190-\u2bff\U0001f000-\U0001faff]\ufe0f?$)", re.MULTILINE)


class Texts:
    """All catalogues, read once; raises ValueError when a catalogue is broken or misses a message."""

    def __init__(self, folder: Path | None = None) -> None:
        folder = folder or LOCALES
        self._bundles = {language: _read(folder / language, language) for language in LANGUAGES}
        keys = {language: _keys(folder / language) for language in LANGUAGES}
        for language, own in keys.items():
            if missing := keys[DEFAULT] ^ own:
                raise ValueError(
                    f"locales/{language}: keys differ from {DEFAULT}: {', '.join(sorted(missing))}"
                )

    def render(self, language: str, key: str, params: Mapping[str, str | int] | None = None) -> str:
        """The message; raises KeyError for an unknown key, ValueError for a missing parameter."""
        bundle = self._bundles[resolve(language)]
        message = bundle.get_message(key)
        if message.value is None:
            raise KeyError(key)
        text, errors = bundle.format_pattern(message.value, dict(params or {}))
        if errors:
            raise ValueError(f"message {key} in {language}: {errors[0]}")
        return str(text)

    def has(self, key: str) -> bool:
        """Whether the catalogues know this key."""
        return self._bundles[DEFAULT].has_message(key)


def resolve(language: str) -> str:
    """The catalogue for a language tag: "prs" and "fa-IR" → "fa-AF", unknown → "en"."""
    tag = language.replace("_", "-")
    for name in LANGUAGES:
        if tag.lower() == name.lower():
            return name
    primary = tag.split("-")[0].lower()
    if primary in ALIASES:
        return ALIASES[primary]
    return next((name for name in LANGUAGES if name.split("-")[0] == primary), DEFAULT)


def _read(folder: Path, language: str) -> FluentBundle:
    # No isolation marks: they would be copied along with codes; lines are laid out so that none is needed.
    bundle = FluentBundle([language], use_isolating=False)
    for name in CATALOGUES:
        bundle.add_resource(_parsed((folder / name).read_text(encoding="utf-8")))
    return bundle


@cache
def _parsed(catalogue: str) -> Resource:
    """The parser is slow: once for each text."""
    return FluentResource(LAST_ICON.sub("\u00a0", catalogue))


def _keys(folder: Path) -> set[str]:
    keys = set()
    for name in CATALOGUES:
        for line in (folder / name).read_text(encoding="utf-8").splitlines():
            head, equals, _ = line.partition("=")
            if equals and line[:1].isalpha():
                keys.add(head.strip())
    return keys
