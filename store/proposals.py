"""Queries about what officers proposed in chat."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, select

from store.sql import Found, changed, every, first, insert
from store.tables.chat import proposals
from store.tables.offices import officers


def add(tx: Connection, **row: Any) -> None:  # noqa: ANN401 – a row
    insert(tx, proposals, [row])


def open_of(tx: Connection, office: bytes, now: datetime) -> list[Found]:
    """Open proposals with the role code of who made them."""
    c = proposals.c
    on = and_(c.office == officers.c.office, c.officer == officers.c.officer)
    statement = select(proposals, officers.c.role_code).join(officers, on)
    return every(
        tx, statement.where(c.office == office, c.state == "open", c.expires_at > now).order_by(c.at)
    )


def proposal(tx: Connection, office: bytes, proposal: bytes) -> Found | None:
    return first(tx, select(proposals).where(proposals.c.office == office, proposals.c.proposal == proposal))


def decide(tx: Connection, office: bytes, proposal: bytes, state: str) -> bool:
    c = proposals.c
    statement = proposals.update().where(c.office == office, c.proposal == proposal, c.state == "open")
    return changed(tx, statement.values(state=state)) == 1


def forget(tx: Connection, office: bytes, subject: str) -> None:
    """Whatever was proposed about a case, decided or not."""
    c = proposals.c
    tx.execute(proposals.delete().where(c.office == office, c.subject == subject))


def expire(tx: Connection, before: datetime) -> None:
    tx.execute(proposals.delete().where(proposals.c.expires_at <= before))
