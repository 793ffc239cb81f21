"""Queries about contacts whom the office owes an answer."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Update, and_, bindparam, or_, select

from store.sql import each_of, many
from store.tables.people import contacts

Who = tuple[bytes, bytes]


def owe(tx: Connection, due: Mapping[Who, datetime]) -> None:
    """An answer is due to these, by (office, contact), unless one was due to them sooner."""
    if due:
        each_of(tx, _owe(), [{"of": of, "whom": whom, "at": at} for (of, whom), at in due.items()])


@cache
def _owe() -> Update:
    c = contacts.c
    whom = contacts.update().where(c.office == bindparam("of"), c.contact == bindparam("whom"))
    # Rows that stay as they are are not written: who writes again is mostly owed an answer already.
    later = or_(c.due_at.is_(None), c.due_at > bindparam("at"))
    return whom.where(later).values(due_at=bindparam("at"))


def settle(tx: Connection, answered: Collection[Who]) -> None:
    """Nothing is due to these, by (office, contact), any more."""
    if answered:
        each_of(tx, _settle(), [{"of": office, "whom": contact} for office, contact in answered])


@cache
def _settle() -> Update:
    c = contacts.c
    owed = contacts.update().where(c.office == bindparam("of"), c.contact == bindparam("whom"))
    return owed.where(c.due_at.is_not(None)).values(due_at=None)


@many
def overdue(office: bytes, now: datetime) -> Select[Any]:
    """Alias, contact and when their answer was due, the longest first."""
    c = contacts.c
    late = select(c.contact, c.alias, c.due_at).where(c.office == office, is_late(now))
    return late.order_by(c.due_at, c.alias)


def is_late(now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether a row of contacts waits for an answer past its time."""
    return and_(contacts.c.state == "enrolled", contacts.c.due_at <= now)
