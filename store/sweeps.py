"""Queries about the last sweep."""

from datetime import datetime

from sqlalchemy import Connection, select

from store.sql import Found, first, insert
from store.tables.sweeps import ONLY, sweeps


def last(tx: Connection) -> Found | None:
    """believed_at and doubted_at; None before anything was noted."""
    return first(tx, select(sweeps))


def note(tx: Connection, *, believed_at: datetime | None, doubted_at: datetime | None) -> None:
    """Replace what is noted."""
    tx.execute(sweeps.delete())
    insert(tx, sweeps, [{"id": ONLY, "believed_at": believed_at, "doubted_at": doubted_at}])
