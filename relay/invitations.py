"""Letters of introduction, as far as the relay may know them: a hash that admits, and a slip it cannot forge."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from crypto.letter import Slip
from crypto.roster import Role
from relay import applicants, audit, auth
from relay.audit import Event
from relay.auth import Principal
from relay.errors import Kind, RelayError, checked
from relay.unit import Tx
from store import people, referrals

MOST_LIFE = timedelta(days=60)
ALIAS = re.compile(r"[A-Z0-9][A-Z0-9-]{0,23}")
ISSUERS = Role.COORDINATOR | Role.CASEWORKER


@dataclass(frozen=True, slots=True)
class LetterSlip:
    slip: bytes
    tag: bytes


@dataclass(frozen=True, slots=True)
class InvitationView:
    invitation: bytes
    contact: bytes
    alias: str
    state: str  # open, used, expired, void
    expires: datetime


def make(
    tx: Tx,
    who: Principal,
    *,
    invitation: bytes,
    admit_hash: bytes,
    slip: bytes,
    tag: bytes,
    expires: datetime,
    alias: str,
    now: datetime,
) -> str:
    """Keep a letter's outer half; the contact's alias (chosen here when empty). The same again is harmless.

    A slip that names a known contact is a letter for that person's new device. Raises RelayError
    `not_allowed`, `malformed`, `slip_refused`, `alias_taken`, `alias_reserved`, `invitation_taken`.
    """
    me = auth.officer(who, ISSUERS)
    with checked():
        opened = Slip.parse(slip)
    if (len(invitation), len(admit_hash), len(tag)) != (16, 32, 32):
        raise RelayError("malformed", "the letter's fields have the wrong length", Kind.MALFORMED)
    if opened.office != me.office:
        raise RelayError("slip_refused", "the letter is of another office", Kind.UNACCEPTABLE)
    if not now < expires <= now + MOST_LIFE:
        raise RelayError("expiry_refused", "a letter is good for at most 60 days", Kind.UNACCEPTABLE)
    held = people.invitation(tx, invitation)
    if held is not None:
        same = (held.office, held.admit_hash, held.slip, held.tag) == (me.office, admit_hash, slip, tag)
        if same and (person := people.contact(tx, me.office, held.contact)) is not None:
            return str(person.alias)
        raise RelayError("invitation_taken", "this letter is here already; make another", Kind.CONFLICT)
    alias = _contact(tx, me.office, opened.contact, alias, now)
    people.add_invitation(
        tx,
        invitation=invitation,
        office=me.office,
        contact=opened.contact,
        admit_hash=admit_hash,
        slip=slip,
        tag=tag,
        expires_at=expires,
        state="open",
        issuer=me.device,
    )
    audit.note(tx, Event.INVITED, now, by=me, about=alias)
    return alias


def letter(tx: Tx, invitation: bytes, now: datetime) -> LetterSlip:
    """The slip of an open letter; unknown, used, void and expired are told apart by nobody: `letter_not_found`."""
    row = people.invitation(tx, invitation)
    if row is None or row.state != "open" or row.expires_at <= now:
        raise RelayError(
            "letter_not_found",
            "this letter is not valid (any more); ask the office for a new one",
            Kind.MISSING,
        )
    return LetterSlip(row.slip, row.tag)


def listed(tx: Tx, who: Principal, now: datetime) -> list[InvitationView]:
    """The office's letters."""
    me = auth.officer(who, ISSUERS)
    return [
        InvitationView(
            row.invitation,
            row.contact,
            row.alias,
            "expired" if row.state == "open" and row.expires_at <= now else row.state,
            row.expires_at,
        )
        for row in people.invitations_of(tx, me.office)
    ]


def void(tx: Tx, who: Principal, invitation: bytes, now: datetime) -> None:
    """Make a letter worthless, and turn away who waits under it.

    Raises RelayError `invitation_not_found`, `invitation_used`.
    """
    me = auth.officer(who, ISSUERS)
    row = people.invitation(tx, invitation)
    if row is None or row.office != me.office:
        raise RelayError("invitation_not_found", "no such letter; list the letters anew", Kind.MISSING)
    if row.state == "used":
        raise RelayError("invitation_used", "the letter was used; it opens nothing more", Kind.CONFLICT)
    if row.state == "open":
        applicants.void(tx, row)
        audit.note(tx, Event.INVITATION_VOIDED, now, by=me)


def _contact(tx: Tx, office: bytes, contact: bytes, alias: str, now: datetime) -> str:
    """The alias of the contact, who is put on record at the first letter."""
    person = people.contact(tx, office, contact)
    if person is not None and referrals.referral(tx, office, contact):
        raise RelayError(
            "contact_unverified",
            "this person came without a letter; make a letter to somebody new",
            Kind.CONFLICT,
        )
    if person is not None:
        if alias and alias != person.alias:
            raise RelayError("alias_taken", "this contact has another alias; leave it empty", Kind.CONFLICT)
        return str(person.alias)
    if alias and not ALIAS.fullmatch(alias):
        raise RelayError("malformed", "an alias is up to 24 capitals, digits and dashes", Kind.MALFORMED)
    if alias.startswith("H-"):
        raise RelayError("alias_reserved", "H- is for households; choose another alias", Kind.UNACCEPTABLE)
    if alias and people.by_alias(tx, office, alias) is not None:
        raise RelayError(
            "alias_taken", "this alias is in use; choose another or leave it empty", Kind.CONFLICT
        )
    while not alias or people.by_alias(tx, office, alias) is not None:
        alias = f"{secrets.choice('ABCDEFGJKLMNPQRSTUVWXYZ')}-{secrets.randbelow(90000) + 10000}"
    people.add_contact(
        tx,
        office=office,
        contact=contact,
        alias=alias,
        state="invited",
        language="",
        paused=False,
        created_at=now,
    )
    return alias
