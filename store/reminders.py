"""Queries about who is to be reminded of an answer that is awaited."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Update,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
)

from store.sql import Found, count, many, value
from store.tables.notices import notices, recipients
from store.tables.offers import offers

COMING = (1, 2)
"""Kinds of notices that send people somewhere."""


def owes_answer(office: ColumnElement[Any], contact: ColumnElement[Any], now: Any) -> ColumnElement[bool]:  # noqa: ANN401 – a time or a column of times
    """Whether this contact was reminded of an answer that is awaited still."""
    r = recipients.c
    return exists().where(r.office == office, r.contact == contact, r.reminded.is_not(None), _awaited(now))


@many
def due(hours: int, now: datetime, until: datetime, since: datetime, limit: int) -> Select[Any]:
    """Copies whose answer is awaited until a time in (since, until], here for long enough, and not reminded so late."""
    r, n, o = recipients.c, notices.c, offers.c
    begun = o.hold_until - hours * literal(timedelta(hours=1) // timedelta(microseconds=1), BigInteger())
    out = exists().where(*_same(n, r), n.released_at <= begun)
    # Whoever waited for a seat has it since it was held for them.
    ripe = exists().where(
        o.office == r.office, o.offer == r.offer, o.hold_until > since, o.hold_until <= until,
        o.changed_at <= begun, out.correlate(recipients, offers),
    )  # fmt: skip
    copies = select(recipients).where(ripe, _fresh(hours), _awaited(now))
    return copies.order_by(r.office, r.contact).limit(limit)


def note(tx: Connection, copies: Sequence[Found], hours: int) -> list[Found]:
    """These copies were reminded so many hours before; those for which that is new."""
    return [row for row in copies if _note(tx, row.office, row.notice, row.version, row.contact, hours)]


@count
def _note(office: bytes, notice: bytes, version: int, contact: bytes, hours: int) -> Update:
    r = recipients.c
    own = (r.office == office, r.notice == notice, r.version == version, r.contact == contact)
    return recipients.update().where(*own, _fresh(hours)).values(reminded=hours)


@value
def next_deadline(now: datetime) -> Select[Any]:
    """The next time until which somebody's seats are held for an answer."""
    n, o = notices.c, offers.c
    out = exists().where(*_same(n, o), n.state == "released", n.kind.in_(COMING))
    return select(func.min(o.hold_until)).where(o.state == "held", o.hold_until > now, out)


def _fresh(hours: Any) -> ColumnElement[bool]:  # noqa: ANN401 – a number or a bindparam
    return or_(recipients.c.reminded.is_(None), recipients.c.reminded > hours)


def _awaited(now: Any) -> ColumnElement[bool]:  # noqa: ANN401 – a time or a column of times
    """Of a copy: it is out, not answered, and a seat is held until later than now: an offer has a time of its own."""
    r, n, o = recipients.c, notices.c, offers.c
    out = exists().where(*_same(n, r), n.state == "released", n.kind.in_(COMING))
    held = exists().where(
        o.office == r.office,
        o.offer == r.offer,
        o.version == r.version,
        o.state == "held",
        o.hold_until > now,
    )
    return and_(r.answer.is_(None), out, held)


def _same(one: Any, other: Any) -> tuple[ColumnElement[bool], ...]:  # noqa: ANN401 – columns
    """Of one version of a notice."""
    return one.office == other.office, one.notice == other.notice, one.version == other.version
