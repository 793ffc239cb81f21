"""An invitation to be an officer: signed by a coordinator, carried to the new desk, proved by its device request."""

import re
import secrets
from dataclasses import dataclass
from typing import Annotated, ClassVar, Final, Self

from crypto.device import DeviceRecord
from crypto.encoding import b64u, digest, unb64u
from crypto.errors import Malformed, Refused
from crypto.record import Bytes16, Bytes32, Time, Utf8, rec, unrec
from crypto.roster import Role, Roster
from crypto.signature import Signable, check, parse_signed, public_key, sign

_TEXT: Final = "QASID-OFFICER1."
_PROOF: Final = "invited"
_ROLE_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{0,15}")


@dataclass(frozen=True, slots=True)
class OfficerInvitation(Signable):
    """Who holds the key to `proof_pk` may be added as this officer, until `expires`, by `issuer`'s word."""

    PURPOSE: ClassVar[str] = "officer invitation"

    office: Bytes32
    issuer: Bytes16
    role_code: Annotated[str, Utf8(pattern=_ROLE_CODE)]
    roles: Role
    not_after: Time
    expires: Time
    proof_pk: Bytes32

    def _relate(self) -> None:
        if not self.roles:
            raise Malformed("an officer has a role")
        if Role.CONFIRMER in self.roles:
            raise Malformed("an officer is invited to a desk, not to a phone that only confirms")


@dataclass(frozen=True)
class Carried:
    """What the new desk is given: the signed invitation and the one-time key that proves who holds it."""

    wire: bytes
    seed: bytes

    def __repr__(self) -> str:
        return "Carried(…)"

    @property
    def invitation(self) -> OfficerInvitation:
        return OfficerInvitation.peek(self.wire)

    @classmethod
    def issue(
        cls, issuer: DeviceRecord, seed: bytes, *, role_code: str, roles: Role, not_after: int, expires: int
    ) -> Self:
        """A new one, signed with the issuer's `seed`. Raises Malformed for a code or roles that cannot be."""
        own = secrets.token_bytes(32)
        body = OfficerInvitation(
            issuer.office, issuer.device, role_code, roles, not_after, expires, public_key(own)
        )
        return cls(body.sign(seed), own)

    def text(self) -> str:
        """`QASID-OFFICER1.…`; whoever reads it can ask to be that officer."""
        body = rec(self.wire, self.seed)
        return _TEXT + b64u(body + digest("officer invitation check", body)[:4])

    @classmethod
    def from_text(cls, text: str) -> Self:
        """White space inside is ignored. Raises Malformed for anything but a whole invitation."""
        bare = "".join(text.split())
        if not bare.startswith(_TEXT):
            raise Malformed(f"this is no officer's invitation: it begins with {_TEXT}")
        data = unb64u(bare.removeprefix(_TEXT))
        if digest("officer invitation check", data[:-4])[:4] != data[-4:]:
            raise Malformed("the officer's invitation is damaged or incomplete")
        wire, seed = unrec(data[:-4], 2)
        carried = cls(wire, seed)
        if len(seed) != 32 or public_key(seed) != carried.invitation.proof_pk:
            raise Malformed("the officer's invitation does not fit its key")
        return carried

    def prove(self, record: DeviceRecord) -> bytes:
        """The proof that whoever made this device holds the invitation; it holds for this device alone."""
        return sign(_PROOF, _proved(self.wire, record), self.seed)


def check_invited(
    wire: bytes, proof: bytes, record: DeviceRecord, *, roster: Roster, now: int
) -> OfficerInvitation:
    """The invitation a device request rests on. Raises Malformed, Refused when it does not hold (any more)."""
    body = OfficerInvitation.peek(wire)
    if body.office != roster.office or record.office != roster.office:
        raise Refused("the invitation is another office's")
    issuer = roster.standing(body.issuer, now, Role.COORDINATOR)
    OfficerInvitation.open(wire, issuer.device.sign_pk)
    if body.expires <= now:
        raise Refused("the invitation has expired: ask for a new one")
    check(_PROOF, _proved(wire, record), proof, body.proof_pk)
    return body


def _proved(wire: bytes, record: DeviceRecord) -> bytes:
    return rec(parse_signed(wire)[0], record.encode())
