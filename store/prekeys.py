"""Queries about device prekeys."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Delete, Select, func, select, tuple_

from store import sql
from store.sql import Found, chunks, count, insert, many
from store.tables.offices import prekeys


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
    found: dict[tuple[bytes, bytes], Found] = {}
    for part in chunks(sorted(wanted)):
        found |= {(row.device, row.prekey): row for row in _several(tx, part)}
    return found


@many
def _several(wanted: Sequence[tuple[bytes, bytes]]) -> Select[Any]:
    c = prekeys.c
    return select(c.device, c.prekey, c.seal_until, c.delete_at).where(tuple_(c.device, c.prekey).in_(wanted))


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
