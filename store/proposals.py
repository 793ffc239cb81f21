"""Queries about what officers proposed in chat."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Delete, Select, and_, literal, or_, select

from store.sql import count, insert, many, one, update
from store.tables.chat import proposals
from store.tables.offices import officers


def add(tx: Connection, **row: Any) -> None:  # noqa: ANN401 – a row
    insert(tx, proposals, [row])


@many
def open_of(office: bytes, now: datetime) -> Select[Any]:
    """Open proposals with the role code of who made them."""
    c = proposals.c
    on = and_(c.office == officers.c.office, c.officer == officers.c.officer)
    known = select(proposals, officers.c.role_code).join(officers, on)
    return known.where(c.office == office, c.state == "open", c.expires_at > now).order_by(c.at)


@one
def proposal(office: bytes, proposal: bytes) -> Select[Any]:
    return select(proposals).where(proposals.c.office == office, proposals.c.proposal == proposal)


def decide(tx: Connection, office: bytes, proposal: bytes, state: str) -> bool:
    return update(tx, proposals, {"office": office, "proposal": proposal, "state": "open"}, state=state) == 1


@count
def forget(office: bytes, subject: str) -> Delete:
    """Whatever was proposed about a case, or says its name, decided or not."""
    c = proposals.c
    said = (literal(" ") + c.words + literal(" ")).like(literal("% ") + subject + literal(" %"))
    return proposals.delete().where(c.office == office, or_(c.subject == subject, said))


@count
def expire(before: datetime) -> Delete:
    return proposals.delete().where(proposals.c.expires_at <= before)
