"""Queries about people who came without a letter."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, select

from store import assignments, mail, proposals
from store.model import metadata
from store.sql import Found, chunks, every, first, insert
from store.tables.offices import devices
from store.tables.people import contacts
from store.tables.referrals import referral_offices, referrals

_PERSON = and_(referrals.c.office == contacts.c.office, referrals.c.contact == contacts.c.contact)


def offices(tx: Connection) -> list[Found]:
    """The offices that take self-referrals, by code."""
    return every(tx, select(referral_offices).order_by(referral_offices.c.code))


def office(tx: Connection, office: bytes) -> Found | None:
    return first(tx, select(referral_offices).where(referral_offices.c.office == office))


def by_code(tx: Connection, code: str) -> Found | None:
    return first(tx, select(referral_offices).where(referral_offices.c.code == code))


def open_office(tx: Connection, office: bytes, code: str, now: datetime) -> None:
    close_office(tx, office)
    insert(tx, referral_offices, [{"office": office, "code": code, "opened_at": now}])


def close_office(tx: Connection, office: bytes) -> None:
    tx.execute(referral_offices.delete().where(referral_offices.c.office == office))


def add(tx: Connection, **row: Any) -> None:  # noqa: ANN401 – a row
    insert(tx, referrals, [row])


def change(tx: Connection, office: bytes, contact: bytes, **values: object) -> None:
    c = referrals.c
    tx.execute(referrals.update().where(c.office == office, c.contact == contact).values(**values))


def count_letter(tx: Connection, office: bytes, contact: bytes) -> None:
    c = referrals.c
    mine = referrals.update().where(c.office == office, c.contact == contact)
    tx.execute(mine.values(letters=c.letters + 1))


def drop(tx: Connection, office: bytes, contact: bytes) -> None:
    c = referrals.c
    tx.execute(referrals.delete().where(c.office == office, c.contact == contact))


def referral(tx: Connection, office: bytes, contact: bytes) -> Found | None:
    c = referrals.c
    return first(tx, select(referrals).where(c.office == office, c.contact == contact))


def of_devices(tx: Connection, wanted: Collection[bytes]) -> dict[bytes, Found]:
    """By device."""
    found: dict[bytes, Found] = {}
    for part in chunks(sorted(wanted)):
        rows = every(tx, select(referrals).where(referrals.c.device.in_(part)))
        found |= {row.device: row for row in rows}
    return found


def waiting(tx: Connection, office: bytes, now: datetime) -> list[Found]:
    """Who waits, the oldest first, with alias, language and device record."""
    c = referrals.c
    statement = (
        select(referrals, contacts.c.alias, contacts.c.language, devices.c.record)
        .select_from(referrals.join(contacts, _PERSON).join(devices, c.device == devices.c.device))
        .where(c.office == office, c.state == "waiting", c.expires_at > now)
    )
    return every(tx, statement.order_by(c.at, c.contact))


def count(tx: Connection, office: bytes | None, now: datetime) -> int:
    """How many wait: at an office, or in the whole relay."""
    c = referrals.c
    statement = select(func.count()).select_from(referrals).where(c.state == "waiting", c.expires_at > now)
    if office is not None:
        statement = statement.where(c.office == office)
    return int(tx.execute(statement).scalar_one())


def count_account(tx: Connection, account: int) -> int:
    """How many the account has here, refused ones that are not forgotten yet included."""
    statement = select(func.count()).select_from(referrals).where(referrals.c.account == account)
    return int(tx.execute(statement).scalar_one())


def over(tx: Connection, now: datetime, limit: int) -> list[Found]:
    c = referrals.c
    return every(
        tx, select(referrals).where(c.expires_at <= now).order_by(c.expires_at, c.contact).limit(limit)
    )


def erase(tx: Connection, row: Found) -> None:
    """Delete the person from every table that names them, present or to come: devices, statements, the contact.

    What waits for the device and its prekeys are gone before (relay.wipe.forget).
    """
    own = (contacts.c.office == row.office, contacts.c.contact == row.contact)
    alias = tx.execute(select(contacts.c.alias).where(*own)).scalar_one()
    assignments.drop(tx, row.office, alias)
    proposals.forget(tx, row.office, alias)
    mail.drop_sender(tx, row.office, row.device)
    for table in reversed(metadata.sorted_tables):  # what refers goes before what it refers to
        if {"office", "contact"} <= set(table.c.keys()):
            tx.execute(table.delete().where(table.c.office == row.office, table.c.contact == row.contact))
