"""Letters of introduction: the one secret from which a phone comes to trust an office, and back (PROTOCOL 3)."""

import secrets
from dataclasses import dataclass
from functools import cache
from typing import Final, Self

from mnemonic import Mnemonic

from crypto.device import DeviceRecord
from crypto.encoding import b64u, digest, equal, kdf, mac, unb64u
from crypto.errors import Malformed, Refused
from crypto.record import U64, Bytes16, Bytes32, Record, rec, unsigned64
from crypto.roster import Pin

_TEXT: Final = "QASID1."
_VERSION: Final = b"\x01"
_SIZE: Final = 1 + 16 + 32 + 8 + 32 + 4


@dataclass(frozen=True, slots=True)
class Slip(Record):
    """What the relay keeps for the twelve words: where to start, and who the letter is for."""

    office: Bytes32
    min_version: U64
    min_hash: Bytes32
    contact: Bytes16


@dataclass(frozen=True, slots=True)
class Secret:
    """The letter's 16 random bytes; kept out of repr."""

    value: bytes

    def __post_init__(self) -> None:
        if not isinstance(self.value, bytes) or len(self.value) != 16:
            raise Malformed("a letter's secret is 16 bytes")

    def __repr__(self) -> str:
        return "Secret(…)"

    @classmethod
    def generate(cls) -> Self:
        """A new secret."""
        return cls(secrets.token_bytes(16))

    @classmethod
    def from_words(cls, text: str) -> Self:
        """The secret of twelve BIP-39 words, in any ASCII case; a beginning of four letters stands for a word.

        Raises Malformed for an unknown word, another count, or a check that does not match (a word misheard).
        """
        words = text.encode("ascii", "replace").decode().lower().split()
        if len(words) != 12:
            raise Malformed(f"{len(words)} words where twelve are needed")
        spelt = [_beginnings().get(word) for word in words]
        for position, word in enumerate(spelt, start=1):
            if word is None:
                raise Malformed(f"word {position} is not on the list")
        try:
            return cls(bytes(_list().to_entropy([word for word in spelt if word])))
        except ValueError:
            raise Malformed("the words do not fit together: one of them is wrong") from None

    def words(self) -> str:
        """The twelve words."""
        return str(_list().to_mnemonic(self.value))

    @property
    def invitation(self) -> bytes:
        """The invitation id."""
        return kdf(self.value, b"", "invitation", 16)

    @property
    def contact(self) -> bytes:
        """The contact id for somebody new."""
        return kdf(self.value, self.invitation, "contact", 16)

    @property
    def admit_token(self) -> bytes:
        """What the phone shows the relay, which keeps its hash."""
        return kdf(self.value, self.invitation, "admit")

    def slip_tag(self, slip: Slip) -> bytes:
        """The tag the office gives the relay with the slip."""
        return mac("letter", self._key("letter mac"), rec(self.invitation, slip.encode()))

    def check_slip(self, slip: bytes, tag: bytes) -> Slip:
        """The slip from the relay; Refused unless whoever knows the secret made it."""
        parsed = Slip.parse(slip)
        if not equal(tag, self.slip_tag(parsed)):
            raise Refused("the slip was not made with this letter")
        return parsed

    def enrol_mac(self, *, office: bytes, roster_version: int, contact: bytes, device: DeviceRecord) -> bytes:
        """What a phone proves to the desk when it enrols."""
        data = rec(office, unsigned64(roster_version), self.invitation, contact, device.encode())
        return mac("enrol", self._key("enrol mac"), data)

    def check_enrol(
        self, tag: bytes, *, office: bytes, roster_version: int, contact: bytes, device: DeviceRecord
    ) -> None:
        """What the desk checks: Refused unless the tag is right and the device is the contact's, of this office."""
        mine = self.enrol_mac(office=office, roster_version=roster_version, contact=contact, device=device)
        if not equal(tag, mine):
            raise Refused("the enrolment was not made with this letter")

    def _key(self, purpose: str) -> bytes:
        return kdf(self.value, self.invitation, purpose)


@dataclass(frozen=True, slots=True)
class Letter:
    """The whole letter, as text and QR code carry it."""

    secret: Secret
    office: bytes
    min_version: int
    min_hash: bytes

    def __post_init__(self) -> None:
        Slip(self.office, self.min_version, self.min_hash, bytes(16))

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read `QASID1.…`; Malformed when damaged or mistyped."""
        if not text.startswith(_TEXT):
            raise Malformed("this is no letter of introduction: it begins with QASID1.")
        data = unb64u(text.removeprefix(_TEXT), _SIZE)
        if data[:1] != _VERSION:
            raise Malformed("the letter is of a newer kind than this program knows")
        if data[-4:] != digest("letter check", data[:-4])[:4]:
            raise Malformed("the letter is damaged or mistyped")
        slip = Slip.parse(rec(data[17:49], data[49:57], data[57:89], bytes(16)))
        return cls(Secret(data[1:17]), slip.office, slip.min_version, slip.min_hash)

    def text(self) -> str:
        """`QASID1.` and base64url, 131 characters."""
        data = _VERSION + self.secret.value + self.office + unsigned64(self.min_version) + self.min_hash
        return _TEXT + b64u(data + digest("letter check", data)[:4])

    @property
    def pin(self) -> Pin:
        """Where the phone starts following the office."""
        return Pin(self.office, self.min_version, self.min_hash)

    def check_slip(self, slip: bytes, tag: bytes) -> Slip:
        """As `Secret.check_slip`; Refused also when the slip names another office, version or hash."""
        parsed = self.secret.check_slip(slip, tag)
        if (parsed.office, parsed.min_version, parsed.min_hash) != (
            self.office,
            self.min_version,
            self.min_hash,
        ):
            raise Refused("the slip names another office or roster than the letter")
        return parsed


def admit_hash(token: bytes) -> bytes:
    """What the relay keeps of an admit token."""
    return digest("admit", token)


def admits(token: bytes, stored: bytes) -> bool:
    """Whether `token` is the one whose `admit_hash` is stored; constant time."""
    return equal(admit_hash(token), stored)


@cache
def _list() -> Mnemonic:
    return Mnemonic("english")


@cache
def _beginnings() -> dict[str, str]:
    """Every accepted spelling: BIP-39 words differ within their first four letters."""
    words = _list().wordlist
    return {word[:n]: word for word in words for n in range(min(4, len(word)), len(word) + 1)}
