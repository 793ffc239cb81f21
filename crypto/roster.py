"""The office's roster: who may act for it, and how a client follows it without being led astray (PROTOCOL 2)."""

import re
from dataclasses import dataclass
from enum import STRICT, IntFlag
from typing import Annotated, ClassVar, Final, Self

from crypto.device import DeviceRecord, OwnerKind
from crypto.encoding import digest
from crypto.errors import CryptoError, Malformed, Refused
from crypto.prekey import HolderKind, Prekey
from crypto.record import (
    U64,
    ZERO_32,
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
)
from crypto.signature import Signable, SignedField

LONGEST_LIFE: Final = 30 * 86400
LARGEST: Final = 256 * 1024


class Role(IntFlag, boundary=STRICT):
    """What an officer may do; an auditor and a host administrator read no mail.

    CONFIRMER is a device's, never an officer's: it tells the relay that its officer confirms what was proposed there,
    and its signature is worth nothing to anybody else.
    """

    COORDINATOR = 1
    CASEWORKER = 2
    LIAISON = 4
    AUDITOR = 8
    HOST = 16
    CONFIRMER = 32


ANY_ROLE: Final = Role.COORDINATOR | Role.CASEWORKER | Role.LIAISON | Role.AUDITOR | Role.HOST
"""What makes a device act for the office: any role but CONFIRMER."""


def successor_commit(root_pk: bytes) -> bytes:
    """What a root record commits to: the hash of the root key that alone may replace it."""
    return digest("successor", rec(root_pk))


@dataclass(frozen=True, slots=True)
class Root(Record):
    """A root key and its commitment to the next."""

    root_pk: Bytes32
    successor_commit: Bytes32

    @property
    def office(self) -> bytes:
        """The office id, when this is the office's first root."""
        return digest("root", self.encode())


@dataclass(frozen=True, slots=True)
class Succession(Signable):
    """The committed successor takes over; signed by the new root key."""

    PURPOSE: ClassVar[str] = "succession"

    office: Bytes32
    previous: Bytes32
    root: Root


@dataclass(frozen=True, slots=True)
class Entry(Record):
    """One device of one officer, and when it may act."""

    officer: Bytes16
    role_code: Annotated[str, Utf8(pattern=re.compile(r"[A-Z0-9][A-Z0-9-]{0,15}"))]
    roles: Role
    device: DeviceRecord
    not_before: Time
    not_after: Time

    def _relate(self) -> None:
        if not self.roles:
            raise Malformed("an officer without a role")
        if Role.CONFIRMER in self.roles and not self.only_confirms:
            raise Malformed("a device that confirms does nothing else")
        if self.device.owner_kind is not OwnerKind.OFFICER or self.device.owner != self.officer:
            raise Malformed("an entry's device belongs to somebody else")

    @property
    def only_confirms(self) -> bool:
        """Whether nothing that the device signs counts for anybody but the relay."""
        return self.roles == Role.CONFIRMER

    def stands(self, at: int, slack: int = 0) -> bool:
        """Whether the device may act at `at`, the window widened by `slack` seconds at each end."""
        return self.not_before - slack <= at < self.not_after + slack


@dataclass(frozen=True, slots=True)
class Removal(Record):
    """A device that may act no more, and the last of its contact cards that counts."""

    device: Bytes16
    removed_at: Time
    last_counter: U64
    last_card: Bytes32


@dataclass(frozen=True, slots=True)
class Roster(Signable):
    """The body of a signed roster; `sign(root_seed)` gives what travels, `hash` what is pinned."""

    PURPOSE: ClassVar[str] = "roster"
    MOST: ClassVar[int | None] = LARGEST

    office: Bytes32
    first: Root
    successions: Annotated[tuple[bytes, ...], Listed(SignedField(Succession))]
    version: Count
    prev: Bytes32
    issued: Time
    expires: Time
    entries: Annotated[tuple[Entry, ...], Listed(Nested(Entry), key=lambda e: e.device.device)]
    removals: Annotated[tuple[Removal, ...], Listed(Nested(Removal), key=lambda r: r.device)]
    epochs: Annotated[tuple[Prekey, ...], Listed(Nested(Prekey), key=lambda p: p.sequence)]

    def _relate(self) -> None:
        if (self.version == 1) != (self.prev == ZERO_32):
            raise Malformed("exactly the first roster has no predecessor")
        if not self.issued < self.expires <= self.issued + LONGEST_LIFE:
            raise Malformed("a roster lives at most 30 days")
        if any(entry.device.office != self.office for entry in self.entries):
            raise Malformed("a device of another office")
        if {r.device for r in self.removals} & {e.device.device for e in self.entries}:
            raise Malformed("a removed device is no entry")
        officers = self.officers()
        if any(e.role_code != officers[e.officer].role_code for e in self.entries):
            raise Malformed("one officer under two role codes")
        if any(e.roles != officers[e.officer].roles for e in self.entries if not e.only_confirms):
            raise Malformed("one officer with different roles")
        if len({officer.role_code for officer in officers.values()}) != len(officers):
            raise Malformed("two officers share a role code")
        if any(p.holder_kind is not HolderKind.EPOCH or p.office != self.office for p in self.epochs):
            raise Malformed("a prekey that is no epoch of this office")
        if len({p.prekey for p in self.epochs}) != len(self.epochs):
            raise Malformed("an epoch id twice")

    def chain(self) -> tuple[Root, ...]:
        """The roots from the first to the current one; Refused where one did not commit to the next."""
        if self.first.office != self.office:
            raise Refused("the first root is not this office's")
        chain = [self.first]
        for wire in self.successions:
            claimed = Succession.peek(wire)
            last, new = chain[-1], claimed.root
            if (claimed.office, claimed.previous) != (self.office, last.root_pk):
                raise Refused("a succession does not follow the root before it")
            if successor_commit(new.root_pk) != last.successor_commit:
                raise Refused("the root was changed to one that had not been committed to")
            Succession.open(wire, new.root_pk)
            chain.append(new)
        return tuple(chain)

    def officers(self) -> dict[bytes, Entry]:
        """An entry for each officer id; one that only confirms only where the officer has no other."""
        return {
            entry.officer: entry for entry in sorted(self.entries, key=lambda each: not each.only_confirms)
        }

    def entry(self, device: bytes) -> Entry | None:
        """The entry of a device id."""
        return next((entry for entry in self.entries if entry.device.device == device), None)

    def removal(self, device: bytes) -> Removal | None:
        """The removal of a device id."""
        return next((removal for removal in self.removals if removal.device == device), None)

    def stands(self, device: bytes, at: int) -> bool:
        """Whether a device may act for the office at `at`; one that only confirms may not."""
        entry = self.entry(device)
        return entry is not None and not entry.only_confirms and entry.stands(at)

    def standing(self, device: bytes, at: int, roles: Role = ANY_ROLE, slack: int = 0) -> Entry:
        """The entry of a device that stands at `at` in one of `roles` at least; Refused otherwise."""
        entry = self.entry(device)
        if entry is None or not entry.stands(at, slack):
            raise Refused("the device does not stand in the office's roster at that time")
        if not entry.roles & roles:
            raise Refused("the officer does not have the role this takes")
        return entry

    def current(self, now: int) -> bool:
        """Whether notices may be confirmed and epochs sealed to: the roster has not expired."""
        return now < self.expires

    def epoch(self, now: int) -> Prekey:
        """The newest epoch one may seal to at `now`; Refused when there is none or the roster has expired."""
        if not self.current(now):
            raise Refused("the office's roster has expired: wait for a new one")
        for prekey in reversed(self.epochs):
            try:
                prekey.check_usable(now)
            except CryptoError:
                continue
            return prekey
        raise Refused("the office has no epoch key for this time: wait for a new roster")


@dataclass(frozen=True, slots=True)
class Pin(Record):
    """What a client keeps of the roster it follows. `root` is the current root's key, empty if not yet known."""

    office: Bytes32
    version: U64
    hash: Bytes32
    root: Annotated[bytes, Octets((0, 32))] = b""

    @classmethod
    def genesis(cls, office: bytes) -> Self:
        """Before the office's first roster."""
        return cls(office, 0, ZERO_32)


def follow(pin: Pin, wire: bytes) -> tuple[Pin, Roster]:
    """The signed roster `wire` and the pin that follows from it.

    Raises Malformed, or Refused for anything but the pinned roster or its immediate, committed successor.
    """
    claimed = Roster.peek(wire)
    if claimed.office != pin.office:
        raise Refused("the roster is another office's")
    roots = claimed.chain()
    current = roots[-1].root_pk
    roster = Roster.open(wire, current)
    if roster.version == pin.version:
        if roster.hash != pin.hash:
            raise Refused("the office shows two rosters of one version")
    elif roster.version == pin.version + 1:
        if roster.prev != pin.hash:
            raise Refused("the roster does not follow the one pinned")
        if pin.root not in [root.root_pk for root in roots] and pin != Pin.genesis(pin.office):
            raise Refused("the roster does not descend from the pinned root")
    elif roster.version < pin.version:
        raise Refused("the roster is older than the one pinned")
    else:
        raise Refused("rosters are missing in between: fetch them in order")
    return Pin(roster.office, roster.version, roster.hash, current), roster
