"""Erasing a person whose phone cannot ask for it any more; a phone that can wipes itself (relay/wipe.py)."""

from datetime import datetime

from crypto.roster import Role
from relay import audit, auth, disclosures, doorbells, offers
from relay.audit import Event
from relay.auth import Principal
from relay.errors import Kind, RelayError
from relay.unit import Tx
from relay.wipe import forget
from store import accounts, cases, devices, erasure, people, referrals, uploads
from store.mail import SAFETY
from store.sql import Found


def erase(tx: Tx, who: Principal, alias: str, now: datetime) -> None:
    """Delete everything of one contact, as a coordinator's device says. The log keeps that it was done, not to whom.

    Seats are given back, a household has a number in their place. Not while a notice is out to them, or word about
    one waits: they may act on what they hold, and nobody could tell them any more that it is off. Raises RelayError
    `not_allowed`, `contact_not_found`, `notice_held`.
    """
    me = auth.officer(who, Role.COORDINATOR)
    person = person_of(tx, me.office, alias)
    check_untold(tx, person, now)
    delete(tx, person, now)
    audit.note(tx, Event.CONTACT_ERASED, now, by=me)


def person_of(tx: Tx, office: bytes, alias: str) -> Found:
    """The contact of that alias. Raises RelayError `contact_not_found`, also for who came without a letter."""
    person = people.by_alias(tx, office, alias.upper())
    if person is None or referrals.referral(tx, office, person.contact):
        raise RelayError(
            "contact_not_found", "no contact has this code; list the contacts anew", Kind.MISSING
        )
    return person


def check_untold(tx: Tx, person: Found, now: datetime) -> None:
    """Raises RelayError `notice_held` while they may act on what somebody would have to call off."""
    own = (person.office, person.contact)
    if erasure.in_notice(tx, *own, now) or erasure.to_be_told(tx, *own, SAFETY, now):
        raise RelayError(
            "notice_held",
            "a notice is out to this person, or word about one: leave them out of it, or call it off, and erase them "
            "when they have heard, or when it is over",
            Kind.CONFLICT,
        )


def delete(tx: Tx, person: Found, now: datetime) -> None:
    """Leave nothing of them but what the log says, of nobody any more."""
    own = (person.office, person.contact)
    phones = [device.device for device in devices.of_contact(tx, *own)]
    bells = accounts.of_contacts(tx, person.office, [person.contact]).values()
    forget(tx, person.office, phones)
    offers.withdraw_contact(tx, *own, now)
    offers.forget(tx, *own, now)
    cases.unlink(tx, *own)
    disclosures.erase(tx, *own, now)
    uploads.drop_office(tx, person.office)  # half a letter may be addressed to them: desks begin anew
    erasure.erase(tx, *own, person.alias, phones)
    for account in bells:
        doorbells.read(tx, account, now)
