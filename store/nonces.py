"""Queries about nonces of signed requests."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select, tuple_

from store.sql import changed, every, insert
from store.tables.offices import nonces


def seen(tx: Connection, wanted: Collection[tuple[bytes, bytes]]) -> set[tuple[bytes, bytes]]:
    """Those (device, nonce) that are known."""
    c = nonces.c
    rows = every(tx, select(c.device, c.nonce).where(tuple_(c.device, c.nonce).in_(wanted)))
    return {(row.device, row.nonce) for row in rows}


def add(tx: Connection, rows: list[tuple[bytes, bytes, datetime]]) -> None:
    insert(tx, nonces, [{"device": d, "nonce": n, "expires_at": e} for d, n, e in rows])


def expire(tx: Connection, now: datetime) -> int:
    return changed(tx, nonces.delete().where(nonces.c.expires_at <= now))
