"""Queries about which officer looks after whom."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Delete, Select, and_, select

from store.sql import count, insert, many, one
from store.tables.chat import assignments
from store.tables.offices import officers


def put(tx: Connection, office: bytes, alias: str, officer: bytes, now: datetime) -> None:
    drop(tx, office, alias)
    insert(tx, assignments, [{"office": office, "alias": alias, "officer": officer, "at": now}])


def drop(tx: Connection, office: bytes, alias: str) -> bool:
    """Whether anybody looked after them."""
    return _drop(tx, office, alias) > 0


@count
def _drop(office: bytes, alias: str) -> Delete:
    c = assignments.c
    return assignments.delete().where(c.office == office, c.alias == alias)


def listed(tx: Connection, office: bytes) -> dict[str, str]:
    """The role code of who looks after each alias."""
    return {row.alias: row.role_code for row in _listed(tx, office)}


@many
def _listed(office: bytes) -> Select[Any]:
    c = assignments.c
    on = and_(c.office == officers.c.office, c.officer == officers.c.officer)
    return (
        select(c.alias, officers.c.role_code).join(officers, on).where(c.office == office).order_by(c.alias)
    )


@one
def colleague(office: bytes, role_code: str) -> Select[Any]:
    """The active officer with this role code."""
    o = officers.c
    return select(officers).where(o.office == office, o.role_code == role_code, o.active)


@count
def forget_officers(office: bytes) -> Delete:
    """Whom an officer looked after who is one no more waits to be assigned anew."""
    c, o = assignments.c, officers.c
    gone = select(o.officer).where(o.office == office, o.active.is_(False))
    return assignments.delete().where(c.office == office, c.officer.in_(gone))
