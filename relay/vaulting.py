"""The exchange of the vault key (crypto/vault.py): what an older key sealed is sealed with the newest one.

Accounts are sealed anew, a few at a time. What else is sealed (updates to be handled, buttons to be answered, armour
that is not whole) goes by itself, most of it within the hour. Only then may the older key be retired.
"""

import json
from dataclasses import astuple, dataclass

from crypto.encoding import unb64u
from relay.inbox import ENCLOSED, PRESS
from relay.unit import Tx, Vault
from store import accounts, armour, inbox
from store import outbox as rows

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Left:
    """How many rows of each kind open with an older key only."""

    accounts: int
    inbox: int
    outbox: int
    armour: int

    @property
    def total(self) -> int:
        return sum(astuple(self))


@dataclass(frozen=True, slots=True)
class Step:
    """How many accounts were sealed anew, and behind which to go on; None: that was all."""

    count: int
    after: int | None


def reseal(tx: Tx, vault: Vault, after: int = 0, limit: int = CHUNK) -> Step:
    """Seal the next accounts behind this one anew.

    Nothing happens while the newest key does not seal yet. What opens with no key stays as it is.
    """
    if not (vault.rotating and vault.settled):
        return Step(0, None)
    found = accounts.sealed(tx, after, limit)
    old = [row for row in found if vault.older(row.sealed)]
    for row in old:
        sealed, blind = vault.entry(vault.open_id(row.sealed))
        accounts.change(tx, row.id, sealed=sealed, blind=blind)
    return Step(len(old), found[-1].id if len(found) == limit else None)


def left(tx: Tx, vault: Vault) -> Left:
    """What an older key is still needed for; it looks at every account."""
    after, old = 0, 0
    while found := accounts.sealed(tx, after, CHUNK):
        after = found[-1].id
        old += sum(vault.older(row.sealed) for row in found)
    return Left(
        accounts=old,
        inbox=sum(_older(vault, row.payload) for row in inbox.payloads(tx)),
        outbox=sum(vault.older(unb64u(row.callback_id)) for row in rows.callbacks(tx)),
        armour=sum(vault.older(row.sealed) for row in armour.sealed(tx)),
    )


def _older(vault: Vault, payload: str) -> bool:
    kept = json.loads(payload)
    return any(name in kept and vault.older(unb64u(kept[name])) for name in (PRESS, ENCLOSED))
