"""Counts of what is held of one contact."""

from typing import Any

from sqlalchemy import Select, func, select

from store.audit import named
from store.mail import DEVICE
from store.sql import one, value
from store.tables.audit import audit
from store.tables.cases import case_members, cases
from store.tables.mail import envelopes, wraps
from store.tables.notices import answers
from store.tables.offers import offers
from store.tables.offices import devices


@value
def incoming(office: bytes, contact: bytes) -> Select[Any]:
    """Sealed copies for the contact's devices, those for a later time included."""
    w, d = wraps.c, devices.c
    mine = select(d.device).where(d.office == office, d.contact == contact)
    held = select(func.count()).select_from(wraps)
    return held.where(w.office == office, w.holder_kind == DEVICE, w.holder.in_(mine))


@value
def outgoing(office: bytes, contact: bytes) -> Select[Any]:
    """Letters of the contact's devices whose sealed text is still kept."""
    c, d = envelopes.c, devices.c
    mine = select(d.device).where(d.office == office, d.contact == contact)
    return select(func.count()).select_from(envelopes).where(c.sender.in_(mine), c.common.is_not(None))


@value
def seats(office: bytes, contact: bytes) -> Select[Any]:
    c = offers.c
    return select(func.count()).select_from(offers).where(c.office == office, c.contact == contact)


@value
def replies(office: bytes, contact: bytes) -> Select[Any]:
    c = answers.c
    return select(func.count()).select_from(answers).where(c.office == office, c.contact == contact)


@value
def logged(office: bytes, alias: str) -> Select[Any]:
    held = select(func.count()).select_from(audit)
    return held.where(audit.c.office == office, named(office, alias))


@one
def household(office: bytes, contact: bytes) -> Select[Any]:
    """The newest household that the contact is or was a member of."""
    m, c = case_members.c, cases.c
    same = (m.office == c.office) & (m.alias == c.alias)
    mine = select(cases).join(case_members, same).where(m.office == office, m.contact == contact)
    return mine.order_by(m.live.desc(), c.opened_at.desc(), c.alias).limit(1)
