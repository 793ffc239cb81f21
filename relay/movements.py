"""Movements: departures and their seats."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from crypto.notice import Route
from crypto.roster import Role
from relay import audit, auth
from relay.audit import Event
from relay.auth import Principal
from relay.errors import Kind, RelayError
from relay.unit import Tx
from store import movements
from store.sql import Found

CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,15}")
MOST_SEATS = 100_000
PLANNERS = Role.COORDINATOR
VIEWERS = Role.COORDINATOR | Role.CASEWORKER | Role.LIAISON


@dataclass(frozen=True, slots=True)
class MovementView:
    movement: bytes
    code: str
    route: int
    departs_at: datetime
    seats: int
    held: int
    confirmed: int
    state: str  # open, called, cancelled


def make(
    tx: Tx, who: Principal, *, code: str, route: Route, departs_at: datetime, seats: int, now: datetime
) -> MovementView:
    """Plan a movement. Raises RelayError `malformed`, `code_taken`."""
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
        held=0,
        confirmed=0,
        state="open",
    )
    audit.note(tx, Event.MOVEMENT_PLANNED, now, by=me, subject=code)
    return MovementView(movement, code, int(route), departs_at, seats, 0, 0, "open")


def listed(tx: Tx, who: Principal) -> list[MovementView]:
    """The office's movements by departure."""
    me = auth.officer(who, VIEWERS)
    return [_view(row) for row in movements.listed(tx, me.office)]


def cancel(tx: Tx, who: Principal, movement: bytes, now: datetime) -> None:
    """Call it off. Its notices are cancelled first, each with a signature, so that people hear of it.

    Raises RelayError `movement_not_found`, `movement_has_notices`.
    """
    me = auth.officer(who, PLANNERS)
    row = movements.movement(tx, me.office, movement)
    if row is None:
        raise missing()
    if movements.has_live_notice(tx, me.office, movement):
        raise RelayError(
            "movement_has_notices", "cancel its notices first, so that people hear of it", Kind.CONFLICT
        )
    if row.state != "cancelled":
        movements.set_state(tx, me.office, movement, "cancelled")
        audit.note(tx, Event.MOVEMENT_CANCELLED, now, by=me, subject=row.code)


def named(tx: Tx, who: Principal, code: str) -> bytes:
    """The id of the own office's movement with this code name. Raises RelayError `movement_not_found`."""
    row = movements.by_code(tx, auth.officer(who, VIEWERS).office, code.upper())
    if row is None:
        raise missing()
    return bytes(row.movement)


def missing() -> RelayError:
    return RelayError("movement_not_found", "no such movement; list the movements anew", Kind.MISSING)


def _view(row: Found) -> MovementView:
    counted = (row.seats, row.held, row.confirmed)
    return MovementView(row.movement, row.code, row.route, row.departs_at, *counted, row.state)
