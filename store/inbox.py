"""Queries about Telegram updates taken in."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Delete, Select, Update, select

from store import hints
from store.sql import Found, count, insert, many, one
from store.tables.chat import accounts, inbox


def known(tx: Connection, ids: Collection[int]) -> set[int]:
    return {row.update_id for row in _known(tx, ids)}


@many
def _known(ids: Collection[int]) -> Select[Any]:
    return select(inbox.c.update_id).where(inbox.c.update_id.in_(ids))


def add(tx: Connection, rows: Sequence[dict[str, Any]]) -> None:
    insert(tx, inbox, rows)
    hints.tell(tx, "inbox")


def pending(tx: Connection, limit: int, after: int = 0) -> list[Found]:
    """Not done yet, in order of arrival, with the account's sealed id; `after`: behind this row."""
    return _pending(tx, limit, after)


@many
def _pending(limit: int, after: int) -> Select[Any]:
    c = inbox.c
    waiting = select(inbox, accounts.c.sealed).join(accounts, c.account == accounts.c.id)
    return waiting.where(c.done.is_(False), c.seq > after).order_by(c.seq).limit(limit)


@many
def payloads() -> Select[Any]:
    """Of what is not done yet."""
    c = inbox.c
    return select(c.payload).where(c.done.is_(False), c.payload.is_not(None))


def done(tx: Connection, update_id: int) -> bool:
    """True for exactly one caller."""
    return _done(tx, update_id) == 1


@count
def _done(update_id: int) -> Update:
    c = inbox.c
    return inbox.update().where(c.update_id == update_id, c.done.is_(False)).values(done=True, payload=None)


def heard_between(tx: Connection, account: int, moment: datetime, now: datetime) -> bool:
    """Whether any update of the account came in since. One from the future did not: the clock was set back."""
    return _heard_between(tx, account, moment, now) is not None


@one
def _heard_between(account: int, moment: datetime, now: datetime) -> Select[Any]:
    c = inbox.c
    return select(c.seq).where(c.account == account, c.taken_at > moment, c.taken_at <= now).limit(1)


@count
def expire(before: datetime) -> Delete:
    return inbox.delete().where(inbox.c.done, inbox.c.taken_at <= before)
