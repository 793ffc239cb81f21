"""Queries about the audit log."""

from datetime import datetime

from sqlalchemy import Connection, select

from store.sql import Found, every, insert
from store.tables.offices import audit


def add(
    tx: Connection, office: bytes | None, at: datetime, event: str, *, role_code: str = "", subject: str = ""
) -> None:
    row = {"office": office, "at": at, "event": event, "role_code": role_code, "subject": subject}
    insert(tx, audit, [row])


def of_office(tx: Connection, office: bytes, after: int, limit: int) -> list[Found]:
    c = audit.c
    return every(tx, select(audit).where(c.office == office, c.id > after).order_by(c.id).limit(limit))
