"""Queries about what the audit log calls people and households by."""

from typing import Any

from sqlalchemy import Connection, Delete, Select, select

from store.sql import count, insert, value
from store.tables.audit import marks


@value
def mark(office: bytes, alias: str) -> Select[Any]:
    """The alias's mark, if it has one."""
    return select(marks.c.mark).where(marks.c.office == office, marks.c.alias == alias)


def add(tx: Connection, **row: str | bytes) -> None:
    insert(tx, marks, [row])


@count
def drop(office: bytes, alias: str) -> Delete:
    """Nobody can tell any more about whom the log's entries are."""
    return marks.delete().where(marks.c.office == office, marks.c.alias == alias)
