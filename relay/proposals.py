"""Proposals: an officer asks in chat, a device of the office confirms. A hijacked account decides nothing.

open → confirmed | rejected (a device decides), or expires

What is proposed happens with the confirmation, in its transaction, as an act of the officer who confirms; what takes
keys happens at a desk. relay/wishes.py has the kinds.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from crypto.encoding import b64u
from relay import audit, auth, colleagues, wishes
from relay.audit import Event
from relay.auth import OfficerDevice, Principal
from relay.errors import Kind, RelayError
from relay.invitations import ISSUERS
from relay.unit import Tx
from store import proposals

LIFE = timedelta(hours=24)
MOST_OPEN = 20


PROPOSED = {"invite": Event.INVITATION_PROPOSED, "offboard": Event.OFFBOARDING_PROPOSED}


@dataclass(frozen=True, slots=True)
class ProposalView:
    proposal: bytes
    kind: str  # as in relay/wishes.py
    subject: (
        str  # the alias of whom it is about; a role code, a movement's code, a notice's number or a route
    )
    words: str  # codes, as in chat: "ready yes estimated", "W-02", "airport green official 12h", "AIR-07 boarded"
    by: str  # a role code
    at: datetime
    expires: datetime


def propose(
    tx: Tx, who: OfficerDevice, now: datetime, *, kind: str = "invite", subject: str = "", words: str = ""
) -> bytes:
    """Propose an invitation or a change; the same change again is the one that waits already.

    When people are to be stopped, the other coordinators are told at once: one of them has to sign.
    Raises RelayError `not_allowed`, `too_many_proposals`, and those of wishes.fitting.
    """
    me = auth.officer(who, ISSUERS)
    subject, words = wishes.fitting(tx, who, now, kind=kind, subject=subject, words=words)
    waiting = proposals.open_of(tx, me.office, now)
    same = (me.officer, kind, subject, words)
    for row in waiting:
        if kind != "invite" and (row.officer, row.kind, row.subject, row.words) == same:
            return bytes(row.proposal)
    if len(waiting) >= MOST_OPEN:
        raise RelayError(
            "too_many_proposals", "too many proposals wait; decide on them at the desk", Kind.TOO_MANY
        )
    proposal = secrets.token_bytes(16)
    proposals.add(
        tx,
        office=me.office,
        proposal=proposal,
        officer=me.officer,
        kind=kind,
        subject=subject,
        words=words,
        state="open",
        at=now,
        expires_at=now + LIFE,
    )
    audit.note(tx, PROPOSED.get(kind, Event.CHANGE_PROPOSED), now, by=me, **_of(kind, subject))
    if kind in wishes.CALLING_OFF:
        said, dedupe = {"subject": subject, "role": me.role_code}, f"proposal:{b64u(proposal)}"
        colleagues.tell(
            tx, me.office, f"officer-asks-{kind}", said, now, dedupe=dedupe, life=LIFE, but=[me.officer]
        )
    return proposal


def listed(tx: Tx, who: Principal, now: datetime) -> list[ProposalView]:
    """What waits for a decision."""
    me = auth.acting(tx, who, ISSUERS, now)
    rows = proposals.open_of(tx, me.office, now)
    return [
        ProposalView(row.proposal, row.kind, row.subject, row.words, row.role_code, row.at, row.expires_at)
        for row in rows
    ]


def decide(
    tx: Tx, who: Principal, proposal: bytes, confirm: bool, now: datetime, *, reason: str = ""
) -> None:
    """Confirm or reject, once; `reason` is what a confirming officer relies on who vets a case.

    Raises RelayError `proposal_not_found`, `desk_needed` (for a phone that only confirms: it takes keys),
    `proposal_over`, `reason_needed`, and whatever the change itself does: then nothing is decided.
    """
    me = auth.acting(tx, who, ISSUERS, now)
    row = proposals.proposal(tx, me.office, proposal)
    if row is None:
        raise RelayError("proposal_not_found", "no such proposal; list them anew", Kind.MISSING)
    if row.kind in wishes.BY_KEYS and auth.only_confirms(who):
        raise RelayError(
            "desk_needed", "this is signed at a desk; decide on it there: qasid-desk confirm", Kind.FORBIDDEN
        )
    state = "confirmed" if confirm else "rejected"
    if row.state == state:
        return
    if row.expires_at <= now or not proposals.decide(tx, me.office, proposal, state):
        raise RelayError("proposal_over", "the proposal was decided on or has expired", Kind.GONE)
    event = Event.PROPOSAL_CONFIRMED if confirm else Event.PROPOSAL_REJECTED
    audit.note(tx, event, now, by=me, **_of(row.kind, row.subject))
    if confirm:
        wishes.carry_out(tx, me, row, reason, now)


def _of(kind: str, subject: str) -> dict[str, str]:
    """What the log is told: an alias, which has a mark there; any other code as it is."""
    return {"about" if kind in wishes.OF_PEOPLE else "subject": subject}
