"""Device records: whose device it is, and the two public keys it speaks with (PROTOCOL section 2)."""

from dataclasses import dataclass
from enum import IntEnum

from crypto.record import Bytes16, Bytes32, Record


class OwnerKind(IntEnum):
    CONTACT = 1
    OFFICER = 2


@dataclass(frozen=True, slots=True)
class DeviceRecord(Record):
    """`sign_pk` is Ed25519; `dh_pk` is X25519, the HPKE sender key."""

    office: Bytes32
    owner_kind: OwnerKind
    owner: Bytes16
    device: Bytes16
    sign_pk: Bytes32
    dh_pk: Bytes32
