"""Queries about which officer looks after whom."""

from datetime import datetime

from sqlalchemy import Connection, and_, select

from store.sql import Found, changed, every, first, insert
from store.tables.chat import assignments
from store.tables.offices import officers


def put(tx: Connection, office: bytes, alias: str, officer: bytes, now: datetime) -> None:
    drop(tx, office, alias)
    insert(tx, assignments, [{"office": office, "alias": alias, "officer": officer, "at": now}])


def drop(tx: Connection, office: bytes, alias: str) -> bool:
    """Whether anybody looked after them."""
    c = assignments.c
    return changed(tx, assignments.delete().where(c.office == office, c.alias == alias)) > 0


def listed(tx: Connection, office: bytes) -> dict[str, str]:
    """The role code of who looks after each alias."""
    c = assignments.c
    on = and_(c.office == officers.c.office, c.officer == officers.c.officer)
    statement = select(c.alias, officers.c.role_code).join(officers, on).where(c.office == office)
    return {row.alias: row.role_code for row in every(tx, statement.order_by(c.alias))}


def colleague(tx: Connection, office: bytes, role_code: str) -> Found | None:
    """The active officer with this role code."""
    o = officers.c
    return first(tx, select(officers).where(o.office == office, o.role_code == role_code, o.active))


def forget_officers(tx: Connection, office: bytes) -> None:
    """Whom an officer looked after who is one no more waits to be assigned anew."""
    c, o = assignments.c, officers.c
    gone = select(o.officer).where(o.office == office, o.active.is_(False))
    tx.execute(assignments.delete().where(c.office == office, c.officer.in_(gone)))
