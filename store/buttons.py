"""Queries about buttons that were pressed."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Delete, Select, select

from store.sql import count, insert, one
from store.tables.chat import pressed


def known(tx: Connection, tag: bytes) -> bool:
    return _known(tx, tag) is not None


@one
def _known(tag: bytes) -> Select[Any]:
    return select(pressed.c.tag).where(pressed.c.tag == tag)


def add(tx: Connection, tag: bytes, expires: datetime) -> None:
    insert(tx, pressed, [{"tag": tag, "expires_at": expires}])


@count
def expire(now: datetime) -> Delete:
    return pressed.delete().where(pressed.c.expires_at <= now)
