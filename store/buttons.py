"""Queries about buttons that were pressed."""

from datetime import datetime

from sqlalchemy import Connection, select

from store.sql import changed, first, insert
from store.tables.chat import pressed


def known(tx: Connection, tag: bytes) -> bool:
    return first(tx, select(pressed.c.tag).where(pressed.c.tag == tag)) is not None


def add(tx: Connection, tag: bytes, expires: datetime) -> None:
    insert(tx, pressed, [{"tag": tag, "expires_at": expires}])


def expire(tx: Connection, now: datetime) -> int:
    return changed(tx, pressed.delete().where(pressed.c.expires_at <= now))
