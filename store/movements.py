"""Queries about movements and the seats on them."""

from typing import Any

from sqlalchemy import Connection, and_, exists, or_, select

from store.sql import Found, changed, every, first, insert
from store.tables.notices import movements, notices


def add(tx: Connection, **row: Any) -> None:  # noqa: ANN401 – a row
    insert(tx, movements, [row])


def movement(tx: Connection, office: bytes, movement: bytes) -> Found | None:
    return first(tx, select(movements).where(movements.c.office == office, movements.c.movement == movement))


def by_code(tx: Connection, office: bytes, code: str) -> Found | None:
    return first(tx, select(movements).where(movements.c.office == office, movements.c.code == code))


def listed(tx: Connection, office: bytes) -> list[Found]:
    c = movements.c
    return every(tx, select(movements).where(c.office == office).order_by(c.departs_at, c.code))


def set_state(tx: Connection, office: bytes, movement: bytes, state: str) -> None:
    c = movements.c
    tx.execute(movements.update().where(c.office == office, c.movement == movement).values(state=state))


def has_live_notice(tx: Connection, office: bytes, movement: bytes) -> bool:
    """Whether a notice still sends people to this movement: one that is live, or was out and whose change waits."""
    c = notices.c
    newer = notices.alias()
    waits = exists().where(
        newer.c.office == c.office, newer.c.notice == c.notice, newer.c.state == "scheduled"
    )
    out = and_(c.state == "replaced", c.released_at.is_not(None), waits)
    sends = or_(c.state.in_(("scheduled", "released")), out)
    return bool(
        tx.execute(select(exists().where(c.office == office, c.movement == movement, sends))).scalar()
    )


def shift(tx: Connection, office: bytes, movement: bytes, *, held: int = 0, confirmed: int = 0) -> bool:
    """Add to held and confirmed seats; False, with nothing changed, when they would exceed the seats.

    Giving seats back always works; taking more needs an open movement.
    """
    c = movements.c
    fits = c.held + c.confirmed + held + confirmed <= c.seats
    statement = movements.update().where(c.office == office, c.movement == movement, fits)
    if held + confirmed > 0:
        statement = statement.where(c.state != "cancelled")
    return changed(tx, statement.values(held=c.held + held, confirmed=c.confirmed + confirmed)) == 1
