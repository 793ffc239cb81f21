"""Small helpers that keep the query files short and alike on both databases.

Making a statement takes four times as long as running it. So a query is a function from its values to a statement,
which `one`, `many` and `count` call once, with bindparams in the place of values; it must not look at them. A value
that may be None is compared with `is_not_distinct_from`. What differs from call to call is put together the plain
way, with `first`, `every` and `changed`.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, wraps
from inspect import Parameter, signature
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Delete,
    Dialect,
    Insert,
    LargeBinary,
    Row,
    Select,
    Table,
    Update,
    all_,
    bindparam,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult

from store.types import Moment

P = ParamSpec("P")
T = TypeVar("T")
Found = Row[Any]
CHUNK = 500
"""Values per IN list: far below what either database binds in one statement."""


def one(query: Callable[P, Select[Any]]) -> Callable[Concatenate[Connection, P], Found | None]:
    """Its first row, or None."""
    run = _once(query)

    @wraps(query)
    def ask(tx: Connection, /, *args: P.args, **kwargs: P.kwargs) -> Found | None:
        return run(tx, args, kwargs).first()

    return ask


def many(query: Callable[P, Select[Any] | Update]) -> Callable[Concatenate[Connection, P], list[Found]]:
    """All its rows."""
    run = _once(query)

    @wraps(query)
    def ask(tx: Connection, /, *args: P.args, **kwargs: P.kwargs) -> list[Found]:
        return list(run(tx, args, kwargs).all())

    return ask


def value(query: Callable[P, Select[Any] | Update]) -> Callable[Concatenate[Connection, P], Any]:
    """The first column of its first row, or None."""
    run = _once(query)

    @wraps(query)
    def ask(tx: Connection, /, *args: P.args, **kwargs: P.kwargs) -> Any:  # noqa: ANN401 – of the column
        return run(tx, args, kwargs).scalar()

    return ask


def count(query: Callable[P, Update | Delete]) -> Callable[Concatenate[Connection, P], int]:
    """How many rows it changed."""
    run = _once(query)

    @wraps(query)
    def ask(tx: Connection, /, *args: P.args, **kwargs: P.kwargs) -> int:
        return run(tx, args, kwargs).rowcount

    return ask


def _once(
    query: Callable[..., Any],
) -> Callable[[Connection, Sequence[Any], Mapping[str, Any]], CursorResult[Any]]:
    """Run the query's one statement with these arguments."""
    # A bindparam may not be named like a column that is set.
    named = {name: _bound(each) for name, each in signature(query).parameters.items()}
    keys = [each.key for each in named.values()]
    make = cache(lambda: query(**named))

    def run(tx: Connection, args: Sequence[Any], kwargs: Mapping[str, Any]) -> CursorResult[Any]:
        given = dict(zip(keys, args, strict=False))
        for name, each in kwargs.items():
            given[named[name].key] = each
        return tx.execute(make(), given)

    return run


def _bound(parameter: Parameter) -> Any:  # noqa: ANN401 – it stands for a value of any type
    # Others take the type of the column they are compared with.
    kind = Moment() if parameter.annotation is datetime else None
    return bindparam(f"given_{parameter.name}", type_=kind)


def first(tx: Connection, statement: Select[Any]) -> Found | None:
    return tx.execute(statement).first()


def every(tx: Connection, statement: Select[Any], **given: Any) -> list[Found]:  # noqa: ANN401 – of its bindparams
    return list(tx.execute(statement, given).all())


def changed(tx: Connection, statement: Update | Delete | Insert) -> int:
    """How many rows it changed."""
    return tx.execute(statement).rowcount


def update(tx: Connection, table: Table, where: Mapping[str, object], **values: object) -> int:
    """Set these values in the rows whose columns equal *where*, none of it None; how many rows."""
    return tx.execute(_update(table, tuple(where), tuple(values)), _given(where, values)).rowcount


def update_many(
    tx: Connection,
    table: Table,
    rows: Sequence[tuple[Mapping[str, object], Mapping[str, object]]],
) -> None:
    """As `update`, for each (where, values) of the same columns, with one executemany."""
    if rows:
        statement = _update(table, tuple(rows[0][0]), tuple(rows[0][1]))
        each_of(tx, statement, [_given(where, values) for where, values in rows])


def _given(where: Mapping[str, object], values: Mapping[str, object]) -> dict[str, object]:
    given = {f"at_{name}": each for name, each in where.items()}
    return given | {f"to_{name}": each for name, each in values.items()}


@cache
def _update(table: Table, where: tuple[str, ...], values: tuple[str, ...]) -> Update:
    same = (table.c[name] == bindparam(f"at_{name}") for name in where)
    return table.update().where(*same).values({name: bindparam(f"to_{name}") for name in values})


def insert_new(tx: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows that break no unique constraint; leave the others out."""
    if rows:
        tx.execute(_insert_new(table, tx.dialect.name), [dict(row) for row in rows])


@cache
def _insert_new(table: Table, dialect: str) -> Insert:
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return make(table).on_conflict_do_nothing()


def insert(tx: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert all rows, which have the same columns, with one executemany."""
    each_of(tx, _insert(table), rows)


@cache
def _insert(table: Table) -> Insert:
    return table.insert()


def each_of(tx: Connection, statement: Update | Insert, rows: Sequence[Mapping[str, Any]]) -> None:
    """Run a statement that is made once and kept for each row, the values of its parameters, with one executemany.

    The driver gets the rows themselves: SQLAlchemy's own way with each of them takes longer than storing it.
    """
    if not rows:
        return
    key = statement, tuple(rows[0]), tx.dialect.name
    if (ready := _READY.get(key)) is None:
        ready = _READY[key] = _Ready.of(statement, rows[0], tx.dialect)
    tx.exec_driver_sql(ready.text, ready.given(rows))


@dataclass(frozen=True, slots=True)
class _Ready:
    """A statement as one driver takes it."""

    text: str
    #: Parameters in their order, where the driver counts them: one may come several times.
    order: Sequence[str] | None
    #: What makes the driver's value of ours; None where that is the same.
    turns: Mapping[str, Callable[[Any], Any] | None]
    #: Values that no row brings: constants and columns' defaults.
    fixed: Mapping[str, Any]

    @classmethod
    def of(cls, statement: Update | Insert, row: Mapping[str, Any], dialect: Dialect) -> "_Ready":
        compiled = statement.compile(dialect=dialect, column_keys=list(row))
        kinds = {name: each.type.dialect_impl(dialect) for name, each in compiled.binds.items()}
        turns = {
            # Both drivers take bytes as they are.
            name: None if isinstance(kind, LargeBinary) else kind.bind_processor(dialect)
            for name, kind in kinds.items()
        }
        defaults = {each.key: cast("Any", each.default).arg for each in compiled.insert_prefetch}
        constants = {name: each.value for name, each in compiled.binds.items() if name not in row}
        return cls(str(compiled), compiled.positiontup, turns, constants | defaults)

    def given(self, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
        """The rows as the driver takes them."""
        columns = {name: self._column(name, rows) for name in self.turns}
        if self.order is not None:
            return list(zip(*(columns[name] for name in self.order), strict=True))
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]

    def _column(self, name: str, rows: Sequence[Mapping[str, Any]]) -> Sequence[Any]:
        turn = self.turns[name]
        if name in self.fixed:
            value = self.fixed[name]
            return [value if turn is None else turn(value)] * len(rows)
        return [row[name] for row in rows] if turn is None else [turn(row[name]) for row in rows]


_READY: dict[tuple[Update | Insert, tuple[str, ...], str], _Ready] = {}


def listed(tx: Connection, values: Iterable[int]) -> object:
    """Any number of values as the one parameter that `not_among` compares with."""
    return json.dumps(list(values)) if tx.dialect.name == "sqlite" else list(values)


def not_among(column: ColumnElement[int], name: str, dialect: str) -> ColumnElement[bool]:
    """Whether the column is none of the values that are `listed` under this parameter.

    For conditions asked all the time: an IN list is written out anew for every number of values.
    """
    if dialect == "sqlite":
        return column.not_in(select(func.json_each(bindparam(name)).table_valued("value").c.value))
    return column != all_(bindparam(name, type_=postgresql.ARRAY(BigInteger)))


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
