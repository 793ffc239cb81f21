"""How one office tells another who it is, outside the relay: a text, and a number to be compared by voice."""

import hashlib
from dataclasses import dataclass
from typing import Final, Self

from crypto.encoding import b64u, digest, domain, unb64u
from crypto.errors import Malformed
from crypto.record import U64, Bytes32, Record, rec, unsigned64
from crypto.roster import Pin

_TEXT: Final = "QASID-OFFICE1."
_VERSION: Final = b"\x01"
_SIZE: Final = 1 + 32 + 8 + 32 + 4


@dataclass(frozen=True, slots=True)
class OfficeCard(Record):
    """The office id (the hash of its root), and the least roster that counts (PROTOCOL section 13)."""

    office: Bytes32
    version: U64
    hash: Bytes32

    def _relate(self) -> None:
        if self.version == 0:
            raise Malformed("a roster's version is 1 at least")

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read `QASID-OFFICE1.…`, white space inside ignored; Malformed when damaged or mistyped."""
        bare = "".join(text.split())
        if not bare.startswith(_TEXT):
            raise Malformed(f"this is no office's card: it begins with {_TEXT}")
        data = unb64u(bare.removeprefix(_TEXT), _SIZE)
        if data[:1] != _VERSION:
            raise Malformed("the office's card is of a newer kind than this program knows")
        if data[-4:] != digest("office card check", data[:-4])[:4]:
            raise Malformed("the office's card is damaged or mistyped")
        return cls.parse(rec(data[1:33], data[33:41], data[41:73]))

    def text(self) -> str:
        """`QASID-OFFICE1.` and base64url, 117 characters."""
        data = _VERSION + self.office + unsigned64(self.version) + self.hash
        return _TEXT + b64u(data + digest("office card check", data)[:4])

    def number(self) -> tuple[str, ...]:
        """Twelve groups of five ASCII digits that both offices compare."""
        seed = hashlib.sha512(domain("office number") + self.encode()).digest()
        return tuple([f"{int.from_bytes(seed[i : i + 5], 'big') % 100_000:05}" for i in range(0, 60, 5)])

    @property
    def pin(self) -> Pin:
        """Where following the office begins: at this very roster."""
        return Pin(self.office, self.version, self.hash)
