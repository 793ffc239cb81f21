"""Queries about the board of routes."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from store.sql import insert, many, value
from store.tables.conditions import statuses


def append(tx: Connection, office: bytes, **row: Any) -> None:  # noqa: ANN401 – a row
    insert(tx, statuses, [{"office": office, "seq": int(_last(tx, office) or 0) + 1} | row])


@value
def _last(office: bytes) -> Select[Any]:
    return select(func.max(statuses.c.seq)).where(statuses.c.office == office)


@many
def standing(now: datetime) -> Select[Any]:
    """All that counts still, of every office, in the order of what it was known of."""
    c = statuses.c
    return select(statuses).where(c.expires_at > now).order_by(c.as_of, c.office, c.seq)


@many
def of_route(route: int, now: datetime) -> Select[Any]:
    """The same of one route."""
    c = statuses.c
    return select(statuses).where(c.route == route, c.expires_at > now).order_by(c.as_of, c.office, c.seq)
