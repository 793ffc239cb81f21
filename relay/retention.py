"""What the relay forgets, and when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from relay.unit import Tx
from store import (
    accounts,
    armour,
    attachments,
    buttons,
    disclosures,
    doorbells,
    inbox,
    mail,
    nonces,
    notices,
    outbox,
    prekeys,
    proposals,
    threads,
    uploads,
)

HANDLED = timedelta(days=7)
STRANGERS = timedelta(days=30)
MISSIVES = timedelta(days=90)
"""How long it is known that something went between offices, and what became of it; or that it was destroyed there."""
PARTS = timedelta(hours=1)
UPLOADS = timedelta(days=3)
"""How long a desk may take to go on with an envelope that it sends in parts, anybody with an attachment's chunks."""


@dataclass(frozen=True, slots=True)
class Swept:
    """How many rows went."""

    envelopes: int
    nonces: int
    inbox: int
    outbox: int
    prekeys: int


def forget(tx: Tx, now: datetime) -> Swept:
    """Delete what is past its time: letters and parts of them, nonces, prekeys, updates, ended calls, strangers.

    To be called every hour, by a clock that is believed (relay/belief.py).
    """
    notices.forget_envelopes(tx, now)
    doorbells.expire(tx, now - HANDLED)
    proposals.expire(tx, now - HANDLED)
    threads.expire(tx, now - MISSIVES)
    disclosures.expire(tx, now - MISSIVES)
    uploads.expire(tx, now - UPLOADS)
    attachments.expire(tx, now, now - UPLOADS)
    buttons.expire(tx, now)
    armour.expire(tx, now - PARTS)
    swept = Swept(
        envelopes=mail.expire(tx, now),
        nonces=nonces.expire(tx, now),
        inbox=inbox.expire(tx, now - HANDLED),
        outbox=outbox.expire(tx, now - HANDLED),
        prekeys=prekeys.expire(tx, now),
    )
    accounts.forget_strangers(tx, now - STRANGERS)
    return swept
