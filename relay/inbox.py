"""Telegram updates: committed before they are confirmed, handled once, in order per account."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from relay import accounts
from relay.unit import Tx, Vault
from store import inbox


@dataclass(frozen=True, slots=True)
class Update:
    """An update as the edge took it, with ids of people and chats and all typed text removed from the payload."""

    update_id: int
    chat: int
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Taken:
    update_id: int
    account: int
    chat: int
    payload: dict[str, Any]


def take(tx: Tx, vault: Vault, updates: Sequence[Update], now: datetime) -> int:
    """Keep updates to be handled; one that is here already is left out. How many are new.

    Raises ValueError when a payload still holds the chat's id: it belongs into the vault.
    """
    known = inbox.known(tx, {update.update_id for update in updates})
    rows = []
    for update in updates:
        if update.update_id in known:
            continue
        known.add(update.update_id)
        payload = json.dumps(dict(update.payload), ensure_ascii=False, sort_keys=True)
        if str(abs(update.chat)) in payload:
            raise ValueError("a payload still holds its chat's id")
        account = accounts.known(tx, vault, update.chat, now).id
        row = {"update_id": update.update_id, "account": account, "payload": payload}
        rows.append(row | {"done": False, "taken_at": now})
    inbox.add(tx, rows)
    return len(rows)


def pending(tx: Tx, vault: Vault, limit: int = 100) -> list[Taken]:
    """What is not done yet, in order of arrival."""
    return [
        Taken(row.update_id, row.account, vault.open_id(row.sealed), json.loads(row.payload))
        for row in inbox.pending(tx, limit)
    ]


def done(tx: Tx, update_id: int, now: datetime) -> bool:  # noqa: ARG001 – as every rule
    """Mark handled and erase the payload; True exactly once. Do the effect in the same transaction, if True."""
    return inbox.done(tx, update_id)
