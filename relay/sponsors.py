"""Sponsor links: a relative abroad asks when a contact was last heard of, and is told if that person permits it.

An officer makes a one-time code for a contact; whoever presses start with it may ask from then on, until the office
ends it or the person goes. Nothing is ever sent unasked. Who has no link, whose relative does not permit it (any
more) or is gone, and any stranger get the same answer.

A word is coarse, and holds for a day: whoever asks every minute must not learn in which minute somebody wrote, and
with that whose telephone it was.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from relay import audit, auth
from relay.audit import Event
from relay.auth import READING, OfficerDevice, Principal
from relay.errors import Kind, RelayError
from relay.links import LinkCode, not_valid
from relay.unit import Tx
from store import consents, people, sponsors
from store.sql import Found

SPONSOR = "sponsor"
"""The purpose of the consent: it carries no letter."""
NEWS, NOTHING = sponsors.NEWS, sponsors.NOTHING
LIFE = timedelta(days=7)
"""It goes abroad by some other way, and to somebody who may be asleep there."""
MOST = 5
"""Relatives of one contact, open codes included."""
MOST_PEOPLE = 20
"""About whom one account may ask: all of it stands in one message."""
HOLDS = timedelta(days=1)
RECENT, WEEK = timedelta(days=2), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class SponsorView:
    """How many may ask about a contact, how many more could, and whether they are told anything."""

    alias: str
    sponsors: int
    codes: int
    permitted: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """When somebody was last heard of: recent (two days), week, longer, never. `number`: the account's own for them."""

    number: int
    word: str


def invite(tx: Tx, who: Principal, alias: str, now: datetime) -> LinkCode:
    """A one-time code for start=s_<code>; only its hash is kept. It is void when its officer is one no more.

    Raises RelayError `not_allowed`, `contact_not_found`, `too_many_sponsors`.
    """
    me = auth.officer(who, READING)
    person = _person(tx, me, alias)
    open_ = sponsors.open_codes(tx, me.office, now)[person.contact]
    if sponsors.of_contact(tx, me.office, person.contact) + open_ >= MOST:
        raise RelayError(
            "too_many_sponsors",
            f"at most {MOST} relatives may ask about one person, links not opened yet included; end them first",
            Kind.CONFLICT,
        )
    code = secrets.token_urlsafe(16)
    sponsors.add_code(
        tx,
        code_hash=_hash(code),
        office=me.office,
        contact=person.contact,
        officer=me.officer,
        expires_at=now + LIFE,
    )
    audit.note(tx, Event.SPONSOR_INVITED, now, by=me, about=person.alias)
    return LinkCode(code, now + LIFE)


def bind(tx: Tx, account: int, code: str, now: datetime) -> int:
    """Let the account ask about the code's contact; returns the number by which it is told of them.

    Raises RelayError `link_not_valid` (unknown, used, expired or no longer standing alike).
    """
    row = sponsors.code(tx, _hash(code))
    if row is None or row.used_at is not None or row.expires_at <= now:
        raise not_valid()
    person = people.contact(tx, row.office, row.contact)
    mine = sponsors.of_account(tx, account)
    if person is None or person.state != "enrolled" or len(mine) >= MOST_PEOPLE:
        raise not_valid()
    sponsors.use_code(tx, row.code_hash, now)
    for held in mine:
        if (held.office, held.contact) == (row.office, row.contact):
            return int(held.number)
    number = max((held.number for held in mine), default=0) + 1
    about = {"office": row.office, "contact": row.contact, "account": account, "number": number}
    sponsors.add(tx, **about, at=now)
    audit.happened(tx, Event.SPONSOR_BOUND, now, office=row.office, about=person.alias)
    return number


def heard(tx: Tx, account: int, now: datetime) -> list[Heard]:
    """What the account may be told now: of those who permit it, and only of them."""
    told = []
    for row in sponsors.permitted(tx, account, SPONSOR, now):
        word = row.word
        if word is None or not row.told_at <= now < row.told_at + HOLDS:
            word = _word(row.heard_at, now)
            sponsors.tell(tx, row, word, now)
            audit.happened(tx, Event.SPONSOR_ASKED, now, office=row.office, about=row.alias)
        told.append(Heard(row.number, word))
    return told


def listed(tx: Tx, who: Principal, now: datetime) -> list[SponsorView]:
    """Every contact of the office with a relative who may ask, or could. Raises RelayError `not_allowed`."""
    me = auth.officer(who, READING)
    bound, codes = sponsors.bound(tx, me.office), sponsors.open_codes(tx, me.office, now)
    named = people.aliases(tx, me.office)
    agreed = consents.given(tx, [(me.office, contact) for contact in bound | codes])
    views = []
    for contact in bound | codes:
        until = agreed.get((me.office, contact, SPONSOR))
        permitted = until is not None and now < until
        views.append(SponsorView(named[contact], bound[contact], codes[contact], permitted))
    return sorted(views, key=lambda view: view.alias)


def end(tx: Tx, who: Principal, alias: str, now: datetime) -> int:
    """Nobody may ask about the contact any more, and open codes are void; how many relatives could.

    Raises RelayError `not_allowed`, `contact_not_found`.
    """
    me = auth.officer(who, READING)
    person = _person(tx, me, alias)
    gone = sponsors.drop(tx, me.office, person.contact)
    audit.note(tx, Event.SPONSORS_ENDED, now, by=me, about=person.alias)
    return gone


def _person(tx: Tx, me: OfficerDevice, alias: str) -> Found:
    person = people.by_alias(tx, me.office, alias.upper())
    if person is None or person.state != "enrolled":
        raise RelayError(
            "contact_not_found", "no enrolled contact has this code; list the contacts anew", Kind.MISSING
        )
    return person


def _word(heard_at: datetime | None, now: datetime) -> str:
    if heard_at is None:
        return "never"
    silent = now - heard_at
    return "recent" if silent < RECENT else "week" if silent < WEEK else "longer"


def _hash(code: str) -> bytes:
    return hashlib.sha256(b"qasid sponsor\0" + code.encode()).digest()
