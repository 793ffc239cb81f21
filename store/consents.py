"""Queries about consent."""

from collections.abc import Collection

from sqlalchemy import Connection, func, select

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


def add(tx: Connection, row: dict[str, object]) -> None:
    """Make this the newest statement for its purpose."""
    c = consents.c
    same = (c.office == row["office"], c.contact == row["contact"], c.purpose == row["purpose"])
    tx.execute(consents.update().where(*same, c.newest).values(newest=False))
    insert(tx, consents, [row | {"newest": True}])


def live(tx: Connection, wanted: Collection[tuple[bytes, bytes]]) -> set[tuple[bytes, bytes, str]]:
    """(office, contact, purpose) of what these contacts, as (office, contact), consent to now."""
    c = consents.c
    found: set[tuple[bytes, bytes, str]] = set()
    by_office: dict[bytes, list[bytes]] = {}
    for office, contact in sorted(set(wanted)):
        by_office.setdefault(office, []).append(contact)
    for office, contacts in by_office.items():
        for part in chunks(contacts):
            statement = select(c.contact, c.purpose).where(
                c.office == office, c.contact.in_(part), c.newest, c.given
            )
            found |= {(office, row.contact, row.purpose) for row in every(tx, statement)}
    return found
