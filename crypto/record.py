"""Records: the one encoding under everything hashed or signed (PROTOCOL section 1).

A record class *declares* its fields in the order of the protocol's text; encoding, strict parsing and the
checks on construction all come from that declaration:

    @dataclass(frozen=True, slots=True)
    class Wipe(Record):
        office: Bytes32
        at: Time
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from enum import Enum
from itertools import pairwise
from operator import attrgetter
from re import Pattern
from struct import Struct, calcsize
from typing import Annotated, Any, Protocol, Self, TypeVar, get_args, get_type_hints

from crypto.errors import Malformed

MAX_U64 = 2**53 - 1
MAX_TIME = 253_402_300_799  # the end of the year 9999
ZERO_16, ZERO_32 = bytes(16), bytes(32)


def rec(*parts: bytes) -> bytes:
    """`lp(f1) ‖ … ‖ lp(fn)`."""
    return b"".join([len(part).to_bytes(4, "big") + part for part in parts])


def unrec(data: bytes, count: int | None = None) -> list[bytes]:
    """The fields of a record; Malformed unless they fill `data` exactly and are `count` in number."""
    parts: list[bytes] = []
    at, end = 0, len(data)
    while at < end:
        start = at + 4
        stop = start + int.from_bytes(data[at:start], "big")
        if start > end or stop > end:
            raise Malformed("a record is cut short")
        parts.append(data[start:stop])
        at = stop
    if count is not None and len(parts) != count:
        raise Malformed(f"a record has {len(parts)} fields instead of {count}")
    return parts


def unsigned64(value: int) -> bytes:
    """A u64 on its own; Malformed outside 0 … 2⁵³ − 1."""
    codec = Unsigned(8, MAX_U64)
    codec.check(value)
    return codec.write(value)


T = TypeVar("T")


class Codec(Protocol[T]):
    """How one kind of field is checked, written and read; `check` and `read` raise Malformed."""

    def check(self, value: object) -> None: ...
    def write(self, value: T) -> bytes: ...
    def read(self, data: bytes) -> T: ...


@dataclass(frozen=True)
class Octets:
    """Bytes of one of the lengths given, or of any length up to `most`."""

    lengths: tuple[int, ...] = ()
    most: int | None = None

    def check(self, value: object) -> None:
        if not isinstance(value, bytes):
            raise Malformed("bytes are needed")
        if (self.lengths and len(value) not in self.lengths) or (
            self.most is not None and len(value) > self.most
        ):
            raise Malformed(f"a field of {len(value)} bytes has the wrong length")

    def write(self, value: bytes) -> bytes:
        return value

    def read(self, data: bytes) -> bytes:
        return data


@dataclass(frozen=True)
class Unsigned:
    """A big-endian integer of `width` bytes between `least` and `most`."""

    width: int
    most: int
    least: int = 0

    def check(self, value: object) -> None:
        if not isinstance(value, int) or not self.least <= value <= self.most:
            raise Malformed("a number is out of its range")

    def write(self, value: int) -> bytes:
        return value.to_bytes(self.width, "big")

    def read(self, data: bytes) -> int:
        if len(data) != self.width:
            raise Malformed("an integer has the wrong width")
        return int.from_bytes(data, "big")


@dataclass(frozen=True)
class Choice:
    """A u8 standing for a member of `kind` (an IntEnum, a strict IntFlag, or bool)."""

    kind: type[Any]

    def check(self, value: object) -> None:
        if not isinstance(value, self.kind):
            raise Malformed("a value of another kind")

    def write(self, value: int) -> bytes:
        return bytes([int(value)])

    def read(self, data: bytes) -> int:
        if len(data) != 1:
            raise Malformed("an integer has the wrong width")
        try:
            value: int = self.kind(data[0])
        except ValueError:
            raise Malformed("an unknown kind") from None
        if int(value) != data[0]:
            raise Malformed("an unknown kind")
        return value


@dataclass(frozen=True)
class Utf8:
    """Text of at most `most` bytes, matching `pattern` where there is one."""

    most: int | None = None
    pattern: Pattern[str] | None = None

    def check(self, value: object) -> None:
        if not isinstance(value, str):
            raise Malformed("text is needed")
        if self.most is not None and len(self.write(value)) > self.most:
            raise Malformed("a text is too long")
        if self.pattern is not None and not self.pattern.fullmatch(value):
            raise Malformed("a code has the wrong form")

    def write(self, value: str) -> bytes:
        try:
            return value.encode()
        except UnicodeEncodeError:
            raise Malformed("a text cannot be written as UTF-8") from None

    def read(self, data: bytes) -> str:
        try:
            return data.decode()
        except UnicodeDecodeError:
            raise Malformed("a text is not valid UTF-8") from None


@dataclass(frozen=True)
class Nested:
    """Another record as one field."""

    kind: type["Record"]

    def check(self, value: object) -> None:
        if not isinstance(value, self.kind):
            raise Malformed("a record of another kind")

    def write(self, value: "Record") -> bytes:
        return value.encode()

    def read(self, data: bytes) -> "Record":
        return self.kind.parse(data)


@dataclass(frozen=True)
class Listed:
    """A tuple of items, `least` to `most` of them, strictly ascending by `key` where there is one."""

    item: Codec[Any]
    least: int = 0
    most: int | None = None
    key: Callable[[Any], Any] | None = None

    def check(self, value: object) -> None:
        if not isinstance(value, tuple):
            raise Malformed("a tuple is needed")
        if len(value) < self.least or (self.most is not None and len(value) > self.most):
            raise Malformed("a list has too few or too many items")
        for entry in value:
            self.item.check(entry)
        if self.key is not None:
            keys = [self.key(entry) for entry in value]
            if any(a >= b for a, b in pairwise(keys)):
                raise Malformed("a list is out of order or names something twice")

    def write(self, value: tuple[Any, ...]) -> bytes:
        return rec(*[self.item.write(entry) for entry in value])

    def read(self, data: bytes) -> tuple[Any, ...]:
        return tuple([self.item.read(part) for part in unrec(data)])


Bytes16 = Annotated[bytes, Octets((16,))]
Bytes32 = Annotated[bytes, Octets((32,))]
Signature = Annotated[bytes, Octets((64,))]
KemPublic = Annotated[bytes, Octets((1184,))]
Blob = Annotated[bytes, Octets()]
U8 = Annotated[int, Unsigned(1, 0xFF)]
U32 = Annotated[int, Unsigned(4, 0xFFFF_FFFF)]
U64 = Annotated[int, Unsigned(8, MAX_U64)]
Count = Annotated[int, Unsigned(8, MAX_U64, least=1)]
Time = Annotated[int, Unsigned(8, MAX_TIME)]
Text = Annotated[str, Utf8()]
Flag = Annotated[bool, Choice(bool)]


class Record:
    """A frozen, slotted dataclass whose annotations are its encoding."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for name, codec in _shape(type(self)):
            codec.check(getattr(self, name))
        self._relate()

    def _relate(self) -> None:
        """Rules between the record's own fields; raises Malformed."""

    def encode(self) -> bytes:
        """The record's bytes."""
        packed = _packed(type(self))
        if packed is None:
            return rec(*[codec.write(getattr(self, name)) for name, codec in _shape(type(self))])
        # A third of the time; sealing encodes a prekey for every recipient.
        values, sizes, struct = packed
        parts = sizes.copy()
        parts[1::2] = values(self)
        return struct.pack(*parts)

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read exactly `data`. Raises Malformed, and nothing else."""
        shape = _shape(cls)
        parts = unrec(data, len(shape))
        return cls(*[codec.read(part) for (_, codec), part in zip(shape, parts, strict=True)])


_shapes: dict[type, tuple[tuple[str, Codec[Any]], ...]] = {}


def _shape(kind: type) -> tuple[tuple[str, Codec[Any]], ...]:
    if kind not in _shapes:
        hints = get_type_hints(kind, include_extras=True)
        _shapes[kind] = tuple([(field.name, _codec(hints[field.name])) for field in dataclass_fields(kind)])
    return _shapes[kind]


_Packed = tuple[Callable[[Any], tuple[Any, ...]], list[Any], Struct]
_packings: dict[type, _Packed | None] = {}


def _packed(kind: type) -> _Packed | None:
    """Of a record whose fields all have one size: what takes their values, each size with a place, and the format."""
    if kind not in _packings:
        _packings[kind] = _packing(_shape(kind))
    return _packings[kind]


def _packing(shape: Sequence[tuple[str, Codec[Any]]]) -> _Packed | None:
    forms = [_form(codec) for _, codec in shape]
    if None in forms or len(forms) < 2:  # of one attribute attrgetter gives no tuple
        return None
    sizes = [each for form in forms for each in (calcsize(f">{form}"), None)]
    return (
        attrgetter(*[name for name, _ in shape]),
        sizes,
        Struct(">" + "".join(f"I{form}" for form in forms)),
    )


def _form(codec: Codec[Any]) -> str | None:
    """The field in the language of `struct`; None when its size varies."""
    if isinstance(codec, Octets) and len(codec.lengths) == 1:
        return f"{codec.lengths[0]}s"
    if isinstance(codec, Unsigned):
        return {1: "B", 4: "I", 8: "Q"}.get(codec.width)
    return "B" if isinstance(codec, Choice) else None


def _codec(hint: object) -> Codec[Any]:
    if isinstance(hint, type) and issubclass(hint, Record):
        return Nested(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return Choice(hint)
    codec: Codec[Any] = get_args(hint)[1]
    return codec
