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
    """Copies whose answer is awaited until a time in (since, until], out for long enough, and not reminded so late."""
    r, n = recipients.c, notices.c
    lasting = literal(timedelta(hours=1) // timedelta(microseconds=1), BigInteger())
    ripe = and_(
        n.office == r.office,
        n.notice == r.notice,
        n.version == r.version,
        n.answer_by > since,
        n.answer_by <= until,
        n.released_at <= n.answer_by - hours * lasting,
    )
    copies = select(recipients).where(exists().where(ripe), _fresh(hours), _awaited(now))
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
    """The next time until which somebody's answer is awaited."""
    n = notices.c
    return select(func.min(n.answer_by)).where(n.state == "released", n.kind.in_(COMING), n.answer_by > now)


def _fresh(hours: Any) -> ColumnElement[bool]:  # noqa: ANN401 – a number or a bindparam
    return or_(recipients.c.reminded.is_(None), recipients.c.reminded > hours)


def _awaited(now: Any) -> ColumnElement[bool]:  # noqa: ANN401 – a time or a column of times
    """Of a copy: it is out, not answered, its time to answer is not over, and a seat is held."""
    r, n, o = recipients.c, notices.c, offers.c
    out = exists().where(
        and_(n.office == r.office, n.notice == r.notice, n.version == r.version),
        n.state == "released",
        n.kind.in_(COMING),
        n.answer_by > now,
    )
    held = exists().where(o.office == r.office, o.offer == r.offer, o.version == r.version, o.state == "held")
    return and_(r.answer.is_(None), out, held)
