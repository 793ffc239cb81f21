"""Queries about attempts to reach contacts."""

from datetime import datetime

from sqlalchemy import Connection, and_, func, select

from store.sql import Found, every, insert
from store.tables.people import attempts, contacts


def add(
    tx: Connection, office: bytes, contact: bytes, *, way: str, outcome: str, role_code: str, now: datetime
) -> None:
    c = attempts.c
    last = tx.execute(select(func.max(c.seq)).where(c.office == office, c.contact == contact)).scalar()
    row = {"office": office, "contact": contact, "seq": int(last or 0) + 1, "way": way, "outcome": outcome}
    insert(tx, attempts, [row | {"role_code": role_code, "at": now}])


def of_contact(tx: Connection, office: bytes, contact: bytes) -> list[Found]:
    c = attempts.c
    return every(tx, select(attempts).where(c.office == office, c.contact == contact).order_by(c.seq))


def of_office(tx: Connection, office: bytes) -> list[Found]:
    """Every attempt in its order, with the contact's alias and when they were last heard."""
    c = attempts.c
    on = and_(c.office == contacts.c.office, c.contact == contacts.c.contact)
    statement = select(attempts, contacts.c.alias, contacts.c.heard_at).join(contacts, on)
    return every(tx, statement.where(c.office == office).order_by(contacts.c.alias, c.seq))


def forget(tx: Connection, office: bytes, contact: bytes) -> None:
    tx.execute(attempts.delete().where(attempts.c.office == office, attempts.c.contact == contact))
