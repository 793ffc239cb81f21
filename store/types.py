"""Column types that are the same on SQLite and PostgreSQL."""
# ruff: noqa: ARG002 – SQLAlchemy names the arguments

from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, Dialect
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept as integer microseconds since 1970 UTC.

    SQLite has no time type and compares text; an integer compares and indexes alike on both databases.
    Raises TypeError on a naive datetime: its meaning would depend on the machine.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("a naive datetime reached the store; times are aware UTC")
        return (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + timedelta(microseconds=value)
