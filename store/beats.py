"""Queries about when jobs ran."""

from typing import Any

from sqlalchemy import Connection, Select, select
from sqlalchemy.dialects import postgresql, sqlite

from store.sql import many, one
from store.tables.beats import beats


@one
def beat(name: str) -> Select[Any]:
    return select(beats).where(beats.c.name == name)


@many
def everything() -> Select[Any]:
    return select(beats)


def note(tx: Connection, **row: object) -> None:
    """The job's last run is this. One statement: of two processes the later one stays."""
    make = sqlite.insert if tx.dialect.name == "sqlite" else postgresql.insert
    statement = make(beats).values(**row)
    tx.execute(statement.on_conflict_do_update(index_elements=[beats.c.name], set_=row))
