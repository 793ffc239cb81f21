"""A notice as an officer writes it down: a JSON file, options, or both (options win)."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from crypto.encoding import b64u
from crypto.notice import Notice, NoticeKind, NoticeText, Route
from desk.drafts import Form
from desk.errors import UsageError
from desk.movements import parse_route, route_name
from desk.state import HeldNotice
from desk.times import parse_time

TIMES: Final = ("departs_at", "report_from", "report_until", "answer_by", "expires")
WORDS: Final = ("who", "bring", "leave", "documents", "message")
KNOWN: Final = {"kind", "movement", "route", *TIMES, "place", "texts", "to"}


@dataclass
class Sheet:
    """What was given so far; empty means not given."""

    values: dict[str, str] = field(default_factory=dict)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    to: dict[str, int] = field(default_factory=dict)

    @classmethod
    def from_file(cls, path: Path) -> "Sheet":
        """The notice in the file, or on standard input for `-`.

        Raises UsageError for what is no notice, and names the part.
        """
        try:
            given = json.loads(sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as wrong:
            raise UsageError(
                f"{path} is no JSON file that can be read.", "See `notice draft --help`."
            ) from wrong
        if not isinstance(given, dict) or set(given) - KNOWN:
            strange = sorted(set(given) - KNOWN) if isinstance(given, dict) else []
            raise UsageError(
                f"{path} has parts a notice does not have: {', '.join(strange)}.",
                f"Known: {', '.join(sorted(KNOWN))}.",
            )
        sheet = cls()
        for name, value in given.items():
            if name not in ("texts", "to") and value is not None:
                sheet.values[name] = str(value)
        sheet._read_lists(given)
        return sheet

    @classmethod
    def from_notice(cls, held: HeldNotice) -> "Sheet":
        """A version to start the next one from."""
        notice = Notice.parse(held.notice)
        sheet = cls(to={offer.alias: offer.party for offer in held.offers})
        sheet.values = {"movement": notice.movement, "route": route_name(notice.route), "place": held.place}
        sheet.values |= {name: str(getattr(notice, name)) for name in TIMES if getattr(notice, name)}
        sheet.values["kind"] = "change" if notice.kind.moves else notice.kind.name.lower()
        sheet.texts = {text.language: {word: getattr(text, word) for word in WORDS} for text in notice.texts}
        return sheet

    def update(self, values: Mapping[str, str | None], texts: Sequence[str], to: Sequence[str]) -> None:
        """Options: `texts` as LANG:FIELD=TEXT, `to` as ALIAS or ALIAS:PARTY. Raises UsageError."""
        self.values |= {name: value for name, value in values.items() if value is not None}
        for given in texts:
            place, equals, value = given.partition("=")
            language, _, word = place.partition(":")
            if not equals or word not in WORDS:
                raise UsageError(
                    f"{given!r} is no text.", f"Write LANG:FIELD=TEXT; fields: {', '.join(WORDS)}."
                )
            self.texts.setdefault(language, {})[word] = value
        if to:
            self.to = {}
        for given in to:
            alias, _, party = given.rpartition(":") if ":" in given else (given, "", "1")
            self.to[alias] = _party(party)

    def form(self, now: int) -> Form:
        """The finished form. Raises UsageError for what is missing."""
        name = self.values.get("kind", "")
        try:
            kind = NoticeKind[name.upper()]
        except KeyError as unknown:
            kinds = ", ".join(kind.name.lower() for kind in NoticeKind)
            raise UsageError(f"There is no kind {name!r}.", f"Give --kind: {kinds}.") from unknown
        needed = [*TIMES, "movement"] if kind.moves else ["expires"]
        if missing := [part for part in needed if not self.values.get(part)]:
            raise UsageError(f"A {name} notice needs {', '.join(missing)}.", "See `notice draft --help`.")
        if not self.texts:
            raise UsageError("The notice says nothing.", "Give texts, e.g. --text en:message='…'.")
        times = {part: parse_time(self.values[part], now) if self.values.get(part) else 0 for part in TIMES}
        texts = [
            NoticeText(language, **{word: words.get(word, "") for word in WORDS})
            for language, words in sorted(self.texts.items(), key=lambda item: item[0].encode())
        ]
        return Form(
            kind=kind,
            movement=self.values.get("movement", ""),
            route=parse_route(self.values.get("route") or "none"),
            place=self.values.get("place", ""),
            texts=tuple(texts),
            to=dict(self.to),
            **times,
        )

    def _read_lists(self, given: dict[str, Any]) -> None:
        try:
            for text in given.get("texts") or []:
                words = {word: str(text.get(word, "")) for word in WORDS}
                self.texts[str(text["language"])] = words
            for person in given.get("to") or []:
                self.to[str(person["alias"])] = _party(str(person.get("party", 1)))
        except (TypeError, KeyError, AttributeError) as wrong:
            raise UsageError(
                "texts or to are not lists as a notice has them.",
                'Like "texts": [{"language": "en", "message": "…"}], "to": [{"alias": "K-4821", "party": 2}].',
            ) from wrong


def describe(held: HeldNotice) -> dict[str, Any]:
    """Everything in a notice, for showing."""
    notice = Notice.parse(held.notice)
    return {
        "notice": b64u(notice.notice),
        "version": notice.version,
        "kind": notice.kind.name.lower(),
        "content_hash": b64u(notice.hash),
        "movement": notice.movement,
        "route": route_name(notice.route) if notice.route is not Route.NONE else "none",
        **{name: getattr(notice, name) for name in TIMES},
        "place": held.place,
        "texts": [
            {"language": text.language, **{word: getattr(text, word) for word in WORDS}}
            for text in notice.texts
        ],
        "to": [
            {
                "alias": offer.alias,
                "contact": b64u(offer.contact),
                "offer": b64u(offer.offer),
                "party": offer.party,
            }
            for offer in held.offers
        ],
    }


def _party(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 255:
        raise UsageError(f"{text!r} is no party size.", "Give 1 to 255, e.g. --to K-4821:3.")
    return int(text)
