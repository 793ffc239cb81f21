"""Queries about Telegram accounts and whom they belong to."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from heapq import nsmallest
from itertools import chain, combinations, groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    Select,
    Update,
    and_,
    exists,
    func,
    not_,
    or_,
    select,
    union,
)

from store.sql import chunks, count, insert, insert_new, many, one, update, value
from store.tables.chat import accounts, inbox, link_codes, links
from store.tables.delivery import ENDED, outbox
from store.tables.offices import devices, officers
from store.tables.people import contacts, enrolments, invitations
from store.tables.referrals import referrals
from store.tables.sponsors import sponsors

LEFT = datetime.min.replace(tzinfo=UTC)
"""When an account was first seen whose people are gone: long enough ago."""


@one
def by_blind(blinds: Sequence[bytes]) -> Select[Any]:
    """Under any of these."""
    return select(accounts).where(accounts.c.blind.in_(blinds))


@one
def account(account: int) -> Select[Any]:
    return select(accounts).where(accounts.c.id == account)


@many
def sealed(after: int, limit: int) -> Select[Any]:
    """Ids and sealed ids of the next so many accounts behind this one."""
    c = accounts.c
    return select(c.id, c.sealed).where(c.id > after).order_by(c.id).limit(limit)


@value
def any_sealed() -> Select[Any]:
    """Some account's sealed id, or None."""
    return select(accounts.c.sealed).limit(1)


def add(tx: Connection, sealed: bytes, blind: bytes, language: str, now: datetime) -> None:
    row = {"sealed": sealed, "blind": blind, "language": language, "paused": False, "blocked": False}
    insert_new(tx, accounts, [row | {"seen_at": now}])


def change(tx: Connection, account: int, **values: object) -> None:
    update(tx, accounts, {"id": account}, **values)


def link_contact(tx: Connection, account: int, office: bytes, contact: bytes) -> None:
    """Bind the contact to this account alone."""
    unlink_contact(tx, office, contact)
    insert(tx, links, [{"account": account, "office": office, "contact": contact}])


@count
def unlink_contact(office: bytes, contact: bytes) -> Delete:
    return links.delete().where(links.c.office == office, links.c.contact == contact)


def link_officer(tx: Connection, account: int, office: bytes, officer: bytes) -> None:
    """Bind the officer to this account alone, and the account to no other officer."""
    _unlink_officer(tx, office, officer)
    _unlink_any_officer(tx, account)
    insert(tx, links, [{"account": account, "office": office, "officer": officer}])


@count
def _unlink_officer(office: bytes, officer: bytes) -> Delete:
    return links.delete().where(links.c.office == office, links.c.officer == officer)


@count
def _unlink_any_officer(account: int) -> Delete:
    return links.delete().where(links.c.account == account, links.c.officer.is_not(None))


def unlink_officers(tx: Connection, office: bytes) -> set[int]:
    """Forget the accounts, and the link codes, of officers who are active no more; the accounts that were theirs."""
    own = (officers.c.office == office, officers.c.active.is_(False))
    gone = select(officers.c.officer).where(*own)
    tx.execute(link_codes.delete().where(link_codes.c.office == office, link_codes.c.officer.in_(gone)))
    bound = links.delete().where(links.c.office == office, links.c.officer.in_(gone))
    return {row.account for row in tx.execute(bound.returning(links.c.account))}


@many
def links_of(account: int) -> Select[Any]:
    return select(links).where(links.c.account == account)


def of_contacts(tx: Connection, office: bytes, people: Collection[bytes]) -> dict[bytes, int]:
    """The account of each contact that has one."""
    found: dict[bytes, int] = {}
    for part in chunks(sorted(people)):
        found |= {row.contact: row.account for row in _of_contacts(tx, office, part)}
    return found


@many
def _of_contacts(office: bytes, people: Sequence[bytes]) -> Select[Any]:
    c = links.c
    return select(c.contact, c.account).where(c.office == office, c.contact.in_(people))


def sharing(tx: Connection, office: bytes, limit: int) -> list[tuple[str, str]]:
    """Pairs of the office's contacts, each and all by alias, that belong to one account.

    Paired here: SQLite, asked for pairs, would compare everybody with everybody.
    """
    together = groupby(_sharing(tx, office), key=attrgetter("account"))
    pairs = (combinations([row.alias for row in rows], 2) for _, rows in together)
    return nsmallest(limit, chain.from_iterable(pairs))


@many
def _sharing(office: bytes) -> Select[Any]:
    """Who is not alone on their account, by account and alias."""
    c = links.c
    own = (c.office == office, c.contact.is_not(None))
    shared = select(c.account).where(*own).group_by(c.account).having(func.count() > 1)
    on = links.join(contacts, and_(contacts.c.office == c.office, contacts.c.contact == c.contact))
    statement = select(c.account, contacts.c.alias).select_from(on).where(*own, c.account.in_(shared))
    return statement.order_by(c.account, contacts.c.alias)


def paused_among(tx: Connection, wanted: Collection[int]) -> set[int]:
    """Which of these accounts asked for silence."""
    found: set[int] = set()
    for part in chunks(sorted(wanted)):
        found |= {row.id for row in _paused_among(tx, part)}
    return found


@many
def _paused_among(wanted: Sequence[int]) -> Select[Any]:
    return select(accounts.c.id).where(accounts.c.id.in_(wanted), accounts.c.paused)


def paused_of(tx: Connection, office: bytes, wanted: Collection[bytes]) -> set[bytes]:
    """Which of these contacts have an account that asked for silence."""
    return {row.contact for part in chunks(sorted(wanted)) for row in _paused_of(tx, office, part)}


@many
def _paused_of(office: bytes, wanted: Sequence[bytes]) -> Select[Any]:
    c = links.c
    on = links.join(accounts, c.account == accounts.c.id)
    return (
        select(c.contact)
        .select_from(on)
        .where(c.office == office, c.contact.in_(wanted), c.contact.is_not(None), accounts.c.paused)
    )


def of_officers(tx: Connection, office: bytes, roles: int, now: datetime) -> set[int]:
    """Accounts of the office's officers who stand now with one of the roles."""
    return {row.account for row in _of_officers(tx, office, roles, now)}


@many
def _of_officers(office: bytes, roles: int, now: datetime) -> Select[Any]:
    c = devices.c
    joined = links.join(
        officers, and_(links.c.office == officers.c.office, links.c.officer == officers.c.officer)
    ).join(devices, and_(c.office == officers.c.office, c.officer == officers.c.officer))
    return (
        select(links.c.account)
        .select_from(joined)
        .where(links.c.office == office, officers.c.active, c.roles.bitwise_and(roles) != 0)
        .where(c.state == "standing", c.not_before <= now, c.not_after > now)
    )


def officers_in_reach(tx: Connection, office: bytes, roles: int, now: datetime) -> set[bytes]:
    """Officers who stand now with one of the roles, and whose account neither blocked the bot nor asked for silence."""
    return {row.officer for row in _in_reach(tx, office, roles, now)}


@many
def _in_reach(office: bytes, roles: int, now: datetime) -> Select[Any]:
    c, o = devices.c, officers.c
    stands = exists().where(
        c.office == o.office,
        c.officer == o.officer,
        c.state == "standing",
        c.not_before <= now,
        c.not_after > now,
        c.roles.bitwise_and(roles) != 0,
    )
    bound = exists().where(
        and_(links.c.office == o.office, links.c.officer == o.officer, accounts.c.id == links.c.account),
        accounts.c.blocked.is_(False),
        accounts.c.paused.is_(False),
    )
    return select(o.officer).where(o.office == office, o.active, stands, bound)


@value
def of_officer(office: bytes, officer: bytes) -> Select[Any]:
    """The officer's account, or None."""
    return select(links.c.account).where(links.c.office == office, links.c.officer == officer)


def behind(tx: Connection, office: bytes, contact: bytes) -> set[int]:
    """Accounts the contact has, came from, or waits with."""
    return {row.account for row in _behind(tx, office, contact) if row.account is not None}


@many
def _behind(office: bytes, contact: bytes) -> Select[Any]:
    ours = enrolments.join(invitations, enrolments.c.invitation == invitations.c.invitation)
    asked, waits = invitations.c, referrals.c
    every = union(
        select(links.c.account).where(links.c.office == office, links.c.contact == contact),
        select(enrolments.c.account)
        .select_from(ours)
        .where(asked.office == office, asked.contact == contact),
        select(waits.account).where(waits.office == office, waits.contact == contact),
    ).subquery()
    return select(every.c.account)


@count
def leave(gone: Collection[int]) -> Update:
    """These accounts, unless they belong to somebody, are forgotten as soon as nothing is under way for them."""
    return accounts.update().where(accounts.c.id.in_(gone), *_of_nobody()).values(seen_at=LEFT)


def forget_strangers(tx: Connection, before: datetime) -> int:
    """Delete accounts that belong to nobody and have nothing under way, first seen before this, and what they left.

    Returns how many accounts.

    Handled updates and ended calls of an account that its people have left are under way no more.
    """
    _forget_updates(tx)
    _forget_calls(tx)
    return _forget_idle(tx, before)


@count
def _forget_updates() -> Delete:
    return inbox.delete().where(inbox.c.done, inbox.c.account.in_(_left()))


@count
def _forget_calls() -> Delete:
    c = outbox.c
    over = or_(
        c.state.in_(ENDED), and_(c.state == "waiting", c.kind == "ring")
    )  # there is nothing to ring for
    return outbox.delete().where(over, c.account.in_(_left()))


@count
def _forget_idle(before: datetime) -> Delete:
    c = accounts.c
    idle = [not_(exists().where(table.c.account == c.id)) for table in (inbox, outbox)]
    return accounts.delete().where(c.seen_at <= before, *_of_nobody(), *idle)


def _left() -> Select[Any]:
    return select(accounts.c.id).where(accounts.c.seen_at == LEFT, *_of_nobody())


def _of_nobody() -> list[ColumnElement[bool]]:
    refer = (links, enrolments, referrals, sponsors)
    return [not_(exists().where(table.c.account == accounts.c.id)) for table in refer]


def add_link_code(tx: Connection, code_hash: bytes, office: bytes, officer: bytes, expires: datetime) -> None:
    insert(
        tx,
        link_codes,
        [{"code_hash": code_hash, "office": office, "officer": officer, "expires_at": expires}],
    )


@one
def link_code(code_hash: bytes) -> Select[Any]:
    return select(link_codes).where(link_codes.c.code_hash == code_hash)


def use_link_code(tx: Connection, code_hash: bytes, now: datetime) -> None:
    update(tx, link_codes, {"code_hash": code_hash}, used_at=now)


@count
def expire_link_codes(before: datetime) -> Delete:
    return link_codes.delete().where(link_codes.c.expires_at <= before)
