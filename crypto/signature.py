"""Ed25519: signing, strict cofactorless verification, and what travels as `signed(purpose, x)` (PROTOCOL 1)."""

from dataclasses import dataclass
from typing import ClassVar, Self

from nacl import bindings
from nacl.exceptions import CryptoError as NaclError

from crypto.encoding import digest, domain
from crypto.errors import Malformed, Refused
from crypto.record import Record, rec, unrec


def public_key(seed: bytes) -> bytes:
    """The Ed25519 public key of a 32-byte seed."""
    return bindings.crypto_sign_seed_keypair(seed)[0]


def sign(purpose: str, data: bytes, seed: bytes) -> bytes:
    """`sign(purpose, data)` by the key of a 32-byte seed; 64 bytes."""
    return sign_raw(domain(purpose) + data, seed)


def sign_raw(message: bytes, seed: bytes) -> bytes:
    """A bare RFC 8032 signature, for HTTP requests; everything else signs for a purpose."""
    secret = bindings.crypto_sign_seed_keypair(seed)[1]
    return bindings.crypto_sign(message, secret)[:64]


def check(purpose: str, data: bytes, signature: bytes, public: bytes) -> None:
    """Refused unless `signature` is `sign(purpose, data)` under `public`."""
    verify(public, domain(purpose) + data, signature)


def verify(public: bytes, message: bytes, signature: bytes) -> None:
    """Strict verification of a bare signature; raises Refused.

    libsodium's rule is the protocol's: canonical A and S, no small order, and `encode(S·B − k·A)` equal to R byte for
    byte, which only a canonical R can be. Its later versions may turn cofactored; the vectors would tell.
    """
    if len(public) != 32 or len(signature) != 64:
        raise Refused("a key or signature has the wrong length")
    try:
        bindings.crypto_sign_open(signature + message, public)
    except (NaclError, ValueError):
        raise Refused("a signature does not verify") from None


def signed(purpose: str, data: bytes, seed: bytes) -> bytes:
    """`rec(data, sign(purpose, data))`."""
    return rec(data, sign(purpose, data, seed))


def parse_signed(wire: bytes) -> tuple[bytes, bytes]:
    """The two fields of `signed(…)`, nothing verified; raises Malformed."""
    data, signature = unrec(wire, 2)
    if len(signature) != 64:
        raise Malformed("a signature is 64 bytes")
    return data, signature


class Signable(Record):
    """A record that travels as `signed(PURPOSE, record)`."""

    __slots__ = ()
    PURPOSE: ClassVar[str]
    MOST: ClassVar[int | None] = None

    @property
    def hash(self) -> bytes:
        """`H(PURPOSE, record)`."""
        return digest(self.PURPOSE, self.encode())

    def sign(self, seed: bytes) -> bytes:
        """The wire form, signed with a 32-byte seed."""
        return signed(self.PURPOSE, self.encode(), seed)

    @classmethod
    def peek(cls, wire: bytes) -> Self:
        """The record WITHOUT verifying it, to learn whose key to verify with; raises Malformed."""
        if cls.MOST is not None and len(wire) > cls.MOST:
            raise Malformed(f"larger than {cls.MOST} bytes")
        return cls.parse(parse_signed(wire)[0])

    @classmethod
    def open(cls, wire: bytes, public: bytes) -> Self:
        """The record, verified under `public`; raises Malformed or Refused."""
        record = cls.peek(wire)
        data, signature = parse_signed(wire)
        check(cls.PURPOSE, data, signature, public)
        return record


@dataclass(frozen=True)
class SignedField:
    """A field holding the wire form of `kind`: parsed, so that nothing malformed hides in it, but not verified."""

    kind: type[Signable]

    def check(self, value: object) -> None:
        if not isinstance(value, bytes):
            raise Malformed("bytes are needed")
        self.kind.peek(value)

    def write(self, value: bytes) -> bytes:
        return value

    def read(self, data: bytes) -> bytes:
        return data
