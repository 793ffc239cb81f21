"""Held seats of people who are silent. Silence is no answer, so nobody loses a seat to it unseen.

Past its time a hold ends only when somebody of the office tried to reach the person after the notice went out
(relay/attempts.py), or with the notice itself. What ends it is called expired, never declined. Who asked for help is
not silent: their seats are held until the notice ends.
"""

from dataclasses import dataclass
from datetime import datetime

from relay import audit, auth, movements, seats, standby
from relay.audit import Event
from relay.auth import READING, Principal
from relay.unit import Tx
from store import allotments, holds

MOST = 100


@dataclass(frozen=True, slots=True)
class Silent:
    """Somebody who has not answered; `tried_at`: when an officer last tried to reach them since the notice is out."""

    alias: str
    party: int
    hold_until: datetime
    tried_at: datetime | None


def silent(tx: Tx, who: Principal, movement: bytes, now: datetime) -> list[Silent]:
    """Whose answer is awaited, the next to expire first; the look is logged. Raises RelayError `movement_not_found`."""
    me = auth.officer(who, READING)
    if allotments.allotment(tx, me.office, movement) is None:
        raise movements.missing()
    rows = holds.silent(tx, me.office, movement)
    if rows:
        audit.note(tx, Event.SILENT_READ, now, by=me)
    return [Silent(row.alias, row.party, row.hold_until, row.tried_at) for row in rows]


def expire(tx: Tx, now: datetime, limit: int = MOST) -> int:
    """Give back seats whose time is over and whom somebody tried to reach; how many. Call it until it returns 0."""
    rows = holds.due(tx, now, limit)
    for row in rows:
        seats.move(tx, row, "expired", now)
        audit.happened(tx, Event.HOLD_EXPIRED, now, office=row.office, about=row.alias)
    for office, movement in sorted({(row.office, row.movement) for row in rows}):
        standby.promote(tx, office, movement, now)
    return len(rows)
