"""Somebody who came without a letter, until two officers vouch for the phone: what that device may, and no more.

Its state is `pending` like that of any device that waits, so that every rule refuses it which does not ask here:
no offer, no notice, no word about one, no history. Here it is let write a few small letters to the office, and read
what the office writes to it for the purpose of messages.
"""

from datetime import datetime

from crypto.card import Card
from crypto.envelope import Split, Urgency
from relay import audit, auth
from relay.audit import Event
from relay.auth import ContactDevice, Principal
from relay.errors import Kind, RelayError, checked
from relay.unit import Tx
from relay.wipe import forget
from store import accounts, cases, erasure, people, referrals
from store.sql import Found

MOST_LETTERS = 20
"""From one unverified person, ever: they wait for an officer, and strangers must not bury others."""
MOST_BUCKET = 2
"""2 KiB of content, padding included."""
AT_ONCE = 500


def waiting(tx: Tx, device: bytes, now: datetime) -> Found | None:
    """The referral this device waits with."""
    row = referrals.of_devices(tx, [device]).get(device)
    return row if row is not None and row.state == "waiting" and now < row.expires_at else None


def reader(tx: Tx, who: Principal, now: datetime) -> ContactDevice:
    """A contact's enrolled device, or one that waits without a letter. Raises RelayError as auth.contact does."""
    if isinstance(who, ContactDevice) and who.state == "pending" and waiting(tx, who.device, now):
        return who
    return auth.contact(who)


def writer(tx: Tx, who: ContactDevice, letter: Split, now: datetime) -> Found | None:
    """The referral whose limits this letter keeps, to be counted; None for an enrolled device.

    Raises RelayError `not_enrolled`, `unverified_limits`.
    """
    row = waiting(tx, who.device, now) if who.state == "pending" else None
    if row is None:
        auth.contact(who)
        return None
    header = letter.header
    if row.letters >= MOST_LETTERS or header.bucket > MOST_BUCKET or header.urgency is Urgency.URGENT:
        raise RelayError(
            "unverified_limits",
            f"until the office has confirmed this phone it may send {MOST_LETTERS} short letters, none urgent",
            Kind.FORBIDDEN,
        )
    return row


def count(tx: Tx, row: Found | None) -> None:
    """Another letter was taken."""
    if row is not None:
        referrals.count_letter(tx, row.office, row.contact)


def check_card(card: Card, row: Found, now: datetime) -> None:
    """A phone without a letter is vouched for by two officers, after its number was compared.

    That both signatures hold and are two officers' is judged with the card itself. Raises RelayError `card_refused`,
    `enrolment_not_found`.
    """
    if row.state != "waiting" or row.expires_at <= now:
        raise RelayError("enrolment_not_found", "nobody waits there any more; list them anew", Kind.MISSING)
    with checked("card_refused", Kind.UNACCEPTABLE):
        card.check_referral()


def certified(tx: Tx, row: Found) -> None:
    """A card names the phone: it is a contact's like any other from now on."""
    if row.account is not None:
        accounts.link_contact(tx, row.account, row.office, row.contact)
    referrals.drop(tx, row.office, row.contact)


def erase(tx: Tx, row: Found) -> None:
    """Delete the person: nothing is left but entries of the audit log, about nobody any more."""
    person = people.contact(tx, row.office, row.contact)
    forget(tx, row.office, [row.device])
    cases.unlink(tx, row.office, row.contact)
    erasure.erase(tx, row.office, row.contact, "" if person is None else person.alias, [row.device])


def expire(tx: Tx, now: datetime) -> int:
    """Delete whom nobody vouched for in time, and who was refused a while ago; how many."""
    over = referrals.over(tx, now, AT_ONCE)
    for row in over:
        person = people.contact(tx, row.office, row.contact)
        alias = "" if person is None else person.alias
        audit.happened(tx, Event.REFERRAL_FORGOTTEN, now, office=row.office, about=alias)
        erase(tx, row)
    return len(over)
