"""Queries about people who came without a letter."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Delete, Select, Update, and_, func, select

from store import sql
from store.sql import Found, chunks, insert, many, one, update, value
from store.tables.offices import devices
from store.tables.people import contacts
from store.tables.referrals import referral_offices, referrals

_PERSON = and_(referrals.c.office == contacts.c.office, referrals.c.contact == contacts.c.contact)


@many
def offices() -> Select[Any]:
    """The offices that take self-referrals, by code."""
    return select(referral_offices).order_by(referral_offices.c.code)


@one
def office(office: bytes) -> Select[Any]:
    return select(referral_offices).where(referral_offices.c.office == office)


@one
def by_code(code: str) -> Select[Any]:
    return select(referral_offices).where(referral_offices.c.code == code)


def open_office(tx: Connection, office: bytes, code: str, now: datetime) -> None:
    close_office(tx, office)
    insert(tx, referral_offices, [{"office": office, "code": code, "opened_at": now}])


@sql.count
def close_office(office: bytes) -> Delete:
    return referral_offices.delete().where(referral_offices.c.office == office)


def add(tx: Connection, **row: Any) -> None:  # noqa: ANN401 – a row
    insert(tx, referrals, [row])


def change(tx: Connection, office: bytes, contact: bytes, **values: object) -> None:
    update(tx, referrals, {"office": office, "contact": contact}, **values)


@sql.count
def count_letter(office: bytes, contact: bytes) -> Update:
    c = referrals.c
    mine = referrals.update().where(c.office == office, c.contact == contact)
    return mine.values(letters=c.letters + 1)


@sql.count
def drop(office: bytes, contact: bytes) -> Delete:
    return referrals.delete().where(referrals.c.office == office, referrals.c.contact == contact)


@one
def referral(office: bytes, contact: bytes) -> Select[Any]:
    return select(referrals).where(referrals.c.office == office, referrals.c.contact == contact)


def of_devices(tx: Connection, wanted: Collection[bytes]) -> dict[bytes, Found]:
    """By device."""
    found: dict[bytes, Found] = {}
    for part in chunks(sorted(wanted)):
        found |= {row.device: row for row in _of_devices(tx, part)}
    return found


@many
def _of_devices(wanted: Sequence[bytes]) -> Select[Any]:
    return select(referrals).where(referrals.c.device.in_(wanted))


@many
def waiting(office: bytes, now: datetime) -> Select[Any]:
    """Who waits, the oldest first, with alias, language and device record."""
    c = referrals.c
    return (
        select(referrals, contacts.c.alias, contacts.c.language, devices.c.record)
        .select_from(referrals.join(contacts, _PERSON).join(devices, c.device == devices.c.device))
        .where(c.office == office, c.state == "waiting", c.expires_at > now)
        .order_by(c.at, c.contact)
    )


def count(tx: Connection, office: bytes | None, now: datetime) -> int:
    """How many wait: at an office, or in the whole relay."""
    return int(_count(tx, now) if office is None else _count_at(tx, office, now))


@value
def _count(now: datetime) -> Select[Any]:
    return _waiting(now)


@value
def _count_at(office: bytes, now: datetime) -> Select[Any]:
    return _waiting(now).where(referrals.c.office == office)


def _waiting(now: datetime) -> Select[Any]:
    c = referrals.c
    return select(func.count()).select_from(referrals).where(c.state == "waiting", c.expires_at > now)


def count_account(tx: Connection, account: int) -> int:
    """How many the account has here, refused ones that are not forgotten yet included."""
    return int(_count_account(tx, account))


@value
def _count_account(account: int) -> Select[Any]:
    return select(func.count()).select_from(referrals).where(referrals.c.account == account)


@many
def over(now: datetime, limit: int) -> Select[Any]:
    c = referrals.c
    return select(referrals).where(c.expires_at <= now).order_by(c.expires_at, c.contact).limit(limit)
