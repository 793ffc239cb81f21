"""A notice as an officer writes it down: a JSON file, options, or both (options win), over a template or a version."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from crypto.encoding import b64u
from crypto.notice import Notice, NoticeKind, NoticeText, Route
from desk import plaintext, templates
from desk.drafts import Form
from desk.errors import UsageError
from desk.movements import parse_route, route_name
from desk.state import HeldNotice
from desk.templates import TIMES, WORDS, Texts
from desk.times import parse_time

KNOWN: Final = {"kind", "movement", "route", *TIMES, "hold_until", "place", "texts", "to", "template", "fill"}


@dataclass
class Sheet:
    """What was given so far; empty means not given. `former` are the texts of the version before."""

    values: dict[str, str] = field(default_factory=dict)
    texts: Texts = field(default_factory=dict)
    to: dict[str, int] = field(default_factory=dict)
    standby: dict[str, int] = field(default_factory=dict)
    template: str = ""
    fill: dict[str, str] = field(default_factory=dict)
    former: Texts = field(default_factory=dict)

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
            if name not in ("texts", "to", "template", "fill") and value is not None:
                sheet.values[name] = str(value)
        sheet.template = str(given.get("template") or "")
        sheet._read_lists(given)
        return sheet

    @classmethod
    def from_notice(cls, held: HeldNotice) -> "Sheet":
        """A version to start the next one from."""
        notice = Notice.parse(held.notice)
        sheet = cls(to={offer.alias: offer.party for offer in held.offers})
        sheet.standby = {offer.alias: offer.standby for offer in held.offers if offer.standby}
        sheet.values = {"movement": notice.movement, "route": route_name(notice.route), "place": held.place}
        sheet.values |= {name: str(getattr(notice, name)) for name in TIMES if getattr(notice, name)}
        if held_until := max((offer.hold_until for offer in held.offers), default=0):
            sheet.values["hold_until"] = str(held_until)
        sheet.values["kind"] = "change" if notice.kind.moves else notice.kind.name.lower()
        sheet.former = {text.language: {word: getattr(text, word) for word in WORDS} for text in notice.texts}
        return sheet

    def over(self, below: "Sheet") -> "Sheet":
        """This, and what `below` has where this has nothing; texts of the version before go when a file has others."""
        whom = self if self.to else below
        return Sheet(
            values=below.values | self.values,
            texts=self.texts or below.texts,
            to=whom.to,
            standby=whom.standby,
            template=self.template or below.template,
            fill=self.fill or below.fill,
            former={} if self.texts else below.former,
        )

    def filling(self, template: str, fills: Sequence[str]) -> None:
        """Options: a template's name, and its `fills` as NAME=TEXT or LANG:NAME=TEXT. Raises UsageError."""
        if template and template != self.template:
            self.template, self.fill = template, {}
        for given in fills:
            place, equals, value = given.partition("=")
            if not equals:
                raise UsageError(f"{given!r} fills nothing.", "Write NAME=TEXT or LANG:NAME=TEXT.")
            self.fill[place] = value
        if self.fill and not self.template:
            raise UsageError("There is no template to fill.", "Name one with --template.")
        if self.template:
            self._follow(templates.find(self.template))

    def update(
        self,
        values: Mapping[str, str | None],
        texts: Sequence[str],
        to: Sequence[str],
        standby: Sequence[str] = (),
    ) -> None:
        """Options: `texts` as LANG:FIELD=TEXT, `to` as ALIAS or ALIAS:PARTY, `standby` as ALIAS[:PARTY]@CLASS.

        Either of the last two takes the place of all recipients given before. Raises UsageError.
        """
        self.values |= {name: value for name, value in values.items() if value is not None}
        for given in texts:
            place, equals, value = given.partition("=")
            language, _, word = place.partition(":")
            if not equals or word not in WORDS:
                raise UsageError(
                    f"{given!r} is no text.", f"Write LANG:FIELD=TEXT; fields: {', '.join(WORDS)}."
                )
            self.texts.setdefault(language, {})[word] = value
        if to or standby:
            self.to, self.standby = {}, {}
        for given in to:
            alias, _, party = given.rpartition(":") if ":" in given else (given, "", "1")
            self.to[alias] = _party(party)
        for given in standby:
            person, at, rank = given.rpartition("@")
            alias, _, party = person.rpartition(":") if ":" in person else (person, "", "1")
            if not at:
                raise UsageError(f"{given!r} is nobody on standby.", "Write ALIAS:PARTY@CLASS, class 1 to 9.")
            self.to[alias] = _party(party)
            self.standby[alias] = _class(rank)

    def form(self, now: int) -> Form:
        """The finished form. Raises UsageError for what is missing."""
        name = self.values.get("kind", "")
        try:
            kind = NoticeKind[name.upper()]
        except KeyError as unknown:
            kinds = ", ".join(kind.name.lower() for kind in NoticeKind)
            wrong = f"There is no kind {name!r}." if name else "The notice has no kind."
            raise UsageError(wrong, f"Give --kind: {kinds}.") from unknown
        needed = [*TIMES, "movement"] if kind.moves else ["expires"]
        if missing := [part for part in needed if not self.values.get(part)]:
            options = " ".join(f"--{part.replace('_', '-')}" for part in missing)
            raise UsageError(
                f"A {name} notice needs {', '.join(missing)}.",
                f"Give them in the file, or as options: {options}. See `notice draft --help`.",
            )
        times = {part: parse_time(self.values[part], now) if self.values.get(part) else 0 for part in TIMES}
        place, texts = self.values.get("place", ""), self._texts(times)
        plaintext.check_notice(texts, place)
        return Form(
            kind=kind,
            movement=self.values.get("movement", ""),
            route=parse_route(self.values.get("route") or "none"),
            place=place,
            texts=texts,
            to=dict(self.to),
            standby=dict(self.standby),
            hold_until=parse_time(hold, now) if (hold := self.values.get("hold_until")) else 0,
            **times,
        )

    def _follow(self, template: templates.Template) -> None:
        """Takes kind and route from the template. Raises UsageError when the notice says otherwise."""
        kind = template.kind.name.lower()
        if self.values.setdefault("kind", kind).lower() != kind:
            raise UsageError(
                f"The template {self.template} is for notices of kind {kind}.",
                "Leave out --kind. What replaces a departure takes the template change.",
            )
        if len(template.routes) == 1:
            self.values.setdefault("route", route_name(template.routes[0]))
        if template.routes and parse_route(self.values.get("route") or "none") not in template.routes:
            routes = ", ".join(map(route_name, template.routes))
            raise UsageError(f"The template {self.template} is for the routes {routes}.", "Give --route.")

    def _texts(self, times: Mapping[str, int]) -> tuple[NoticeText, ...]:
        """What was given, over the template, over the version before. Raises UsageError for nothing at all."""
        worded = templates.fill(self.template, times, self.fill) if self.template else {}
        found: Texts = {}
        for layer in (self.former, worded, self.texts):
            for language, words in layer.items():
                found.setdefault(language, dict.fromkeys(WORDS, "")).update(words)
        if not found:
            raise UsageError(
                "The notice says nothing.", "Give --template, or texts, e.g. --text en:message='…'."
            )
        return tuple(
            NoticeText(language, **words)
            for language, words in sorted(found.items(), key=lambda item: item[0].encode())
        )

    def _read_lists(self, given: dict[str, Any]) -> None:
        try:
            for text in given.get("texts") or []:
                words = {word: str(text[word]) for word in WORDS if word in text}
                self.texts[str(text["language"])] = words
            for person in given.get("to") or []:
                alias = str(person["alias"])
                self.to[alias] = _party(str(person.get("party", 1)))
                if person.get("standby"):
                    self.standby[alias] = _class(str(person["standby"]))
            self.fill = {str(place): str(text) for place, text in (given.get("fill") or {}).items()}
        except (TypeError, KeyError, AttributeError) as wrong:
            raise UsageError(
                "texts, to or fill are not as a notice has them.",
                'Like "texts": [{"language": "en", "message": "…"}], "to": [{"alias": "K-4821", "party": 2}], '
                '"fill": {"luggage": "20"}.',
            ) from wrong


def describe(held: HeldNotice) -> dict[str, Any]:
    """Everything in a notice, for showing."""
    notice = Notice.parse(held.notice)
    return {
        "notice": b64u(notice.notice),
        "version": notice.version,
        "kind": notice.kind.name.lower(),
        "content_hash": b64u(notice.hash),
        "code": notice.code,
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
                "standby": offer.standby or None,
                "hold_until": offer.hold_until or None,
            }
            for offer in held.offers
        ],
    }


def _party(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 255:
        raise UsageError(f"{text!r} is no party size.", "Give 1 to 255, e.g. --to K-4821:3.")
    return int(text)


def _class(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 9:
        raise UsageError(f"{text!r} is no class.", "Give 1 (first) to 9, e.g. --standby K-4821:3@2.")
    return int(text)
