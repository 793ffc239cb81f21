"""Queries about attachments and their chunks."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Delete, Select, and_, func, or_, select

from store.sql import count, insert, many, one, update, value
from store.tables.attachments import attachment_chunks, attachments


def begin(tx: Connection, **row: object) -> None:
    insert(tx, attachments, [row | {"taken_at": None}])


def put(tx: Connection, **row: object) -> None:
    insert(tx, attachment_chunks, [row])


@one
def attachment(office: bytes, attachment: bytes) -> Select[Any]:
    c = attachments.c
    return select(attachments).where(c.office == office, c.attachment == attachment)


@one
def chunk(office: bytes, attachment: bytes, n: int) -> Select[Any]:
    c = attachment_chunks.c
    return select(c.data).where(c.office == office, c.attachment == attachment, c.n == n)


@many
def have(office: bytes, attachment: bytes) -> Select[Any]:
    """Which chunks are there, in order."""
    c = attachment_chunks.c
    return select(c.n).where(c.office == office, c.attachment == attachment).order_by(c.n)


@one
def held(office: bytes, contact: bytes) -> Select[Any]:
    """How many attachments of the contact are kept or on their way (`many`), and of how many chunks (`chunks`)."""
    c = attachments.c
    sums = select(func.count().label("many"), func.coalesce(func.sum(c.chunks), 0).label("chunks"))
    return sums.where(c.office == office, c.contact == contact, c.taken_at.is_(None))


@value
def begun_since(office: bytes, contact: bytes, since: datetime) -> Select[Any]:
    c = attachments.c
    of = select(func.count()).select_from(attachments)
    return of.where(c.office == office, c.contact == contact, c.begun_at > since)


def taken(tx: Connection, office: bytes, attachment: bytes, now: datetime) -> None:
    """Its chunks go."""
    _drop_chunks(tx, office, attachment)
    update(tx, attachments, {"office": office, "attachment": attachment}, taken_at=now)


@count
def _drop_chunks(office: bytes, attachment: bytes) -> Delete:
    c = attachment_chunks.c
    return attachment_chunks.delete().where(c.office == office, c.attachment == attachment)


@count
def drop_contact(office: bytes, contact: bytes) -> Delete:
    c = attachments.c
    return attachments.delete().where(c.office == office, c.contact == contact)


@count
def expire(now: datetime, before: datetime) -> Delete:
    """Forget what is past its time, and what was begun before then and is not whole."""
    c, part = attachments.c, attachment_chunks.c
    came = select(func.count()).where(part.office == c.office, part.attachment == c.attachment)
    broken = and_(c.taken_at.is_(None), c.begun_at <= before, came.scalar_subquery() < c.chunks)
    return attachments.delete().where(or_(c.expires_at <= now, broken))
