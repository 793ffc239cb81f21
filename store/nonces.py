"""Queries about nonces of signed requests."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Delete, Select, select

from store.ids import among, laid_pairs
from store.sql import count, insert, many
from store.tables.offices import nonces


def seen(tx: Connection, wanted: Collection[tuple[bytes, bytes]]) -> set[tuple[bytes, bytes]]:
    """Those (device, nonce) that are known."""
    return {(row.device, row.nonce) for row in _seen(tx, laid_pairs(wanted))}


@many
def _seen(wanted: bytes) -> Select[Any]:
    c = nonces.c
    return select(c.device, c.nonce).where(among(wanted, c.device, c.nonce))


def add(tx: Connection, rows: list[tuple[bytes, bytes, datetime]]) -> None:
    insert(tx, nonces, [{"device": d, "nonce": n, "expires_at": e} for d, n, e in rows])


@count
def expire(now: datetime) -> Delete:
    return nonces.delete().where(nonces.c.expires_at <= now)
