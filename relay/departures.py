"""What officers may look up in chat about departures and their notices: codes, numbers and counts."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from crypto.notice import verification_code
from crypto.roster import Role
from relay import auth, conditions, movements, offices, outcomes
from relay.auth import READING, Principal
from relay.errors import Kind, RelayError
from relay.movements import VIEWERS, MovementView
from relay.unit import Tx
from store import notices, recipients, standby
from store.sql import Found

PREPARED = timedelta(days=30)
"""A draft that was approved longer ago, and never sealed, is forgotten."""


@dataclass(frozen=True, slots=True)
class DepartureView:
    """`lent`: seats that guests have, for the owner. `waiting`: parties on standby. `notices`: versions by state."""

    movement: MovementView
    own: bool
    lent: int
    boarded: int
    waiting: int
    notices: dict[str, int]  # withheld, scheduled, released
    clear: bool


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version of a notice by its number, and how many of its recipients it reached and answered."""

    number: str
    version: int
    kind: int
    code: str  # of its movement, or nothing
    state: str  # withheld, scheduled, released, replaced, cancelled, expired
    why: str | None
    release_at: datetime
    recipients: int
    fetched: int
    accepted: int
    declined: int
    help: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text that officers (by role code) approved and nobody sealed yet."""

    number: str
    by: list[str]
    at: datetime


def one(tx: Tx, who: Principal, code: str, now: datetime) -> DepartureView:
    """A movement by its code name, in numbers. Raises RelayError `not_allowed`, `movement_not_found`."""
    me = auth.officer(who, VIEWERS)
    movement = movements.one(tx, who, code)
    states = Counter(_state(row) for row in notices.live_on(tx, me.office, movement.movement))
    return DepartureView(
        movement,
        movement.owner == me.office,
        sum(each.seats for each in movement.allotments),
        outcomes.board(tx, who, movement.movement)[0].boarded or 0,
        len(standby.queue(tx, me.office, movement.movement)),
        {state: states[state] for state in ("withheld", "scheduled", "released")},
        conditions.listed(tx, who, movement.movement, now).clear,
    )


def versions(tx: Tx, who: Principal) -> list[VersionView]:
    """Every version of the office's notices, by the time of release. Raises RelayError `not_allowed`."""
    me = auth.officer(who, READING)
    counts = recipients.counts(tx, me.office)
    codes = {each.movement: each.code for each in movements.listed(tx, who)}
    views = []
    for row in notices.listed(tx, me.office):
        reached = counts[row.notice, row.version]
        named = (row.code, row.version, row.kind, codes.get(row.movement, ""))
        state = (_state(row), row.withheld if _state(row) == "withheld" else None, row.release_at)
        answered = (reached.accepted, reached.declined, reached.help)
        views.append(VersionView(*named, *state, reached.recipients, reached.fetched, *answered))
    return views


def withheld(tx: Tx, who: Principal) -> int:
    """How many notices were due and wait for the office: approvals that stand, or a roster."""
    return notices.withheld(tx, auth.officer(who, VIEWERS).office)


def stale(tx: Tx, who: Principal) -> list[int]:
    """Of each scheduled notice that is to be sealed again: for how many people whose phone could not open it.

    Raises RelayError `not_allowed`.
    """
    return [len(people) for people in recipients.stale(tx, auth.officer(who, READING).office).values()]


def prepared(tx: Tx, who: Principal, now: datetime) -> list[Prepared]:
    """What was approved and is not sealed yet, the newest first. Raises RelayError `not_allowed`."""
    me = auth.officer(who, Role.COORDINATOR)
    return _prepared(tx, me.office, now)


def ready(tx: Tx, who: Principal, number: str, now: datetime) -> None:
    """Whether something was prepared under this number. Raises RelayError `not_allowed`, `notice_not_found`."""
    me = auth.officer(who, READING)
    if number not in (each.number for each in _prepared(tx, me.office, now)):
        raise _missing()


def revocable(tx: Tx, who: Principal, code: str) -> None:
    """Whether a notice of the office with this number, or an own movement with this code name, can be called off.

    Raises RelayError `not_allowed`, `notice_not_found`, `movement_not_found`.
    """
    me = auth.officer(who, READING)
    if code.isdecimal():
        if not notices.standing_with(tx, me.office, code):
            raise _missing()
    elif movements.one(tx, who, code).owner != me.office:
        raise movements.missing()


def _prepared(tx: Tx, office: bytes, now: datetime) -> list[Prepared]:
    roster = offices.newest(tx, office)
    found: dict[str, Prepared] = {}
    for row in notices.unsealed(tx, office, now - PREPARED):
        entry, number = roster.entry(row.device), verification_code(row.content_hash)
        if entry is not None:  # who left approves nothing any more
            held = found.setdefault(number, Prepared(number, [], row.at))
            held.by.extend({entry.role_code} - {*held.by})
    return list(found.values())


def _state(row: Found) -> str:
    return "withheld" if row.state == "scheduled" and row.withheld is not None else str(row.state)


def _missing() -> RelayError:
    return RelayError("notice_not_found", "no notice has this number; list them anew", Kind.MISSING)
