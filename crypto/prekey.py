"""Prekeys: the short-lived public keys that others seal to (PROTOCOL section 2)."""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Final, NamedTuple, Self

from crypto.device import DeviceRecord
from crypto.errors import Malformed, Refused
from crypto.record import U64, ZERO_16, Bytes16, Bytes32, KemPublic, Time
from crypto.signature import Signable

LONGEST_LIFE: Final = 90 * 86400
CLOCK_SLACK: Final = 3600


class HolderKind(IntEnum):
    DEVICE = 1
    EPOCH = 2


class Address(NamedTuple):
    """Where a wrap goes: what stands visibly before it."""

    kind: HolderKind
    holder: bytes
    prekey: bytes


@dataclass(frozen=True, slots=True)
class Prekey(Signable):
    """A device's prekey travels signed by its holder; an office's epoch stands in the roster."""

    PURPOSE: ClassVar[str] = "prekey"

    office: Bytes32
    holder_kind: HolderKind
    holder: Bytes16
    prekey: Bytes16
    sequence: U64
    created: Time
    seal_until: Time
    delete_at: Time
    dh_pk: Bytes32
    kem_pk: KemPublic

    def _relate(self) -> None:
        if not self.created < self.seal_until <= self.delete_at <= self.created + LONGEST_LIFE:
            raise Malformed("a prekey's times are out of order")
        if self.holder_kind is HolderKind.EPOCH and self.holder != ZERO_16:
            raise Malformed("an epoch has no holder")

    @property
    def address(self) -> Address:
        """How a wrap for this prekey is addressed."""
        return Address(self.holder_kind, self.holder, self.prekey)

    @classmethod
    def from_holder(cls, wire: bytes, device: DeviceRecord) -> Self:
        """A device's signed prekey; Refused unless `device` signed it as its holder."""
        prekey = cls.open(wire, device.sign_pk)
        mine = (device.office, HolderKind.DEVICE, device.device)
        if (prekey.office, prekey.holder_kind, prekey.holder) != mine:
            raise Refused("the prekey belongs to another holder")
        return prekey

    def check_usable(self, now: int, seen: int = 0) -> None:
        """Refused unless a sender may seal to it at `now`, having seen sequence `seen` from this holder."""
        if not self.created - CLOCK_SLACK <= now < self.seal_until:
            raise Refused("the prekey is not in its time: fetch a newer one")
        if self.sequence < seen:
            raise Refused("the prekey is older than one seen before")
