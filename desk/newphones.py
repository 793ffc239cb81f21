"""A known contact's new phone: whoever reads its letter may ask, so two officers compare the number by voice.

The first is at the desk that made the letter and alone can tell that the phone holds it; that officer's signature
waits at the relay for a colleague's. Until then the old phone is theirs, and the new one gets nothing.
"""

from typing import Final

from crypto.card import Evidence
from crypto.encoding import b64u
from desk import contacts
from desk.contacts import ContactView
from desk.enrolments import MAY_CERTIFY, Candidate, cosign, issue
from desk.errors import AlarmError, DeskError, UsageError
from desk.office import Desk

GROUPS: Final = 12
DIGITS: Final = 60


def known(desk: Desk, alias: str) -> ContactView:
    """The contact to whom a letter for a new phone may go. Raises DeskError, AlarmError."""
    view = contacts.find(contacts.refresh(desk), alias)
    contacts.check_alarms(view)
    if view.state != "enrolled":
        raise DeskError(
            f"{view.alias} has no phone to be replaced ({view.state}): who erased themselves comes as somebody new.",
            "Make a plain letter.",
            "not_enrolled",
        )
    return view


def heard_at(desk: Desk, phone: Candidate) -> int:
    """When the phone they have now was last heard from here, in Unix seconds; 0 for never."""
    theirs = [each for each in desk.state.messages if each.contact == phone.contact and not each.own]
    return max((each.received_at for each in theirs), default=0)


def signed_by(desk: Desk, phone: Candidate) -> str:
    """The role code of the officer whose signature waits for a second; empty without one."""
    entry = desk.roster.entry(phone.half.body.certifier) if phone.half else None
    return entry.role_code if entry else ""


def mine(desk: Desk, phone: Candidate) -> bool:
    """Whether the signature that waits is this very officer's."""
    return signed_by(desk, phone) == desk.entry.role_code


def certify(desk: Desk, phone: Candidate, said: str) -> bool:
    """Vouches for the phone whose number was `said`; says whether that makes it the contact's.

    Raises DeskError `number_differs`, `not_officer_then`, or `not_enrolled` when they erased themselves meanwhile,
    UsageError `no_number`, AlarmError when the relay tampered with the contact.
    """
    desk.require(MAY_CERTIFY, "vouch for a phone")
    known(desk, b64u(phone.contact))
    last = contacts.held_card(desk, phone.contact)
    if phone.record is None or phone.fault or last is None:
        raise AlarmError(f"{phone.alias}: {phone.fault or 'there is no phone to be replaced'}.")
    _compare(phone, said)
    if phone.half is None:
        half = issue(desk, (phone.record,), Evidence.NUMBER, last)
        desk.relay.post(f"/enrolments/{b64u(phone.invitation)}/vouch", {"card": b64u(half.encode())})
        return False
    card = cosign(desk, phone.half)
    card.follows(last)
    desk.relay.post("/cards", {"card": b64u(card.encode()), "enrolment": b64u(phone.invitation)})
    contacts.pin(desk, phone.alias, card)
    contacts.mark_compared(desk, phone.contact)
    contacts.take_note(desk, phone.contact)
    desk.save()
    return True


def _compare(phone: Candidate, said: str) -> None:
    digits = "".join(str(int(sign)) for sign in said if sign.isdecimal())
    if len(digits) != DIGITS:
        raise UsageError(
            f"That is no comparison number: it has {GROUPS} groups of five digits.",
            "Let them read it again, from the screen of the new phone.",
            "no_number",
        )
    if digits != "".join(phone.number):
        raise DeskError(
            f"The number is not that of the phone which asks for {phone.alias}'s place. Nothing was signed.",
            "Let them read it once more. If it stays another, somebody else holds their letter: turn the phone down "
            "(`confirm --reject`), void the letter, and warn them by another way.",
            "number_differs",
        )
