"""Manifests: people of a movement by name, for one other office, by two officers and on a date gone (PROTOCOL 13).

The manifest names its rows by their hashes. The rows themselves are disclosures, one each, so that whoever takes back
their consent is taken out alone, and what is left still verifies.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Final

from crypto.casefile import CODE, MOST_FIELDS
from crypto.disclosure import CLOCK_SLACK, READERS, Disclosure
from crypto.encoding import digest
from crypto.errors import Malformed, Refused
from crypto.record import Bytes16, Bytes32, Listed, Nested, Octets, Record, Time, Unsigned, Utf8, rec
from crypto.roster import Entry, Role, Roster
from crypto.signature import Signable, SignedField

MOST_ROWS: Final = 500
LONGEST_LIFE: Final = 90 * 86_400
"""Seconds from its making to its end."""

Fields = Annotated[
    tuple[str, ...], Listed(Utf8(pattern=CODE), least=1, most=MOST_FIELDS, key=lambda code: code.encode())
]


@dataclass(frozen=True, slots=True)
class ManifestBody(Record):
    """What two officers sign: `code` is the movement's code name; without the salt a hash would betray a guess."""

    manifest: Bytes16
    salt: Bytes32
    office: Bytes32
    recipient: Bytes32
    movement: Bytes16
    code: Annotated[str, Utf8(pattern=re.compile(r"[A-Z0-9][A-Z0-9-]{0,15}"))]
    fields: Fields
    made: Time
    destroy_by: Time
    rows: Annotated[tuple[bytes, ...], Listed(Octets((32,)), least=1, most=MOST_ROWS, key=bytes)]

    def _relate(self) -> None:
        if self.office == self.recipient:
            raise Malformed("a manifest is for another office")
        if not self.made < self.destroy_by <= self.made + LONGEST_LIFE:
            raise Malformed("a manifest ends after it was made, and within 90 days")

    @property
    def hash(self) -> bytes:
        """`H("manifest", body)`, which officers sign."""
        return digest("manifest", self.encode())

    def row(self, disclosure: Disclosure) -> bytes:
        """The hash by which this manifest names a person's row."""
        return row_hash(self.salt, disclosure)


@dataclass(frozen=True, slots=True)
class ManifestApproval(Signable):
    """One officer's yes to exactly these rows for exactly that office."""

    PURPOSE: ClassVar[str] = "manifest"

    office: Bytes32
    recipient: Bytes32
    movement: Bytes16
    content_hash: Bytes32
    rows: Annotated[int, Unsigned(2, MOST_ROWS, least=1)]
    fields: Fields
    device: Bytes16
    at: Time

    @property
    def what(self) -> tuple[object, ...]:
        """All of it but who signed, and when."""
        return (self.office, self.recipient, self.movement, self.content_hash, self.rows, self.fields)


@dataclass(frozen=True, slots=True)
class Manifest(Record):
    """A body with the approvals so far; `check_manifest` takes no less than two."""

    body: ManifestBody
    approvals: Annotated[
        tuple[bytes, ...],
        Listed(
            SignedField(ManifestApproval),
            least=1,
            most=2,
            key=lambda wire: ManifestApproval.peek(wire).device,
        ),
    ]


@dataclass(frozen=True, slots=True)
class ManifestPart(Record):
    """What a proposal is handed round in, within the office: the manifest in its first part, then its rows."""

    manifest: Bytes16
    proposal: Annotated[tuple[Manifest, ...], Listed(Nested(Manifest), most=1)]
    rows: Annotated[
        tuple[Disclosure, ...],
        Listed(Nested(Disclosure), most=MOST_ROWS, key=lambda disclosure: disclosure.contact),
    ]

    def _relate(self) -> None:
        if not self.proposal and not self.rows:
            raise Malformed("a part of a manifest with nothing in it")
        if any(each.body.manifest != self.manifest for each in self.proposal):
            raise Malformed("a part of another manifest")


def row_hash(salt: bytes, disclosure: Disclosure) -> bytes:
    """`H("manifest row", rec(salt, disclosure))`."""
    return digest("manifest row", rec(salt, disclosure.encode()))


def approve(body: ManifestBody, *, device: bytes, at: int, seed: bytes) -> bytes:
    """The signed yes of an officer's device."""
    said = ManifestApproval(
        body.office, body.recipient, body.movement, body.hash, len(body.rows), body.fields, device, at
    )
    return said.sign(seed)


def check_approval(wire: bytes, body: ManifestBody, roster: Roster) -> Entry:
    """Whose yes to exactly this body it is; Refused unless they stand in the roster and may read mail."""
    said, entry = _open(wire, roster)
    named = (body.office, body.recipient, body.movement, body.hash, len(body.rows), body.fields)
    if said.what != named:
        raise Refused("an approval is of other rows, fields or another office")
    return entry


def check_approvals(wires: Sequence[bytes], roster: Roster) -> ManifestApproval:
    """What two different officers, one of them a coordinator, signed alike; Refused otherwise.

    It says what was signed, not that any rows are those: `check_manifest` does.
    """
    opened = [_open(wire, roster) for wire in wires]
    if len({said.what for said, _ in opened}) != 1:
        raise Refused("the approvals are not of the same rows for the same office")
    _check_two(entry for _, entry in opened)
    return opened[0][0]


def check_manifest(manifest: Manifest, *, roster: Roster, to: bytes) -> list[Entry]:
    """Who of the office with this roster made it for the office `to`; Refused unless two officers did.

    Rows are matched besides, by `ManifestBody.row`.
    """
    body = manifest.body
    if (body.office, body.recipient) != (roster.office, to):
        raise Refused("the manifest is by or for another office")
    entries = [check_approval(wire, body, roster) for wire in manifest.approvals]
    _check_two(entries)
    return entries


def _open(wire: bytes, roster: Roster) -> tuple[ManifestApproval, Entry]:
    named = ManifestApproval.peek(wire)
    if named.office != roster.office:
        raise Refused("an approval is of another office")
    entry = roster.standing(named.device, named.at, READERS, slack=CLOCK_SLACK)
    return ManifestApproval.open(wire, entry.device.sign_pk), entry


def _check_two(signed: Iterable[Entry]) -> None:
    entries = list(signed)
    if len({entry.officer for entry in entries}) < 2:
        raise Refused("a manifest takes two different officers")
    if not any(entry.roles & Role.COORDINATOR for entry in entries):
        raise Refused("a manifest takes a coordinator")
