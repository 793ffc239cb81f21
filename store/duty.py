"""Queries about who is off duty."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Delete, Select, select

from store.sql import count, insert_new, many, value
from store.tables.chat import off_duty
from store.tables.offices import officers


@value
def since(office: bytes, officer: bytes) -> Select[Any]:
    """Since when an officer is off duty; None is on."""
    c = off_duty.c
    return select(c.since).where(c.office == office, c.officer == officer)


def leave(tx: Connection, office: bytes, officer: bytes, now: datetime) -> None:
    insert_new(tx, off_duty, [{"office": office, "officer": officer, "since": now}])


@count
def come(office: bytes, officer: bytes) -> Delete:
    c = off_duty.c
    return off_duty.delete().where(c.office == office, c.officer == officer)


def away(tx: Connection, office: bytes) -> set[bytes]:
    """The office's officers who are off duty."""
    return {row.officer for row in _away(tx, office)}


@many
def _away(office: bytes) -> Select[Any]:
    return select(off_duty.c.officer).where(off_duty.c.office == office)


@count
def forget(office: bytes) -> Delete:
    """Whoever is an officer no more begins anew when they come back: on duty."""
    c = off_duty.c
    gone = select(officers.c.officer).where(officers.c.office == office, officers.c.active.is_(False))
    return off_duty.delete().where(c.office == office, c.officer.in_(gone))
