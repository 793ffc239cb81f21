"""What a contact states over their own device's signature: consent, assent, answer, wipe (PROTOCOL section 8)."""

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Annotated, ClassVar, TypeVar

from crypto.device import DeviceRecord, OwnerKind
from crypto.errors import Malformed, Refused
from crypto.record import U8, U32, U64, Bytes16, Bytes32, Flag, Text, Time, Utf8
from crypto.signature import Signable

CONSENT_LIFE = 365 * 86_400
"""Seconds from its signature: what somebody agreed to and was never asked again is no agreement any more."""
SHARING = "sharing"
"""The purpose for which one's office may pass on a group of fields of the case file to another office."""
ALL = "all"
"""The group of fields of a consent to one's own office: it reads what it is sent."""
GROUP = re.compile(r"[a-z]{1,16}")

Group = Annotated[str, Utf8(pattern=GROUP)]
"""A group of fields of the case file, as the form names them."""


class Reply(IntEnum):
    ACCEPT = 1
    DECLINE = 2
    HELP = 3


class Child(IntEnum):
    """What a minor says, as their guardian's device tells it."""

    AGREES = 1
    DECLINES = 2
    TOO_SMALL = 3
    """To be asked."""


@dataclass(frozen=True, slots=True)
class Consent(Signable):
    """A consent given or withdrawn: one purpose, one recipient office, one group of fields, one text and language."""

    PURPOSE: ClassVar[str] = "consent"

    office: Bytes32
    contact: Bytes16
    device: Bytes16
    purpose: Annotated[str, Utf8(pattern=re.compile(r"[a-z-]{1,32}"))]
    recipient: Bytes32
    fields: Group
    text_version: U32
    language: Text
    given: Flag
    counter: U64
    at: Time

    def _relate(self) -> None:
        if (self.purpose == SHARING) != (self.recipient != self.office):
            raise Malformed("exactly a consent to sharing names another office")
        if (self.purpose == SHARING) != (self.fields != ALL):
            raise Malformed("exactly a consent to sharing names a group of fields")

    @property
    def lapses(self) -> int:
        """Unix seconds from which it stands no more, unless it was given anew."""
        return self.at + CONSENT_LIFE


@dataclass(frozen=True, slots=True)
class Assent(Signable):
    """A guardian's consent for a minor of their household, by number, with what the minor says."""

    PURPOSE: ClassVar[str] = "assent"

    office: Bytes32
    contact: Bytes16
    device: Bytes16
    member: U8
    given: Flag
    assent: Child
    text_version: U32
    language: Text
    counter: U64
    at: Time

    @property
    def permits(self) -> bool:
        """Whether the guardian consents and the minor does not say no."""
        return self.given and self.assent is not Child.DECLINES

    @property
    def lapses(self) -> int:
        """Unix seconds from which it stands no more, unless it was said anew."""
        return self.at + CONSENT_LIFE


@dataclass(frozen=True, slots=True)
class Answer(Signable):
    """The answer to an offer, for exactly one version and content of a notice."""

    PURPOSE: ClassVar[str] = "answer"

    office: Bytes32
    contact: Bytes16
    device: Bytes16
    offer: Bytes16
    notice: Bytes16
    version: U32
    content_hash: Bytes32
    answer: Reply
    party: U8
    counter: U64
    at: Time


@dataclass(frozen=True, slots=True)
class Wipe(Signable):
    """Signed at enrolment and handed over last: the relay forgets the device."""

    PURPOSE: ClassVar[str] = "wipe"

    office: Bytes32
    contact: Bytes16
    device: Bytes16
    at: Time


S = TypeVar("S", Consent, Assent, Answer, Wipe)


def check_statement(wire: bytes, kind: type[S], device: DeviceRecord) -> S:
    """The statement in `wire`, by the contact's `device`. Raises Malformed or Refused.

    Counters are the caller's: a statement must count higher than the last one of that device and purpose.
    """
    statement = kind.open(wire, device.sign_pk)
    if device.owner_kind is not OwnerKind.CONTACT:
        raise Refused("only a contact's device makes statements")
    if (statement.office, statement.contact, statement.device) != (
        device.office,
        device.owner,
        device.device,
    ):
        raise Refused("the statement names another office, contact or device than its signer")
    return statement
