"""What one office writes to another, signed inside the envelope (PROTOCOL section 13); desks alone read it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Annotated, Final, Self

from crypto.content import CLOCK_SLACK, TextMessage
from crypto.disclosure import Disclosure
from crypto.encoding import digest
from crypto.envelope import Header
from crypto.errors import Malformed, Refused
from crypto.manifest import Manifest
from crypto.record import (
    U64,
    ZERO_32,
    Blob,
    Bytes16,
    Bytes32,
    Count,
    Record,
    Time,
    Utf8,
    rec,
    unrec,
    unsigned64,
)
from crypto.roster import Entry, Pin, Role, Roster
from crypto.signature import check, sign

MARK: Final = b"missive"
"""The first field inside the envelope; a content, which begins otherwise, has one field less."""
_PROOF: Final = "missive"
WRITERS: Final = Role.COORDINATOR | Role.CASEWORKER


class MissiveKind(IntEnum):
    TEXT = 1
    REQUEST = 2
    FORWARD = 3
    PARAPHRASE = 4
    OUTCOME = 5
    DISCLOSURE = 6
    MANIFEST = 7


class Verdict(IntEnum):
    """What a mediator did with a request."""

    PASSED_ON = 1
    PARAPHRASED = 2
    HELD = 3
    RETURNED = 4


class Reason(IntEnum):
    """Why a mediator returned it; NONE for everything else."""

    NONE = 0
    UNCLEAR = 1
    WORDING = 2
    NOT_NOW = 3
    NOT_ACCEPTED = 4
    NO_CHANNEL = 5


@dataclass(frozen=True, slots=True)
class Request(Record):
    """Words to a mediator, to be passed on to the office `to`."""

    to: Bytes32
    text: Annotated[str, Utf8(16_384)]


@dataclass(frozen=True, slots=True)
class Paraphrase(Record):
    """A mediator's own words for what the office `origin` wrote; `about` is the request's hash."""

    origin: Bytes32
    about: Bytes32
    text: Annotated[str, Utf8(16_384)]


@dataclass(frozen=True, slots=True)
class Outcome(Record):
    """What became of the request with the hash `about`."""

    about: Bytes32
    verdict: Verdict
    reason: Reason

    def _relate(self) -> None:
        if (self.verdict is Verdict.RETURNED) != (self.reason is not Reason.NONE):
            raise Malformed("exactly what is returned has a reason")


@dataclass(frozen=True, slots=True)
class Missive(Record):
    """A message between two offices; `hash` is what chains, outcomes and proofs name."""

    nonce: Bytes32
    kind: MissiveKind
    office: Bytes32
    to: Bytes32
    sender: Bytes16
    thread: Bytes16
    counter: Count
    prev: Bytes32
    sent_at: Time
    roster_version: U64
    roster_hash: Bytes32
    payload: Blob

    def _relate(self) -> None:
        if (self.counter == 1) != (self.prev == ZERO_32):
            raise Malformed("exactly the first message of a thread has no predecessor")
        if self.office == self.to:
            raise Malformed("an office does not write to itself")
        payload = self.read()
        if isinstance(payload, Request) and payload.to in (self.office, self.to):
            raise Malformed("a request is to be passed on to a third office")
        if isinstance(payload, Paraphrase) and payload.origin in (self.office, self.to):
            raise Malformed("a paraphrase is of a third office's words")
        if isinstance(payload, Disclosure) and payload.office != self.office:
            raise Malformed("an office passes on what its own contacts told it")
        if isinstance(payload, Manifest):
            body = payload.body
            if (body.office, body.recipient, body.manifest) != (self.office, self.to, self.thread):
                raise Malformed("a manifest goes to the office it was made for, in a thread of its own")
        if isinstance(payload, Original):
            asked = payload.signed.missive
            if asked.to != self.office or payload.request.to != self.to:
                raise Malformed("an original is passed on by its mediator to the office it was for")

    @property
    def hash(self) -> bytes:
        """`H("missive", missive)`."""
        return digest("missive", self.encode())

    def read(self) -> "MissivePayload":
        """The payload by its kind. An original inside is NOT verified: `check_original`."""
        return _READERS[self.kind](self.payload)


@dataclass(frozen=True, slots=True)
class SignedMissive:
    """A missive with the proof of who wrote it, as it stands in an envelope: `rec("missive", missive, proof)`."""

    missive: Missive
    proof: bytes

    def __post_init__(self) -> None:
        if not isinstance(self.proof, bytes) or len(self.proof) != 64:
            raise Malformed("a proof is 64 bytes")

    def encode(self) -> bytes:
        return rec(MARK, self.missive.encode(), self.proof)

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Raises Malformed."""
        mark, missive, proof = unrec(data, 3)
        if mark != MARK:
            raise Malformed("this is no message between offices")
        return cls(Missive.parse(missive), proof)


@dataclass(frozen=True, slots=True)
class _SignedCodec:
    """A whole signed missive as one field: parsed, not verified."""

    def check(self, value: object) -> None:
        if not isinstance(value, SignedMissive):
            raise Malformed("a signed message is needed")

    def write(self, value: SignedMissive) -> bytes:
        return value.encode()

    def read(self, data: bytes) -> SignedMissive:
        return SignedMissive.parse(data)


@dataclass(frozen=True, slots=True)
class Original(Record):
    """A request just as its mediator got it, with what its proof covers besides: envelope id and key commitment."""

    envelope: Bytes16
    commitment: Bytes32
    signed: Annotated[SignedMissive, _SignedCodec()]

    def _relate(self) -> None:
        if self.signed.missive.kind is not MissiveKind.REQUEST:
            raise Malformed("only a request is passed on")

    @property
    def request(self) -> Request:
        return Request.parse(self.signed.missive.payload)


MissivePayload = TextMessage | Request | Original | Paraphrase | Outcome | Disclosure | Manifest
_READERS: Final[dict[MissiveKind, Callable[[bytes], MissivePayload]]] = {
    MissiveKind.TEXT: TextMessage.parse,
    MissiveKind.REQUEST: Request.parse,
    MissiveKind.FORWARD: Original.parse,
    MissiveKind.PARAPHRASE: Paraphrase.parse,
    MissiveKind.OUTCOME: Outcome.parse,
    MissiveKind.DISCLOSURE: Disclosure.parse,
    MissiveKind.MANIFEST: Manifest.parse,
}


def is_missive(content: bytes) -> bool:
    """Whether an envelope's content is one between offices. Raises Malformed for what is no record at all."""
    parts = unrec(content)
    return len(parts) == 3 and parts[0] == MARK


def prove(missive: Missive, envelope: bytes, commitment: bytes, seed: bytes) -> SignedMissive:
    """The missive signed by its sender's device, for the envelope with this id and key commitment."""
    return SignedMissive(missive, sign(_PROOF, _proved(missive, envelope, commitment), seed))


def check_missive(signed: SignedMissive, header: Header, *, roster: Roster, pin: Pin, to: bytes) -> Entry:
    """What the office `to` checks of a missive under the sending office's pinned `roster`; the sender's entry.

    Chains and envelope ids seen before are checked besides. Raises Refused.
    """
    if signed.missive.sender != header.sender:
        raise Refused("the message names another sender than the envelope")
    return _check(signed, header.envelope, header.commitment, roster=roster, pin=pin, to=to)


def check_original(original: Original, *, roster: Roster, pin: Pin) -> Entry:
    """What the last reader checks of an original under ITS author's pinned roster; the author's entry.

    That it names this mediator and this reader belongs to its form. Raises Refused.
    """
    mediator = original.signed.missive.to
    return _check(
        original.signed, original.envelope, original.commitment, roster=roster, pin=pin, to=mediator
    )


def _check(
    signed: SignedMissive, envelope: bytes, commitment: bytes, *, roster: Roster, pin: Pin, to: bytes
) -> Entry:
    missive = signed.missive
    if roster.office != pin.office or missive.office != pin.office:
        raise Refused("the message is from another office than the one pinned")
    if missive.to != to:
        raise Refused("the message is for another office")
    if missive.roster_version > pin.version:
        raise Refused("the sender follows a newer roster: fetch it first")
    if missive.roster_version == pin.version and missive.roster_hash != pin.hash:
        raise Refused("the sender follows another roster of the same version")
    entry = roster.standing(missive.sender, missive.sent_at, WRITERS, slack=CLOCK_SLACK)
    check(_PROOF, _proved(missive, envelope, commitment), signed.proof, entry.device.sign_pk)
    return entry


def _proved(missive: Missive, envelope: bytes, commitment: bytes) -> bytes:
    return rec(
        missive.office,
        unsigned64(missive.roster_version),
        missive.sender,
        missive.to,
        missive.thread,
        bytes([missive.kind]),
        envelope,
        commitment,
        missive.hash,
    )
