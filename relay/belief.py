"""Whether the clock can be believed.

What a wrong clock releases, ends or destroys does not come back when the clock is set right: while it is doubted,
that waits. The time is believed as long as it goes on from the last time that was; a time further ahead (a battery
that ran out, a host that was down) when another clock tells the same, or when it has been told for an hour. In a
database where nobody ever asked, and after every longer pause, it is doubted first.
"""

from datetime import datetime, timedelta

from relay.unit import Tx
from store import sweeps

LEAP = timedelta(hours=2)
"""It is asked every hour: a clock that went on by more was set, or nobody looked at it."""
CONFIRMED = timedelta(hours=1)
AGREED = timedelta(minutes=5)
"""What two clocks may differ by that are both right."""


def believed(tx: Tx, now: datetime) -> bool:
    """Whether the clock went on as expected, or has been telling this other time for CONFIRMED; notes what it says."""
    noted = sweeps.last(tx)
    believed_at = noted.believed_at if noted else None
    doubted_at = noted.doubted_at if noted else None
    if doubted_at is not None and not doubted_at <= now <= doubted_at + LEAP:
        doubted_at = None  # yet another time
    expected = believed_at is not None and now <= believed_at + LEAP
    if expected or (doubted_at is not None and now >= doubted_at + CONFIRMED):
        sweeps.note(tx, believed_at=now, doubted_at=None)
        return True
    sweeps.note(tx, believed_at=believed_at, doubted_at=doubted_at or now)
    return False


def doubted(tx: Tx) -> bool:
    """Whether it was doubted when somebody last asked."""
    noted = sweeps.last(tx)
    return noted is not None and noted.doubted_at is not None


def compared(tx: Tx, other: datetime, now: datetime) -> bool:
    """Whether another clock tells this time, too: then it is believed at once; if not, the watching begins anew."""
    noted = sweeps.last(tx)
    agreed = abs(other - now) <= AGREED
    if agreed:
        sweeps.note(tx, believed_at=now, doubted_at=None)
    else:
        sweeps.note(tx, believed_at=noted.believed_at if noted else None, doubted_at=now)
    return agreed
