"""Queries about claims."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Delete, Select, exists, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from store.sql import count, many
from store.tables.claims import claims
from store.tables.offices import officers
from store.tables.people import contacts


@count
def drop_lapsed(office: bytes, now: datetime) -> Delete:
    """Forget claims that are over, and those of officers who are no more."""
    c = claims.c
    active = exists().where(
        officers.c.office == c.office, officers.c.officer == c.officer, officers.c.active.is_(True)
    )
    return claims.delete().where(c.office == office, or_(c.expires_at <= now, ~active))


def take(
    tx: Connection,
    office: bytes,
    contact: bytes,
    officer: bytes,
    *,
    role_code: str,
    now: datetime,
    expires_at: datetime,
) -> bool:
    """Claim, or go on with one's own claim; False when another officer has it. One statement: two at once cannot."""
    make = sqlite.insert if tx.dialect.name == "sqlite" else postgresql.insert
    statement = make(claims).values(
        office=office,
        contact=contact,
        officer=officer,
        role_code=role_code,
        claimed_at=now,
        expires_at=expires_at,
    )
    taken = statement.on_conflict_do_update(
        index_elements=[claims.c.office, claims.c.contact],
        set_={"expires_at": expires_at, "role_code": role_code},
        where=claims.c.officer == officer,
    )
    # PostgreSQL's driver counts no rows of such a statement; what it returns does tell.
    return tx.execute(taken.returning(claims.c.contact)).first() is not None


def release(tx: Connection, office: bytes, contact: bytes, officer: bytes) -> bool:
    return bool(_release(tx, office, contact, officer))


@count
def _release(office: bytes, contact: bytes, officer: bytes) -> Delete:
    c = claims.c
    return claims.delete().where(c.office == office, c.contact == contact, c.officer == officer)


@many
def of_office(office: bytes) -> Select[Any]:
    """Every claim with the contact's alias, the one that ends first before others."""
    c = claims.c
    on = (contacts.c.office == c.office) & (contacts.c.contact == c.contact)
    statement = select(claims, contacts.c.alias).join(contacts, on).where(c.office == office)
    return statement.order_by(c.expires_at, contacts.c.alias)
