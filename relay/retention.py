"""What the relay forgets, and when."""

from dataclasses import astuple, dataclass
from datetime import datetime, timedelta

from relay.terms import USUAL, Terms
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

PARTS = timedelta(hours=1)
"""How long the beginning of an armoured text waits for the rest of it."""


@dataclass(frozen=True, slots=True)
class Swept:
    """How many rows of each kind went; `accounts` with what they left in the inbox and outbox."""

    envelopes: int
    nonces: int
    prekeys: int
    inbox: int
    outbox: int
    doorbells: int
    proposals: int
    missives: int
    disclosures: int
    uploads: int
    attachments: int
    buttons: int
    armour: int
    accounts: int

    @property
    def total(self) -> int:
        return sum(astuple(self))


def forget(tx: Tx, now: datetime, keep: Terms = USUAL) -> Swept:
    """Delete what is past its time. To be called every hour, by a clock that is believed (relay/belief.py)."""
    notices.forget_envelopes(tx, now)
    handled = now - keep.handled
    return Swept(
        envelopes=mail.expire(tx, now),
        nonces=nonces.expire(tx, now),
        prekeys=prekeys.expire(tx, now),
        inbox=inbox.expire(tx, handled),
        outbox=outbox.expire(tx, handled),
        doorbells=doorbells.expire(tx, handled),
        proposals=proposals.expire(tx, handled),
        missives=threads.expire(tx, now - keep.missives),
        disclosures=disclosures.expire(tx, now - keep.missives),
        uploads=uploads.expire(tx, now - keep.uploads),
        attachments=attachments.expire(tx, now, now - keep.uploads),
        buttons=buttons.expire(tx, now),
        armour=armour.expire(tx, now - PARTS),
        accounts=accounts.forget_strangers(tx, now - keep.strangers),  # last: what goes before was theirs
    )
