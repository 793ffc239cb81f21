"""Rows out of a database and into another one, as bytes; what is sealed with what, relay/backup.py decides."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Connection,
    Insert,
    LargeBinary,
    Select,
    String,
    Table,
    bindparam,
    create_engine,
    event,
    func,
    select,
    type_coerce,
)
from sqlalchemy.exc import StatementError
from sqlalchemy.pool import StaticPool
from sqlalchemy.types import TypeDecorator, TypeEngine

from crypto.errors import Malformed
from crypto.record import rec, unrec
from store.engine import plain
from store.model import metadata
from store.owners import PASSING, Owner, Owners, Ways
from store.sql import every, first, insert, update
from store.tables.people import contact_keys, contacts

Counts = Counter[str]
"""Rows by table."""
LOOSE: Final = {"case_members": "contact"}
"""A column that says who somebody is in a row that stays without them: it is written apart."""
PAGE: Final = 500
_ROW, _LINK = b"row", b"link"


@dataclass(frozen=True, slots=True)
class Kept:
    """A row, or the link of one to a contact, and in which ways it may be read."""

    table: str
    ways: Ways
    data: bytes
    whole: bool = True


def secrets(tx: Connection) -> dict[Owner, bytes]:
    """Every contact's key."""
    return {(row.office, row.contact): row.secret for row in every(tx, select(contact_keys))}


def size(tx: Connection) -> int:
    """How many rows a backup looks at."""
    return sum(row[0] for table in _tables() for row in every(tx, select(func.count()).select_from(table)))


def is_empty(tx: Connection) -> bool:
    return all(first(tx, select(1).select_from(table).limit(1)) is None for table in metadata.sorted_tables)


def rows(tx: Connection) -> Iterator[Kept]:
    """All that is to be kept, in an order in which it can be put back."""
    owners = Owners(tx)
    for table in _tables():
        loose = LOOSE.get(table.name)
        for row in tx.execute(_all(table), execution_options={"yield_per": PAGE}).mappings():
            whole = dict(row)
            if loose:
                whole[loose] = None
            yield Kept(table.name, owners.of(table, whole), rec(_ROW, table.name.encode(), *_written(whole)))
            if loose and row[loose] is not None:
                linked = {column.name: row[column.name] for column in table.primary_key} | {loose: row[loose]}
                own = frozenset([frozenset([(row["office"], row[loose])])])
                yield Kept(table.name, own, rec(_LINK, table.name.encode(), *_written(linked)), whole=False)


class Restoring:
    """Puts rows back in the order in which they were taken out; `finish` ends it."""

    def __init__(self, tx: Connection) -> None:
        self._tx, self._held, self._table = tx, list[dict[str, Any]](), ""
        self._keys: list[dict[str, Any]] = []
        self.counts = Counts()

    def put(self, data: bytes, keys: Sequence[bytes]) -> None:
        """A row or link, and the contacts' keys that opened it. Malformed for anything else."""
        try:
            kind, name, *values = unrec(data)
        except ValueError:
            raise _malformed() from None
        table = metadata.tables.get(name.decode(errors="replace"))
        if table is None or kind not in (_ROW, _LINK) or table not in _tables():
            raise _malformed()
        if kind == _LINK:
            self._link(table, values)
            return
        row = _read(table, [column.name for column in table.columns], values)
        if table.name != self._table or len(self._held) >= PAGE:
            self._flush()
            self._table = table.name
        self._held.append({f"put_{column}": value for column, value in row.items()})
        if table is contacts:
            self._keys += [
                {"office": row["office"], "contact": row["contact"], "secret": key} for key in keys
            ]

    def finish(self) -> None:
        """Write what is still held, and the contacts' keys; PostgreSQL counts on from the highest number given."""
        self._flush()
        insert(self._tx, contact_keys, self._keys)
        if self._tx.dialect.name == "postgresql":
            for table in _tables():
                _count_on(self._tx, table)

    def _link(self, table: Table, values: list[bytes]) -> None:
        loose = LOOSE.get(table.name)
        if loose is None:
            raise _malformed()
        self._flush()
        where = _read(table, [*(column.name for column in table.primary_key), loose], values)
        linked = where.pop(loose)
        if update(self._tx, table, where, **{loose: linked}) != 1:
            raise _malformed()

    def _flush(self) -> None:
        if self._held:
            self._tx.execute(_put(metadata.tables[self._table]), self._held)
            self.counts[self._table] += len(self._held)
            self._held = []


@contextmanager
def scratch() -> Iterator[Connection]:
    """An empty database of this schema, in memory alone: nothing in clear touches a disk."""
    engine = create_engine("sqlite://", poolclass=StaticPool, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:  # noqa: ANN401 – sqlite3's own
        for pragma in ("foreign_keys=ON", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")

    try:
        with engine.begin() as tx:
            metadata.create_all(tx)
            yield tx
    except StatementError as error:
        raise plain(error) from None
    finally:
        engine.dispose()


@cache
def _tables() -> tuple[Table, ...]:
    apart = PASSING | {contact_keys.name}
    return tuple(table for table in metadata.sorted_tables if table.name not in apart)


def _plain(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    """The type as which it lies there: a time is a number."""
    return kind.impl_instance if isinstance(kind, TypeDecorator) else kind


@cache
def _all(table: Table) -> Select[Any]:
    """Rows that others of the same table refer to come first."""
    own = [key for key in table.foreign_key_constraints if key.referred_table is table]
    referring = [column.is_not(None) for key in own for column in key.columns if not column.primary_key]
    columns = [type_coerce(column, _plain(column.type)).label(column.name) for column in table.columns]
    return select(*columns).order_by(*referring, *table.primary_key)


@cache
def _put(table: Table) -> Insert:
    named = {
        column.name: bindparam(f"put_{column.name}", type_=_plain(column.type)) for column in table.columns
    }
    return table.insert().values(named)


def _count_on(tx: Connection, table: Table) -> None:
    column = table.autoincrement_column
    if column is None:
        return
    highest = select(func.max(column)).scalar_subquery()
    sequence = func.pg_get_serial_sequence(table.name, column.name)
    tx.execute(select(func.setval(sequence, highest)).where(highest.is_not(None)))


def _written(row: Mapping[str, Any]) -> list[bytes]:
    return [_write(value) for value in row.values()]


def _write(value: object) -> bytes:
    match value:
        case None:
            return b""
        case bool():
            return b"b" + bytes([value])
        case int():
            return b"i" + str(value).encode()
        case str():
            return b"s" + value.encode()
        case bytes():
            return b"o" + value
    raise TypeError(f"{type(value).__name__} has no form in a backup")


def _read(table: Table, columns: list[str], values: list[bytes]) -> dict[str, Any]:
    if len(values) != len(columns):
        raise _malformed()
    try:
        return {
            name: _value(_plain(table.c[name].type), data) for name, data in zip(columns, values, strict=True)
        }
    except ValueError:
        raise _malformed() from None


def _value(kind: TypeEngine[Any], data: bytes) -> object:
    tag, body = data[:1], data[1:]
    if not tag:
        return None
    if isinstance(kind, LargeBinary) and tag == b"o":
        return body
    if isinstance(kind, String) and tag == b"s":
        return body.decode()
    if isinstance(kind, Boolean) and data in (b"b\0", b"b\1"):
        return data == b"b\1"
    if not isinstance(kind, LargeBinary | String | Boolean) and tag == b"i":
        number = int(body)
        if -(2**63) <= number < 2**63:  # what a column holds
            return number
    raise _malformed()


def _malformed() -> Malformed:
    return Malformed("the backup holds a row of a form that this program does not know")
