"""A handover: what one desk keeps of people, for a colleague's (PROTOCOL section 6). Desks alone read it."""

import re
from dataclasses import dataclass
from enum import STRICT, IntEnum, IntFlag
from typing import Annotated, Final

from crypto.casefile import Field
from crypto.errors import Malformed
from crypto.record import (
    U64,
    Bytes16,
    Bytes32,
    Listed,
    Nested,
    Octets,
    Record,
    Time,
    Unsigned,
    Utf8,
)

MOST_PARTS: Final = 0xFFFF
_ROLE_CODE: Final = re.compile(r"([A-Z0-9][A-Z0-9-]{0,15})?")
_ALIAS: Final = re.compile(r"[A-Za-z0-9-]{0,24}")
_STATUS: Final = re.compile(r"[a-z ]{0,16}")
_Part = Annotated[int, Unsigned(2, MOST_PARTS, least=1)]


class HandedKind(IntEnum):
    """Kinds of content that a desk keeps of a person, by their numbers there."""

    TEXT = 1
    STATUS = 2
    ANSWER = 7
    CASE_FILE = 10


class Mark(IntFlag, boundary=STRICT):
    """How a desk held a message."""

    READ = 1
    URGENT = 2
    GAP = 4
    LATE = 8
    UNVERIFIED = 16


@dataclass(frozen=True, slots=True)
class HandedPerson(Record):
    """Who a contact is, as the giver wrote it down; both empty where only messages are handed over."""

    contact: Bytes16
    alias: Annotated[str, Utf8(pattern=_ALIAS)]
    name: Annotated[str, Utf8(480)]
    note: Annotated[str, Utf8(4096)]

    def __repr__(self) -> str:
        return "HandedPerson(…)"


@dataclass(frozen=True, slots=True)
class HandedLetter(Record):
    """A letter that is out, with its secret, so that the colleague can confirm whoever comes with it."""

    secret: Bytes16
    contact: Bytes16
    alias: Annotated[str, Utf8(pattern=_ALIAS)]
    roster_version: U64
    roster_hash: Bytes32
    expires: Time

    def __repr__(self) -> str:
        return "HandedLetter(…)"


@dataclass(frozen=True, slots=True)
class HandedMessage(Record):
    """A message as the giver's desk opened it; `author` is the role code of who wrote it, empty for the contact."""

    envelope: Bytes16
    contact: Bytes16
    sender: Bytes16
    author: Annotated[str, Utf8(pattern=_ROLE_CODE)]
    kind: HandedKind
    status: Annotated[str, Utf8(pattern=_STATUS)]
    about: Annotated[bytes, Octets((0, 16))]
    content_hash: Bytes32
    sent_at: Time
    received_at: Time
    marks: Mark
    text: Annotated[str, Utf8(16_384)]

    def __repr__(self) -> str:
        return "HandedMessage(…)"


@dataclass(frozen=True, slots=True)
class HandedField(Record):
    """A field of somebody's case file, and when they signed it; empty where they took it back."""

    contact: Bytes16
    field: Field
    at: Time

    def __repr__(self) -> str:
        return "HandedField(…)"


@dataclass(frozen=True, slots=True)
class Handover(Record):
    """Part `part` of `parts` of one handover; each can be taken by itself, and twice."""

    handover: Bytes16
    part: _Part
    parts: _Part
    people: Annotated[tuple[HandedPerson, ...], Listed(Nested(HandedPerson), key=lambda one: one.contact)]
    letters: Annotated[tuple[HandedLetter, ...], Listed(Nested(HandedLetter), key=lambda one: one.secret)]
    messages: Annotated[
        tuple[HandedMessage, ...], Listed(Nested(HandedMessage), key=lambda one: one.envelope)
    ]
    fields: Annotated[
        tuple[HandedField, ...],
        Listed(Nested(HandedField), key=lambda one: (one.contact, one.field.code.encode())),
    ]

    def _relate(self) -> None:
        if self.part > self.parts:
            raise Malformed("a part of a handover beyond its last")
