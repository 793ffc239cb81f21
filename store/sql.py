"""Small helpers that keep the query files short and alike on both databases."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Delete, Insert, Integer, Row, Select, Table, Update, bindparam
from sqlalchemy.dialects import postgresql, sqlite

from store.types import Moment

T = TypeVar("T")
Found = Row[Any]
NOW = bindparam("now", type_=Moment())
"""The time, in a statement that is made once and run with it."""
LIMIT = bindparam("limit", type_=Integer)
CHUNK = 500
"""Values per IN list: far below what either database binds in one statement."""


def first(tx: Connection, statement: Select[Any]) -> Found | None:
    return tx.execute(statement).first()


def every(tx: Connection, statement: Select[Any], **given: Any) -> list[Found]:  # noqa: ANN401 – of its bindparams
    return list(tx.execute(statement, given))


def changed(tx: Connection, statement: Update | Delete | Insert) -> int:
    """How many rows it changed."""
    return tx.execute(statement).rowcount


def insert_new(tx: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows that break no unique constraint; leave the others out."""
    if not rows:
        return
    make = sqlite.insert if tx.dialect.name == "sqlite" else postgresql.insert
    tx.execute(make(table).on_conflict_do_nothing(), [dict(row) for row in rows])


def insert(tx: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert all rows with one executemany."""
    if rows:
        tx.execute(table.insert(), [dict(row) for row in rows])


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
