"""What is to be said to Telegram: rows holding a catalogue key and plain parameters, never rendered text."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from crypto.encoding import b64u
from relay.unit import Tx, Vault
from store import outbox
from store.sql import Found

PRIORITY = {"answer_callback": 0, "reply": 1, "delete": 2, "urgent ring": 3, "ring": 4, "further reply": 5}
"""Whoever waits in front of a screen comes first, then what brings people to safety, then the rest."""

MESSAGES = outbox.MESSAGES
REFUSED = "refused"
"""Where a ring, which says nothing, keeps how often it was."""
PROMPT_REPLIES = 8
"""What an account has waiting beyond these comes after everybody's rings: nobody holds others up by asking much."""
MOST_REPLIES = 200
"""More does not wait for one account: nobody asks for so much in the hour that an answer lives."""
REPLY_LIFE = timedelta(hours=1)
CALLBACK_LIFE = timedelta(minutes=1)
DELETE_LIFE = timedelta(hours=47)  # Telegram lets a bot delete for 48 hours


def reply(
    tx: Tx,
    account: int,
    key: str,
    params: Mapping[str, Any],
    now: datetime,
    *,
    dedupe: str,
    expires_at: datetime | None = None,
    vanish_after: timedelta | None = None,
) -> None:
    """Queue a reply; a second one with the same dedupe is left out. With vanish_after it is deleted again.

    Beyond MOST_REPLIES an older one makes room: of the same kind, which the newer one makes superfluous, or else
    the oldest.
    """
    row = _row("reply", account, now, expires_at or now + REPLY_LIFE)
    if len(outbox.replies(tx, account)) >= PROMPT_REPLIES:
        row["priority"] = PRIORITY["further reply"]
    vanish = None if vanish_after is None else int(vanish_after.total_seconds())
    said = {"key": key, "params": json.dumps(dict(params), ensure_ascii=False, sort_keys=True)}
    outbox.add(tx, [row | said | {"dedupe": f"reply:{dedupe}", "vanish_seconds": vanish}])
    waiting = outbox.replies(tx, account)
    if len(waiting) > MOST_REPLIES:
        older = [each for each in waiting[:-1] if each.key == waiting[-1].key]
        outbox.drop(tx, (older or waiting)[0].id, now)


def delete(
    tx: Tx, account: int, message_id: int, now: datetime, *, not_before: datetime | None = None, key: str = ""
) -> None:
    """Queue the deletion of a message, ours or the person's; queued twice it happens once, at the earlier time.

    `key` is that of the reply which it takes away.
    """
    _delete(tx, {account: message_id}, not_before or now, now, key)


def delete_each(tx: Tx, messages: Mapping[int, int], now: datetime) -> None:
    """As `delete`, for one message of each account."""
    _delete(tx, messages, now, now, "")


def _delete(tx: Tx, messages: Mapping[int, int], start: datetime, now: datetime, key: str) -> None:
    rows = [
        _row("delete", account, start, start + DELETE_LIFE)
        | {"key": key, "message_id": message, "dedupe": f"delete:{account}:{message}", "changed_at": now}
        for account, message in sorted(messages.items())
    ]
    outbox.add(tx, rows)
    outbox.bring_forward(tx, [row["dedupe"] for row in rows], start, now)


def withdraw(tx: Tx, account: int, key: str, now: datetime) -> None:
    """What the account was told of this kind leaves its chat now, and what still waits is not said."""
    outbox.drop_replies(tx, account, key, now)
    outbox.hasten_deletions(tx, account, key, now)


def answer_callback(
    tx: Tx, vault: Vault, account: int, callback_id: str, now: datetime, *, key: str, dedupe: str
) -> None:
    """Queue the answer to a pressed button; its id is sealed, for Telegram puts the person's own into it."""
    row = _row("answer_callback", account, now, now + CALLBACK_LIFE)
    sealed = b64u(vault.seal_press(callback_id))
    outbox.add(tx, [row | {"callback_id": sealed, "key": key, "dedupe": f"callback:{dedupe}"}])


def ring(
    tx: Tx, wanted: Collection[int], now: datetime, expires_at: datetime, *, urgent: bool, again: bool = False
) -> None:
    """Queue a ring for each account; only relay.doorbells does."""
    if wanted:
        row = _row("ring", 0, now, expires_at)
        del row["account"]
        priority = PRIORITY["urgent ring" if urgent else "ring"]
        outbox.add_rings(tx, wanted, row | {"urgent": urgent, "again": again, "priority": priority})


def refusals(ring: Found) -> int:
    """How often Telegram refused this ring since the account's last sign of life; kept in its parameters."""
    return int(json.loads(ring.params).get(REFUSED, 0))


def _row(kind: str, account: int, not_before: datetime, expires_at: datetime) -> dict[str, Any]:
    return {
        "kind": kind,
        "dedupe": None,
        "account": account,
        "priority": PRIORITY[kind],
        "key": "",
        "params": "{}",
        "urgent": False,
        "again": False,
        "message_id": None,
        "callback_id": "",
        "vanish_seconds": None,
        "due_at": not_before,
        "not_before": not_before,
        "expires_at": expires_at,
        "state": "waiting",
        "owner": "",
        "fence": 0,
        "lease_until": None,
        "tries": 0,
        "uncertain": 0,
        "changed_at": not_before,
    }
