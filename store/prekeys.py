"""Queries about device prekeys."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Delete,
    Select,
    Update,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from store import sql
from store.ids import among, laid_pairs
from store.sql import Found, chunks, count, insert, many
from store.tables.offices import devices, prekeys
from store.tables.people import contacts

ASKED = timedelta(days=1)
"""How long a phone that was asked for prekeys is rung for; then it is asked again."""


@sql.one
def newest(device: bytes) -> Select[Any]:
    c = prekeys.c
    return select(prekeys).where(c.device == device).order_by(c.sequence.desc()).limit(1)


def newest_of(tx: Connection, wanted: Collection[bytes], now: datetime) -> dict[bytes, bytes]:
    """The newest prekey of each device that one may still seal to, as it came."""
    found: dict[bytes, bytes] = {}
    for part in chunks(sorted(wanted)):
        found |= {row.device: row.wire for row in _newest_of(tx, part, now)}
    return found


@many
def _newest_of(wanted: Sequence[bytes], now: datetime) -> Select[Any]:
    c = prekeys.c
    top = select(c.device, func.max(c.sequence)).where(c.device.in_(wanted), c.seal_until > now)
    return select(c.device, c.wire).where(tuple_(c.device, c.sequence).in_(top.group_by(c.device)))


def several(tx: Connection, wanted: Collection[tuple[bytes, bytes]]) -> dict[tuple[bytes, bytes], Found]:
    """By (device, prekey id)."""
    if not wanted:
        return {}
    return {(row.device, row.prekey): row for row in _several(tx, laid_pairs(wanted))}


@many
def _several(wanted: bytes) -> Select[Any]:
    c = prekeys.c
    return select(c.device, c.prekey, c.seal_until, c.delete_at).where(among(wanted, c.device, c.prekey))


def holding(tx: Connection, wanted: Collection[bytes]) -> set[bytes]:
    """Which of these devices have shown any prekey."""
    found: set[bytes] = set()
    for part in chunks(sorted(wanted)):
        found |= {row.device for row in _holding(tx, part)}
    return found


@many
def _holding(wanted: Sequence[bytes]) -> Select[Any]:
    return select(prekeys.c.device).where(prekeys.c.device.in_(wanted)).distinct()


def of(tx: Connection, device: bytes) -> list[bytes]:
    """The device's prekeys as they came, by sequence."""
    return [row.wire for row in _of(tx, device)]


@many
def _of(device: bytes) -> Select[Any]:
    c = prekeys.c
    return select(c.wire).where(c.device == device).order_by(c.sequence)


@sql.one
def one(device: bytes, prekey: bytes) -> Select[Any]:
    return select(prekeys).where(prekeys.c.device == device, prekeys.c.prekey == prekey)


def add(tx: Connection, **row: object) -> None:
    insert(tx, prekeys, [row])


def drop_devices(tx: Connection, gone: Collection[bytes]) -> None:
    for part in chunks(sorted(gone)):
        _drop_devices(tx, part)


@count
def _drop_devices(gone: Sequence[bytes]) -> Delete:
    return prekeys.delete().where(prekeys.c.device.in_(gone))


@count
def expire(now: datetime) -> Delete:
    return prekeys.delete().where(prekeys.c.delete_at <= now)


def asked(device: ColumnElement[Any], now: Any) -> ColumnElement[bool]:  # noqa: ANN401 – a time or a column of times
    """Whether the device was asked for newer prekeys and has not brought any."""
    lasting = literal(ASKED // timedelta(microseconds=1), BigInteger())
    return exists().where(prekeys.c.device == device, prekeys.c.asked_at + lasting > now)


@many
def short(now: datetime, since: datetime, until: datetime) -> Select[Any]:
    """Prekeys that are their phone's newest, may be sealed to until a time in (since, until], and were not asked for.

    Of enrolled contacts who want to be rung.
    """
    return _short(now, since, until).order_by(prekeys.c.seal_until, prekeys.c.device)


def short_of(
    tx: Connection, wanted: Sequence[bytes], now: datetime, since: datetime, until: datetime
) -> list[Found]:
    """As `short`, of these phones."""
    return [row for part in chunks(wanted) for row in _short_of(tx, part, now, since, until)]


@many
def _short_of(wanted: Sequence[bytes], now: datetime, since: datetime, until: datetime) -> Select[Any]:
    return _short(now, since, until).where(prekeys.c.device.in_(wanted))


def _short(now: datetime, since: datetime, until: datetime) -> Select[Any]:
    c, d, p = prekeys.c, devices.c, contacts.c
    newer = prekeys.alias("newer")
    lasting = literal(ASKED // timedelta(microseconds=1), BigInteger())
    owned = prekeys.join(devices, d.device == c.device).join(
        contacts, and_(p.office == d.office, p.contact == d.contact)
    )
    return (
        select(c.device, c.prekey, p.office, p.contact)
        .select_from(owned)
        .where(d.state == "enrolled", p.state == "enrolled", p.paused.is_(False))
        .where(c.seal_until > since, c.seal_until <= until)
        .where(~exists().where(newer.c.device == c.device, newer.c.sequence > c.sequence))
        .where(or_(c.asked_at.is_(None), c.asked_at + lasting <= now, c.asked_at - lasting > now))
    )


@count
def ask(device: bytes, prekey: bytes, now: datetime) -> Update:
    """The phone whose newest one this is was asked for more."""
    return prekeys.update().where(prekeys.c.device == device, prekeys.c.prekey == prekey).values(asked_at=now)


@count
def brought(device: bytes) -> Update:
    """The phone needs not be asked any more."""
    return prekeys.update().where(prekeys.c.device == device).values(asked_at=None)
