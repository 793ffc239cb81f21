"""Of whom a movement was made up: how many of each country, of an office, or linked to them; numbers alone.

Coordinators say it, and what was said stays; the newest counts. What nobody knows is unknown and never 0, what is
guessed is approximate, and the total is said apart: the parts need not add up to it. Coordinators see what they said.
What leaves them, to colleagues or to others, hides what the report hides (crypto.cells). Cumulated, it adds up only
what each movement shows, so that two sums compared tell no more than the movements' own tables.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from crypto.cells import LEAST, hidden
from crypto.country import COUNTRIES
from crypto.encoding import unb64u
from crypto.errors import Malformed
from crypto.roster import Role
from relay import audit, auth, movements
from relay.audit import Event
from relay.auth import OfficerDevice, Principal
from relay.casebook import among
from relay.errors import Kind, RelayError
from relay.unit import Tx
from store import allotments, compositions, threads
from store.sql import Found

STAGES = ("planned", "boarded", "arrived")
LINKED = "linked"
"""People linked to a country or an office: an unspecified number of them, or a number."""
TOTAL = "total"
MOST = 100_000
"""More people than any movement carries."""


@dataclass(frozen=True, slots=True)
class Cell:
    """`people` None: nobody knows, or it is hidden. `unknown` beside a number: there are more, nobody knows how many.

    `hidden` beside a number: of some movements it is not shown.
    """

    party: str
    stage: str
    people: int | None
    approximate: bool
    unknown: bool
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Composition:
    """`shared`: fit to leave the office's coordinators. The cells by party, the total last, and by stage."""

    movements: int
    shared: bool
    cells: list[Cell]


def say(
    tx: Tx,
    who: Principal,
    movement: bytes,
    *,
    party: str,
    stage: str,
    people: int | None,
    approximate: bool,
    now: datetime,
) -> Composition:
    """Note how many of a party were planned, boarded or arrived; `people` None: nobody knows. All of it after that.

    Raises RelayError `not_allowed`, `malformed`, `party_unknown`, `movement_not_found`.
    """
    me = auth.officer(who, Role.COORDINATOR)
    row = _movement(tx, me, movement)
    among(stage, STAGES, "a stage")
    _check_party(tx, me, party)
    if people is not None and not 0 <= people <= MOST:
        raise RelayError("malformed", f"a count is 0 to {MOST}", Kind.MALFORMED)
    if people is None and approximate:
        raise RelayError("malformed", "what is unknown is not approximate", Kind.MALFORMED)
    said = {"party": party, "stage": stage, "people": people, "approximate": approximate}
    compositions.append(tx, me.office, movement, **said, role_code=me.role_code, at=now)
    audit.note(tx, Event.COMPOSITION_SAID, now, by=me, subject=row.code)
    return _of_movement(tx, me, movement, shared=False)


def show(tx: Tx, who: Principal, movement: bytes, *, shared: bool) -> Composition:
    """A movement's composition. Whoever is no coordinator sees what may be shared.

    Raises RelayError `not_allowed`, `movement_not_found`.
    """
    me = auth.officer(who, movements.VIEWERS)
    _movement(tx, me, movement)
    return _of_movement(tx, me, movement, shared=_shared(me, shared))


def since(tx: Tx, who: Principal, departed: datetime, *, shared: bool) -> Composition:
    """All movements of the office that depart from then on, added up. Raises RelayError `not_allowed`."""
    me = auth.officer(who, movements.VIEWERS)
    public = _shared(me, shared)
    by_movement: dict[bytes, list[Found]] = {}
    for row in compositions.since(tx, me.office, departed):
        by_movement.setdefault(row.movement, []).append(row)
    tables = [_table(said, shared=public) for said in by_movement.values()]
    return Composition(len(tables), public, _sum(cell for table in tables for cell in table))


def _shared(me: OfficerDevice, asked: bool) -> bool:
    return asked or not me.roles & Role.COORDINATOR


def _movement(tx: Tx, me: OfficerDevice, movement: bytes) -> Found:
    row = allotments.allotment(tx, me.office, movement)
    if row is None:
        raise movements.missing()
    return row


def _check_party(tx: Tx, me: OfficerDevice, party: str) -> None:
    if party in COUNTRIES or party in (LINKED, TOTAL):
        return
    try:
        office = unb64u(party, 32)
    except Malformed:
        office = b""
    if office != me.office and not threads.accepts(tx, me.office, office):
        raise RelayError(
            "party_unknown",
            "name a country by its three letters (ISO 3166-1), an office you accept, linked, or total",
            Kind.UNACCEPTABLE,
        )


def _of_movement(tx: Tx, me: OfficerDevice, movement: bytes, *, shared: bool) -> Composition:
    return Composition(1, shared, _table(compositions.of_movement(tx, me.office, movement), shared=shared))


def _table(said: Iterable[Found], *, shared: bool) -> list[Cell]:
    """What stands of one movement."""
    newest = {(row.party, row.stage): row for row in said}
    cells = [
        Cell(row.party, row.stage, row.people, row.approximate, row.people is None) for row in newest.values()
    ]
    if shared:
        cells = [cell for stage in STAGES for cell in _hide([c for c in cells if c.stage == stage])]
    return sorted(cells, key=_place)


def _hide(cells: list[Cell]) -> list[Cell]:
    """One stage as it may be shared."""
    parts = {c.party: c.people for c in cells if c.party != TOTAL and c.people is not None}
    total = next((c.people for c in cells if c.party == TOTAL), None)
    # Whoever is in the total and in no part counts as one more part, where that can be worked out; and the smallest
    # comes last, because what comes last is taken for the unknown, which may stand alone.
    guessed = any(c.approximate for c in cells)
    names = sorted(parts, key=lambda name: -parts[name])
    rest = 0 if guessed else max((total or 0) - sum(parts.values()), 0)
    counts = [*([rest] if rest else []), *(parts[name] for name in names)]
    first = len(counts) - len(names)
    secret = {names[place - first] for place in hidden(counts) if place >= first} if names else set()
    if total is not None and total < LEAST:
        secret.add(TOTAL)
    return [
        Cell(c.party, c.stage, None, False, False, hidden=True) if c.party in secret else c for c in cells
    ]


def _sum(cells: Iterable[Cell]) -> list[Cell]:
    added: dict[tuple[str, str], Cell] = {}
    for cell in cells:
        before = added.get((cell.party, cell.stage))
        added[cell.party, cell.stage] = cell if before is None else _plus(before, cell)
    return sorted(added.values(), key=_place)


def _plus(one: Cell, other: Cell) -> Cell:
    shown = [each.people for each in (one, other) if each.people is not None]
    return Cell(
        one.party,
        one.stage,
        sum(shown) if shown else None,
        one.approximate or other.approximate,
        one.unknown or other.unknown,
        one.hidden or other.hidden,
    )


def _place(cell: Cell) -> tuple[bool, bool, bool, str, int]:
    """Countries, then offices, who is linked, and the total."""
    party = cell.party
    return party == TOTAL, party == LINKED, party not in COUNTRIES, party, STAGES.index(cell.stage)
