"""Queries about Telegram updates taken in."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from store.sql import Found, changed, every, first, insert
from store.tables.chat import accounts, inbox


def known(tx: Connection, ids: Collection[int]) -> set[int]:
    return {row.update_id for row in every(tx, select(inbox.c.update_id).where(inbox.c.update_id.in_(ids)))}


def add(tx: Connection, rows: Sequence[dict[str, Any]]) -> None:
    insert(tx, inbox, rows)


def pending(tx: Connection, limit: int, after: int = 0) -> list[Found]:
    """Not done yet, in order of arrival, with the account's sealed id; `after`: behind this row."""
    c = inbox.c
    waiting = select(inbox, accounts.c.sealed).join(accounts, c.account == accounts.c.id)
    return every(tx, waiting.where(c.done.is_(False), c.seq > after).order_by(c.seq).limit(limit))


def done(tx: Connection, update_id: int) -> bool:
    """True for exactly one caller."""
    c = inbox.c
    statement = inbox.update().where(c.update_id == update_id, c.done.is_(False))
    return changed(tx, statement.values(done=True, payload=None)) == 1


def heard_between(tx: Connection, account: int, moment: datetime, now: datetime) -> bool:
    """Whether any update of the account came in since. One from the future did not: the clock was set back."""
    c = inbox.c
    since = select(c.seq).where(c.account == account, c.taken_at > moment, c.taken_at <= now)
    return first(tx, since.limit(1)) is not None


def expire(tx: Connection, before: datetime) -> int:
    c = inbox.c
    return changed(tx, inbox.delete().where(c.done, c.taken_at <= before))
