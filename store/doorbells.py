"""Queries about visible doorbells, and about whether there is anything to ring for."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Delete,
    Select,
    Update,
    and_,
    exists,
    literal,
    not_,
    or_,
    select,
)

from crypto.roster import Role
from store.escalations import is_late
from store.mail import DEVICE, EPOCH, SAFETY
from store.prekeys import asked
from store.reminders import owes_answer
from store.sql import Found, chunks, count, insert, many, one, value
from store.tables.chat import accounts, links, off_duty
from store.tables.delivery import doorbells, outbox
from store.tables.disclosures import disclosures
from store.tables.mail import envelopes, wraps
from store.tables.offices import devices, officers
from store.tables.people import card_changes, cards, consents, contacts, enrolments, invitations

READING = int(Role.COORDINATOR | Role.CASEWORKER)
"""Officers who read the office's mail."""
PATIENCE = timedelta(minutes=15)
"""How long a letter may wait for the desks of those on duty; then everybody is rung."""


def unread(
    account: ColumnElement[Any], now: datetime | ColumnElement[datetime], *, urgent: bool = False
) -> ColumnElement[bool]:
    """Whether somebody behind the account has mail (`urgent`: urgent mail) that may be rung for *now*.

    This one condition holds expiry, release, cancellation (both delete or hold back wraps), consent, pause and
    duty (relay.duty); it is asked in the claim itself, because a ring may wait an hour for its turn. A person's
    mail is unread until the phone has acknowledged it, which deletes its wrap: that it was served does not mean that
    it arrived. Whoever was reminded of an answer is rung for until it is there (relay.reminders), whose phone was asked
    for prekeys until it brings them (relay.prekeys). An office's is read once any of its desks has fetched it; but
    who waits too long for an answer is rung for all the same (relay.escalations).
    """
    w, d, k, o = wraps.c, devices.c, consents.c, officers.c
    waiting = and_(w.seq.is_not(None), w.quiet.is_(False), w.expires_at > now)
    if urgent:
        waiting = and_(waiting, exists().where(envelopes.c.envelope == w.envelope, envelopes.c.urgent))
    said = (
        exists()
        .where(k.office == w.office, k.contact == w.contact, k.purpose == w.purpose, k.newest, k.given)
        .where(k.lapses_at > now)
    )
    agreed = or_(w.purpose == SAFETY, said)
    # Wraps are looked up per device, in a query of their own: joined, SQLite begins with all the office's mail.
    own = and_(w.office == d.office, w.holder_kind == DEVICE, w.holder == d.device)
    mail = exists().where(own, waiting, agreed).correlate(devices)
    person = (
        exists()
        .where(
            links.c.account == account,
            and_(contacts.c.office == links.c.office, contacts.c.contact == links.c.contact),
            contacts.c.state == "enrolled",
            contacts.c.paused.is_(False),
            and_(d.office == links.c.office, d.contact == links.c.contact, d.state == "enrolled"),
            mail
            if urgent
            else or_(mail, owes_answer(contacts.c.office, contacts.c.contact, now), asked(d.device, now)),
        )
        .correlate_except(links, contacts, devices)
    )
    news = exists().where(w.office == o.office, w.holder_kind == EPOCH, w.fetched_at.is_(None), waiting)
    news = news.correlate(officers)
    stands = and_(
        d.state == "standing", d.not_before <= now, d.not_after > now, d.roles.bitwise_and(READING) != 0
    )
    office = (
        exists()
        .where(
            links.c.account == account,
            and_(o.office == links.c.office, o.officer == links.c.officer, o.active),
            exists().where(d.office == o.office, d.officer == o.officer, stands).correlate(officers),
            _rings(news, now, urgent=urgent),
        )
        .correlate_except(links, officers)
    )
    return or_(person, office)


def unread_alone(
    account: ColumnElement[Any], now: datetime | ColumnElement[datetime], *, urgent: bool = False
) -> ColumnElement[bool]:
    """As `unread`, asked of each account by itself: for some accounts, however many there are.

    In a query of its own, because PostgreSQL else looks for everybody who has something unread: it takes the first of
    an EXISTS' two plans for what the inner ones cost, and may carry out the second, which reads all wraps.
    """
    return select(unread(account, now, urgent=urgent)).scalar_subquery()


def _rings(
    news: ColumnElement[bool], now: datetime | ColumnElement[datetime], *, urgent: bool
) -> ColumnElement[bool]:
    if urgent:
        return and_(news, _to_be_rung(now))
    return or_(
        and_(or_(news, _taken_back(), _new_phone(), _further_device()), _to_be_rung(now)), _escalated(now)
    )


def _escalated(now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether the officer is a coordinator and somebody waits too long for an answer: duty spares nobody that."""
    late = exists().where(contacts.c.office == officers.c.office, is_late(now)).correlate(officers)
    return and_(officers.c.roles.bitwise_and(int(Role.COORDINATOR)) != 0, late)


def _taken_back() -> ColumnElement[bool]:
    """Whether something is to be destroyed that no desk of the office has seen yet."""
    c = disclosures.c
    unseen = exists().where(c.recipient == officers.c.office, c.state == "withdrawn", c.shown_at.is_(None))
    return unseen.correlate(officers)


def _new_phone() -> ColumnElement[bool]:
    """Whether somebody asks to take a contact's place with a new phone, and no desk of the office has seen it yet."""
    e, i, c = enrolments.c, invitations.c, cards.c
    unseen = exists().where(e.invitation == i.invitation, i.office == officers.c.office, e.shown_at.is_(None))
    unseen = unseen.where(e.state.in_(("pending", "frozen")), c.office == i.office, c.contact == i.contact)
    return unseen.correlate(officers)


def _further_device() -> ColumnElement[bool]:
    """Whether a contact's device asks for another one, and no desk of the office has seen it yet."""
    c = card_changes.c
    unseen = exists().where(c.office == officers.c.office, c.device.is_not(None), c.shown_at.is_(None))
    return unseen.correlate(officers)


def _to_be_rung(now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether the officer is on duty; or nobody who can be rung is; or a letter has waited PATIENCE unfetched."""
    o, w, e = officers.c, wraps.c, envelopes.c
    other, held, bound = officers.alias("other"), devices.alias("held"), links.alias("bound")
    chat, away = accounts.alias("chat"), off_duty.alias("away")
    on = not_(
        exists().where(off_duty.c.office == o.office, off_duty.c.officer == o.officer).correlate(officers)
    )
    stands = and_(
        held.c.state == "standing",
        held.c.not_before <= now,
        held.c.not_after > now,
        held.c.roles.bitwise_and(READING) != 0,
    )
    colleague = (
        exists()
        .where(other.c.office == o.office, other.c.active)
        .where(
            not_(
                exists()
                .where(away.c.office == other.c.office, away.c.officer == other.c.officer)
                .correlate(other)
            )
        )
        .where(
            exists()
            .where(held.c.office == other.c.office, held.c.officer == other.c.officer, stands)
            .correlate(other)
        )
        .where(
            bound.c.office == other.c.office, bound.c.officer == other.c.officer, bound.c.account == chat.c.id
        )
        .where(chat.c.blocked.is_(False), chat.c.paused.is_(False))
        .correlate(officers)
    )
    forgotten = (
        exists()
        .where(w.office == o.office, w.holder_kind == EPOCH, w.fetched_at.is_(None), w.envelope == e.envelope)
        .where(w.seq.is_not(None), w.quiet.is_(False), w.expires_at > now)
        .where(e.accepted_at + literal(PATIENCE // timedelta(microseconds=1), BigInteger()) <= now)
        .correlate(officers)
    )
    return or_(on, not_(colleague), forgotten)


def has_unread(tx: Connection, account: int, now: datetime, *, urgent: bool = False) -> bool:
    return bool((_has_urgent if urgent else _has_unread)(tx, account, now))


@value
def _has_unread(account: int, now: datetime) -> Select[Any]:
    return select(unread_alone(accounts.c.id, now)).where(accounts.c.id == account)


@value
def _has_urgent(account: int, now: datetime) -> Select[Any]:
    return select(unread_alone(accounts.c.id, now, urgent=True)).where(accounts.c.id == account)


def missed(tx: Connection, now: datetime, limit: int) -> dict[int, bool]:
    """Accounts with mail to ring for (True: urgent) and neither a bell that stays nor a ring under way."""
    return {row.id: bool(row.urgent) for row in _missed(tx, now, limit)}


@many
def _missed(now: datetime, limit: int) -> Select[Any]:
    c, bell, ring = accounts.c, doorbells.c, outbox.c
    return (
        select(c.id, unread(c.id, now, urgent=True).label("urgent"))
        .where(c.blocked.is_(False), c.paused.is_(False))
        .where(not_(exists().where(bell.account == c.id, bell.visible, bell.leaving.is_(False))))
        .where(
            not_(
                exists().where(
                    ring.account == c.id, ring.state.in_(("waiting", "claimed")), ring.kind == "ring"
                )
            )
        )
        .where(unread(c.id, now))
        .order_by(c.id)
        .limit(limit)
    )


def needless(tx: Connection, now: datetime, limit: int) -> list[int]:
    """Accounts whose visible doorbell stays though there is nothing to ring for."""
    return [row.account for row in _needless(tx, now, limit)]


@many
def _needless(now: datetime, limit: int) -> Select[Any]:
    c = doorbells.c
    stays = select(c.account).where(c.visible, c.leaving.is_(False), not_(unread(c.account, now)))
    return stays.order_by(c.account).limit(limit)


def needless_of(tx: Connection, wanted: Collection[int], now: datetime) -> list[Found]:
    """The doorbells that are as `needless` says, of these accounts."""
    return [row for part in chunks(sorted(wanted)) for row in _needless_of(tx, part, now)]


@many
def _needless_of(wanted: Sequence[int], now: datetime) -> Select[Any]:
    c = doorbells.c
    own = (c.account.in_(wanted), c.visible, c.leaving.is_(False))
    return select(doorbells).where(*own, not_(unread_alone(c.account, now))).order_by(c.account)


@one
def visible(account: int) -> Select[Any]:
    return select(doorbells).where(doorbells.c.account == account, doorbells.c.visible)


def visible_by_account(tx: Connection, wanted: Sequence[int]) -> dict[int, Found]:
    """The visible doorbells of these accounts."""
    return {row.account: row for part in chunks(wanted) for row in _visible_among(tx, part)}


@many
def _visible_among(wanted: Sequence[int]) -> Select[Any]:
    return select(doorbells).where(doorbells.c.account.in_(wanted), doorbells.c.visible)


def visible_of(tx: Connection, wanted: Collection[int]) -> set[int]:
    """Which of the accounts have a visible doorbell that stays."""
    found: set[int] = set()
    for part in chunks(sorted(wanted)):
        found |= {row.account for row in _visible_of(tx, part)}
    return found


@many
def _visible_of(wanted: Sequence[int]) -> Select[Any]:
    c = doorbells.c
    return select(c.account).where(c.account.in_(wanted), c.visible, c.leaving.is_(False))


def show(tx: Connection, shown: Sequence[tuple[int, int | None, datetime]]) -> None:
    """For each (account, message id, time): the account's one visible doorbell is this from now on."""
    for part in chunks([account for account, *_ in shown]):
        _hide(tx, part)
    insert(
        tx,
        doorbells,
        [
            {"account": account, "message_id": message, "rung_at": at, "visible": True, "leaving": False}
            for account, message, at in shown
        ],
    )


def hide(tx: Connection, wanted: Collection[int]) -> None:
    """The accounts have no visible doorbell any more."""
    for part in chunks(sorted(wanted)):
        _hide(tx, part)


@count
def _hide(wanted: Sequence[int]) -> Update:
    c = doorbells.c
    return doorbells.update().where(c.account.in_(wanted), c.visible).values(visible=False)


def leave(tx: Connection, wanted: Collection[int]) -> None:
    """The visible doorbells of these accounts are to be deleted."""
    for part in chunks(sorted(wanted)):
        _leave(tx, part)


@count
def _leave(wanted: Sequence[int]) -> Update:
    c = doorbells.c
    return doorbells.update().where(c.account.in_(wanted), c.visible).values(leaving=True)


@count
def deleted(account: int, message_id: int | None) -> Update:
    """The message is no more; if it was the visible doorbell, none is."""
    c = doorbells.c
    same = (c.account == account, c.message_id.is_not_distinct_from(message_id), c.visible)
    return doorbells.update().where(*same).values(visible=False)


def older(tx: Connection, before: datetime) -> list[int]:
    """Accounts whose visible doorbell was rung before this and stays, the oldest first."""
    return [row.account for row in _older(tx, before)]


@many
def _older(before: datetime) -> Select[Any]:
    c = doorbells.c
    stays = select(c.account).where(c.visible, c.leaving.is_(False), c.rung_at < before)
    return stays.order_by(c.rung_at)


def older_of(tx: Connection, wanted: Collection[int], before: datetime) -> list[Found]:
    """The doorbells that are as `older` says, of these accounts."""
    return [row for part in chunks(sorted(wanted)) for row in _older_of(tx, part, before)]


@many
def _older_of(wanted: Sequence[int], before: datetime) -> Select[Any]:
    c = doorbells.c
    own = (c.account.in_(wanted), c.visible, c.leaving.is_(False))
    return select(doorbells).where(*own, c.rung_at < before)


@count
def shift_back(now: datetime, latest: datetime) -> Update:
    """Visible doorbells that were rung after `latest`: as if rung now."""
    c = doorbells.c
    return doorbells.update().where(c.visible, c.rung_at > latest).values(rung_at=now)


def people_behind(tx: Connection, wanted: Sequence[int]) -> list[tuple[int, bytes, bytes]]:
    """(account, office, contact) of everybody these accounts belong to."""
    found = [row for part in chunks(wanted) for row in _people_behind(tx, part)]
    return [(row.account, row.office, row.contact) for row in found]


@many
def _people_behind(wanted: Sequence[int]) -> Select[Any]:
    c = links.c
    return select(c.account, c.office, c.contact).where(c.account.in_(wanted), c.contact.is_not(None))


@count
def expire(before: datetime) -> Delete:
    return doorbells.delete().where(doorbells.c.visible.is_(False), doorbells.c.rung_at < before)
