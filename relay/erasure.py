"""Erasing a person whose phone cannot ask for it any more; a phone that can wipes itself (relay/wipe.py)."""

from datetime import datetime

from crypto.roster import Role
from relay import audit, auth, disclosures, doorbells, seats
from relay.audit import Event
from relay.auth import Principal
from relay.errors import Kind, RelayError
from relay.unit import Tx
from relay.wipe import forget
from store import accounts, cases, devices, erasure, people, referrals
from store.mail import SAFETY


def erase(tx: Tx, who: Principal, alias: str, now: datetime) -> None:
    """Delete everything of one contact, as a coordinator's device says. The log keeps that it was done, not to whom.

    Seats are given back, a household has a number in their place. Not while a notice is out to them, or word about
    one waits: they may act on what they hold, and nobody could tell them any more that it is off. Raises RelayError
    `not_allowed`, `contact_not_found`, `notice_held`.
    """
    me = auth.officer(who, Role.COORDINATOR)
    person = people.by_alias(tx, me.office, alias.upper())
    if person is None or referrals.referral(tx, me.office, person.contact):
        raise RelayError(
            "contact_not_found", "no contact has this code; list the contacts anew", Kind.MISSING
        )
    own = (me.office, person.contact)
    if erasure.in_notice(tx, *own, now) or erasure.to_be_told(tx, *own, SAFETY, now):
        raise RelayError(
            "notice_held",
            "a notice is out to this person, or word about one: leave them out of it, or call it off, and erase them "
            "when they have heard, or when it is over",
            Kind.CONFLICT,
        )
    phones = [device.device for device in devices.of_contact(tx, *own)]
    bells = accounts.of_contacts(tx, me.office, [person.contact]).values()
    forget(tx, me.office, phones)
    seats.withdraw_contact(tx, *own, now)
    cases.unlink(tx, *own)
    disclosures.erase(tx, *own, now)
    erasure.erase(tx, *own, person.alias, phones)
    for account in bells:
        doorbells.read(tx, account, now)
    audit.note(tx, Event.CONTACT_ERASED, now, by=me)
