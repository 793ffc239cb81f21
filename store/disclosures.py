"""Queries about what was passed on of people to other offices."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Delete, Select, Update, func, select

from store.mail import EPOCH
from store.sql import Found, count, insert, many, one, update
from store.tables.disclosures import disclosures
from store.tables.mail import envelopes, wraps
from store.tables.people import contacts


def add(tx: Connection, rows: Iterable[dict[str, object]]) -> None:
    insert(tx, disclosures, list(rows))


@many
def of_envelope(envelope: bytes) -> Select[Any]:
    c = disclosures.c
    return select(disclosures).where(c.envelope == envelope).order_by(c.fields)


@one
def disclosure(envelope: bytes, fields: str) -> Select[Any]:
    c = disclosures.c
    return select(disclosures).where(c.envelope == envelope, c.fields == fields)


@many
def of_contact(office: bytes, contact: bytes) -> Select[Any]:
    """What was passed on of the contact, the oldest first."""
    c = disclosures.c
    return (
        select(disclosures)
        .where(c.office == office, c.contact == contact)
        .order_by(c.at, c.envelope, c.fields)
    )


@many
def sent(office: bytes) -> Select[Any]:
    """What the office passed on, each with the contact's alias (None: erased), the oldest first."""
    c = disclosures.c
    on = (c.office == contacts.c.office) & (c.contact == contacts.c.contact)
    own = select(disclosures, contacts.c.alias).join(contacts, on, isouter=True).where(c.office == office)
    return own.order_by(c.at, c.envelope, c.fields)


@many
def laggards(office: bytes) -> Select[Any]:
    """To whom the office passed on what was taken back, and no word yet that it was destroyed: how much, since when."""
    c = disclosures.c
    columns: tuple[Any, ...] = (func.count().label("many"), func.min(c.withdrawn_at).label("oldest"))
    own = select(c.recipient, *columns).where(c.office == office, c.state == "withdrawn")
    return own.group_by(c.recipient).order_by(func.min(c.withdrawn_at), c.recipient)


@many
def taken_back(recipient: bytes) -> Select[Any]:
    """What an office got and was taken back, whether or not it acknowledged, the oldest first."""
    c = disclosures.c
    got = select(disclosures).where(c.recipient == recipient, c.state != "standing")
    return got.order_by(c.withdrawn_at, c.envelope, c.fields)


@many
def waiting(recipient: bytes) -> Select[Any]:
    """How many withdrawals the office has to acknowledge, and since when the oldest waits."""
    c = disclosures.c
    columns: tuple[Any, ...] = (func.count().label("many"), func.min(c.withdrawn_at).label("oldest"))
    return select(*columns).where(c.recipient == recipient, c.state == "withdrawn")


@count
def shown(recipient: bytes, now: datetime) -> Update:
    """A desk of the office has seen all that was taken back."""
    c = disclosures.c
    unseen = (c.recipient == recipient, c.state == "withdrawn", c.shown_at.is_(None))
    return disclosures.update().where(*unseen).values(shown_at=now)


def withdraw(tx: Connection, row: Found, reason: str, statement: bytes | None, now: datetime) -> None:
    same = {"envelope": row.envelope, "fields": row.fields}
    update(tx, disclosures, same, state="withdrawn", reason=reason, statement=statement, withdrawn_at=now)


def acknowledge(tx: Connection, row: Found, acknowledgement: bytes, now: datetime) -> None:
    """With the word that it was destroyed, what proves that it was taken back is needed no more."""
    same = {"envelope": row.envelope, "fields": row.fields}
    values = {"acknowledgement": acknowledgement, "acknowledged_at": now, "statement": None}
    update(tx, disclosures, same, state="acknowledged", **values)


@count
def forget(envelope: bytes) -> Delete:
    """Delete what never was read, with all its groups."""
    return disclosures.delete().where(disclosures.c.envelope == envelope)


@count
def name_nobody(office: bytes, contact: bytes) -> Update:
    """The contact is erased: what another office still has to destroy is known by its envelope alone."""
    c = disclosures.c
    own = (c.office == office, c.contact == contact, c.state == "withdrawn")
    return disclosures.update().where(*own).values(contact=None, statement=None, reason="erased")


@many
def unread(envelope: bytes) -> Select[Any]:
    """Its wraps that no desk has fetched."""
    c = wraps.c
    return select(c.envelope).where(c.envelope == envelope, c.holder_kind == EPOCH, c.fetched_at.is_(None))


@count
def drop_letter(envelope: bytes) -> Delete:
    """Destroy the envelope, whoever has not fetched it yet."""
    return envelopes.delete().where(envelopes.c.envelope == envelope)


@count
def expire(before: datetime) -> Delete:
    """Forget what was acknowledged by then."""
    c = disclosures.c
    return disclosures.delete().where(c.state == "acknowledged", c.acknowledged_at <= before)
