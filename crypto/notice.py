"""Departure notices, and the signatures that make people move or stay (PROTOCOL section 7)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Annotated, ClassVar, Final

from crypto.encoding import digest, equal, kdf
from crypto.errors import Malformed, Refused
from crypto.record import (
    U8,
    U32,
    ZERO_32,
    Bytes16,
    Bytes32,
    Listed,
    Nested,
    Octets,
    Record,
    Text,
    Time,
    Unsigned,
    Utf8,
    rec,
)
from crypto.roster import Role, Roster
from crypto.signature import Signable

PLACE_SIZE: Final = 256
PLACE_SEALED_SIZE: Final = PLACE_SIZE + 16
NO_PLACE: Final = bytes(PLACE_SEALED_SIZE)
MOST_APPROVALS: Final = 8


class NoticeKind(IntEnum):
    """Come and change send people somewhere and take two officers; the others take one."""

    COME = 1
    CHANGE = 2
    ADVISORY = 3
    THREAT = 4

    @property
    def moves(self) -> bool:
        """Whether it sends people somewhere."""
        return self in (NoticeKind.COME, NoticeKind.CHANGE)


class Route(IntEnum):
    NONE = 0
    AIR = 1
    LAND_PK = 2
    LAND_UZ = 3
    LAND_TJ = 4


@dataclass(frozen=True, slots=True)
class NoticeText(Record):
    """The notice in one language."""

    language: Text
    who: Text
    bring: Text
    leave: Text
    documents: Text
    message: Text


@dataclass(frozen=True, slots=True)
class Notice(Record):
    """One version of a notice, the same for its whole audience."""

    salt: Bytes32
    office: Bytes32
    notice: Bytes16
    version: Annotated[int, Unsigned(4, 0xFFFF_FFFF, least=1)]
    replaces: U32
    kind: NoticeKind
    movement: Text
    route: Route
    departs_at: Time
    report_from: Time
    report_until: Time
    answer_by: Time
    expires: Time
    audience: Bytes32
    place_commit: Bytes32
    place_sealed: Annotated[bytes, Octets((PLACE_SEALED_SIZE,))]
    texts: Annotated[
        tuple[NoticeText, ...], Listed(Nested(NoticeText), least=1, key=lambda t: t.language.encode())
    ]

    def _relate(self) -> None:
        if self.replaces != self.version - 1:
            raise Malformed("a notice replaces the version before it")
        if self.kind.moves:
            if not self.answer_by <= self.report_from < self.report_until <= self.departs_at:
                raise Malformed("a notice's times are out of order")
            if self.expires > self.departs_at:
                raise Malformed("a notice expires before the departure")
        if (self.place_commit == ZERO_32) != (self.place_sealed == NO_PLACE):
            raise Malformed("a place without its commitment, or the other way round")

    @property
    def hash(self) -> bytes:
        """The content hash, which approvals, gos, cancels and answers name."""
        return digest("notice", self.encode())

    @property
    def code(self) -> str:
        """What people type or read out to ask whether it still counts."""
        return verification_code(self.hash)

    @property
    def has_place(self) -> bool:
        """Whether a go opens a place."""
        return self.place_commit != ZERO_32


def audience(salt: bytes, contacts: Iterable[bytes]) -> bytes:
    """The commitment to who a notice is for; each contact id counts once."""
    return digest("audience", rec(salt, rec(*sorted(set(contacts)))))


def verification_code(content_hash: bytes) -> str:
    """Ten ASCII digits of a notice's version; they open nothing, and tell nothing without the relay."""
    return f"{int.from_bytes(digest('code', content_hash)[:6], 'big') % 10_000_000_000:010}"


def on_route(alert: Route, other: Route) -> bool:
    """Whether a threat alert about a route is about `other`; what names no route may be about each."""
    return Route.NONE in (alert, other) or alert is other


def warned_at(warnings: Iterable[bytes]) -> int:
    """The last of a threat alert's approvals, in Unix seconds: what was let go until then is void."""
    return max((Approval.peek(wire).approved_at for wire in warnings), default=0)


def outdated(approvals: Iterable[bytes], warnings: Iterable[bytes]) -> bool:
    """Whether a threat alert with approvals `warnings` voids what these approve: not all of them are later."""
    first = min((Approval.peek(wire).approved_at for wire in approvals), default=0)
    return first <= warned_at(warnings)


def place_commitment(place_key: bytes) -> bytes:
    """What a notice says of its place key before the go."""
    return kdf(place_key, b"", "place commit")


@dataclass(frozen=True, slots=True)
class Approval(Signable):
    """One officer's yes to exactly this content."""

    PURPOSE: ClassVar[str] = "approve"

    office: Bytes32
    notice: Bytes16
    version: U32
    content_hash: Bytes32
    device: Bytes16
    approved_at: Time


@dataclass(frozen=True, slots=True)
class Go(Signable):
    """Confirms a notice near its time and opens its place."""

    PURPOSE: ClassVar[str] = "go"

    office: Bytes32
    notice: Bytes16
    version: U32
    content_hash: Bytes32
    place_key: Bytes32
    valid_until: Time
    device: Bytes16
    issued: Time


@dataclass(frozen=True, slots=True)
class Cancel(Signable):
    """Ends a notice for good."""

    PURPOSE: ClassVar[str] = "cancel"

    office: Bytes32
    notice: Bytes16
    version: U32
    content_hash: Bytes32
    reason: U8
    device: Bytes16
    issued: Time


@dataclass(frozen=True, slots=True)
class OwnPart(Record):
    """What a wrap says to its own recipient alone."""

    alias: Annotated[str, Utf8(24)]
    offer: Bytes16
    party: U8
    answer_by: Time


def check_approvals(notice: Notice, wires: Sequence[bytes], roster: Roster) -> None:
    """Refused unless enough different coordinators approved exactly this notice: two to move people, else one."""
    if len(wires) > MOST_APPROVALS:
        raise Malformed("a notice has at most eight approvals")
    officers: set[bytes] = set()
    last = b""
    for wire in wires:
        claimed = Approval.peek(wire)
        if claimed.device <= last:
            raise Malformed("approvals are out of order or one device approves twice")
        last = claimed.device
        entry = roster.standing(claimed.device, claimed.approved_at, Role.COORDINATOR)
        _check_names(Approval.open(wire, entry.device.sign_pk), notice, roster)
        officers.add(entry.officer)
    if len(officers) < (2 if notice.kind.moves else 1):
        raise Refused("too few different officers have approved the notice")


def check_go(wire: bytes, notice: Notice, roster: Roster, now: int) -> Go:
    """The go in `wire`; Refused unless a coordinator confirms exactly this notice and it has not lapsed at `now`."""
    claimed = Go.peek(wire)
    entry = roster.standing(claimed.device, claimed.issued, Role.COORDINATOR)
    go = Go.open(wire, entry.device.sign_pk)
    _check_names(go, notice, roster)
    expected = place_commitment(go.place_key) if notice.has_place else go.place_key
    if not equal(expected, notice.place_commit):
        raise Refused("the go carries another place than the notice committed to")
    if not roster.current(now):
        raise Refused("the office's roster has expired: notices stay unconfirmed")
    if now >= go.valid_until:
        raise Refused("the go has lapsed: ask before you move")
    return go


def check_cancel(wire: bytes, notice: Notice, roster: Roster) -> Cancel:
    """The cancel in `wire`; Refused unless a coordinator cancels exactly this notice."""
    claimed = Cancel.peek(wire)
    entry = roster.standing(claimed.device, claimed.issued, Role.COORDINATOR)
    cancel = Cancel.open(wire, entry.device.sign_pk)
    _check_names(cancel, notice, roster)
    return cancel


def voids(alert: Notice, warnings: Sequence[bytes], notice: Notice, approvals: Sequence[bytes]) -> bool:
    """Whether a threat alert voids a notice, by the checked approvals of both: whoever holds it stays put."""
    about = alert.kind is NoticeKind.THREAT and notice.kind.moves and on_route(alert.route, notice.route)
    return about and alert.office == notice.office and outdated(approvals, warnings)


def _check_names(order: Approval | Go | Cancel, notice: Notice, roster: Roster) -> None:
    if notice.office != roster.office:
        raise Refused("the notice is another office's")
    named = (order.office, order.notice, order.version, order.content_hash)
    if named != (notice.office, notice.notice, notice.version, notice.hash):
        raise Refused("the signature is for another notice, version or content")
