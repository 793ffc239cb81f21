"""Queries about held seats that nobody has answered for."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, select

from store.sql import many
from store.tables.notices import notices, recipients
from store.tables.offers import offers
from store.tables.people import attempts, contacts


@many
def silent(office: bytes, movement: bytes) -> Select[Any]:
    """Held offers of notices that are out, unanswered, with `tried_at`; the next to expire first."""
    own = _unanswered().where(offers.c.office == office, offers.c.movement == movement)
    return own.order_by(offers.c.hold_until, contacts.c.alias)


@many
def due(now: datetime, limit: int) -> Select[Any]:
    """Of these, of all offices, those past their time whom somebody tried to reach."""
    over = _unanswered().where(offers.c.hold_until <= now, _tried().is_not(None))
    return over.order_by(offers.c.hold_until, offers.c.offer).limit(limit)


def _unanswered() -> Select[Any]:
    o, n, r, p = offers.c, notices.c, recipients.c, contacts.c
    version = and_(n.office == o.office, n.notice == o.notice, n.version == o.version)
    copy = and_(r.office == o.office, r.notice == o.notice, r.version == o.version, r.contact == o.contact)
    person = and_(p.office == o.office, p.contact == o.contact)
    found = select(offers, p.alias, _tried().label("tried_at"))
    found = found.select_from(offers.join(notices, version).join(recipients, copy).join(contacts, person))
    return found.where(o.state == "held", n.state == "released", r.answer.is_(None))


def _tried() -> Any:  # noqa: ANN401 – a column of a select
    """When somebody last tried to reach the contact since the notice went out."""
    c = attempts.c
    own = and_(c.office == offers.c.office, c.contact == offers.c.contact, c.at >= notices.c.released_at)
    last = select(func.max(c.at)).where(own)
    return last.correlate(offers, notices).scalar_subquery()
