"""Armour: envelopes, rosters and requests as text for a chat message or a `.qasid` document (PROTOCOL section 9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Annotated, ClassVar, Final

from crypto.encoding import b64u, digest, unb64u
from crypto.envelope import split
from crypto.errors import Malformed
from crypto.record import U64, Blob, Bytes16, Listed, Octets, Time, rec, unrec
from crypto.roster import Roster
from crypto.signature import Signable

BEGINNING: Final = "qasid1."
_SPACE: Final = dict.fromkeys(b"\t\n\v\f\r ")


class Kind(IntEnum):
    ENVELOPE = 1
    UPLOAD = 2
    FETCH = 3
    ACKNOWLEDGE = 4
    ROSTERS = 5
    FOLLOW = 6


@dataclass(frozen=True, slots=True)
class Upload(Signable):
    """An envelope handed in by the device that sealed it."""

    PURPOSE: ClassVar[str] = "upload"

    device: Bytes16
    at: Time
    envelope: Blob

    def _relate(self) -> None:
        if split(self.envelope).header.sender != self.device:
            raise Malformed("an envelope is handed in by the device that sealed it")


@dataclass(frozen=True, slots=True)
class Fetch(Signable):
    """A device asks for what waits for it."""

    PURPOSE: ClassVar[str] = "fetch"

    device: Bytes16
    at: Time
    nonce: Bytes16


@dataclass(frozen=True, slots=True)
class Acknowledge(Signable):
    """A device keeps these envelopes, and asks for what else waits for it. With 100 of them it fits a message."""

    PURPOSE: ClassVar[str] = "acknowledge"

    device: Bytes16
    at: Time
    nonce: Bytes16
    kept: Annotated[tuple[bytes, ...], Listed(Octets((16,)), least=1, most=100, key=bytes)]


@dataclass(frozen=True, slots=True)
class Follow(Signable):
    """A device asks for the rosters after the one it follows, and for what waits for it."""

    PURPOSE: ClassVar[str] = "follow"

    device: Bytes16
    at: Time
    nonce: Bytes16
    version: U64


Request = Upload | Fetch | Acknowledge | Follow
REQUESTS: Final[dict[Kind, type[Request]]] = {
    Kind.UPLOAD: Upload,
    Kind.FETCH: Fetch,
    Kind.ACKNOWLEDGE: Acknowledge,
    Kind.FOLLOW: Follow,
}


MOST_ROSTERS: Final = 100


def dress_rosters(wires: Sequence[bytes]) -> str:
    """The text of signed rosters of one office, each the one after the one before; Malformed if they are not."""
    return dress(Kind.ROSTERS, rec(*wires))


def dress(kind: Kind, payload: bytes) -> str:
    """The text of an envelope, or of a signed request; Malformed if `payload` is not what `kind` says."""
    _check(kind, payload)
    data = bytes([kind]) + payload
    return BEGINNING + b64u(data + _tag(data))


def undress(text: str) -> tuple[Kind, bytes]:
    """What `dress` made, white space inside ignored; Malformed when damaged. No signature is verified."""
    bare = text.translate(_SPACE)
    if not bare.startswith(BEGINNING):
        raise Malformed("this is no sealed text: it begins with qasid1.")
    data = unb64u(bare.removeprefix(BEGINNING))
    if len(data) < 5 or data[-4:] != _tag(data[:-4]):
        raise Malformed("the sealed text is damaged or not complete")
    try:
        kind = Kind(data[0])
    except ValueError:
        raise Malformed("a sealed text of an unknown kind") from None
    _check(kind, data[1:-4])
    return kind, data[1:-4]


def _tag(data: bytes) -> bytes:
    return digest("armour", data)[:4]


def _check(kind: Kind, payload: bytes) -> None:
    if kind is Kind.ENVELOPE:
        split(payload)
    elif kind is Kind.ROSTERS:
        _check_rosters(payload)
    else:
        REQUESTS[kind].peek(payload)


def _check_rosters(payload: bytes) -> None:
    rosters = [Roster.peek(wire) for wire in unrec(payload)]
    if not 1 <= len(rosters) <= MOST_ROSTERS:
        raise Malformed("a list has too few or too many items")
    for before, roster in pairwise(rosters):
        if roster.office != before.office or roster.version != before.version + 1:
            raise Malformed("a roster is missing in between, or of another office")
