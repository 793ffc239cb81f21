"""What is inside an envelope, and what a reader checks of it besides opening (PROTOCOL section 6)."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Annotated, ClassVar, Final, Self

from crypto.attachment import Attachment
from crypto.casefile import CaseFile
from crypto.device import DeviceRecord, OwnerKind
from crypto.encoding import digest
from crypto.envelope import Header
from crypto.errors import Malformed, Refused
from crypto.handover import Handover
from crypto.manifest import ManifestPart
from crypto.notice import MOST_APPROVALS, Approval, Cancel, Go, Notice
from crypto.prekey import HolderKind, Prekey
from crypto.record import (
    U32,
    U64,
    ZERO_32,
    Blob,
    Bytes16,
    Bytes32,
    Count,
    Listed,
    Nested,
    Octets,
    Record,
    Time,
    Utf8,
    rec,
    unsigned64,
)
from crypto.roster import Entry, Pin, Roster
from crypto.signature import SignedField, check, sign
from crypto.statement import ALL, GROUP, Answer

CLOCK_SLACK: Final = 3600
_PROOF: Final = "office"


class Kind(IntEnum):
    TEXT = 1
    STATUS = 2
    OPENED = 3
    NOTICE = 4
    GO = 5
    CANCEL = 6
    ANSWER = 7
    GRANT = 8
    DRAFT = 9
    CASE_FILE = 10
    ASK = 11
    HANDOVER = 12
    MANIFEST = 13
    ATTACHMENT = 14


FROM_CONTACT: Final = frozenset(
    {Kind.TEXT, Kind.STATUS, Kind.OPENED, Kind.ANSWER, Kind.CASE_FILE, Kind.ATTACHMENT}
)
TO_ONE: Final = frozenset({Kind.TEXT, Kind.OPENED, Kind.ASK, Kind.ATTACHMENT})
"""What an office sends that names the contact it is for."""
TO_CONTACT: Final = TO_ONE | {Kind.NOTICE, Kind.GO, Kind.CANCEL}
WITHIN_OFFICE: Final = frozenset({Kind.GRANT, Kind.DRAFT, Kind.HANDOVER, Kind.MANIFEST})


class Status(IntEnum):
    SAFE = 1
    NEED_HELP = 2
    MOVING = 3
    READY = 4
    CANNOT = 5


@dataclass(frozen=True, slots=True)
class TextMessage:
    """Free text; its payload is bare UTF-8, at most 16,384 bytes."""

    text: str

    _codec: ClassVar[Utf8] = Utf8(16_384)

    def __post_init__(self) -> None:
        self._codec.check(self.text)

    def encode(self) -> bytes:
        return self._codec.write(self.text)

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Raises Malformed."""
        return cls(cls._codec.read(data))


@dataclass(frozen=True, slots=True)
class StatusReport(Record):
    status: Status
    text: Annotated[str, Utf8(4096)]


@dataclass(frozen=True, slots=True)
class OpenedReceipt(Record):
    """Says that an envelope was opened, and what was in it."""

    envelope: Bytes16
    content_hash: Bytes32


@dataclass(frozen=True, slots=True)
class NoticePayload(Record):
    """A notice with the wire forms of its approvals."""

    notice: Notice
    approvals: Annotated[
        tuple[bytes, ...],
        Listed(SignedField(Approval), most=MOST_APPROVALS, key=lambda wire: Approval.peek(wire).device),
    ]


@dataclass(frozen=True, slots=True)
class GrantedEpoch(Record):
    """An epoch with its private halves."""

    prekey: Prekey
    dh_sk: Bytes32
    kem_seed: Annotated[bytes, Octets((64,))]

    def _relate(self) -> None:
        if self.prekey.holder_kind is not HolderKind.EPOCH:
            raise Malformed("only epochs are granted")

    def __repr__(self) -> str:
        return "GrantedEpoch(…)"


@dataclass(frozen=True, slots=True)
class Grant:
    """Epoch private halves for an officer's device; its payload is the bare list."""

    epochs: tuple[GrantedEpoch, ...]

    _codec: ClassVar[Listed] = Listed(Nested(GrantedEpoch))

    def __post_init__(self) -> None:
        self._codec.check(self.epochs)

    def encode(self) -> bytes:
        return self._codec.write(self.epochs)

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Raises Malformed."""
        return cls(cls._codec.read(data))


@dataclass(frozen=True, slots=True)
class Draft(Record):
    """A notice waiting for approvals, with its place in clear for colleagues."""

    notice: Notice
    place_key: Bytes32
    place: Annotated[str, Utf8(252)]


@dataclass(frozen=True, slots=True)
class Ask(Record):
    """May we pass on these groups of fields to that office? `name` is what its people call it."""

    recipient: Bytes32
    name: Annotated[str, Utf8(96)]
    fields: Annotated[tuple[str, ...], Listed(Utf8(pattern=GROUP), least=1, most=8, key=str.encode)]
    text_version: U32

    def _relate(self) -> None:
        if ALL in self.fields:
            raise Malformed("what is passed on is named group by group")


Payload = (
    TextMessage
    | StatusReport
    | OpenedReceipt
    | NoticePayload
    | Go
    | Cancel
    | Answer
    | Grant
    | Draft
    | CaseFile
    | Ask
    | Handover
    | ManifestPart
    | Attachment
)
_READERS: Final[dict[Kind, Callable[[bytes], Payload]]] = {
    Kind.TEXT: TextMessage.parse,
    Kind.STATUS: StatusReport.parse,
    Kind.OPENED: OpenedReceipt.parse,
    Kind.NOTICE: NoticePayload.parse,
    Kind.GO: Go.peek,
    Kind.CANCEL: Cancel.peek,
    Kind.ANSWER: Answer.peek,
    Kind.GRANT: Grant.parse,
    Kind.DRAFT: Draft.parse,
    Kind.CASE_FILE: CaseFile.parse,
    Kind.ASK: Ask.parse,
    Kind.HANDOVER: Handover.parse,
    Kind.MANIFEST: ManifestPart.parse,
    Kind.ATTACHMENT: Attachment.parse,
}


@dataclass(frozen=True, slots=True)
class Inner(Record):
    """A message; `hash` is the content hash that chains, receipts and proofs name."""

    nonce: Bytes32
    kind: Kind
    sender: Bytes16
    recipient: Annotated[bytes, Octets((16, 32))]
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
        if len(self.recipient) == 16 and self.kind not in TO_ONE:
            raise Malformed("this kind of message is not addressed to a contact")
        payload = self.read()
        if isinstance(payload, NoticePayload) and self.recipient != payload.notice.audience:
            raise Malformed("a notice is addressed to its own audience")
        if isinstance(payload, Handover) and self.thread != payload.handover:
            raise Malformed("a handover is a thread of its own")
        if isinstance(payload, ManifestPart) and self.thread != payload.manifest:
            raise Malformed("a manifest's proposal is a thread of its own")

    @property
    def hash(self) -> bytes:
        """The content hash."""
        return digest("content", self.encode())

    def read(self) -> Payload:
        """The payload by its kind. A go, cancel or answer is NOT verified: use their checks on `payload`."""
        return _READERS[self.kind](self.payload)


@dataclass(frozen=True, slots=True)
class Content(Record):
    """A message and, from an office, the proof of who in it wrote it."""

    inner: Inner
    proof: Annotated[bytes, Octets((0, 64))] = b""


def prove(inner: Inner, office: bytes, envelope: bytes, commitment: bytes, seed: bytes) -> bytes:
    """The proof an officer's device adds to a message in the envelope with this id and key commitment."""
    return sign(_PROOF, _proved(inner, office, envelope, commitment), seed)


def check_from_office(
    content: Content, header: Header, *, roster: Roster, pin: Pin, me: DeviceRecord
) -> Entry:
    """What device `me`, following `roster`, checks of an office message. Returns the sender's entry or raises Refused.

    Chains, envelope ids seen before, approvals, gos and grants are checked besides: `check_chain`, notice.py.
    """
    inner = content.inner
    _check_head(inner, header, pin)
    if me.office != pin.office or roster.office != pin.office:
        raise Refused("the message is another office's")
    entry = roster.standing(inner.sender, inner.sent_at, slack=CLOCK_SLACK)
    proved = _proved(inner, pin.office, header.envelope, header.commitment)
    check(_PROOF, proved, content.proof, entry.device.sign_pk)
    if me.owner_kind is OwnerKind.CONTACT:
        if inner.kind not in TO_CONTACT:
            raise Refused("an office does not send this kind of message to a contact")
        if inner.kind in TO_ONE and inner.recipient != me.owner:
            raise Refused("the message is for somebody else")
        asked = inner.read()
        if isinstance(asked, Ask) and asked.recipient == pin.office:
            raise Refused("the office asks to pass on to itself")
    elif inner.kind not in TO_CONTACT | WITHIN_OFFICE:
        raise Refused("an office does not send this kind of message")
    if inner.kind in WITHIN_OFFICE and inner.recipient != pin.office:
        raise Refused("the message is for another office")
    return entry


def check_from_contact(content: Content, header: Header, *, sender: DeviceRecord, pin: Pin) -> None:
    """What a desk checks of a message opened with the contact's device record `sender`; raises Refused."""
    inner = content.inner
    _check_head(inner, header, pin)
    if sender.owner_kind is not OwnerKind.CONTACT or sender.office != pin.office:
        raise Refused("the sender is not a contact of this office")
    if inner.sender != sender.device:
        raise Refused("the message names another sender than the envelope")
    if content.proof or inner.kind not in FROM_CONTACT:
        raise Refused("a contact does not send this kind of message")
    if inner.recipient != pin.office:
        raise Refused("the message is for another office")


def check_chain(inner: Inner, last: Inner | None) -> bool:
    """Whether `inner` directly follows `last` of the same sender and thread; False is a gap to be shown.

    Raises Refused for a message counted before, or for another history than the one received.
    """
    if last is None:
        return inner.counter == 1
    if (inner.sender, inner.thread) != (last.sender, last.thread):
        raise Refused("a message of another thread")
    if inner.counter <= last.counter:
        raise Refused("a message that has been counted before")
    if inner.counter > last.counter + 1:
        return False
    if inner.prev != last.hash:
        raise Refused("a message that follows another history")
    return True


def _check_head(inner: Inner, header: Header, pin: Pin) -> None:
    if inner.sender != header.sender:
        raise Refused("the message names another sender than the envelope")
    if inner.roster_version > pin.version:
        raise Refused("the sender follows a newer roster: fetch it first")
    if inner.roster_version == pin.version and inner.roster_hash != pin.hash:
        raise Refused("the sender follows another roster of the same version")


def _proved(inner: Inner, office: bytes, envelope: bytes, commitment: bytes) -> bytes:
    return rec(
        office,
        unsigned64(inner.roster_version),
        inner.sender,
        inner.recipient,
        inner.thread,
        bytes([inner.kind]),
        envelope,
        commitment,
        inner.hash,
    )
