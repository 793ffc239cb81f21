"""Queries about device prekeys."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, func, select, tuple_

from store.sql import Found, changed, chunks, every, first, insert
from store.tables.offices import prekeys


def newest(tx: Connection, device: bytes) -> Found | None:
    c = prekeys.c
    return first(tx, select(prekeys).where(c.device == device).order_by(c.sequence.desc()).limit(1))


def newest_of(tx: Connection, wanted: Collection[bytes], now: datetime) -> dict[bytes, bytes]:
    """The newest prekey of each device that one may still seal to, as it came."""
    c = prekeys.c
    found: dict[bytes, bytes] = {}
    for part in chunks(sorted(wanted)):
        top = select(c.device, func.max(c.sequence)).where(c.device.in_(part), c.seal_until > now)
        statement = select(c.device, c.wire).where(tuple_(c.device, c.sequence).in_(top.group_by(c.device)))
        found |= {row.device: row.wire for row in every(tx, statement)}
    return found


def several(tx: Connection, wanted: Collection[tuple[bytes, bytes]]) -> dict[tuple[bytes, bytes], Found]:
    """By (device, prekey id)."""
    c = prekeys.c
    found: dict[tuple[bytes, bytes], Found] = {}
    for part in chunks(sorted(wanted)):
        statement = select(c.device, c.prekey, c.seal_until, c.delete_at)
        rows = every(tx, statement.where(tuple_(c.device, c.prekey).in_(part)))
        found |= {(row.device, row.prekey): row for row in rows}
    return found


def holding(tx: Connection, wanted: Collection[bytes]) -> set[bytes]:
    """Which of these devices have shown any prekey."""
    found: set[bytes] = set()
    for part in chunks(sorted(wanted)):
        rows = every(tx, select(prekeys.c.device).where(prekeys.c.device.in_(part)).distinct())
        found |= {row.device for row in rows}
    return found


def of(tx: Connection, device: bytes) -> list[bytes]:
    """The device's prekeys as they came, by sequence."""
    c = prekeys.c
    return [row.wire for row in every(tx, select(c.wire).where(c.device == device).order_by(c.sequence))]


def one(tx: Connection, device: bytes, prekey: bytes) -> Found | None:
    return first(tx, select(prekeys).where(prekeys.c.device == device, prekeys.c.prekey == prekey))


def add(tx: Connection, **row: object) -> None:
    insert(tx, prekeys, [row])


def drop_devices(tx: Connection, gone: Collection[bytes]) -> None:
    if gone:
        tx.execute(prekeys.delete().where(prekeys.c.device.in_(gone)))


def expire(tx: Connection, now: datetime) -> int:
    return changed(tx, prekeys.delete().where(prekeys.c.delete_at <= now))
