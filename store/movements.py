"""Queries about movements."""

from typing import Any

from sqlalchemy import Connection, Select, and_, exists, or_, select

from store.sql import insert, many, one, update, value
from store.tables.movements import movements
from store.tables.notices import notices


def add(tx: Connection, **row: Any) -> None:  # noqa: ANN401 – a row
    insert(tx, movements, [row])


@one
def movement(office: bytes, movement: bytes) -> Select[Any]:
    """One that the office owns."""
    return select(movements).where(movements.c.office == office, movements.c.movement == movement)


@one
def by_code(office: bytes, code: str) -> Select[Any]:
    return select(movements).where(movements.c.office == office, movements.c.code == code)


@many
def everything() -> Select[Any]:
    """All movements of all offices."""
    return select(movements).order_by(movements.c.office, movements.c.movement)


def set_state(tx: Connection, office: bytes, movement: bytes, state: str) -> None:
    update(tx, movements, {"office": office, "movement": movement}, state=state)


def has_live_notice(tx: Connection, office: bytes, movement: bytes) -> bool:
    """Whether a notice of the office still sends people there: it is live, or was out and its change waits."""
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
