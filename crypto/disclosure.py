"""Passing on what somebody told their office, by their own signed consent, and taking it back (PROTOCOL section 13)."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Final

from crypto.casefile import FAMILY, Fields
from crypto.device import DeviceRecord, OwnerKind
from crypto.errors import Malformed, Refused
from crypto.record import Bytes16, Bytes32, Listed, Nested, Record, Time, Utf8
from crypto.roster import Entry, Pin, Role, Roster
from crypto.signature import Signable, SignedField
from crypto.statement import SHARING, Assent, Consent, Group, check_statement

CLOCK_SLACK: Final = 3600
READERS: Final = Role.COORDINATOR | Role.CASEWORKER


@dataclass(frozen=True, slots=True)
class Disclosure(Record):
    """Fields of a contact's case file, with the consents they rest on and the devices that signed those."""

    alias: Annotated[str, Utf8(24)]
    devices: Annotated[
        tuple[DeviceRecord, ...],
        Listed(Nested(DeviceRecord), least=1, most=8, key=lambda record: record.device),
    ]
    consents: Annotated[
        tuple[bytes, ...],
        Listed(SignedField(Consent), least=1, most=8, key=lambda wire: Consent.peek(wire).fields.encode()),
    ]
    fields: Fields

    def _relate(self) -> None:
        first = self.devices[0]
        if first.owner_kind is not OwnerKind.CONTACT or any(
            (each.office, each.owner_kind, each.owner) != (first.office, first.owner_kind, first.owner)
            for each in self.devices
        ):
            raise Malformed("a disclosure is about one contact, by their devices")
        if not self.fields or not all(field.text for field in self.fields):
            raise Malformed("a disclosure without a field, or with an empty one")

    @property
    def office(self) -> bytes:
        return self.devices[0].office

    @property
    def contact(self) -> bytes:
        return self.devices[0].owner

    @property
    def groups(self) -> list[str]:
        """The groups of fields that are in it, each once, in order."""
        return sorted({field.group for field in self.fields})

    def device(self, id_: bytes) -> DeviceRecord | None:
        return next((each for each in self.devices if each.device == id_), None)


@dataclass(frozen=True, slots=True)
class Acknowledgement(Signable):
    """By an officer of the office that got it: what was disclosed in that envelope has been destroyed there.

    `fields` is the group of fields that was taken back, or ALL for the whole.
    """

    PURPOSE: ClassVar[str] = "acknowledge"

    recipient: Bytes32
    envelope: Bytes16
    fields: Group
    device: Bytes16
    at: Time


def check_disclosure(disclosure: Disclosure, *, office: bytes, to: bytes, now: int) -> None:
    """What both offices check: each field rests on a consent of the contact to just this, and it stands now.

    `office` passes it on (its officers vouch for the device records: theirs is the proof around it). Raises Refused.
    """
    if disclosure.office != office:
        raise Refused("the contact is another office's")
    consented = {_consented(disclosure, wire, to, now) for wire in disclosure.consents}
    if not set(disclosure.groups) <= consented:
        raise Refused("a field is passed on that nobody consented to")


def check_withdrawal(disclosure: Disclosure, wire: bytes, *, to: bytes, now: int) -> str:
    """The group of fields which this statement, signed by the contact, takes back; or whose consent is over.

    A guardian's or a minor's no takes back what tells of the family. Raises Malformed or Refused.
    """
    if (assent := _assent(disclosure, wire)) is not None:
        if assent.permits and now < assent.lapses:
            raise Refused("this assent stands")
        return FAMILY
    said = _said(disclosure, wire, to)
    if said.given and now < said.lapses:
        raise Refused("this consent stands")
    return said.fields


def check_acknowledgement(wire: bytes, *, roster: Roster, pin: Pin) -> tuple[Acknowledgement, Entry]:
    """An acknowledgement by an officer of the office pinned, and whose it is. Raises Malformed or Refused."""
    named = Acknowledgement.peek(wire)
    if not named.recipient == pin.office == roster.office:
        raise Refused("the acknowledgement is another office's")
    entry = roster.standing(named.device, named.at, READERS, slack=CLOCK_SLACK)
    return Acknowledgement.open(wire, entry.device.sign_pk), entry


def _consented(disclosure: Disclosure, wire: bytes, to: bytes, now: int) -> str:
    said = _said(disclosure, wire, to)
    if not said.given or not said.at - CLOCK_SLACK <= now < said.lapses:
        raise Refused("a consent it rests on does not stand")
    return said.fields


def _said(disclosure: Disclosure, wire: bytes, to: bytes) -> Consent:
    said = check_statement(wire, Consent, _signer(disclosure, Consent.peek(wire)))
    if (said.purpose, said.recipient) != (SHARING, to):
        raise Refused("a consent to something else")
    return said


def _assent(disclosure: Disclosure, wire: bytes) -> Assent | None:
    """The assent in `wire`; None if it is another statement."""
    try:
        named = Assent.peek(wire)
    except Malformed:
        return None
    return check_statement(wire, Assent, _signer(disclosure, named))


def _signer(disclosure: Disclosure, named: Consent | Assent) -> DeviceRecord:
    record = disclosure.device(named.device)
    if record is None:
        raise Refused("a statement by a device that is not enclosed")
    return record
