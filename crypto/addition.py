"""A contact's further device, asked for by one that the contact's card names (PROTOCOL section 3)."""

from dataclasses import dataclass
from typing import ClassVar, Final

from crypto.card import Card
from crypto.device import DeviceRecord, OwnerKind
from crypto.errors import Malformed, Refused
from crypto.record import Bytes16, Bytes32, Time
from crypto.signature import Signable

SLACK: Final = 3600
"""Seconds by which a phone's clock may run ahead."""
MOST_DEVICES: Final = 3
"""Of one contact, whoever waits included."""


@dataclass(frozen=True, slots=True)
class Addition(Signable):
    """`device` signs that `record` is another device of its owner's."""

    PURPOSE: ClassVar[str] = "add device"

    office: Bytes32
    contact: Bytes16
    device: Bytes16
    record: DeviceRecord
    at: Time

    def _relate(self) -> None:
        new = self.record
        if (new.office, new.owner_kind, new.owner) != (self.office, OwnerKind.CONTACT, self.contact):
            raise Malformed("the device that is added is somebody else's")
        if new.device == self.device:
            raise Malformed("a device does not add itself")


def check_addition(wire: bytes, held: Card, now: int) -> Addition:
    """The addition in `wire`, for the contact whose newest card is `held`. Raises Malformed or Refused.

    It has to be newer than the card: what was asked for before a device was taken off it counts for nothing.
    """
    peeked = Addition.peek(wire)
    body = held.body
    if (peeked.office, peeked.contact) != (body.office, body.contact):
        raise Refused("the addition is another contact's")
    signer = next((record for record in body.devices if record.device == peeked.device), None)
    if signer is None:
        raise Refused("the device that asks is not on the contact's card")
    addition = Addition.open(wire, signer.sign_pk)
    for record in body.devices:
        new = addition.record
        if new.device == record.device or new.sign_pk == record.sign_pk or new.dh_pk == record.dh_pk:
            raise Refused("the card has this device, or its keys, already")
    if len(body.devices) >= MOST_DEVICES:
        raise Refused("the contact has as many devices as there may be")
    if not body.issued < addition.at <= now + SLACK:
        raise Refused("the addition is older than the card, or of a time to come")
    return addition
