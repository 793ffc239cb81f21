"""Queries about movements and the seats on them."""

from typing import Any

from sqlalchemy import Connection, Select, Update, and_, exists, or_, select

from store.sql import count, insert, many, one, update, value
from store.tables.notices import movements, notices


def add(tx: Connection, **row: Any) -> None:  # noqa: ANN401 – a row
    insert(tx, movements, [row])


@one
def movement(office: bytes, movement: bytes) -> Select[Any]:
    return select(movements).where(movements.c.office == office, movements.c.movement == movement)


@one
def by_code(office: bytes, code: str) -> Select[Any]:
    return select(movements).where(movements.c.office == office, movements.c.code == code)


@many
def listed(office: bytes) -> Select[Any]:
    c = movements.c
    return select(movements).where(c.office == office).order_by(c.departs_at, c.code)


def set_state(tx: Connection, office: bytes, movement: bytes, state: str) -> None:
    update(tx, movements, {"office": office, "movement": movement}, state=state)


def has_live_notice(tx: Connection, office: bytes, movement: bytes) -> bool:
    """Whether a notice still sends people to this movement: one that is live, or was out and whose change waits."""
    return bool(_has_live_notice(tx, office, movement))


@value
def _has_live_notice(office: bytes, movement: bytes) -> Select[Any]:
    c = notices.c
    newer = notices.alias()
    waits = exists().where(
        newer.c.office == c.office, newer.c.notice == c.notice, newer.c.state == "scheduled"
    )
    out = and_(c.state == "replaced", c.released_at.is_not(None), waits)
    sends = or_(c.state.in_(("scheduled", "released")), out)
    return select(exists().where(c.office == office, c.movement == movement, sends))


def shift(tx: Connection, office: bytes, movement: bytes, *, held: int = 0, confirmed: int = 0) -> bool:
    """Add to held and confirmed seats; False, with nothing changed, when they would exceed the seats.

    Giving seats back always works; taking more needs an open movement.
    """
    run = _take if held + confirmed > 0 else _give_back
    return run(tx, office, movement, held, confirmed) == 1


@count
def _take(office: bytes, movement: bytes, held: int, confirmed: int) -> Update:
    return _shift(office, movement, held, confirmed).where(movements.c.state != "cancelled")


@count
def _give_back(office: bytes, movement: bytes, held: int, confirmed: int) -> Update:
    return _shift(office, movement, held, confirmed)


def _shift(office: bytes, movement: bytes, held: int, confirmed: int) -> Update:
    c = movements.c
    fits = c.held + c.confirmed + held + confirmed <= c.seats
    fitting = movements.update().where(c.office == office, c.movement == movement, fits)
    return fitting.values(held=c.held + held, confirmed=c.confirmed + confirmed)
