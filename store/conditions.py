"""Queries about movements' go/no-go lists."""

from typing import Any

from sqlalchemy import Connection, Select, exists, func, select

from store.sql import insert, many, value
from store.tables.conditions import conditions
from store.tables.movements import allotments, movements
from store.tables.notices import notices

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
    """Allotments, with their movement's code and route, of offices with a notice that sends people there, or is to."""
    a, m, n = allotments.c, movements.c, notices.c
    sent = exists().where(
        n.office == a.office,
        n.movement == a.movement,
        n.kind.in_(COMING),
        n.state.in_(("scheduled", "released")),
    )
    both = allotments.join(movements, (a.owner == m.office) & (a.movement == m.movement))
    of = select(a.office, a.owner, a.movement, m.code, m.route).select_from(both)
    return of.where(sent).order_by(a.office, a.movement)
