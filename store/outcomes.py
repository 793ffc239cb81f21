"""Queries about what became of whom was offered a seat."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Update, and_, exists, func, select

from store.attempts import REACHED
from store.sql import count, insert, many, one, value
from store.tables.cases import case_members
from store.tables.movements import movements
from store.tables.offers import offers
from store.tables.outcomes import rollovers, safety_checks
from store.tables.people import attempts, contacts


def roll_over(tx: Connection, **row: Any) -> None:  # noqa: ANN401 – a row
    insert(tx, rollovers, [row | {"boarded_at": None}])


def open_check(tx: Connection, **row: Any) -> None:  # noqa: ANN401 – a row
    insert(tx, safety_checks, [row | {"closed_at": None}])


@one
def totals(office: bytes, movement: bytes) -> Select[Any]:
    """How many travellers of an office boarded a movement, did not come, and were not taken along."""
    c = offers.c
    columns = [
        func.coalesce(func.sum(each), 0).label(each.name) for each in (c.boarded, c.no_show, c.not_lifted)
    ]
    return select(*columns).where(c.office == office, c.movement == movement)


@many
def waiting(office: bytes) -> Select[Any]:
    """Whoever was not taken along and has not boarded since, with alias and movement, longest first."""
    c = rollovers.c
    rows = select(rollovers, contacts.c.alias, movements.c.code).select_from(_named(rollovers))
    return rows.where(c.office == office, c.boarded_at.is_(None)).order_by(c.at, contacts.c.alias)


@count
def board(office: bytes, contact: bytes, now: datetime) -> Update:
    """The contact has boarded: first in line no more."""
    c = rollovers.c
    own = rollovers.update().where(c.office == office, c.contact == contact, c.boarded_at.is_(None))
    return own.values(boarded_at=now)


@many
def open_checks(office: bytes) -> Select[Any]:
    """Safety checks that are open, with alias, movement, and when the contact was last tried and last reached since."""
    c, a = safety_checks.c, attempts.c
    own = and_(a.office == c.office, a.contact == c.contact, a.at >= c.opened_at)
    tried = select(func.max(a.at)).where(own).correlate(safety_checks).scalar_subquery()
    reached = select(func.max(a.at)).where(own, a.outcome.in_(REACHED)).correlate(safety_checks)
    columns = (tried.label("tried_at"), reached.scalar_subquery().label("reached_at"))
    rows = select(safety_checks, contacts.c.alias, movements.c.code, *columns)
    rows = rows.select_from(_named(safety_checks))
    return rows.where(c.office == office, c.closed_at.is_(None)).order_by(c.opened_at, contacts.c.alias)


@count
def close_checks(office: bytes, contact: bytes, now: datetime) -> Update:
    c = safety_checks.c
    own = safety_checks.update().where(c.office == office, c.contact == contact, c.closed_at.is_(None))
    return own.values(closed_at=now)


@value
def checked_in(office: bytes, alias: str) -> Select[Any]:
    """Whether a safety check about a member of this household is open."""
    c, m = safety_checks.c, case_members.c
    same = and_(m.office == c.office, m.contact == c.contact, m.alias == alias)
    return select(exists().where(c.office == office, c.closed_at.is_(None), same))


def _named(table: Any) -> Any:  # noqa: ANN401 – a table, and its join
    c = table.c
    offer = and_(offers.c.office == c.office, offers.c.offer == c.offer)
    person = and_(contacts.c.office == c.office, contacts.c.contact == c.contact)
    # A movement's id is one in a relay: it makes them.
    return (
        table.join(offers, offer)
        .join(contacts, person)
        .join(movements, movements.c.movement == offers.c.movement)
    )
