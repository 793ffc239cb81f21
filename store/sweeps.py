"""Queries about the last sweep."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from store.sql import insert, one
from store.tables.sweeps import ONLY, sweeps


@one
def last() -> Select[Any]:
    """believed_at and doubted_at; None before anything was noted."""
    return select(sweeps)


def note(tx: Connection, *, believed_at: datetime | None, doubted_at: datetime | None) -> None:
    """Replace what is noted."""
    tx.execute(sweeps.delete())
    insert(tx, sweeps, [{"id": ONLY, "believed_at": believed_at, "doubted_at": doubted_at}])
