"""Queries about consent."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, func, select, tuple_

from store.sql import Found, chunks, every, first, insert
from store.tables.people import consents


def newest(tx: Connection, office: bytes, contact: bytes) -> list[Found]:
    c = consents.c
    of = select(consents).where(c.office == office, c.contact == contact, c.newest)
    return every(tx, of.order_by(c.purpose))


def newest_of_office(tx: Connection, office: bytes) -> list[Found]:
    c = consents.c
    return every(tx, select(consents).where(c.office == office, c.newest).order_by(c.contact, c.purpose))


def last_counter(tx: Connection, device: bytes, purpose: str) -> int:
    c = consents.c
    highest = select(func.max(c.counter)).where(c.device == device, c.purpose == purpose)
    return tx.execute(highest).scalar() or 0


def statement(tx: Connection, device: bytes, purpose: str, counter: int) -> Found | None:
    c = consents.c
    return first(tx, select(consents).where(c.device == device, c.purpose == purpose, c.counter == counter))


def last_of_device(tx: Connection, device: bytes) -> list[Found]:
    """What the device said last for each purpose, whether or not it decides."""
    c = consents.c
    top = select(c.purpose, func.max(c.counter)).where(c.device == device).group_by(c.purpose)
    last = select(consents).where(c.device == device, tuple_(c.purpose, c.counter).in_(top))
    return every(tx, last.order_by(c.purpose))


def add(tx: Connection, row: dict[str, object]) -> None:
    """Make this the newest statement for its purpose."""
    _supersede(tx, row["office"], row["contact"], row["purpose"])
    insert(tx, consents, [row | {"newest": True}])


def keep_aside(tx: Connection, row: dict[str, object]) -> None:
    """Keep the statement; it decides nothing."""
    insert(tx, consents, [row | {"newest": False}])


def adopt(tx: Connection, kept: Found) -> None:
    """Make a statement that was kept aside the newest for its purpose."""
    c = consents.c
    _supersede(tx, kept.office, kept.contact, kept.purpose)
    same = (c.device == kept.device, c.purpose == kept.purpose, c.counter == kept.counter)
    tx.execute(consents.update().where(*same).values(newest=True))


def lapsed(tx: Connection, now: datetime, limit: int) -> list[Found]:
    """Consents that were given, not taken back, and stand no more."""
    c = consents.c
    of = select(consents).where(c.newest, c.given, c.lapses_at <= now)
    return every(tx, of.order_by(c.lapses_at).limit(limit))


def lapse(tx: Connection, row: Found) -> None:
    """The statement decides nothing any more."""
    _supersede(tx, row.office, row.contact, row.purpose)


def forget_devices(tx: Connection, gone: Collection[bytes]) -> None:
    """Delete all that these devices said: they never were the contact's."""
    for part in chunks(sorted(gone)):
        tx.execute(consents.delete().where(consents.c.device.in_(part)))


def _supersede(tx: Connection, office: object, contact: object, purpose: object) -> None:
    c = consents.c
    same = (c.office == office, c.contact == contact, c.purpose == purpose, c.newest)
    tx.execute(consents.update().where(*same).values(newest=False))


def given(
    tx: Connection, wanted: Collection[tuple[bytes, bytes]]
) -> dict[tuple[bytes, bytes, str], datetime]:
    """What these contacts, as (office, contact), consent to: (office, contact, purpose), until when."""
    c = consents.c
    found: dict[tuple[bytes, bytes, str], datetime] = {}
    by_office: dict[bytes, list[bytes]] = {}
    for office, contact in sorted(set(wanted)):
        by_office.setdefault(office, []).append(contact)
    for office, contacts in by_office.items():
        for part in chunks(contacts):
            statement = select(c.contact, c.purpose, c.lapses_at).where(
                c.office == office, c.contact.in_(part), c.newest, c.given
            )
            found |= {(office, row.contact, row.purpose): row.lapses_at for row in every(tx, statement)}
    return found
