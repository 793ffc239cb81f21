"""Queries about the audit log and its heads."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Select, and_, or_, select, type_coerce

from store.sql import Found, every, insert, many, one, update
from store.tables.audit import audit, audit_heads, marks

_MARKED = and_(audit.c.office == marks.c.office, audit.c.subject == marks.c.mark)
_VIEWED = select(audit, marks.c.alias).outerjoin(marks, _MARKED)
"""Entries, each with the alias of whom its mark still stands for."""


@one
def head(office: bytes) -> Select[Any]:
    """The office's newest entry, as number and link."""
    return select(audit_heads).where(audit_heads.c.office == office)


@many
def heads() -> Select[Any]:
    return select(audit_heads).order_by(audit_heads.c.office)


def logs(tx: Connection) -> list[bytes]:
    """Whose entries there are, whether or not there is a head for them."""
    return [row.office for row in every(tx, select(audit.c.office).distinct().order_by(audit.c.office))]


def add(
    tx: Connection,
    office: bytes,
    seq: int,
    at: datetime,
    event: str,
    *,
    role_code: str,
    subject: str,
    link: bytes,
) -> None:
    """Append an entry and move the head to it."""
    row = {"office": office, "seq": seq, "at": at, "event": event, "role_code": role_code, "subject": subject}
    insert(tx, audit, [row | {"link": link}])
    if seq == 1:
        insert(tx, audit_heads, [{"office": office, "seq": seq, "link": link}])
    else:
        update(tx, audit_heads, {"office": office}, seq=seq, link=link)


@many
def of_office(office: bytes, after: int, limit: int) -> Select[Any]:
    c = audit.c
    return _VIEWED.where(c.office == office, c.seq > after).order_by(c.seq).limit(limit)


def newest(
    tx: Connection, office: bytes, limit: int, about: str | None, before: int | None = None
) -> list[Found]:
    """The last entries, the newest first; with `about`, those about this alias or code, or by this role code."""
    c = audit.c
    mine = c.office == office
    if before is not None:
        mine = and_(mine, c.seq < before)
    if about is not None:
        mine = and_(mine, or_(named(office, about), c.role_code == about))
    return every(tx, _VIEWED.where(mine).order_by(c.seq.desc()).limit(limit))


def named(office: bytes, alias: str) -> ColumnElement[bool]:
    """Entries under the alias's mark, and under itself: from before there were marks, or a code of something else."""
    c, m = audit.c, marks.c
    mark = select(m.mark).where(m.office == office, m.alias == alias).scalar_subquery()
    return or_(c.subject == mark, c.subject == alias)


@many
def stored(office: bytes, after: int, limit: int) -> Select[Any]:
    """The same as it lies there, `at` in microseconds: what was tampered with may be no time at all."""
    c = audit.c
    at = type_coerce(c.at, BigInteger).label("at")
    statement = select(c.office, c.seq, at, c.event, c.role_code, c.subject, c.link)
    return statement.where(c.office == office, c.seq > after).order_by(c.seq).limit(limit)
