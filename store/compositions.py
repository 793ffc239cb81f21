"""Queries about of whom movements were made up."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from store.sql import insert, many, value
from store.tables.compositions import compositions
from store.tables.movements import allotments, movements


def append(tx: Connection, office: bytes, movement: bytes, **said: Any) -> None:  # noqa: ANN401 – a row
    last = int(_last(tx, office, movement) or 0)
    insert(tx, compositions, [{"office": office, "movement": movement, "seq": last + 1} | said])


@value
def _last(office: bytes, movement: bytes) -> Select[Any]:
    c = compositions.c
    return select(func.max(c.seq)).where(c.office == office, c.movement == movement)


@many
def of_movement(office: bytes, movement: bytes) -> Select[Any]:
    """All that was said of it, in order."""
    c = compositions.c
    return select(compositions).where(c.office == office, c.movement == movement).order_by(c.seq)


@many
def since(office: bytes, departed: datetime) -> Select[Any]:
    """All that the office said of movements that depart from then on, but those called off; in order of each."""
    c, a, m = compositions.c, allotments.c, movements.c
    seats = (a.office == c.office) & (a.movement == c.movement)
    same = (m.office == a.owner) & (m.movement == a.movement)
    own = select(compositions).join(allotments, seats).join(movements, same).where(c.office == office)
    return own.where(m.departs_at >= departed, m.state != "cancelled").order_by(c.movement, c.seq)
