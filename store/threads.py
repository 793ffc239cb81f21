"""Queries about what goes between offices."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, select

from store.mail import EPOCH
from store.sql import Found, changed, every, first, insert, insert_new
from store.tables.mail import wraps
from store.tables.threads import missives, partners


def accept(tx: Connection, office: bytes, partner: bytes, now: datetime) -> None:
    insert_new(tx, partners, [{"office": office, "partner": partner, "accepted_at": now}])


def end(tx: Connection, office: bytes, partner: bytes) -> bool:
    c = partners.c
    return bool(changed(tx, partners.delete().where(c.office == office, c.partner == partner)))


def accepts(tx: Connection, office: bytes, partner: bytes) -> bool:
    c = partners.c
    return first(tx, select(c.office).where(c.office == office, c.partner == partner)) is not None


def both_accept(tx: Connection, office: bytes, partner: bytes) -> bool:
    """One statement, whoever there is or is not."""
    mine, theirs = partners.alias(), partners.alias()
    on = and_(mine.c.office == theirs.c.partner, mine.c.partner == theirs.c.office)
    statement = select(mine.c.office).join(theirs, on)
    return first(tx, statement.where(mine.c.office == office, mine.c.partner == partner)) is not None


def listed(tx: Connection, office: bytes) -> list[Found]:
    """Whom the office accepts, each with `back`: when that one accepted it, if it did."""
    mine, theirs = partners.alias(), partners.alias()
    on = and_(mine.c.office == theirs.c.partner, mine.c.partner == theirs.c.office)
    columns = (mine.c.partner, mine.c.accepted_at, theirs.c.accepted_at.label("back"))
    statement = select(*columns).outerjoin(theirs, on).where(mine.c.office == office)
    return every(tx, statement.order_by(mine.c.accepted_at, mine.c.partner))


def add(tx: Connection, **row: Any) -> None:  # noqa: ANN401 – a row
    insert(tx, missives, [row])


def missive(tx: Connection, envelope: bytes) -> Found | None:
    return first(tx, select(missives).where(missives.c.envelope == envelope))


def decide(tx: Connection, envelope: bytes, state: str, now: datetime) -> None:
    of = missives.update().where(missives.c.envelope == envelope)
    tx.execute(of.values(state=state, decided_at=now))


def sent_since(tx: Connection, sender: bytes, since: datetime) -> int:
    """How many an office has sent, to all others together."""
    c = missives.c
    statement = select(func.count()).select_from(missives).where(c.sender == sender, c.at > since)
    return int(tx.execute(statement).scalar_one())


def unread(tx: Connection, office: bytes, now: datetime) -> tuple[int, datetime | None]:
    """How many of other offices' messages nobody here has fetched, and when the oldest came."""
    on = and_(wraps.c.envelope == missives.c.envelope, wraps.c.office == missives.c.office)
    statement = select(func.count(), func.min(missives.c.at)).select_from(missives).join(wraps, on)
    fresh = (wraps.c.holder_kind == EPOCH, wraps.c.fetched_at.is_(None), wraps.c.expires_at > now)
    count, oldest = tx.execute(statement.where(missives.c.office == office, *fresh)).one()
    return count, oldest


def mediated(tx: Connection, office: bytes) -> dict[tuple[bool, str], tuple[int, datetime]]:
    """Of what is to be passed on: count and oldest by (the office is the mediator, state)."""
    c = missives.c
    found = {}
    for here in (True, False):
        whose = c.office == office if here else c.sender == office
        statement = select(c.state, func.count().label("many"), func.min(c.at).label("oldest"))
        for row in every(tx, statement.where(whose, c.mediated).group_by(c.state)):
            found[here, row.state] = (row.many, row.oldest)
    return found


def expire(tx: Connection, before: datetime) -> int:
    return changed(tx, missives.delete().where(missives.c.at <= before))
