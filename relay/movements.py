"""Movements: departures, and whose seats they are.

    state       open   call     depart     arrive    cancel
    planned     open   -        -          -         cancelled
    open        open   called   -          -         cancelled
    called      -      called   departed   -         cancelled
    departed    -      -        departed   arrived   -
    arrived     -      -        -          arrived   -
    cancelled   -      -        -          -         cancelled
Seats are offered while it is open or called. The office that owns a movement may lend seats of it (relay/loans.py);
whoever borrowed some sees its code, route, time and state, and no other office's seats. The owner sees how many seats
each office has, holds and has confirmed, and nothing else of what is theirs.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from crypto.encoding import b64u
from crypto.notice import Route
from crypto.roster import Role
from relay import audit, auth, colleagues
from relay.audit import Event
from relay.auth import Principal
from relay.errors import Kind, RelayError
from relay.unit import Tx
from store import allotments, movements, notices
from store.allotments import Change
from store.sql import Found

CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,15}")
MOST_SEATS = 100_000
TOLD = timedelta(hours=24)
"""How long guests read in chat that a movement was called off."""
PLANNERS = Role.COORDINATOR
VIEWERS = Role.COORDINATOR | Role.CASEWORKER | Role.LIAISON
STEPS = {
    "open": ("planned", "open", Event.MOVEMENT_OPENED),
    "call": ("open", "called", Event.MOVEMENT_CALLED),
    "depart": ("called", "departed", Event.MOVEMENT_DEPARTED),
    "arrive": ("departed", "arrived", Event.MOVEMENT_ARRIVED),
}
"""From which state each step leads where."""
BEFORE = ("planned", "open", "called")


@dataclass(frozen=True, slots=True)
class AllotmentView:
    office: bytes
    seats: int
    held: int
    confirmed: int


@dataclass(frozen=True, slots=True)
class MovementView:
    """`seats`, `held` and `confirmed` are the own office's. Only the owner sees `total` and guests' `allotments`."""

    movement: bytes
    owner: bytes
    code: str
    route: int
    departs_at: datetime
    state: str  # planned, open, called, departed, arrived, cancelled
    total: int | None
    seats: int
    held: int
    confirmed: int
    allotments: list[AllotmentView]


def make(
    tx: Tx,
    who: Principal,
    *,
    code: str,
    route: Route,
    departs_at: datetime,
    seats: int,
    planned: bool = False,
    now: datetime,
) -> MovementView:
    """Open a movement; `planned`: not yet for offers. Raises RelayError `malformed`, `departure_past`, `code_taken`."""
    me = auth.officer(who, PLANNERS)
    if not CODE.fullmatch(code) or not 1 <= seats <= MOST_SEATS:
        raise RelayError(
            "malformed", "a movement has a code of capitals and digits, and seats", Kind.MALFORMED
        )
    if departs_at <= now:
        raise RelayError(
            "departure_past", "the departure is in the past; give another time", Kind.UNACCEPTABLE
        )
    if movements.by_code(tx, me.office, code) is not None:
        raise RelayError("code_taken", "another movement has this code; choose another", Kind.CONFLICT)
    movement = secrets.token_bytes(16)
    movements.add(
        tx,
        office=me.office,
        movement=movement,
        code=code,
        route=int(route),
        departs_at=departs_at,
        seats=seats,
        entries=0,
        state="planned" if planned else "open",
    )
    allotments.add(tx, office=me.office, movement=movement, owner=me.office)
    allotments.shift(tx, me.office, movement, [Change("opened", seats=seats)], now)
    audit.note(tx, Event.MOVEMENT_PLANNED, now, by=me, subject=code)
    return _listed(tx, who, movement)


def listed(tx: Tx, who: Principal) -> list[MovementView]:
    """The movements on which the office has or had seats, by departure."""
    me = auth.officer(who, VIEWERS)
    lent: dict[bytes, list[AllotmentView]] = {}
    for row in allotments.lent_by(tx, me.office):
        theirs = AllotmentView(row.office, row.seats, row.held, row.confirmed)
        lent.setdefault(row.movement, []).append(theirs)
    return [_view(row, lent.get(row.movement, [])) for row in allotments.of_office(tx, me.office)]


def step(tx: Tx, who: Principal, movement: bytes, word: str, now: datetime) -> str:
    """Open, call, depart or arrive; the state it is in then. The same again is harmless.

    Raises RelayError `movement_not_found`, `movement_state`.
    """
    me = auth.officer(who, PLANNERS)
    row = _own(tx, me.office, movement)
    before, after, event = STEPS[word]
    if row.state == after:
        return after
    if row.state != before:
        raise RelayError(
            "movement_state", f"it is {row.state}; that follows on {before} alone", Kind.CONFLICT
        )
    movements.set_state(tx, me.office, movement, after)
    audit.note(tx, event, now, by=me, subject=row.code)
    return after


def cancel(tx: Tx, who: Principal, movement: bytes, now: datetime) -> None:
    """Call it off. Its notices are cancelled first, each with a signature, so that people hear of it.

    Guests' notices can be cancelled by the guests alone, whose coordinators are told: no seat of it is offered any
    more, and what they have scheduled does not go out. Raises RelayError `movement_not_found`, `movement_state`,
    `movement_has_notices`.
    """
    me = auth.officer(who, PLANNERS)
    row = _own(tx, me.office, movement)
    if row.state == "cancelled":
        return
    if row.state not in BEFORE:
        raise RelayError(
            "movement_state", f"it is {row.state}; it cannot be called off any more", Kind.CONFLICT
        )
    if movements.has_live_notice(tx, me.office, movement):
        raise RelayError(
            "movement_has_notices", "cancel its notices first, so that people hear of it", Kind.CONFLICT
        )
    movements.set_state(tx, me.office, movement, "cancelled")
    for guest in allotments.guests(tx, me.office, movement):
        theirs = {"code": row.code, "notices": str(len(notices.live_on(tx, guest.office, movement)))}
        dedupe = f"called-off:{b64u(movement)}"
        colleagues.tell(tx, guest.office, "officer-movement-off", theirs, now, dedupe=dedupe, life=TOLD)
    audit.note(tx, Event.MOVEMENT_CANCELLED, now, by=me, subject=row.code)


def offering(tx: Tx, office: bytes, movement: bytes) -> Found:
    """The office's seats on a movement on which seats may be offered now.

    Raises RelayError `movement_not_found`, `movement_cancelled`, `movement_not_open`.
    """
    row = allotments.allotment(tx, office, movement)
    if row is None:
        raise missing()
    if row.state == "cancelled":
        raise RelayError("movement_cancelled", "this movement was called off", Kind.CONFLICT)
    if row.state not in allotments.OFFERING:
        raise RelayError(
            "movement_not_open", f"this movement is {row.state}: its seats are not offered", Kind.CONFLICT
        )
    return row


def named(tx: Tx, who: Principal, code: str) -> bytes:
    """The id of the movement with this code name, of one's own before one that seats were borrowed of.

    Raises RelayError `movement_not_found`.
    """
    me = auth.officer(who, VIEWERS)
    rows = [row for row in allotments.of_office(tx, me.office) if row.code == code.upper()]
    if not rows:
        raise missing()
    return bytes(min(rows, key=lambda row: row.owner != me.office).movement)


def one(tx: Tx, who: Principal, code: str) -> MovementView:
    """As `listed`, the one with this code name. Raises RelayError `movement_not_found`."""
    return _listed(tx, who, named(tx, who, code))


def own(tx: Tx, who: Principal, code: str) -> bytes:
    """The id of one's own movement with this code name, for who may change it.

    Raises RelayError `not_allowed`, `movement_not_found`.
    """
    me = auth.officer(who, PLANNERS)
    row = movements.by_code(tx, me.office, code.upper())
    if row is None:
        raise missing()
    return bytes(row.movement)


def missing() -> RelayError:
    return RelayError("movement_not_found", "no such movement; list the movements anew", Kind.MISSING)


def _listed(tx: Tx, who: Principal, movement: bytes) -> MovementView:
    (view,) = (each for each in listed(tx, who) if each.movement == movement)
    return view


def _own(tx: Tx, office: bytes, movement: bytes) -> Found:
    row = movements.movement(tx, office, movement)
    if row is None:
        raise missing()
    return row


def _view(row: Found, lent: list[AllotmentView]) -> MovementView:
    own = row.office == row.owner
    return MovementView(
        row.movement,
        row.owner,
        row.code,
        row.route,
        row.departs_at,
        row.state,
        row.total if own else None,
        row.seats,
        row.held,
        row.confirmed,
        lent,
    )
