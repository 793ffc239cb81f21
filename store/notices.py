"""Queries about notices, their approvals, recipients, offers and answers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, case, func, select

from store.sql import Found, changed, every, first, insert
from store.tables.mail import envelopes
from store.tables.notices import answers, approvals, notices, offers, recipients

LIVE = ("scheduled", "released")
STANDING = (*LIVE, "replaced")
"""States a version can be called off from."""
HOLDING = ("held", "accepted")


def add_approval(tx: Connection, **row: Any) -> None:  # noqa: ANN401 – a row
    insert(tx, approvals, [row])


def approval(tx: Connection, office: bytes, notice: bytes, version: int, device: bytes) -> Found | None:
    c = approvals.c
    of = select(approvals).where(c.office == office, c.notice == notice, c.version == version)
    return first(tx, of.where(c.device == device))


def change_approval(tx: Connection, held: Found, *, content_hash: bytes, wire: bytes, at: datetime) -> None:
    """The same device approves another text."""
    c = approvals.c
    own = (c.office == held.office, c.notice == held.notice, c.version == held.version)
    changing = approvals.update().where(*own, c.device == held.device)
    tx.execute(changing.values(content_hash=content_hash, wire=wire, at=at))


def approvals_of(tx: Connection, office: bytes, notice: bytes) -> list[bytes]:
    c = approvals.c
    of = select(c.wire).where(c.office == office, c.notice == notice)
    return [row.wire for row in every(tx, of.order_by(c.version, c.device))]


def version(tx: Connection, office: bytes, notice: bytes, version: int) -> Found | None:
    c = notices.c
    return first(tx, select(notices).where(c.office == office, c.notice == notice, c.version == version))


def versions(tx: Connection, office: bytes, notice: bytes, last: int) -> list[Found]:
    """The notice's versions up to this one, oldest first."""
    c = notices.c
    of = select(notices).where(c.office == office, c.notice == notice, c.version <= last)
    return every(tx, of.order_by(c.version))


def newest(tx: Connection, office: bytes, notice: bytes) -> Found | None:
    c = notices.c
    of = select(notices).where(c.office == office, c.notice == notice)
    return first(tx, of.order_by(c.version.desc()).limit(1))


def add(tx: Connection, row: dict[str, Any], copies: Sequence[dict[str, Any]]) -> None:
    insert(tx, notices, [row])
    insert(tx, recipients, copies)


def move(tx: Connection, row: Found, state: str, now: datetime) -> bool:
    """Move a notice on from the state it was read in; False when it has left that state meanwhile."""
    c = notices.c
    own = (c.office == row.office, c.notice == row.notice, c.version == row.version)
    statement = notices.update().where(*own, c.state == row.state)
    out = {"released_at": now} if state == "released" else {}
    return changed(tx, statement.values(state=state, changed_at=now, **out)) == 1


def due(tx: Connection, now: datetime, limit: int) -> list[Found]:
    """Versions to be released now; what was withheld waits to be reconsidered."""
    c = notices.c
    waiting = (c.state == "scheduled", c.withheld.is_(None))
    ripe = select(notices).where(*waiting, c.release_at <= now, c.expires_at > now)
    return every(tx, ripe.order_by(c.release_at, c.notice).limit(limit))


def withhold(tx: Connection, row: Found, why: str, now: datetime) -> None:
    """A version that is due does not go out."""
    c = notices.c
    own = (c.office == row.office, c.notice == row.notice, c.version == row.version)
    withheld = notices.update().where(*own, c.state == "scheduled")
    tx.execute(withheld.values(withheld=why, changed_at=now))


def reconsider(tx: Connection, office: bytes) -> None:
    """Whatever was withheld is due again."""
    c = notices.c
    of = notices.update().where(c.office == office, c.state == "scheduled", c.withheld.is_not(None))
    tx.execute(of.values(withheld=None))


def withheld(tx: Connection, office: bytes) -> int:
    """How many versions are withheld."""
    c = notices.c
    of = select(func.count()).where(c.office == office, c.state == "scheduled", c.withheld.is_not(None))
    return int(tx.execute(of).scalar_one())


def seal_anew(tx: Connection, row: Found, now: datetime, **letter: object) -> None:
    """A version that was withheld gets another letter, and is scheduled again."""
    c = notices.c
    own = (c.office == row.office, c.notice == row.notice, c.version == row.version)
    tx.execute(notices.update().where(*own).values(withheld=None, changed_at=now, **letter))


def next_due(tx: Connection) -> datetime | None:
    """When the next version is to be released or to expire."""
    c = notices.c
    waiting = (c.state == "scheduled", c.withheld.is_(None))
    release = tx.execute(select(func.min(c.release_at)).where(*waiting)).scalar()
    expiry = tx.execute(select(func.min(c.expires_at)).where(c.state.in_(LIVE))).scalar()
    return min((time for time in (release, expiry) if time is not None), default=None)


def overdue(tx: Connection, now: datetime, limit: int) -> list[Found]:
    c = notices.c
    return every(tx, select(notices).where(c.state.in_(LIVE), c.expires_at <= now).limit(limit))


def forget_envelopes(tx: Connection, now: datetime) -> None:
    """Notices outlive their letters: let go of those that expire."""
    c = notices.c
    gone = select(envelopes.c.envelope).where(envelopes.c.expires_at <= now)
    tx.execute(notices.update().where(c.envelope.in_(gone)).values(envelope=None))


def listed(tx: Connection, office: bytes) -> list[Found]:
    c = notices.c
    return every(tx, select(notices).where(c.office == office).order_by(c.release_at, c.notice, c.version))


def counts(tx: Connection, office: bytes) -> dict[tuple[bytes, int], Found]:
    """How far each version came, over its recipients."""
    c = recipients.c

    def answered(reply: int) -> Any:  # noqa: ANN401 – a column of a select
        return func.coalesce(func.sum(case((c.answer == reply, 1), else_=0)), 0)

    statement = (
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
    return {(row.notice, row.version): row for row in every(tx, statement)}


def recipients_of(tx: Connection, row: Found) -> list[Found]:
    c = recipients.c
    own = (c.office == row.office, c.notice == row.notice, c.version == row.version)
    return every(tx, select(recipients).where(*own).order_by(c.contact))


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
            found.sent.update(copy.contact for copy in copies)
            found.holding.update(copy.contact for copy in copies if copy.fetched_at is not None)
    return found


def recipient_by_offer(tx: Connection, office: bytes, contact: bytes, offer: bytes) -> list[Found]:
    """The contact's copies that carry this offer, the newest version first."""
    c = recipients.c
    of = select(recipients).where(c.office == office, c.contact == contact, c.offer == offer)
    return every(tx, of.order_by(c.version.desc()))


def fetched(tx: Connection, office: bytes, contact: bytes, notice: tuple[bytes, int], now: datetime) -> None:
    c = recipients.c
    own = (c.office == office, c.contact == contact, c.notice == notice[0], c.version == notice[1])
    tx.execute(recipients.update().where(*own, c.fetched_at.is_(None)).values(fetched_at=now))


def rung(tx: Connection, people: Sequence[tuple[bytes, bytes]], now: datetime) -> None:
    """These contacts, as (office, contact), were rung: note it on their released, unrung copies."""
    c = recipients.c
    n = notices.c
    for office, contact in people:
        live = select(n.notice).where(n.office == office, n.state == "released", n.notice == c.notice)
        own = (c.office == office, c.contact == contact, c.rung_at.is_(None))
        statement = recipients.update().where(*own, live.where(n.version == c.version).exists())
        tx.execute(statement.values(rung_at=now))


def set_answer(tx: Connection, row: Found, answer: int, now: datetime) -> None:
    c = recipients.c
    own = (c.office == row.office, c.notice == row.notice, c.version == row.version, c.contact == row.contact)
    tx.execute(recipients.update().where(*own).values(answer=answer, answered_at=now))


def add_answer(tx: Connection, **row: Any) -> None:  # noqa: ANN401 – a row
    insert(tx, answers, [row])


def last_answer(tx: Connection, device: bytes) -> Found | None:
    c = answers.c
    return first(tx, select(answers).where(c.device == device).order_by(c.counter.desc()).limit(1))


def answers_of(tx: Connection, office: bytes) -> list[Found]:
    """Every answer, oldest first: the last one per contact and version counts."""
    c = answers.c
    return every(tx, select(answers).where(c.office == office).order_by(c.at, c.counter))


def offers_in(tx: Connection, office: bytes, notice: bytes) -> list[Found]:
    """Offers of a notice, whatever their state and version."""
    return every(tx, select(offers).where(offers.c.office == office, offers.c.notice == notice))


def offer(tx: Connection, office: bytes, offer: bytes) -> Found | None:
    return first(tx, select(offers).where(offers.c.office == office, offers.c.offer == offer))


def add_offers(tx: Connection, rows: Sequence[dict[str, Any]]) -> None:
    insert(tx, offers, rows)


def move_offer(tx: Connection, row: Found, now: datetime, **values: object) -> bool:
    """Change an offer from the state it was read in; False when it has left that state meanwhile."""
    c = offers.c
    statement = offers.update().where(c.office == row.office, c.offer == row.offer, c.state == row.state)
    return changed(tx, statement.values(changed_at=now, **values)) == 1


def live_offer(tx: Connection, office: bytes, movement: bytes, contact: bytes) -> Found | None:
    c = offers.c
    live = select(offers).where(c.office == office, c.movement == movement, c.contact == contact)
    return first(tx, live.where(c.state.in_(HOLDING)))


def live_offers(tx: Connection, row: Found) -> list[Found]:
    """Offers of a notice version that hold seats."""
    c = offers.c
    own = (c.office == row.office, c.notice == row.notice, c.version == row.version)
    return every(tx, select(offers).where(*own, c.state.in_(HOLDING)).order_by(c.offer))


def seated(tx: Connection, office: bytes) -> dict[tuple[bytes, int], list[bytes]]:
    """Contacts that hold seats, by notice and version."""
    c = offers.c
    found: dict[tuple[bytes, int], list[bytes]] = {}
    of = select(c.notice, c.version, c.contact).where(c.office == office, c.state.in_(HOLDING))
    for row in every(tx, of.order_by(c.contact)):
        found.setdefault((row.notice, row.version), []).append(row.contact)
    return found


def live_offers_of(tx: Connection, office: bytes, contact: bytes) -> list[Found]:
    c = offers.c
    return every(tx, select(offers).where(c.office == office, c.contact == contact, c.state.in_(HOLDING)))


def offers_of(tx: Connection, office: bytes, contact: bytes) -> list[Found]:
    c = offers.c
    return every(tx, select(offers).where(c.office == office, c.contact == contact).order_by(c.changed_at))
