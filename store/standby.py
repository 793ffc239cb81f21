"""Queries about who waits for a seat."""

from typing import Any

from sqlalchemy import Select, and_, case, exists, select

from store.sql import many
from store.tables.notices import notices
from store.tables.offers import offers
from store.tables.outcomes import rollovers
from store.tables.people import contacts


@many
def queue(office: bytes, movement: bytes) -> Select[Any]:
    """An office's offers that wait for seats, in the order of calling, each with its notice's state and letter.

    `rank`: its class, and 0 for whoever was called before, came, and was not taken along.
    """
    o, n, p, r = offers.c, notices.c, contacts.c, rollovers.c
    same = and_(n.office == o.office, n.notice == o.notice, n.version == o.version)
    person = and_(p.office == o.office, p.contact == o.contact)
    again = exists().where(r.office == o.office, r.contact == o.contact, r.boarded_at.is_(None))
    rank = case((again, 0), else_=o.standby)
    columns = (
        n.state.label("notice_state"),
        n.expires_at.label("notice_expires"),
        n.envelope,
        n.approved,
        p.alias,
        rank.label("rank"),
    )
    waiting = select(offers, *columns).join(notices, same).join(contacts, person)
    waiting = waiting.where(o.office == office, o.movement == movement, o.state == "standby")
    return waiting.order_by(rank, o.waits_since, o.offer)


@many
def movements_waiting() -> Select[Any]:
    """Offices and movements that somebody waits for."""
    c = offers.c
    return select(c.office, c.movement).where(c.state == "standby").distinct().order_by(c.office, c.movement)
