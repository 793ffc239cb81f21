"""Telegram updates: committed before they are confirmed, handled once, in order per account."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crypto.encoding import b64u, unb64u
from relay import accounts
from relay.errors import Kind, RelayError
from relay.unit import Tx, Vault
from store import inbox
from store import outbox as calls
from store.sql import Found

PRESS = "press"
"""Where a payload keeps the sealed id of a pressed button."""
ENCLOSED = "enclosed"
"""Where a payload keeps armour, sealed."""


@dataclass(frozen=True, slots=True)
class Update:
    """An update as the edge took it, with ids of people and chats and all typed text removed from the payload.

    `callback_id` is that of a pressed button; `enclosed` armoured text, or Telegram's id of a document that holds it.
    """

    update_id: int
    chat: int
    payload: Mapping[str, Any]
    callback_id: str = ""
    enclosed: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    update_id: int
    account: int
    chat: int
    payload: dict[str, Any]
    callback_id: str = ""
    enclosed: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is not done yet, in order of arrival; `unopened` stay where they are, in nobody's way.

    Their sealed id or payload does not open: another vault key, a damaged row. The next start tries them too.
    """

    taken: list[Taken]
    unopened: set[int]


def take(tx: Tx, vault: Vault, updates: Sequence[Update], now: datetime) -> int:
    """Keep updates to be handled; one that is here already is left out. How many are new.

    Whoever writes shows that a ring may reach them: one that rests because it was refused is tried at once.

    Raises RelayError `id_in_clear` when a payload still holds the chat's id: it belongs into the vault.
    """
    known = inbox.known(tx, {update.update_id for update in updates})
    rows, writers = [], set()
    for update in updates:
        if update.update_id in known:
            continue
        known.add(update.update_id)
        kept = dict(update.payload)
        if _names(kept, update.chat):
            raise RelayError("id_in_clear", "a payload still holds its chat's id", Kind.MALFORMED)
        if update.callback_id:
            kept[PRESS] = b64u(vault.seal_press(update.callback_id))
        if update.enclosed:
            kept[ENCLOSED] = b64u(vault.seal_enclosed(update.enclosed))
        payload = json.dumps(kept, ensure_ascii=False, sort_keys=True)
        account = accounts.known(tx, vault, update.chat, now).id
        writers.add(account)
        row = {"update_id": update.update_id, "account": account, "payload": payload}
        rows.append(row | {"done": False, "taken_at": now})
    inbox.add(tx, rows)
    calls.hasten_refused(tx, now, writers)
    return len(rows)


def look(tx: Tx, vault: Vault, limit: int = 100) -> Waiting:
    """What waits to be handled, up to so many that can be."""
    taken: list[Taken] = []
    unopened: set[int] = set()
    after = 0
    while len(taken) < limit and (rows := inbox.pending(tx, limit, after)):
        after = rows[-1].seq
        for row in rows:
            try:
                taken.append(_taken(vault, row))
            except (ValueError, TypeError, AttributeError):  # whatever damage makes of it
                unopened.add(row.update_id)
    return Waiting(taken[:limit], unopened)


def pending(tx: Tx, vault: Vault, limit: int = 100) -> list[Taken]:
    """What can be handled and is not done yet, in order of arrival."""
    return look(tx, vault, limit).taken


def _taken(vault: Vault, row: Found) -> Taken:
    payload = json.loads(row.payload)
    sealed, armour = payload.pop(PRESS, ""), payload.pop(ENCLOSED, "")
    callback_id = vault.open_press(unb64u(sealed)) if sealed else ""
    enclosed = vault.open_enclosed(unb64u(armour)) if armour else ""
    return Taken(row.update_id, row.account, vault.open_id(row.sealed), payload, callback_id, enclosed)


def _names(value: Any, chat: int) -> bool:  # noqa: ANN401 – whatever JSON holds
    """Whether the chat's id stands in it: as a number, or anywhere in text, also as the upper half of a longer one."""
    if isinstance(value, Mapping):
        return any(_names(each, chat) for each in value.values())
    if isinstance(value, list | tuple):
        return any(_names(each, chat) for each in value)
    numbers = [value] if isinstance(value, int) else [int(run) for run in re.findall(r"\d+", str(value))]
    return any(chat in {number, number >> 32} for number in map(abs, numbers)) if chat else False


def done(tx: Tx, update_id: int, now: datetime) -> bool:  # noqa: ARG001 – as every rule
    """Mark handled and erase the payload; True exactly once. Do the effect in the same transaction, if True."""
    return inbox.done(tx, update_id)
