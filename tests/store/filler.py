"""Rows for whatever tables stand there: found by reflection, so that they fit each version of the schema."""

import random
import re
from collections import Counter
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    insert,
    select,
)
from sqlalchemy.exc import DBAPIError

TRIES = 200
LITERAL = re.compile(r"'([^']*)'")
NAME = re.compile(r"\w+")


class Filler:
    """Draws values until the database takes the row."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._number = 0
        #: Rows put into each table.
        self.rows: Counter[str] = Counter()
        self._full = {"alembic_version"}

    def fill(self, connection: Connection) -> None:
        """One more row in every table that has fewer than two."""
        present = set(connection.dialect.get_table_names(connection)) - self._full
        wanted = {name for name in present if self.rows[name] < 2}
        metadata = MetaData()
        metadata.reflect(connection, only=sorted(wanted))
        for table in metadata.sorted_tables:
            if table.name in wanted:
                self._add(connection, table, {})

    def _add(self, connection: Connection, table: Table, given: dict[str, Any]) -> None:
        checks = sorted(str(each.sqltext) for each in table.constraints if isinstance(each, CheckConstraint))
        reasons: Counter[str] = Counter()
        for _ in range(TRIES):
            row = self._drawn(connection, table, checks, given)
            try:
                with connection.begin_nested():
                    connection.execute(insert(table).values(row))
            except DBAPIError as error:
                reasons[str(error.orig).splitlines()[0]] += 1
            else:
                self.rows[table.name] += 1
                return
        if connection.execute(select(table).limit(1)).first() is None:
            raise AssertionError(f"no row fits {table.name}: {reasons.most_common(3)}")
        self._full.add(table.name)

    def _drawn(
        self, connection: Connection, table: Table, checks: list[str], given: dict[str, Any]
    ) -> dict[str, Any]:
        self._number += 1
        row = dict(given)
        for reference in sorted(
            table.foreign_key_constraints, key=lambda each: (-len(each.columns), each.column_keys)
        ):
            row |= self._parent(connection, reference, row)
        return self._complete(table, row, checks)

    def _complete(self, table: Table, row: dict[str, Any], checks: list[str]) -> dict[str, Any]:
        free = [
            column
            for column in table.columns
            if column.name not in row and column is not table.autoincrement_column
        ]
        return row | {column.name: self._value(column, checks) for column in free}

    def _parent(
        self, connection: Connection, reference: ForeignKeyConstraint, row: dict[str, Any]
    ) -> dict[str, Any]:
        """The columns of a row it may refer to, made for it if there is none; now and then none, where it need not."""
        columns = list(reference.columns)
        free = {each.name: None for each in columns if each.nullable and each.name not in row}
        if any(row.get(each.name, 0) is None for each in columns) or (free and self._random.random() < 0.5):
            return free
        remote = [element.column for element in reference.elements]
        known = {
            other: row[column.name]
            for column, other in zip(columns, remote, strict=True)
            if row.get(column.name) is not None
        }
        among = select(*remote).where(*(other == value for other, value in known.items())).order_by(*remote)
        if not (found := connection.execute(among).all()):
            self._add(
                connection, reference.referred_table, {other.name: value for other, value in known.items()}
            )
            found = connection.execute(among).all()
        return dict(zip([each.name for each in columns], self._random.choice(found), strict=True))

    def _value(self, column: Column[Any], checks: list[str]) -> Any:
        if column.nullable and self._random.random() < 0.4:
            return None
        if isinstance(column.type, Boolean):
            return self._random.random() < 0.5
        if isinstance(column.type, Integer):
            # No rule ever opened a movement without seats, and a later version has the database refuse it.
            return self._random.choice([1 if column.name == "seats" else 0, 1, 1, 2, 3, self._number])
        if isinstance(column.type, LargeBinary):
            return self._number.to_bytes(32)
        named = [check for check in checks if column.name in NAME.findall(check)]
        words = [word for check in named for word in LITERAL.findall(check)]
        return self._random.choice(words) if words else f"{{}}{self._number}"[:99]
