"""Queries about consent."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Delete, Select, Update, func, select, tuple_

from store.ids import among, laid
from store.sql import Found, chunks, count, insert, many, one, update, value
from store.tables.people import consents

About = tuple[str, bytes, str]
"""What a consent is about: purpose, recipient office, group of fields."""
SAME = ("office", "contact", "purpose", "recipient", "fields")
"""Of these one statement at most is the newest."""


@many
def newest(office: bytes, contact: bytes) -> Select[Any]:
    c = consents.c
    of = select(consents).where(c.office == office, c.contact == contact, c.newest)
    return of.order_by(c.purpose, c.recipient, c.fields)


def newest_of(tx: Connection, office: bytes, wanted: Collection[bytes]) -> list[Found]:
    """The newest statements of these contacts, by contact."""
    return [row for part in chunks(sorted(wanted)) for row in _newest_of(tx, office, part)]


@many
def _newest_of(office: bytes, wanted: Sequence[bytes]) -> Select[Any]:
    c = consents.c
    own = select(consents).where(c.office == office, c.contact.in_(wanted), c.newest)
    return own.order_by(c.contact, c.purpose, c.recipient, c.fields)


def last_counter(tx: Connection, device: bytes, about: About) -> int:
    return _last_counter(tx, device, *about) or 0


@value
def _last_counter(device: bytes, purpose: str, recipient: bytes, fields: str) -> Select[Any]:
    return select(func.max(consents.c.counter)).where(_by(device), *_about(purpose, recipient, fields))


def statement(tx: Connection, device: bytes, about: About, counter: int) -> Found | None:
    return _statement(tx, device, *about, counter)


@one
def _statement(device: bytes, purpose: str, recipient: bytes, fields: str, counter: int) -> Select[Any]:
    same = (_by(device), *_about(purpose, recipient, fields), consents.c.counter == counter)
    return select(consents).where(*same)


def _by(device: bytes) -> ColumnElement[bool]:
    return consents.c.device == device


def _about(purpose: str, recipient: bytes, fields: str) -> tuple[ColumnElement[bool], ...]:
    c = consents.c
    return (c.purpose == purpose, c.recipient == recipient, c.fields == fields)


@many
def last_of_device(device: bytes) -> Select[Any]:
    """What the device said last about each, whether or not it decides."""
    c = consents.c
    each = (c.purpose, c.recipient, c.fields)
    top = select(*each, func.max(c.counter)).where(c.device == device).group_by(*each)
    last = select(consents).where(c.device == device, tuple_(*each, c.counter).in_(top))
    return last.order_by(*each)


def add(tx: Connection, row: dict[str, Any]) -> None:
    """Make this the newest statement about its purpose, recipient and fields."""
    _supersede(tx, *[row[name] for name in SAME])
    insert(tx, consents, [row | {"newest": True}])


def keep_aside(tx: Connection, row: dict[str, object]) -> None:
    """Keep the statement; it decides nothing."""
    insert(tx, consents, [row | {"newest": False}])


def adopt(tx: Connection, kept: Found) -> None:
    """Make a statement that was kept aside the newest of its kind."""
    lapse(tx, kept)
    update(tx, consents, {name: getattr(kept, name) for name in (*SAME, "device", "counter")}, newest=True)


@many
def lapsed(now: datetime, limit: int) -> Select[Any]:
    """Consents that were given, not taken back, and stand no more."""
    c = consents.c
    of = select(consents).where(c.newest, c.given, c.lapses_at <= now)
    return of.order_by(c.lapses_at).limit(limit)


def lapse(tx: Connection, row: Found) -> None:
    """The statement decides nothing any more."""
    _supersede(tx, *[getattr(row, name) for name in SAME])


def forget_devices(tx: Connection, gone: Collection[bytes]) -> None:
    """Delete all that these devices said: they never were the contact's."""
    for part in chunks(sorted(gone)):
        _forget_devices(tx, part)


@count
def _forget_devices(gone: Sequence[bytes]) -> Delete:
    return consents.delete().where(consents.c.device.in_(gone))


@count
def _supersede(office: bytes, contact: bytes, purpose: str, recipient: bytes, fields: str) -> Update:
    c = consents.c
    same = (c.office == office, c.contact == contact, *_about(purpose, recipient, fields), c.newest)
    return consents.update().where(*same).values(newest=False)


def given(
    tx: Connection, wanted: Collection[tuple[bytes, bytes]]
) -> dict[tuple[bytes, bytes, str], datetime]:
    """What these contacts, as (office, contact), allow their own office: (office, contact, purpose), until when."""
    found: dict[tuple[bytes, bytes, str], datetime] = {}
    by_office: dict[bytes, list[bytes]] = {}
    for office, contact in sorted(set(wanted)):
        by_office.setdefault(office, []).append(contact)
    for office, contacts in by_office.items():
        rows = _given(tx, office, laid(contacts))
        found |= {(office, row.contact, row.purpose): row.lapses_at for row in rows}
    return found


@many
def _given(office: bytes, contacts: bytes) -> Select[Any]:
    c = consents.c
    of = select(c.contact, c.purpose, c.lapses_at)
    return of.where(
        c.office == office, among(contacts, c.contact), c.recipient == c.office, c.newest, c.given
    )


@many
def shared(office: bytes, contact: bytes, recipient: bytes, now: datetime) -> Select[Any]:
    """Which groups of fields of the contact may be passed on to another office now."""
    c = consents.c
    of = select(c.fields).where(c.office == office, c.contact == contact, c.recipient == recipient)
    return of.where(c.recipient != c.office, c.newest, c.given, c.lapses_at > now)


@value
def sharing(office: bytes, contact: bytes) -> Select[Any]:
    """How many offices and groups the contact ever decided about."""
    c = consents.c
    of = select(func.count()).select_from(consents).where(c.office == office, c.contact == contact, c.newest)
    return of.where(c.recipient != c.office)
