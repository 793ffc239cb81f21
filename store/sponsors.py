"""Queries about relatives abroad who may ask about a contact, and the codes that make them so."""

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Delete, Select, Update, and_, func, select

from store import accounts
from store.sql import Found, count, insert, many, one, update, value
from store.tables.delivery import outbox
from store.tables.offices import officers
from store.tables.people import consents, contacts
from store.tables.sponsors import sponsor_codes, sponsors

NEWS, NOTHING = "relative-news", "relative-none"
"""The answers to who asks: when somebody was last heard of; that nothing may be shown."""


def add_code(tx: Connection, **row: Any) -> None:  # noqa: ANN401 – a row
    insert(tx, sponsor_codes, [row])


@one
def code(code_hash: bytes) -> Select[Any]:
    return select(sponsor_codes).where(sponsor_codes.c.code_hash == code_hash)


def use_code(tx: Connection, code_hash: bytes, now: datetime) -> None:
    update(tx, sponsor_codes, {"code_hash": code_hash}, used_at=now)


@count
def expire_codes(before: datetime) -> Delete:
    return sponsor_codes.delete().where(sponsor_codes.c.expires_at <= before)


@count
def forget_officers(office: bytes) -> Delete:
    """The codes of officers who are active no more."""
    c, o = sponsor_codes.c, officers.c
    gone = select(o.officer).where(o.office == office, o.active.is_(False))
    return sponsor_codes.delete().where(c.office == office, c.officer.in_(gone))


def open_codes(tx: Connection, office: bytes, now: datetime) -> Counter[bytes]:
    """How many codes can still be used, by contact."""
    return Counter({row.contact: row.codes for row in _open_codes(tx, office, now)})


@many
def _open_codes(office: bytes, now: datetime) -> Select[Any]:
    c = sponsor_codes.c
    of = select(c.contact, func.count().label("codes")).where(c.office == office, c.used_at.is_(None))
    return of.where(c.expires_at > now).group_by(c.contact)


def bound(tx: Connection, office: bytes) -> Counter[bytes]:
    """How many accounts may ask, by contact."""
    return Counter({row.contact: row.accounts for row in _bound(tx, office)})


@many
def _bound(office: bytes) -> Select[Any]:
    c = sponsors.c
    of = select(c.contact, func.count().label("accounts")).where(c.office == office)
    return of.group_by(c.contact)


@many
def of_account(account: int) -> Select[Any]:
    """About whom the account may ask."""
    return select(sponsors).where(sponsors.c.account == account)


def add(tx: Connection, **row: Any) -> None:  # noqa: ANN401 – a row
    insert(tx, sponsors, [row])


@many
def permitted(account: int, purpose: str, now: datetime) -> Select[Any]:
    """About whom the account may ask, of those who agree to it now, with when they were last heard of."""
    s, p, c = sponsors.c, contacts.c, consents.c
    whose = and_(s.office == p.office, s.contact == p.contact)
    said = and_(s.office == c.office, s.contact == c.contact)
    of = select(sponsors, p.alias, p.heard_at).join(contacts, whose).join(consents, said)
    agreed = (c.purpose == purpose, c.recipient == c.office, c.newest, c.given, c.lapses_at > now)
    return of.where(s.account == account, p.state == "enrolled", *agreed).order_by(s.number)


def tell(tx: Connection, row: Found, word: str, now: datetime) -> None:
    """Note what is told of the contact: to all who may ask, for several of them may work together."""
    update(tx, sponsors, {"office": row.office, "contact": row.contact}, word=word, told_at=now)


def silence(tx: Connection, office: bytes, contact: bytes) -> None:
    """Whatever was said to who asks about the contact, or waits to be, is as if nothing might be shown.

    An answer that waits, or whose try may be followed by another, becomes the other one: none at all would tell.
    """
    _silence(tx, office, contact)
    update(tx, sponsors, {"office": office, "contact": contact}, word=None, told_at=None)


@count
def _silence(office: bytes, contact: bytes) -> Update:
    c, s = outbox.c, sponsors.c
    asking = select(s.account).where(s.office == office, s.contact == contact)
    under_way = (c.kind == "reply", c.state.in_(("waiting", "claimed")), c.key == NEWS)
    return outbox.update().where(c.account.in_(asking), *under_way).values(key=NOTHING, params="{}")


def drop(tx: Connection, office: bytes, contact: bytes) -> int:
    """Nobody may ask about the contact any more, and no code makes anybody; how many accounts could."""
    silence(tx, office, contact)
    _drop_codes(tx, office, contact)
    gone = [row.account for row in _accounts(tx, office, contact)]
    _drop(tx, office, contact)
    accounts.leave(tx, gone)
    return len(gone)


@many
def _accounts(office: bytes, contact: bytes) -> Select[Any]:
    return select(sponsors.c.account).where(sponsors.c.office == office, sponsors.c.contact == contact)


@count
def _drop(office: bytes, contact: bytes) -> Delete:
    return sponsors.delete().where(sponsors.c.office == office, sponsors.c.contact == contact)


@count
def _drop_codes(office: bytes, contact: bytes) -> Delete:
    c = sponsor_codes.c
    return sponsor_codes.delete().where(c.office == office, c.contact == contact)


@value
def of_contact(office: bytes, contact: bytes) -> Select[Any]:
    """How many accounts may ask about the contact."""
    c = sponsors.c
    return select(func.count()).select_from(sponsors).where(c.office == office, c.contact == contact)
