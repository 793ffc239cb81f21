"""Contact cards: which devices a contact has, vouched for by officers and chained per contact (PROTOCOL 4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Annotated, ClassVar, Final, Self

from crypto.device import DeviceRecord, OwnerKind
from crypto.errors import Malformed, Refused
from crypto.record import (
    ZERO_32,
    Bytes16,
    Bytes32,
    Count,
    Listed,
    Nested,
    Octets,
    Record,
    Signature,
    Time,
)
from crypto.roster import Entry, Role, Roster
from crypto.signature import Signable, check, sign

_MAY_CERTIFY: Final = Role.COORDINATOR | Role.CASEWORKER
_COSIGN: Final = "cosign card"


class Evidence(IntEnum):
    """What the certifying officer relied on."""

    LETTER = 1
    NUMBER = 2
    OLD_DEVICE = 3
    TWO_OFFICERS = 4


@dataclass(frozen=True, slots=True)
class CardBody(Signable):
    """What is certified; `hash` chains cards and is named in removals."""

    PURPOSE: ClassVar[str] = "card"

    office: Bytes32
    contact: Bytes16
    serial: Count
    prev: Bytes32
    certifier: Bytes16
    counter: Count
    devices: Annotated[
        tuple[DeviceRecord, ...], Listed(Nested(DeviceRecord), least=1, most=8, key=lambda d: d.device)
    ]
    evidence: Evidence
    issued: Time

    def with_device(self, record: DeviceRecord) -> tuple[DeviceRecord, ...]:
        """The devices of the next card that adds this one."""
        return tuple(sorted((*self.devices, record), key=lambda each: each.device))

    def without_device(self, device: bytes) -> tuple[DeviceRecord, ...]:
        """The devices of the next card that takes this one off."""
        return tuple(record for record in self.devices if record.device != device)

    def _relate(self) -> None:
        if (self.serial == 1) != (self.prev == ZERO_32):
            raise Malformed("exactly the first card has no predecessor")
        for device in self.devices:
            if (device.office, device.owner_kind, device.owner) != (
                self.office,
                OwnerKind.CONTACT,
                self.contact,
            ):
                raise Malformed("a card names a device that is not its contact's")


@dataclass(frozen=True, slots=True)
class Card(Record):
    """A card as it travels: body, certifier's signature, and a cosigner's from serial 2 on."""

    body: CardBody
    signature: Signature
    cosigner: Annotated[bytes, Octets((0, 16))] = b""
    cosignature: Annotated[bytes, Octets((0, 64))] = b""

    def _relate(self) -> None:
        if bool(self.cosigner) != bool(self.cosignature):
            raise Malformed("a cosigner without a signature, or the other way round")

    @classmethod
    def issue(cls, body: CardBody, seed: bytes) -> Self:
        """The card signed by its certifier's 32-byte seed."""
        return cls(body, sign(body.PURPOSE, body.encode(), seed))

    def cosign(self, device: bytes, seed: bytes) -> Self:
        """The card with a second officer's device and signature."""
        return type(self)(self.body, self.signature, device, sign(_COSIGN, self.body.encode(), seed))

    def check(self, roster: Roster, former: Iterable[Entry] = ()) -> None:
        """Refused unless the officers who signed may vouch for the contact.

        `former` are entries of since removed devices, remembered from older rosters the verifier followed.
        """
        body = self.body
        certifier = self.check_first(roster, former)
        if not self.cosigner:
            if body.serial > 1:
                raise Refused("a changed card needs a second officer's signature")
            return
        cosigner = roster.standing(self.cosigner, body.issued, _MAY_CERTIFY)
        if cosigner.officer == certifier.officer:
            raise Refused("both signatures on the card are one officer's")
        check(_COSIGN, body.encode(), self.cosignature, cosigner.device.sign_pk)

    def check_first(self, roster: Roster, former: Iterable[Entry] = ()) -> Entry:
        """The certifier's entry; Refused unless that officer may vouch and signed. What a second one adds is open."""
        body = self.body
        if body.office != roster.office:
            raise Refused("the card is another office's")
        certifier = self._certifier(roster, former)
        check(body.PURPOSE, body.encode(), self.signature, certifier.device.sign_pk)
        return certifier

    def _certifier(self, roster: Roster, former: Iterable[Entry]) -> Entry:
        body = self.body
        removal = roster.removal(body.certifier)
        if removal is None:
            return roster.standing(body.certifier, body.issued, _MAY_CERTIFY)
        if body.counter > removal.last_counter:
            raise Refused("the card was made by a removed device after its last trusted one")
        if body.counter == removal.last_counter and body.hash != removal.last_card:
            raise Refused("the card is not the removed device's last trusted one")
        for entry in former:
            if (
                entry.device.device == body.certifier
                and entry.stands(body.issued)
                and entry.roles & _MAY_CERTIFY
            ):
                return entry
        raise Refused("the card's officer has been removed and is not known from before")

    def follows(self, held: "Card | None") -> None:
        """Refused unless the card may take the place of the one held: never an older one, never a fork."""
        if held is None:
            return
        mine, theirs = self.body, held.body
        if (mine.office, mine.contact) != (theirs.office, theirs.contact):
            raise Refused("the card is another contact's")
        if mine.serial < theirs.serial:
            raise Refused("the card is older than the one held")
        if mine.serial == theirs.serial and mine.hash != theirs.hash:
            raise Refused("there are two cards of one serial")
        if mine.serial == theirs.serial + 1 and mine.prev != theirs.hash:
            raise Refused("the card does not follow the one held")

    def check_referral(self) -> None:
        """Refused unless the card may be the first of somebody who came without a letter.

        Two officers vouch, after the comparison number was read out; that both signatures hold is for `check`.
        """
        if not self.cosigner:
            raise Refused("without a letter, a first card needs a second officer's signature")
        if self.body.evidence is not Evidence.NUMBER:
            raise Refused("without a letter, a first card rests on the comparison number")

    def check_half(self, held: "Card", devices: tuple[DeviceRecord, ...], evidence: Evidence) -> None:
        """Refused unless it is the very next card, of exactly these devices, and waits for a second officer.

        That the first officer's signature holds is for `check_first`.
        """
        body, last = self.body, held.body
        if self.cosigner or (body.office, body.contact) != (last.office, last.contact):
            raise Refused("the card is another contact's, or has two signatures already")
        if (body.serial, body.prev) != (last.serial + 1, last.hash):
            raise Refused("the card does not follow the one held")
        if body.devices != devices:
            raise Refused("the card does not name exactly the devices that it is for")
        if body.evidence is not evidence:
            raise Refused("the card rests on other evidence than what such a change takes")

    def names(self, device: DeviceRecord) -> None:
        """Refused unless the card is this device's contact's and names exactly this device record."""
        if self.body.contact != device.owner:
            raise Refused("the card is another contact's")
        if device not in self.body.devices:
            raise Refused("the card does not name this phone's keys")


def accept(
    card: Card, roster: Roster, own: DeviceRecord, held: Card | None, former: Iterable[Entry] = ()
) -> None:
    """All that a phone with device record `own`, holding `held`, checks of a card; raises Refused."""
    card.check(roster, former)
    card.names(own)
    card.follows(held)
