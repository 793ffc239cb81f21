"""What all tables share: one metadata with named constraints, and the kinds of columns."""
# ruff: noqa: ANN401 – SQLModel's Field is typed Any, so that it fits whatever the column is

from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    text,
)
from sqlmodel import Field, SQLModel

from store.types import Moment

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Model(SQLModel):
    """Base of every table, apart from SQLModel's own metadata so that other packages' models never mix in."""

    metadata = metadata


def number(**options: Any) -> Any:
    """A column for the protocol's u64 counters and Telegram's numbers (rules refuse what exceeds 63 bits)."""
    return Field(sa_type=cast("Any", BigInteger), **options)


def moment(**options: Any) -> Any:
    """A column of aware UTC datetimes."""
    return Field(sa_type=cast("Any", Moment), **options)


def serial() -> Any:
    """A primary key that the database counts up (SQLite does so for INTEGER alone)."""
    return Field(
        default=None, primary_key=True, sa_type=cast("Any", BigInteger().with_variant(Integer, "sqlite"))
    )


def key(**options: Any) -> Any:
    """A primary key column."""
    return Field(primary_key=True, **options)


def one_of(column: str, *values: str | int) -> CheckConstraint:
    """The column holds one of these words or numbers."""
    listed = ", ".join(str(value) if isinstance(value, int) else f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def only(name: str, *columns: str, where: str = "", holds: str = "") -> Index:
    """At most one row per columns among those that fulfil the condition, or of which a boolean column holds, or both.

    That column stands in the index as SQLAlchemy asks for it, for SQLite looks rows up by an index of this kind only
    where a query repeats its words: `visible = 1` there, `visible` in PostgreSQL.
    """
    plain = [where] if where else []
    sqlite, postgresql = [f"{holds} = 1", *plain], [holds, *plain]
    if not holds:
        sqlite = postgresql = plain
    return Index(
        name,
        *columns,
        unique=True,
        sqlite_where=text(" AND ".join(sqlite)),
        postgresql_where=text(" AND ".join(postgresql)),
    )


def refers(
    columns: list[str], table: str, targets: list[str], *, cascade: bool = False
) -> ForeignKeyConstraint:
    """A foreign key; never deferred (a deferred one passes its savepoint and fails the commit of all)."""
    return ForeignKeyConstraint(
        columns, [f"{table}.{target}" for target in targets], ondelete="CASCADE" if cascade else None
    )


def core(model: type[Model]) -> Table:
    """The Core table of a model: queries are Core statements."""
    return cast("Table", cast("Any", model).__table__)
