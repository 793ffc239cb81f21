"""A contact's further device, asked for by the one they have; and a device that is taken off their card.

For both, two officers: what the first one signed waits here for the second, who hands the finished card in
(relay/enrolments.py). Until that card, a further device gets nothing. One change of a contact waits at a time.

    what waits         ask           vouch          refuse    any card of theirs, wipe of any device
    (nothing)          addition      removal        -         -
    addition           refused       addition, or   nothing   nothing: a device that the card does not name is refused
                                     a removal
    removal            refused       removal        nothing   nothing
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crypto.addition import Addition, check_addition
from crypto.card import Card, CardBody, Evidence
from crypto.device import DeviceRecord
from crypto.encoding import unix
from crypto.errors import Refused
from crypto.statement import Wipe, check_statement
from relay import audit, auth, doorbells, offices, prekeys
from relay.audit import Event
from relay.auth import ContactDevice, Principal
from relay.enrolments import CERTIFIERS, check_counter
from relay.errors import Kind, RelayError, checked
from relay.unit import Tx
from relay.wipe import end_change
from store import accounts, cardchanges, devices, people

MOST_EVER = 40
"""Devices of one contact that the relay remembers, those that were wiped or turned away included."""


@dataclass(frozen=True, slots=True)
class Asking:
    """`addition` is signed by the device that asks, `wipe` and `prekeys` by the one that is to be added."""

    addition: bytes
    wipe: bytes
    prekeys: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class ChangeView:
    """Without an `addition` it takes a device off; `card` is what a first officer signed."""

    contact: bytes
    alias: str
    addition: bytes | None
    prekeys: list[bytes]
    card: bytes | None
    at: datetime


def ask(tx: Tx, who: Principal, asking: Asking, now: datetime) -> None:
    """Take a further device of the asking one's owner; the same again is harmless.

    Raises RelayError `not_allowed`, `not_enrolled`, `malformed`, `addition_refused`, `addition_waits`,
    `too_many_devices`, `device_taken`, those of prekeys.take.
    """
    me = auth.contact(who)
    record = _record(tx, me, asking, now)
    waits = cardchanges.of(tx, me.office, me.contact)
    known = devices.device(tx, record.device)
    if waits is not None:
        if waits.device == record.device and known is not None and known.record == record.encode():
            return
        raise RelayError(
            "addition_waits", "another change of these devices waits for the office", Kind.CONFLICT
        )
    if len(devices.of_contact(tx, me.office, me.contact)) >= MOST_EVER:
        raise RelayError(
            "too_many_devices", "this contact has had too many devices; ask the office", Kind.CONFLICT
        )
    if known is not None:
        raise RelayError("device_taken", "this device id is in use; start again", Kind.CONFLICT)
    devices.add(
        tx,
        device=record.device,
        office=me.office,
        contact=me.contact,
        record=record.encode(),
        sign_pk=record.sign_pk,
        state="pending",
    )
    cardchanges.add(
        tx,
        office=me.office,
        contact=me.contact,
        device=record.device,
        asker=me.device,
        addition=asking.addition,
        at=now,
    )
    prekeys.take(tx, record, asking.prekeys, now)
    bells = accounts.of_officers(tx, me.office, int(CERTIFIERS), now)
    doorbells.ring(tx, dict.fromkeys(bells, False), now)
    audit.happened(tx, Event.DEVICE_ASKED, now, office=me.office, about=_alias(tx, me.office, me.contact))


def listed(tx: Tx, who: Principal, now: datetime) -> list[ChangeView]:
    """What waits for two officers; from now on it counts as seen."""
    me = auth.officer(who, CERTIFIERS)
    if cardchanges.shown(tx, me.office, now):
        for account in accounts.of_officers(tx, me.office, int(CERTIFIERS), now):
            doorbells.read(tx, account, now)
    return [
        ChangeView(
            row.contact,
            row.alias,
            row.addition,
            [] if row.device is None else prekeys.of(tx, row.device),
            row.card,
            row.at,
        )
        for row in cardchanges.listed(tx, me.office)
    ]


def vouch(tx: Tx, who: Principal, contact: bytes, wire: bytes, now: datetime) -> None:
    """Keep the card that the first officer signed, for another to sign it too; a newer one takes its place.

    Raises RelayError `malformed`, `contact_not_found`, `card_refused`, `card_out_of_order`.
    """
    me = auth.officer(who, CERTIFIERS)
    person, held = people.contact(tx, me.office, contact), people.card(tx, me.office, contact)
    if person is None or person.state != "enrolled" or held is None:
        raise RelayError("contact_not_found", "no such contact; list the contacts anew", Kind.MISSING)
    waits = cardchanges.of(tx, me.office, contact)
    with checked("card_refused", Kind.UNACCEPTABLE):
        card, last = Card.parse(wire), Card.parse(held.wire)
        if card.body.certifier != me.device:
            raise Refused("the card is another officer's")
        if card.body.evidence is not Evidence.OLD_DEVICE:
            card.check_half(last, _without(last.body, card.body), Evidence.TWO_OFFICERS)
        elif waits is not None and waits.addition is not None:
            new = Addition.peek(waits.addition).record
            card.check_half(last, last.body.with_device(new), Evidence.OLD_DEVICE)
        else:
            raise Refused("no device waits that this contact's own asked for")
        _check_live(tx, card.body)
        card.check_first(offices.newest(tx, me.office))
    check_counter(tx, card.body)
    if waits is None:
        cardchanges.add(tx, office=me.office, contact=contact, at=now)
    cardchanges.keep_half(tx, me.office, contact, wire)
    audit.note(tx, Event.CARD_CHANGE_VOUCHED, now, by=me, about=person.alias)


def refuse(tx: Tx, who: Principal, contact: bytes, now: datetime) -> None:
    """End what waits: a further device is turned away. Raises RelayError `change_not_found`."""
    me = auth.officer(who, CERTIFIERS)
    if cardchanges.of(tx, me.office, contact) is None:
        raise RelayError("change_not_found", "nothing waits for this contact; list it anew", Kind.MISSING)
    end_change(tx, me.office, contact)
    audit.note(tx, Event.CARD_CHANGE_REFUSED, now, by=me, about=_alias(tx, me.office, contact))


def _record(tx: Tx, me: ContactDevice, asking: Asking, now: datetime) -> DeviceRecord:
    """The device that is asked for, everything of it checked but its prekeys."""
    held = people.card(tx, me.office, me.contact)
    with checked("addition_refused", Kind.UNACCEPTABLE):
        if held is None:
            raise Refused("no officer has vouched for the device that asks")
        addition = check_addition(asking.addition, Card.parse(held.wire), unix(now))
        if addition.device != me.device:
            raise Refused("the device that asks is another one")
        check_statement(asking.wipe, Wipe, addition.record)
    return addition.record


def _without(held: CardBody, next_: CardBody) -> tuple[DeviceRecord, ...]:
    """The devices held that the next card names, of which there have to be fewer."""
    kept = tuple(record for record in held.devices if record in next_.devices)
    if len(kept) == len(held.devices):
        raise Refused("the card takes no device off")
    return kept


def _check_live(tx: Tx, body: CardBody) -> None:
    states = {row.device: row.state for row in devices.of_contact(tx, body.office, body.contact)}
    if any(states.get(record.device) not in ("pending", "enrolled") for record in body.devices):
        raise Refused("the card names a device that was wiped: take that one off first")


def _alias(tx: Tx, office: bytes, contact: bytes) -> str:
    person = people.contact(tx, office, contact)
    return "" if person is None else str(person.alias)
