"""Queries about devices that wait to be put on a contact's card, or to be taken off it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Delete, Select, Update, and_, select

from store.sql import count, insert, many, one, update
from store.tables.people import card_changes, contacts


@one
def of(office: bytes, contact: bytes) -> Select[Any]:
    return select(card_changes).where(card_changes.c.office == office, card_changes.c.contact == contact)


@many
def listed(office: bytes) -> Select[Any]:
    """What waits, the oldest first, with the contact's alias."""
    c = card_changes.c
    person = and_(c.office == contacts.c.office, c.contact == contacts.c.contact)
    waiting = select(card_changes, contacts.c.alias).join(contacts, person).where(c.office == office)
    return waiting.order_by(c.at, c.contact)


def add(tx: Connection, **row: Any) -> None:  # noqa: ANN401 – a row
    insert(tx, card_changes, [row])


def keep_half(tx: Connection, office: bytes, contact: bytes, card: bytes) -> None:
    """What the first officer signed; a newer one takes its place."""
    update(tx, card_changes, {"office": office, "contact": contact}, card=card)


@count
def drop(office: bytes, contact: bytes) -> Delete:
    return card_changes.delete().where(card_changes.c.office == office, card_changes.c.contact == contact)


@count
def shown(office: bytes, now: datetime) -> Update:
    """A desk of the office has seen all that wait."""
    c = card_changes.c
    return card_changes.update().where(c.office == office, c.shown_at.is_(None)).values(shown_at=now)
