"""A known contact's new phone: a letter, the comparison number by voice, and two officers.

The first officer's signature waits here, with the enrolment, for the second one's, who hands the finished card in
(relay/enrolments.py). It is void as soon as anything changes: another phone shows the letter, or the phone is turned
away, or another card is taken first. Until the card, the old phone is the contact's, and the new one gets nothing.
"""

from datetime import datetime

from crypto.card import Card, Evidence
from crypto.device import DeviceRecord
from crypto.errors import Refused
from relay import applicants, audit, auth, offices
from relay.audit import Event
from relay.auth import Principal
from relay.enrolments import CERTIFIERS, check_counter
from relay.errors import Kind, RelayError, checked
from relay.unit import Tx
from store import devices, people


def vouch(tx: Tx, who: Principal, invitation: bytes, wire: bytes, now: datetime) -> None:
    """Keep the card that the first officer signed, for another to sign it too; a newer one takes its place.

    Raises RelayError `malformed`, `enrolment_not_found`, `enrolment_frozen`, `card_refused`, `card_out_of_order`.
    """
    me = auth.officer(who, CERTIFIERS)
    letter = people.invitation(tx, invitation)
    under = applicants.waiting(tx, invitation)
    if letter is None or letter.office != me.office or not under:
        raise RelayError("enrolment_not_found", "no such enrolment waits; list them anew", Kind.MISSING)
    if len(under) > 1 or under[0].state != "pending":
        raise RelayError(
            "enrolment_frozen", "two devices showed this letter; refuse the false one first", Kind.CONFLICT
        )
    person = people.contact(tx, me.office, letter.contact)
    held, device = people.card(tx, me.office, letter.contact), devices.device(tx, under[0].device)
    with checked("card_refused", Kind.UNACCEPTABLE):
        card = Card.parse(wire)
        if held is None or device is None or person is None or person.state != "enrolled":
            raise Refused("there is no phone in whose place it comes")
        if card.body.certifier != me.device:
            raise Refused("the card is another officer's")
        card.check_half(Card.parse(held.wire), (DeviceRecord.parse(device.record),), Evidence.NUMBER)
        card.check_first(offices.newest(tx, me.office))
    check_counter(tx, card.body)
    people.keep_half(tx, invitation, device.device, wire)
    audit.note(tx, Event.NEW_PHONE_VOUCHED, now, by=me, about=person.alias)
