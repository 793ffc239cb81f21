"""Claims: an officer says “I see to this contact”, so that two do not answer the same call for help.

A claim is a short lease. It forbids nothing: in an emergency anybody may write to anybody. It ends by itself, when
it is released, and at once when its officer is off-boarded.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from relay import audit, auth
from relay.audit import Event
from relay.auth import READING, OfficerDevice, Principal
from relay.errors import Kind, RelayError
from relay.unit import Tx
from store import claims, escalations, people
from store.sql import Found

LEASE: Final = timedelta(minutes=15)
"""Time to read, think and write; a desk that went dark gives the person back before long."""


@dataclass(frozen=True, slots=True)
class ClaimView:
    contact: bytes
    alias: str
    role_code: str
    mine: bool
    until: datetime


def take(tx: Tx, who: Principal, contact: str, now: datetime) -> ClaimView:
    """Claim a contact by alias for a while, or go on with one's own claim (on whichever of one's devices).

    Raises RelayError `not_allowed`, `contact_not_found`, `claimed` (with the colleague's role code).
    """
    me = auth.officer(who, READING)
    person = _person(tx, me, contact)
    claims.drop_lapsed(tx, me.office, now)
    before = _held(tx, me, person.contact)
    taken = claims.take(
        tx, me.office, person.contact, me.officer, role_code=me.role_code, now=now, expires_at=now + LEASE
    )
    if not taken:
        holder = _held(tx, me, person.contact)
        by = holder.role_code if holder else "a colleague"
        raise RelayError("claimed", f"{by} sees to this contact; take another", Kind.CONFLICT)
    if before is None:
        audit.note(tx, Event.CONTACT_CLAIMED, now, by=me, about=person.alias)
    return ClaimView(person.contact, person.alias, me.role_code, mine=True, until=now + LEASE)


def release(tx: Tx, who: Principal, contact: str, now: datetime, *, done: bool = False) -> None:
    """Give one's own claim back; without one this is harmless, a colleague's stays.

    `done`: the officer has seen to them, and what they wrote needs no answer (any more).
    Raises RelayError `not_allowed`, `contact_not_found`.
    """
    me = auth.officer(who, READING)
    person = _person(tx, me, contact)
    if done:
        escalations.settle(tx, [(me.office, person.contact)])
    if claims.release(tx, me.office, person.contact, me.officer):
        audit.note(tx, Event.CONTACT_RELEASED, now, by=me, about=person.alias)


def listed(tx: Tx, who: Principal, now: datetime) -> list[ClaimView]:
    """The office's claims, the first to end before others. Raises RelayError `not_allowed`."""
    me = auth.officer(who, READING)
    claims.drop_lapsed(tx, me.office, now)
    return [
        ClaimView(row.contact, row.alias, row.role_code, row.officer == me.officer, row.expires_at)
        for row in claims.of_office(tx, me.office)
    ]


def _held(tx: Tx, me: OfficerDevice, contact: bytes) -> Found | None:
    return next((row for row in claims.of_office(tx, me.office) if row.contact == contact), None)


def _person(tx: Tx, me: OfficerDevice, alias: str) -> Found:
    person = people.by_alias(tx, me.office, alias.upper())
    if person is None:
        raise RelayError(
            "contact_not_found", "no contact has this code; list the contacts anew", Kind.MISSING
        )
    return person
