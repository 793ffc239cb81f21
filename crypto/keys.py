"""Private keys and how they are made: for phones and desks, never for the relay (PROTOCOL sections 2, 11)."""

import secrets
from dataclasses import dataclass
from typing import Annotated, Self

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from nacl import bindings

from crypto.device import DeviceRecord, OwnerKind
from crypto.encoding import new_id
from crypto.errors import Refused
from crypto.prekey import HolderKind, Prekey
from crypto.record import ZERO_16, Bytes32, Octets, Record
from crypto.roster import Root, Succession, successor_commit
from crypto.signature import public_key


def dh_public(dh_sk: bytes) -> bytes:
    """The X25519 public key of a 32-byte private key."""
    return bindings.crypto_scalarmult_base(dh_sk)


def kem_public(kem_seed: bytes) -> bytes:
    """The ML-KEM-768 public key of a 64-byte seed `d ‖ z`."""
    return MLKEM768PrivateKey.from_seed_bytes(kem_seed).public_key().public_bytes_raw()


@dataclass(frozen=True, slots=True)
class DeviceKeys(Record):
    """A device's record and private halves; `encode` is for sealed key files alone."""

    record: DeviceRecord
    sign_seed: Bytes32
    dh_sk: Bytes32

    def _relate(self) -> None:
        if (public_key(self.sign_seed), dh_public(self.dh_sk)) != (self.record.sign_pk, self.record.dh_pk):
            raise Refused("the private keys are not this device's")

    def __repr__(self) -> str:
        return "DeviceKeys(…)"

    @classmethod
    def generate(
        cls, office: bytes, owner_kind: OwnerKind, owner: bytes, device: bytes | None = None
    ) -> Self:
        """New keys for a device of `owner` (a contact or officer id)."""
        sign_seed, dh_sk = secrets.token_bytes(32), secrets.token_bytes(32)
        record = DeviceRecord(
            office, owner_kind, owner, device or new_id(), public_key(sign_seed), dh_public(dh_sk)
        )
        return cls(record, sign_seed, dh_sk)


@dataclass(frozen=True, slots=True)
class PrekeyPair(Record):
    """A prekey with its private halves, to be destroyed at `prekey.delete_at`.

    Reading one recomputes the public halves, so that a grant or file that does not fit is Refused (section 6).
    """

    prekey: Prekey
    dh_sk: Bytes32
    kem_seed: Annotated[bytes, Octets((64,))]

    def _relate(self) -> None:
        if (dh_public(self.dh_sk), kem_public(self.kem_seed)) != (self.prekey.dh_pk, self.prekey.kem_pk):
            raise Refused("the private keys are not this prekey's")

    def __repr__(self) -> str:
        return "PrekeyPair(…)"

    @classmethod
    def generate(
        cls,
        office: bytes,
        holder_kind: HolderKind,
        holder: bytes = ZERO_16,
        *,
        prekey: bytes | None = None,
        sequence: int,
        created: int,
        seal_until: int,
        delete_at: int,
    ) -> Self:
        """A new pair; times in unix seconds."""
        dh_sk, kem_seed = secrets.token_bytes(32), secrets.token_bytes(64)
        record = Prekey(
            office=office,
            holder_kind=holder_kind,
            holder=holder,
            prekey=prekey or new_id(),
            sequence=sequence,
            created=created,
            seal_until=seal_until,
            delete_at=delete_at,
            dh_pk=dh_public(dh_sk),
            kem_pk=kem_public(kem_seed),
        )
        return cls(record, dh_sk, kem_seed)


@dataclass(frozen=True, slots=True)
class RootKeys(Record):
    """An office's root key and the successor it commits to; kept on a medium of their own."""

    seed: Bytes32
    successor_seed: Bytes32

    def __repr__(self) -> str:
        return "RootKeys(…)"

    @classmethod
    def generate(cls) -> Self:
        """A new root with its successor."""
        return cls(secrets.token_bytes(32), secrets.token_bytes(32))

    @property
    def root(self) -> Root:
        """The root record."""
        return Root(public_key(self.seed), successor_commit(public_key(self.successor_seed)))

    @property
    def office(self) -> bytes:
        """The office id, when this is the office's first root."""
        return self.root.office

    def succeed(self, next_seed: bytes | None = None) -> Self:
        """The keys after succession: the successor takes over and commits to a new one."""
        return type(self)(self.successor_seed, next_seed or secrets.token_bytes(32))

    def succession(self, office: bytes, previous: bytes) -> bytes:
        """The signed succession from the root key `previous` to this root."""
        return Succession(office, previous, self.root).sign(self.seed)
