"""What the relay forgets, and when.

What is destroyed by a wrong clock does not come back when the clock is set right. So the time is believed as long as
it goes on from the last sweep's; a time further ahead (a battery that ran out, a host that was down) must have been
told for an hour. In a database that was never swept, and after every longer pause, the first sweep waits so long.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from relay import assents, consent, unverified
from relay.unit import Tx
from store import (
    accounts,
    buttons,
    disclosures,
    doorbells,
    inbox,
    mail,
    nonces,
    notices,
    offices,
    outbox,
    prekeys,
    proposals,
    sponsors,
    sweeps,
    threads,
)

HANDLED = timedelta(days=7)
CODES = timedelta(days=7)
STRANGERS = timedelta(days=30)
MISSIVES = timedelta(days=90)
"""How long it is known that something went between offices, and what became of it; or that it was destroyed there."""
LEAP = timedelta(hours=2)
"""Sweeps come every hour: a clock that went on by more was set, or nobody looked at it."""
CONFIRMED = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Swept:
    """How many rows went."""

    envelopes: int
    nonces: int
    inbox: int
    outbox: int
    prekeys: int
    believed: bool = True
    """Whether the clock was; if not, nothing went."""


NOTHING = Swept(0, 0, 0, 0, 0, believed=False)


def sweep(tx: Tx, now: datetime) -> Swept:
    """`forget`, if the clock can be believed; to be called every hour."""
    return forget(tx, now) if _believed(tx, now) else NOTHING


def forget(tx: Tx, now: datetime) -> Swept:
    """Delete what is past its time: letters, nonces, prekeys, handled updates, ended calls, old codes, strangers."""
    notices.forget_envelopes(tx, now)
    offices.expire_codes(tx, now - CODES)
    accounts.expire_link_codes(tx, now - CODES)
    sponsors.expire_codes(tx, now - CODES)
    doorbells.expire(tx, now - HANDLED)
    proposals.expire(tx, now - HANDLED)
    threads.expire(tx, now - MISSIVES)
    disclosures.expire(tx, now - MISSIVES)
    buttons.expire(tx, now)
    swept = Swept(
        envelopes=mail.expire(tx, now),
        nonces=nonces.expire(tx, now),
        inbox=inbox.expire(tx, now - HANDLED),
        outbox=outbox.expire(tx, now - HANDLED),
        prekeys=prekeys.expire(tx, now),
    )
    unverified.expire(tx, now)
    accounts.forget_strangers(tx, now - STRANGERS)
    consent.lapse(tx, now)
    assents.lapse(tx, now)
    return swept


def _believed(tx: Tx, now: datetime) -> bool:
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
