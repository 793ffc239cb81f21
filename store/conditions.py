"""Queries about movements' go/no-go lists."""

from typing import Any

from sqlalchemy import Connection, Select, exists, func, select

from store.sql import insert, many, value
from store.tables.conditions import conditions
from store.tables.notices import movements, notices

COMING = (1, 2)
"""Kinds of notices that send people somewhere."""


def append(tx: Connection, office: bytes, movement: bytes, **said: Any) -> None:  # noqa: ANN401 – a row
    last = int(_last(tx, office, movement) or 0)
    row = {"office": office, "movement": movement, "seq": last + 1, "expires_at": None}
    insert(tx, conditions, [row | said])


@value
def _last(office: bytes, movement: bytes) -> Select[Any]:
    c = conditions.c
    return select(func.max(c.seq)).where(c.office == office, c.movement == movement)


@many
def of_movement(office: bytes, movement: bytes) -> Select[Any]:
    """All that was said of it, in order."""
    c = conditions.c
    return select(conditions).where(c.office == office, c.movement == movement).order_by(c.seq)


@many
def watched() -> Select[Any]:
    """(office, movement, route) of every office's movements that a notice sends people to, or is to."""
    m, n = movements.c, notices.c
    sent = exists().where(
        n.office == m.office,
        n.movement == m.movement,
        n.kind.in_(COMING),
        n.state.in_(("scheduled", "released")),
    )
    return select(m.office, m.movement, m.code, m.route).where(sent).order_by(m.office, m.movement)
