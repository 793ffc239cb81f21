"""Queries about recipients: whom a notice's version names, how far its copy came, and what they answered."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    Update,
    and_,
    bindparam,
    case,
    exists,
    func,
    not_,
    select,
)

from store.mail import DEVICE
from store.sql import Found, count, each_of, insert, many, one, update
from store.tables.mail import wraps
from store.tables.notices import answers, notices, recipients
from store.tables.offices import devices, prekeys
from store.tables.people import consents, contacts
from store.types import Moment


def _key(row: Found) -> dict[str, object]:
    """The copy that the row is or is about."""
    return {name: getattr(row, name) for name in ("office", "notice", "version", "contact")}


def add(tx: Connection, copies: Sequence[dict[str, Any]]) -> None:
    insert(tx, recipients, copies)


def counts(tx: Connection, office: bytes) -> dict[tuple[bytes, int], Found]:
    """How far each version came, over its recipients."""
    return {(row.notice, row.version): row for row in _counts(tx, office)}


@many
def _counts(office: bytes) -> Select[Any]:
    c = recipients.c

    def answered(reply: int) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((c.answer == reply, 1), else_=0)), 0)

    return (
        select(
            c.notice,
            c.version,
            func.count().label("recipients"),
            func.count(c.rung_at).label("rung"),
            func.count(c.fetched_at).label("fetched"),
            func.count(c.answer).label("answered"),
            answered(1).label("accepted"),
            answered(2).label("declined"),
            answered(3).label("help"),
        )
        .where(c.office == office)
        .group_by(c.notice, c.version)
    )


def named(tx: Connection, row: Found) -> list[Found]:
    return _named(tx, row.office, row.notice, row.version)


@many
def _named(office: bytes, notice: bytes, version: int) -> Select[Any]:
    c = recipients.c
    of = select(recipients).where(c.office == office, c.notice == notice, c.version == version)
    return of.order_by(c.contact)


class Audience(NamedTuple):
    """Contacts whom versions of a notice name; whom one that went out was sent to; and who fetched it."""

    named: set[bytes]
    sent: set[bytes]
    holding: set[bytes]


def sent_to(tx: Connection, rows: Sequence[Found]) -> Audience:
    """Who heard of these versions, all together."""
    found = Audience(set(), set(), set())
    for row in rows:
        copies = named(tx, row)
        found.named.update(copy.contact for copy in copies)
        if row.released_at is not None:
            copies = [copy for copy in copies if not copy.held_back]
            found.sent.update(copy.contact for copy in copies)
            found.holding.update(copy.contact for copy in copies if copy.fetched_at is not None)
    return found


@many
def by_offer(office: bytes, contact: bytes, offer: bytes) -> Select[Any]:
    """The contact's copies that carry this offer, the newest version first."""
    c = recipients.c
    of = select(recipients).where(c.office == office, c.contact == contact, c.offer == offer)
    return of.order_by(c.version.desc())


def fetched(tx: Connection, office: bytes, contact: bytes, notice: tuple[bytes, int], now: datetime) -> None:
    _fetched(tx, office, contact, *notice, now)


@count
def _fetched(office: bytes, contact: bytes, notice: bytes, version: int, now: datetime) -> Update:
    c = recipients.c
    own = (c.office == office, c.contact == contact, c.notice == notice, c.version == version)
    return recipients.update().where(*own, c.fetched_at.is_(None)).values(fetched_at=now)


def rung(tx: Connection, people: Sequence[tuple[bytes, bytes, datetime]]) -> None:
    """These contacts, as (office, contact, time), were rung: note it on their released, unrung copies."""
    if people:
        given = [{"of_office": office, "of_contact": contact, "at": at} for office, contact, at in people]
        each_of(tx, _rung(), given)


@cache
def _rung() -> Update:
    c = recipients.c
    n = notices.c
    office: BindParameter[bytes] = bindparam("of_office")
    live = select(n.notice).where(n.office == office, n.state == "released", n.notice == c.notice)
    contact: BindParameter[bytes] = bindparam("of_contact")
    own = (c.office == office, c.contact == contact, c.rung_at.is_(None), c.held_back.is_(False))
    unrung = recipients.update().where(*own, live.where(n.version == c.version).exists())
    return unrung.values(rung_at=bindparam("at", type_=Moment()))


def waiting(tx: Connection, row: Found) -> set[bytes]:
    """Contacts whose copies of a version do not go out with the others: they wait for a seat."""
    return {copy.contact for copy in named(tx, row) if copy.held_back}


def all_waiting(tx: Connection, office: bytes) -> dict[tuple[bytes, int], list[bytes]]:
    """Contacts whose copies wait for a seat, by notice and version."""
    return _by_version(_all_waiting(tx, office))


@many
def _all_waiting(office: bytes) -> Select[Any]:
    c = recipients.c
    of = select(c.notice, c.version, c.contact).where(c.office == office, c.held_back)
    return of.order_by(c.contact)


def stale(tx: Connection, office: bytes) -> dict[tuple[bytes, int], list[bytes]]:
    """Contacts who agree and whose phone could not open its copy when a scheduled version goes out, by version.

    It is another phone by now, or it has destroyed the prekey by then.
    """
    return _by_version(_stale(tx, office))


@many
def _stale(office: bytes) -> Select[Any]:
    n, r, w, d, p, k = notices.c, recipients.c, wraps.c, devices.c, prekeys.c, consents.c
    # Wraps are looked up per phone, in a query of their own: joined, SQLite looks for each recipient's among all of
    # the letter's, which took it twenty seconds for 10,000 people.
    wrapped = exists().where(
        and_(w.envelope == n.envelope, w.holder_kind == DEVICE, w.holder == d.device),
        and_(p.device == w.holder, p.prekey == w.prekey, p.delete_at > n.release_at),
    )
    opens = exists().where(
        and_(d.office == r.office, d.contact == r.contact, d.state == "enrolled"),
        wrapped.correlate(notices, devices),
    )
    here = exists().where(
        contacts.c.office == r.office, contacts.c.contact == r.contact, contacts.c.state == "enrolled"
    )
    own = and_(k.office == r.office, k.contact == r.contact, k.recipient == r.office, k.newest, k.given)
    agrees = [exists().where(own, k.purpose == purpose) for purpose in ("messages", "departures")]
    of = recipients.join(notices, and_(n.office == r.office, n.notice == r.notice, n.version == r.version))
    listed = select(r.notice, r.version, r.contact).select_from(of)
    listed = listed.where(n.office == office, n.state == "scheduled", here, *agrees, not_(opens))
    return listed.order_by(r.notice, r.version, r.contact)


def _by_version(rows: Sequence[Found]) -> dict[tuple[bytes, int], list[bytes]]:
    found: dict[tuple[bytes, int], list[bytes]] = {}
    for row in rows:
        found.setdefault((row.notice, row.version), []).append(row.contact)
    return found


def let_out(tx: Connection, offer: Found) -> None:
    """The copy that carries this offer goes out."""
    update(tx, recipients, _key(offer), held_back=False)


def set_answer(tx: Connection, row: Found, answer: int, now: datetime) -> None:
    update(tx, recipients, _key(row), answer=answer, answered_at=now)


def add_answer(tx: Connection, **row: Any) -> None:  # noqa: ANN401 – a row
    insert(tx, answers, [row])


@one
def last_answer(device: bytes) -> Select[Any]:
    c = answers.c
    return select(answers).where(c.device == device).order_by(c.counter.desc()).limit(1)


@many
def answers_of(office: bytes) -> Select[Any]:
    """Every answer, oldest first: the last one per contact and version counts."""
    c = answers.c
    return select(answers).where(c.office == office).order_by(c.at, c.counter)
