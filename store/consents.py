"""Queries about consent."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Delete, Select, Update, func, select, tuple_

from store.sql import Found, chunks, count, insert, many, one, update, value
from store.tables.people import consents


@many
def newest(office: bytes, contact: bytes) -> Select[Any]:
    c = consents.c
    of = select(consents).where(c.office == office, c.contact == contact, c.newest)
    return of.order_by(c.purpose)


@many
def newest_of_office(office: bytes) -> Select[Any]:
    c = consents.c
    return select(consents).where(c.office == office, c.newest).order_by(c.contact, c.purpose)


def last_counter(tx: Connection, device: bytes, purpose: str) -> int:
    return _last_counter(tx, device, purpose) or 0


@value
def _last_counter(device: bytes, purpose: str) -> Select[Any]:
    c = consents.c
    return select(func.max(c.counter)).where(c.device == device, c.purpose == purpose)


@one
def statement(device: bytes, purpose: str, counter: int) -> Select[Any]:
    c = consents.c
    return select(consents).where(c.device == device, c.purpose == purpose, c.counter == counter)


@many
def last_of_device(device: bytes) -> Select[Any]:
    """What the device said last for each purpose, whether or not it decides."""
    c = consents.c
    top = select(c.purpose, func.max(c.counter)).where(c.device == device).group_by(c.purpose)
    last = select(consents).where(c.device == device, tuple_(c.purpose, c.counter).in_(top))
    return last.order_by(c.purpose)


def add(tx: Connection, row: dict[str, object]) -> None:
    """Make this the newest statement for its purpose."""
    _supersede(tx, row["office"], row["contact"], row["purpose"])
    insert(tx, consents, [row | {"newest": True}])


def keep_aside(tx: Connection, row: dict[str, object]) -> None:
    """Keep the statement; it decides nothing."""
    insert(tx, consents, [row | {"newest": False}])


def adopt(tx: Connection, kept: Found) -> None:
    """Make a statement that was kept aside the newest for its purpose."""
    _supersede(tx, kept.office, kept.contact, kept.purpose)
    same = {"device": kept.device, "purpose": kept.purpose, "counter": kept.counter}
    update(tx, consents, same, newest=True)


@many
def lapsed(now: datetime, limit: int) -> Select[Any]:
    """Consents that were given, not taken back, and stand no more."""
    c = consents.c
    of = select(consents).where(c.newest, c.given, c.lapses_at <= now)
    return of.order_by(c.lapses_at).limit(limit)


def lapse(tx: Connection, row: Found) -> None:
    """The statement decides nothing any more."""
    _supersede(tx, row.office, row.contact, row.purpose)


def forget_devices(tx: Connection, gone: Collection[bytes]) -> None:
    """Delete all that these devices said: they never were the contact's."""
    for part in chunks(sorted(gone)):
        _forget_devices(tx, part)


@count
def _forget_devices(gone: Sequence[bytes]) -> Delete:
    return consents.delete().where(consents.c.device.in_(gone))


@count
def _supersede(office: object, contact: object, purpose: object) -> Update:
    c = consents.c
    same = (c.office == office, c.contact == contact, c.purpose == purpose, c.newest)
    return consents.update().where(*same).values(newest=False)


def given(
    tx: Connection, wanted: Collection[tuple[bytes, bytes]]
) -> dict[tuple[bytes, bytes, str], datetime]:
    """What these contacts, as (office, contact), consent to: (office, contact, purpose), until when."""
    found: dict[tuple[bytes, bytes, str], datetime] = {}
    by_office: dict[bytes, list[bytes]] = {}
    for office, contact in sorted(set(wanted)):
        by_office.setdefault(office, []).append(contact)
    for office, contacts in by_office.items():
        for part in chunks(contacts):
            rows = _given(tx, office, part)
            found |= {(office, row.contact, row.purpose): row.lapses_at for row in rows}
    return found


@many
def _given(office: bytes, contacts: Sequence[bytes]) -> Select[Any]:
    c = consents.c
    of = select(c.contact, c.purpose, c.lapses_at)
    return of.where(c.office == office, c.contact.in_(contacts), c.newest, c.given)
