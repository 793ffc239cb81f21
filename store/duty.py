"""Queries about who is off duty."""

from datetime import datetime

from sqlalchemy import Connection, select

from store.sql import first, insert_new
from store.tables.chat import off_duty
from store.tables.offices import officers


def since(tx: Connection, office: bytes, officer: bytes) -> datetime | None:
    """Since when an officer is off duty; None is on."""
    c = off_duty.c
    row = first(tx, select(c.since).where(c.office == office, c.officer == officer))
    return None if row is None else row.since


def leave(tx: Connection, office: bytes, officer: bytes, now: datetime) -> None:
    insert_new(tx, off_duty, [{"office": office, "officer": officer, "since": now}])


def come(tx: Connection, office: bytes, officer: bytes) -> None:
    c = off_duty.c
    tx.execute(off_duty.delete().where(c.office == office, c.officer == officer))


def away(tx: Connection, office: bytes) -> set[bytes]:
    """The office's officers who are off duty."""
    c = off_duty.c
    return {row.officer for row in tx.execute(select(c.officer).where(c.office == office))}


def forget(tx: Connection, office: bytes) -> None:
    """Whoever is an officer no more begins anew when they come back: on duty."""
    c = off_duty.c
    gone = select(officers.c.officer).where(officers.c.office == office, officers.c.active.is_(False))
    tx.execute(off_duty.delete().where(c.office == office, c.officer.in_(gone)))
