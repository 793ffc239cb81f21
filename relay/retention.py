"""What the relay forgets, and when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from relay.unit import Tx
from store import accounts, doorbells, inbox, mail, nonces, notices, offices, outbox, prekeys, proposals

HANDLED = timedelta(days=7)
CODES = timedelta(days=7)
STRANGERS = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Swept:
    """How many rows went."""

    envelopes: int
    nonces: int
    inbox: int
    outbox: int
    prekeys: int


def sweep(tx: Tx, now: datetime) -> Swept:
    """Delete what is past its time: letters, nonces, prekeys, handled updates, ended calls, old codes, strangers."""
    notices.forget_envelopes(tx, now)
    offices.expire_codes(tx, now - CODES)
    accounts.expire_link_codes(tx, now - CODES)
    doorbells.expire(tx, now - HANDLED)
    proposals.expire(tx, now - HANDLED)
    swept = Swept(
        envelopes=mail.expire(tx, now),
        nonces=nonces.expire(tx, now),
        inbox=inbox.expire(tx, now - HANDLED),
        outbox=outbox.expire(tx, now - HANDLED),
        prekeys=prekeys.expire(tx, now),
    )
    accounts.forget_strangers(tx, now - STRANGERS)
    return swept
