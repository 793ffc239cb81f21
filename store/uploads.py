"""Queries about envelopes that come in parts."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Delete, Select, func, select

from store.sql import count, insert, many, one, value
from store.tables.uploads import uploads


def add(tx: Connection, **row: object) -> None:
    insert(tx, uploads, [row])


@value
def held(device: bytes, upload: bytes) -> Select[Any]:
    """How many bytes of it are there."""
    c = uploads.c
    return select(func.coalesce(func.sum(c.size), 0)).where(c.device == device, c.upload == upload)


@value
def held_by_office(office: bytes) -> Select[Any]:
    """How many bytes of all its uploads are there."""
    c = uploads.c
    return select(func.coalesce(func.sum(c.size), 0)).where(c.office == office)


@one
def part(device: bytes, upload: bytes, start: int) -> Select[Any]:
    c = uploads.c
    return select(uploads).where(c.device == device, c.upload == upload, c.start == start)


@many
def parts(device: bytes, upload: bytes) -> Select[Any]:
    """All that is there of it, in order."""
    c = uploads.c
    return select(c.data).where(c.device == device, c.upload == upload).order_by(c.start)


@many
def of_device(device: bytes) -> Select[Any]:
    """The device's uploads, whichever went on last at the end."""
    c = uploads.c
    own = select(c.upload).where(c.device == device).group_by(c.upload)
    return own.order_by(func.max(c.at), c.upload)


@count
def drop(device: bytes, upload: bytes) -> Delete:
    c = uploads.c
    return uploads.delete().where(c.device == device, c.upload == upload)


@count
def drop_office(office: bytes) -> Delete:
    return uploads.delete().where(uploads.c.office == office)


@count
def expire(before: datetime) -> Delete:
    """Forget uploads that did not go on since then."""
    c, later = uploads.c, uploads.alias("later")
    same = (later.c.device == c.device, later.c.upload == c.upload, later.c.at > before)
    return uploads.delete().where(~select(later.c.start).where(*same).exists())
