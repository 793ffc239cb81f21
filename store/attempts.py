"""Queries about attempts to reach contacts."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Delete, Select, and_, func, select

from store.sql import count, insert, many, value
from store.tables.people import attempts, contacts

REACHED = ("reached", "refused")
"""Outcomes by which the contact was heard."""


def add(
    tx: Connection, office: bytes, contact: bytes, *, way: str, outcome: str, role_code: str, now: datetime
) -> None:
    seq = int(_last(tx, office, contact) or 0) + 1
    row = {"office": office, "contact": contact, "seq": seq, "way": way, "outcome": outcome}
    insert(tx, attempts, [row | {"role_code": role_code, "at": now}])


@value
def _last(office: bytes, contact: bytes) -> Select[Any]:
    c = attempts.c
    return select(func.max(c.seq)).where(c.office == office, c.contact == contact)


@many
def of_contact(office: bytes, contact: bytes) -> Select[Any]:
    c = attempts.c
    return select(attempts).where(c.office == office, c.contact == contact).order_by(c.seq)


@many
def of_office(office: bytes) -> Select[Any]:
    """Every attempt in its order, with the contact's alias and when they were last heard."""
    c = attempts.c
    on = and_(c.office == contacts.c.office, c.contact == contacts.c.contact)
    statement = select(attempts, contacts.c.alias, contacts.c.heard_at).join(contacts, on)
    return statement.where(c.office == office).order_by(contacts.c.alias, c.seq)


@count
def forget(office: bytes, contact: bytes) -> Delete:
    return attempts.delete().where(attempts.c.office == office, attempts.c.contact == contact)
