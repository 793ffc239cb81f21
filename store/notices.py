"""Queries about notices, their approvals, recipients and answers."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    Connection,
    Select,
    Update,
    and_,
    bindparam,
    case,
    exists,
    func,
    not_,
    or_,
    select,
)

from store import hints
from store.sql import Found, count, each_of, insert, many, one, update, value
from store.tables.mail import envelopes, wraps
from store.tables.movements import allotments, movements
from store.tables.notices import answers, approvals, notices, recipients
from store.tables.offices import devices, prekeys
from store.tables.people import consents, contacts
from store.types import Moment

RESTORED = "restored"
"""Why a notice from a backup is withheld, until it gets another letter: it may have been called off since."""
LIVE = ("scheduled", "released")
STANDING = (*LIVE, "replaced")
"""States a version can be called off from."""
THREAT = 4
"""The kind of threat alerts."""


def _key(row: Found) -> dict[str, object]:
    """The version of a notice that the row is or is about."""
    return {"office": row.office, "notice": row.notice, "version": row.version}


def add_approval(tx: Connection, **row: Any) -> None:  # noqa: ANN401 – a row
    insert(tx, approvals, [row])


@one
def approval(office: bytes, notice: bytes, version: int, device: bytes) -> Select[Any]:
    c = approvals.c
    of = select(approvals).where(c.office == office, c.notice == notice, c.version == version)
    return of.where(c.device == device)


def change_approval(tx: Connection, held: Found, *, content_hash: bytes, wire: bytes, at: datetime) -> None:
    """The same device approves another text."""
    own = _key(held) | {"device": held.device}
    update(tx, approvals, own, content_hash=content_hash, wire=wire, at=at)


def approvals_of(tx: Connection, office: bytes, notice: bytes) -> list[bytes]:
    return [row.wire for row in _approvals_of(tx, office, notice)]


@many
def _approvals_of(office: bytes, notice: bytes) -> Select[Any]:
    c = approvals.c
    return select(c.wire).where(c.office == office, c.notice == notice).order_by(c.version, c.device)


@one
def version(office: bytes, notice: bytes, version: int) -> Select[Any]:
    c = notices.c
    return select(notices).where(c.office == office, c.notice == notice, c.version == version)


@many
def versions(office: bytes, notice: bytes, last: int) -> Select[Any]:
    """The notice's versions up to this one, oldest first."""
    c = notices.c
    of = select(notices).where(c.office == office, c.notice == notice, c.version <= last)
    return of.order_by(c.version)


@one
def newest(office: bytes, notice: bytes) -> Select[Any]:
    c = notices.c
    of = select(notices).where(c.office == office, c.notice == notice)
    return of.order_by(c.version.desc()).limit(1)


def add(tx: Connection, row: dict[str, Any]) -> None:
    insert(tx, notices, [row])
    hints.tell(tx, "schedule")


def add_recipients(tx: Connection, copies: Sequence[dict[str, Any]]) -> None:
    insert(tx, recipients, copies)


def move(tx: Connection, row: Found, state: str, now: datetime) -> bool:
    """Move a notice on from the state it was read in; False when it has left that state meanwhile."""
    out = {"released_at": now} if state == "released" else {}
    return update(tx, notices, _key(row) | {"state": row.state}, state=state, changed_at=now, **out) == 1


@many
def by_code(code: str) -> Select[Any]:
    """Versions with this number, of every office."""
    c = notices.c
    return select(c.state, c.released_at, c.expires_at).where(c.code == code)


@many
def due(now: datetime, limit: int) -> Select[Any]:
    """Versions to be released now, threat alerts before all; what was withheld waits to be reconsidered."""
    c = notices.c
    waiting = (c.state == "scheduled", c.withheld.is_(None))
    ripe = select(notices).where(*waiting, c.release_at <= now, c.expires_at > now)
    return ripe.order_by(case((c.kind == THREAT, 0), else_=1), c.release_at, c.notice).limit(limit)


@many
def alerts(office: bytes) -> Select[Any]:
    """Threat alerts that wait to go out, and that were out: phones keep what those void, whatever became of them."""
    c = notices.c
    waits = and_(c.state == "scheduled", c.withheld.is_(None))
    of = select(c.route, c.approved).where(c.office == office, c.kind == THREAT)
    return of.where(or_(waits, c.released_at.is_not(None)))


@many
def going(office: bytes, now: datetime) -> Select[Any]:
    """What sends people somewhere and is not over, with the route of its movement."""
    c, a, m = notices.c, allotments.c, movements.c
    held = and_(a.office == c.office, a.movement == c.movement)
    moved = and_(m.office == a.owner, m.movement == a.movement)
    of = select(notices, m.route.label("goes_by")).join(allotments, held).join(movements, moved)
    return of.where(c.office == office, c.state.in_(STANDING), c.expires_at > now).order_by(
        c.notice, c.version
    )


def withhold(tx: Connection, row: Found, why: str, now: datetime) -> None:
    """A version that is due does not go out."""
    update(tx, notices, _key(row) | {"state": "scheduled"}, withheld=why, changed_at=now)


def reconsider(tx: Connection, office: bytes) -> None:
    """Whatever was withheld is due again, unless it came from a backup."""
    if _reconsider(tx, office):
        hints.tell(tx, "schedule")


@count
def _reconsider(office: bytes) -> Update:
    c = notices.c
    of = notices.update().where(c.office == office, c.state == "scheduled", c.withheld != RESTORED)
    return of.values(withheld=None)


def reconsider_movement(tx: Connection, office: bytes, movement: bytes, why: str) -> None:
    """Whatever the office withheld for that reason is due again, if it sends people to this movement."""
    if _reconsider_movement(tx, office, movement, why):
        hints.tell(tx, "schedule")


@count
def _reconsider_movement(office: bytes, movement: bytes, why: str) -> Update:
    c = notices.c
    of = notices.update().where(c.office == office, c.movement == movement, c.state == "scheduled")
    return of.where(c.withheld == why).values(withheld=None)


@many
def scheduled() -> Select[Any]:
    """Every version that is to go out some time, of all offices."""
    return select(notices).where(notices.c.state == "scheduled").order_by(notices.c.release_at)


def withheld(tx: Connection, office: bytes) -> int:
    """How many versions are withheld."""
    return int(_withheld(tx, office))


@value
def _withheld(office: bytes) -> Select[Any]:
    c = notices.c
    return select(func.count()).where(c.office == office, c.state == "scheduled", c.withheld.is_not(None))


@many
def live_on(office: bytes, movement: bytes) -> Select[Any]:
    """The office's versions for a movement that are scheduled or out."""
    c = notices.c
    of = select(c.state, c.withheld).where(c.office == office, c.movement == movement)
    return of.where(c.state.in_(LIVE))


@value
def standing_with(office: bytes, code: str) -> Select[Any]:
    """Whether a version of the office with this number can be called off."""
    c = notices.c
    return select(exists().where(c.office == office, c.code == code, c.state.in_(STANDING)))


@many
def unsealed(office: bytes, since: datetime) -> Select[Any]:
    """Approvals of versions that nobody sealed, nor any later one, the newest first."""
    c, n = approvals.c, notices.c
    sealed = exists().where(n.office == c.office, n.notice == c.notice, n.version >= c.version)
    of = select(c.content_hash, c.device, c.at).where(c.office == office, c.at > since, ~sealed)
    return of.order_by(c.at.desc(), c.device)


def seal_anew(tx: Connection, row: Found, now: datetime, **letter: object) -> None:
    """A version that was withheld gets another letter, and is scheduled again."""
    update(tx, notices, _key(row), withheld=None, changed_at=now, **letter)
    hints.tell(tx, "schedule")


@value
def next_release() -> Select[Any]:
    """When the next version is to be released."""
    c = notices.c
    return select(func.min(c.release_at)).where(c.state == "scheduled", c.withheld.is_(None))


@value
def next_expiry() -> Select[Any]:
    """When the next version is to expire."""
    return select(func.min(notices.c.expires_at)).where(notices.c.state.in_(LIVE))


@many
def overdue(now: datetime, limit: int) -> Select[Any]:
    c = notices.c
    return select(notices).where(c.state.in_(LIVE), c.expires_at <= now).limit(limit)


@count
def forget_envelopes(now: datetime) -> Update:
    """Notices outlive their letters: let go of those that expire."""
    gone = select(envelopes.c.envelope).where(envelopes.c.expires_at <= now)
    return notices.update().where(notices.c.envelope.in_(gone)).values(envelope=None)


@many
def listed(office: bytes) -> Select[Any]:
    c = notices.c
    return select(notices).where(c.office == office).order_by(c.release_at, c.notice, c.version)


def counts(tx: Connection, office: bytes) -> dict[tuple[bytes, int], Found]:
    """How far each version came, over its recipients."""
    return {(row.notice, row.version): row for row in _counts(tx, office)}


@many
def _counts(office: bytes) -> Select[Any]:
    c = recipients.c

    def answered(reply: int) -> Any:  # noqa: ANN401 – a column of a select
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


def recipients_of(tx: Connection, row: Found) -> list[Found]:
    return _recipients_of(tx, row.office, row.notice, row.version)


@many
def _recipients_of(office: bytes, notice: bytes, version: int) -> Select[Any]:
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
        copies = recipients_of(tx, row)
        found.named.update(copy.contact for copy in copies)
        if row.released_at is not None:
            copies = [copy for copy in copies if not copy.held_back]
            found.sent.update(copy.contact for copy in copies)
            found.holding.update(copy.contact for copy in copies if copy.fetched_at is not None)
    return found


@many
def recipient_by_offer(office: bytes, contact: bytes, offer: bytes) -> Select[Any]:
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
    return {copy.contact for copy in recipients_of(tx, row) if copy.held_back}


def all_waiting(tx: Connection, office: bytes) -> dict[tuple[bytes, int], list[bytes]]:
    """Contacts whose copies wait for a seat, by notice and version."""
    found: dict[tuple[bytes, int], list[bytes]] = {}
    for row in _all_waiting(tx, office):
        found.setdefault((row.notice, row.version), []).append(row.contact)
    return found


@many
def _all_waiting(office: bytes) -> Select[Any]:
    c = recipients.c
    of = select(c.notice, c.version, c.contact).where(c.office == office, c.held_back)
    return of.order_by(c.contact)


def stale(tx: Connection, office: bytes) -> dict[tuple[bytes, int], list[bytes]]:
    """Contacts who agree and whose phone could not open its copy when a scheduled version goes out, by version.

    It is another phone by now, or it has destroyed the prekey by then.
    """
    found: dict[tuple[bytes, int], list[bytes]] = {}
    for row in _stale(tx, office):
        found.setdefault((row.notice, row.version), []).append(row.contact)
    return found


@many
def _stale(office: bytes) -> Select[Any]:
    n, r, w, d, p, k = notices.c, recipients.c, wraps.c, devices.c, prekeys.c, consents.c
    opens = exists().where(
        and_(w.envelope == n.envelope, w.contact == r.contact),
        and_(d.device == w.holder, d.state == "enrolled"),
        and_(p.device == w.holder, p.prekey == w.prekey, p.delete_at > n.release_at),
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


def let_out(tx: Connection, offer: Found) -> None:
    """The copy that carries this offer goes out."""
    own = {"office": offer.office, "notice": offer.notice, "version": offer.version}
    update(tx, recipients, own | {"contact": offer.contact}, held_back=False)


def set_answer(tx: Connection, row: Found, answer: int, now: datetime) -> None:
    update(tx, recipients, _key(row) | {"contact": row.contact}, answer=answer, answered_at=now)


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
