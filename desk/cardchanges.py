"""Which devices a contact has: a further one, asked for by the first one's signature, and one that is taken off.

Both take two officers. The first one's signature waits at the relay for a colleague's; until the card, a further
device gets nothing. What the relay shows of it is believed only as far as the pinned card and its devices bear it out.
"""

from dataclasses import dataclass, replace
from typing import Any, Final

from crypto.addition import check_addition
from crypto.card import Card, CardBody, Evidence
from crypto.device import DeviceRecord
from crypto.encoding import b64u
from crypto.errors import CryptoError, Refused
from crypto.prekey import Prekey
from desk import contacts
from desk.answers import Answer
from desk.enrolments import MAY_CERTIFY, cosign, issue
from desk.errors import AlarmError, DeskError
from desk.office import Desk

GROUP: Final = 5


@dataclass(frozen=True)
class Change:
    """One that waits: `devices` are those of the card it would lead to, `device` the one it is about.

    `fault` says why it does not hold; empty when it does.
    """

    contact: bytes
    alias: str
    added: bool
    device: bytes = b""
    devices: tuple[DeviceRecord, ...] = ()
    half: Card | None = None
    fault: str = ""

    @property
    def evidence(self) -> Evidence:
        return Evidence.OLD_DEVICE if self.added else Evidence.TWO_OFFICERS


def pending(desk: Desk) -> list[Change]:
    """What waits for two officers, each checked against the pinned card."""
    answers = Answer(desk.relay.get("/card-changes")).many("changes")
    if answers:
        contacts.refresh(desk)
    return [_check(desk, answer) for answer in answers]


def removal(desk: Desk, alias: str, number: str) -> Change:
    """That a device is taken off the contact's card: the one whose comparison number begins so.

    Raises DeskError `no_contact`, `no_device`, `only_device`, AlarmError.
    """
    view = contacts.find(contacts.refresh(desk), alias)
    contacts.check_alarms(view)
    digits = "".join(str(int(sign)) for sign in number if sign.isdecimal())
    numbers = {device: "".join(groups) for device, groups in contacts.numbers(view).items()}
    named = [device for device, whole in numbers.items() if whole.startswith(digits)]
    if view.card is None or len(digits) < GROUP or len(named) != 1:
        raise DeskError(
            f"{view.alias} has no single device whose number begins so.",
            f"Give the first five digits, or more, of a number that `qasid-desk verify {view.alias}` shows.",
            "no_device",
        )
    devices = view.card.body.without_device(named[0])
    if not devices:
        raise DeskError(
            f"That is the only device {view.alias} has.",
            "Invite them for a new phone (`invite --again`), or erase them (`erase`).",
            "only_device",
        )
    waits = [each for each in pending(desk) if each.contact == view.contact and each.devices == devices]
    return (
        waits[0] if waits else Change(view.contact, view.alias, added=False, device=named[0], devices=devices)
    )


def signed_by(desk: Desk, change: Change) -> str:
    """The role code of the officer whose signature waits for a second; empty without one."""
    entry = desk.roster.entry(change.half.body.certifier) if change.half else None
    return entry.role_code if entry else ""


def mine(desk: Desk, change: Change) -> bool:
    """Whether the signature that waits is this very officer's."""
    return signed_by(desk, change) == desk.entry.role_code


def certify(desk: Desk, change: Change) -> bool:
    """Signs for the change; says whether that makes it so.

    Raises AlarmError when it does not hold, DeskError `not_officer_then`.
    """
    desk.require(MAY_CERTIFY, "vouch for a device")
    view = contacts.find(contacts.refresh(desk), b64u(change.contact))
    contacts.check_alarms(view)
    if change.fault or view.card is None:
        raise AlarmError(f"{change.alias}: {change.fault or 'there is no card to be changed'}.")
    if change.half is None:
        half = issue(desk, change.devices, change.evidence, view.card)
        desk.relay.post(f"/card-changes/{b64u(change.contact)}/vouch", {"card": b64u(half.encode())})
        return False
    card = cosign(desk, change.half)
    card.follows(view.card)
    desk.relay.post("/cards", {"card": b64u(card.encode())})
    contacts.pin(desk, change.alias, card)
    contacts.take_note(desk, change.contact)
    desk.save()
    return True


def refuse(desk: Desk, change: Change) -> None:
    """Turns away a device that waits, or leaves the one on the card that was to be taken off."""
    desk.relay.post(f"/card-changes/{b64u(change.contact)}/refuse", {})


def _check(desk: Desk, answer: Answer) -> Change:
    contact = answer.octets("contact", 16)
    held, last = desk.state.contacts.get(b64u(contact)), contacts.held_card(desk, contact)
    # What the relay calls them must not decide whose device it is.
    one = Change(
        contact, held.alias if held else answer.text("alias"), added=bool(answer.maybe_octets("addition"))
    )
    if last is None:
        return replace(one, fault="this desk knows no card of theirs")
    try:
        half = _half(desk, answer)
        if half and half.body.evidence is Evidence.TWO_OFFICERS:
            one = replace(one, added=False, **_taken_off(half.body, last.body))
        else:
            one = replace(one, **_added(desk, answer, last))
        if half:
            half.check_half(last, one.devices, one.evidence)
        return replace(one, half=half)
    except CryptoError as wrong:
        return replace(one, fault=str(wrong))


def _half(desk: Desk, answer: Answer) -> Card | None:
    """What a first officer signed, while that officer stands; else None."""
    wire = answer.maybe_octets("card")
    card = Card.parse(wire) if wire else None
    try:
        if card:
            card.check_first(desk.roster)
    except Refused:
        return None
    return card


def _added(desk: Desk, answer: Answer, last: Card) -> dict[str, Any]:
    record = check_addition(answer.maybe_octets("addition"), last, desk.now()).record
    for wire in answer.many_octets("prekeys"):
        Prekey.from_holder(wire, record)
    return {"device": record.device, "devices": last.body.with_device(record)}


def _taken_off(half: CardBody, last: CardBody) -> dict[str, Any]:
    gone = [record.device for record in last.devices if record not in half.devices]
    if len(gone) != 1:
        raise Refused("the card does not take one device off")
    return {"device": gone[0], "devices": last.without_device(gone[0])}
