"""Queries about notices and their approvals; store/recipients.py has whom they name."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    Update,
    and_,
    case,
    exists,
    func,
    or_,
    select,
)

from store import hints
from store.sql import Found, count, insert, many, one, update, value
from store.tables.mail import envelopes
from store.tables.movements import allotments, movements
from store.tables.notices import approvals, notices

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
