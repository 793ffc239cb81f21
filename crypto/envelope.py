"""Envelopes as they lie at the relay: a visible header, a sealed body, one wrap per reader (PROTOCOL section 5).

    0 version u8   1 suite u8   2 envelope id [16]   18 sender device [16]   34 time u64   42 expires u64
    50 bucket u8   51 urgency u8   52 key commitment [32]   84 body ciphertext [512·2^bucket + 16]
    then wrap count u16 and the wraps:
    0 holder_kind u8   1 holder [16]   17 prekey [16]   33 ML-KEM ciphertext [1088]   1121 HPKE enc [32]
    1153 form u8   1154 HPKE ciphertext [48 or 144]

No key ever comes here.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple, Self

from crypto.errors import Malformed, Refused
from crypto.prekey import Address, HolderKind
from crypto.record import MAX_TIME, ZERO_16

HEADER_SIZE: Final = 84
BUCKETS: Final = 8
STEP: Final = 900
MAX_LIFE: Final = 60 * 86400
MAX_WRAPS: Final = 0xFFFF
VERSION: Final = 1
SUITE: Final = 1
KEM_SIZE: Final = 1088
ENC_SIZE: Final = 32

_HEADER: Final = struct.Struct(">BB16s16sQQBB32s")
_WRAP_HEAD: Final = struct.Struct(">B16s16s1120xB")
_SEALED_SIZE: Final = (48, 144)
_WRAP_SIZE: Final = tuple([_WRAP_HEAD.size + size for size in _SEALED_SIZE])


class Urgency(IntEnum):
    ROUTINE = 0
    URGENT = 1


class Form(IntEnum):
    """Whether a wrap carries its recipient's own part."""

    BARE = 0
    OWN_PART = 1


def coarse(time: int) -> int:
    """A time as the header shows it: rounded down to 15 minutes."""
    return time - time % STEP


def padded_size(bucket: int) -> int:
    """Bytes of padded content in a bucket."""
    return 512 << bucket


def body_size(bucket: int) -> int:
    """Bytes of body ciphertext in a bucket."""
    return padded_size(bucket) + 16


@dataclass(frozen=True, slots=True)
class Header:
    """What everybody sees; it names the sender's device and no recipient."""

    envelope: bytes
    sender: bytes
    time: int
    expires: int
    bucket: int
    urgency: Urgency
    commitment: bytes

    def __post_init__(self) -> None:
        if (len(self.envelope), len(self.sender), len(self.commitment)) != (16, 16, 32):
            raise Malformed("a header field has the wrong length")
        if self.time % STEP or self.expires % STEP:
            raise Malformed("an envelope's times are multiples of 15 minutes")
        if not 0 <= self.time < self.expires <= min(self.time + MAX_LIFE, MAX_TIME):
            raise Malformed("an envelope lives at most 60 days")
        if not 0 <= self.bucket < BUCKETS:
            raise Malformed("an unknown size")

    def encode(self) -> bytes:
        """The 84 bytes."""
        return _HEADER.pack(
            VERSION,
            SUITE,
            self.envelope,
            self.sender,
            self.time,
            self.expires,
            self.bucket,
            self.urgency,
            self.commitment,
        )

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read exactly 84 bytes; raises Malformed."""
        if len(data) != HEADER_SIZE:
            raise Malformed("a header is 84 bytes")
        version, suite, envelope, sender, time, expires, bucket, urgency, commitment = _HEADER.unpack(data)
        if (version, suite) != (VERSION, SUITE):
            raise Malformed("an envelope of a version or suite this program does not know")
        if urgency > 1:
            raise Malformed("an unknown urgency")
        return cls(envelope, sender, time, expires, bucket, Urgency(urgency), commitment)


@dataclass(frozen=True, slots=True)
class Wrap:
    """The content key sealed to one prekey."""

    address: Address
    kem_ct: bytes
    enc: bytes
    form: Form
    ciphertext: bytes

    def __post_init__(self) -> None:
        if (len(self.kem_ct), len(self.enc)) != (KEM_SIZE, ENC_SIZE):
            raise Malformed("a wrap field has the wrong length")
        if len(self.ciphertext) != _SEALED_SIZE[self.form]:
            raise Malformed("a wrap has the wrong length for its form")
        _check_address(self.address)

    def encode(self) -> bytes:
        """1,202 or 1,298 bytes."""
        return encode_wrap(self.address, self.kem_ct, self.enc, self.form, self.ciphertext)

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read exactly one wrap; raises Malformed."""
        address, end = _wrap_head(data, 0)
        if end != len(data):
            raise Malformed("something stands after a wrap")
        return cls(address, data[33:1121], data[1121:1153], Form(data[1153]), data[1154:])


def encode_wrap(address: Address, kem_ct: bytes, enc: bytes, form: Form, ciphertext: bytes) -> bytes:
    """The bytes of a wrap whose parts are as long as they must be."""
    kind, holder, prekey = address
    return b"".join([bytes([kind]), holder, prekey, kem_ct, enc, bytes([form]), ciphertext])


class Split(NamedTuple):
    """An envelope cut for storing: `common` (header ‖ body) once, each wrap's bytes for its reader."""

    header: Header
    common: bytes
    wraps: tuple[tuple[Address, bytes], ...]


@dataclass(frozen=True, slots=True)
class Envelope:
    """A whole envelope. The relay, which never looks inside wraps, uses `split` and `join` instead."""

    header: Header
    body: bytes
    wraps: tuple[Wrap, ...]

    def __post_init__(self) -> None:
        if len(self.body) != body_size(self.header.bucket):
            raise Malformed("a body has the wrong length for its bucket")
        check_readers([wrap.address for wrap in self.wraps])

    def encode(self) -> bytes:
        """The envelope's bytes."""
        return assemble(self.header, self.body, [wrap.encode() for wrap in self.wraps])

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read exactly `data`; raises Malformed."""
        header, common, wraps = split(data)
        return cls(header, common[HEADER_SIZE:], tuple([Wrap.parse(wrap) for _, wrap in wraps]))

    def only(self, address: Address) -> Self:
        """The envelope with the wrap of one reader alone, as the relay serves it; Refused if there is none."""
        for wrap in self.wraps:
            if wrap.address == address:
                return type(self)(self.header, self.body, (wrap,))
        raise Refused("the envelope has no wrap for this reader")


def split(data: bytes, max_wraps: int = MAX_WRAPS) -> Split:
    """Check a whole envelope as strictly as `Envelope.parse` and cut it up; raises Malformed.

    Above `max_wraps` wraps it gives up at once.
    """
    header = Header.parse(data[:HEADER_SIZE])
    start = HEADER_SIZE + body_size(header.bucket)
    at = start + 2
    if len(data) < at:
        raise Malformed("an envelope is cut short")
    count = int.from_bytes(data[start:at], "big")
    if not 1 <= count <= max_wraps:
        raise Malformed("an envelope has too few or too many wraps")
    wraps: list[tuple[Address, bytes]] = []
    for _ in range(count):
        address, end = _wrap_head(data, at)
        wraps.append((address, data[at:end]))
        at = end
    if at != len(data):
        raise Malformed("something stands after the last wrap")
    check_readers([address for address, _ in wraps])
    return Split(header, data[:start], tuple(wraps))


def assemble(header: Header, body: bytes, wraps: Sequence[bytes]) -> bytes:
    """The bytes of an envelope whose parts were checked when they were made."""
    return b"".join([header.encode(), body, _count(len(wraps)), *wraps])


def join(common: bytes, wrap: bytes) -> bytes:
    """The envelope one reader is served: what `split` cut, with this wrap alone."""
    return common + _count(1) + wrap


def _count(number: int) -> bytes:
    return number.to_bytes(2, "big")


def _wrap_head(data: bytes, at: int) -> tuple[Address, int]:
    if len(data) < at + _WRAP_HEAD.size:
        raise Malformed("a wrap is cut short")
    kind, holder, prekey, form = _WRAP_HEAD.unpack_from(data, at)
    if form > 1:
        raise Malformed("an unknown form of wrap")
    end = at + _WRAP_SIZE[form]
    if len(data) < end:
        raise Malformed("a wrap is cut short")
    address = Address(_HOLDERS.get(kind, kind), holder, prekey)
    _check_address(address)
    return address, end


_HOLDERS: Final = {int(kind): kind for kind in HolderKind}


def _check_address(address: Address) -> None:
    kind, holder, prekey = address
    if kind not in _HOLDERS or (len(holder), len(prekey)) != (16, 16):
        raise Malformed("an unknown kind of holder")
    if kind == HolderKind.EPOCH and holder != ZERO_16:
        raise Malformed("an epoch has no holder")


def check_readers(addresses: Sequence[Address]) -> None:
    """Malformed unless an envelope may have these readers: some, not too many, each once."""
    if not 1 <= len(addresses) <= MAX_WRAPS:
        raise Malformed("an envelope has 1 to 65535 wraps")
    if len(set(addresses)) != len(addresses):
        raise Malformed("two wraps for one reader")
