"""Queries about what goes between offices."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Delete, Select, and_, func, select

from store.mail import EPOCH
from store.sql import count, insert, insert_new, many, one, update, value
from store.tables.mail import wraps
from store.tables.threads import missives, partners


def accept(tx: Connection, office: bytes, partner: bytes, now: datetime) -> None:
    insert_new(tx, partners, [{"office": office, "partner": partner, "accepted_at": now}])


def end(tx: Connection, office: bytes, partner: bytes) -> bool:
    return bool(_end(tx, office, partner))


@count
def _end(office: bytes, partner: bytes) -> Delete:
    c = partners.c
    return partners.delete().where(c.office == office, c.partner == partner)


def accepts(tx: Connection, office: bytes, partner: bytes) -> bool:
    return _accepts(tx, office, partner) is not None


@one
def _accepts(office: bytes, partner: bytes) -> Select[Any]:
    c = partners.c
    return select(c.office).where(c.office == office, c.partner == partner)


def both_accept(tx: Connection, office: bytes, partner: bytes) -> bool:
    """One statement, whoever there is or is not."""
    return _both_accept(tx, office, partner) is not None


@one
def _both_accept(office: bytes, partner: bytes) -> Select[Any]:
    mine, theirs = partners.alias(), partners.alias()
    on = and_(mine.c.office == theirs.c.partner, mine.c.partner == theirs.c.office)
    statement = select(mine.c.office).join(theirs, on)
    return statement.where(mine.c.office == office, mine.c.partner == partner)


@many
def listed(office: bytes) -> Select[Any]:
    """Whom the office accepts, each with `back`: when that one accepted it, if it did."""
    mine, theirs = partners.alias(), partners.alias()
    on = and_(mine.c.office == theirs.c.partner, mine.c.partner == theirs.c.office)
    columns = (mine.c.partner, mine.c.accepted_at, theirs.c.accepted_at.label("back"))
    statement = select(*columns).outerjoin(theirs, on).where(mine.c.office == office)
    return statement.order_by(mine.c.accepted_at, mine.c.partner)


def add(tx: Connection, **row: Any) -> None:  # noqa: ANN401 – a row
    insert(tx, missives, [row])


@one
def missive(envelope: bytes) -> Select[Any]:
    return select(missives).where(missives.c.envelope == envelope)


def decide(tx: Connection, envelope: bytes, state: str, now: datetime) -> None:
    update(tx, missives, {"envelope": envelope}, state=state, decided_at=now)


def sent_since(tx: Connection, sender: bytes, since: datetime) -> int:
    """How many an office has sent, to all others together."""
    return int(_sent_since(tx, sender, since))


@value
def _sent_since(sender: bytes, since: datetime) -> Select[Any]:
    c = missives.c
    return select(func.count()).select_from(missives).where(c.sender == sender, c.at > since)


def unread(tx: Connection, office: bytes, now: datetime) -> tuple[int, datetime | None]:
    """How many of other offices' messages nobody here has fetched, and when the oldest came."""
    [row] = _unread(tx, office, now)
    return row.many, row.oldest


@many
def _unread(office: bytes, now: datetime) -> Select[Any]:
    on = and_(wraps.c.envelope == missives.c.envelope, wraps.c.office == missives.c.office)
    columns: tuple[Any, ...] = (func.count().label("many"), func.min(missives.c.at).label("oldest"))
    statement = select(*columns).select_from(missives).join(wraps, on)
    fresh = (wraps.c.holder_kind == EPOCH, wraps.c.fetched_at.is_(None), wraps.c.expires_at > now)
    return statement.where(missives.c.office == office, *fresh)


def mediated(tx: Connection, office: bytes) -> dict[tuple[bool, str], tuple[int, datetime]]:
    """Of what is to be passed on: count and oldest by (the office is the mediator, state)."""
    found = {}
    for here, states in ((True, _mediated_by), (False, _mediated_for)):
        for row in states(tx, office):
            found[here, row.state] = (row.many, row.oldest)
    return found


@many
def _mediated_by(office: bytes) -> Select[Any]:
    return _mediated(missives.c.office == office)


@many
def _mediated_for(office: bytes) -> Select[Any]:
    return _mediated(missives.c.sender == office)


def _mediated(whose: ColumnElement[bool]) -> Select[Any]:
    c = missives.c
    statement = select(c.state, func.count().label("many"), func.min(c.at).label("oldest"))
    return statement.where(whose, c.mediated).group_by(c.state)


@count
def expire(before: datetime) -> Delete:
    return missives.delete().where(missives.c.at <= before)
