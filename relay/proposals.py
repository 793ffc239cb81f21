"""Proposals: an officer asks in chat, a device of the office confirms. A hijacked account decides nothing.

open → confirmed | rejected (a device decides), or expires
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from relay import audit, auth
from relay.audit import Event
from relay.auth import OfficerDevice, Principal
from relay.errors import Kind, RelayError
from relay.invitations import ISSUERS
from relay.unit import Tx
from store import proposals

LIFE = timedelta(hours=24)
MOST_OPEN = 20


@dataclass(frozen=True, slots=True)
class ProposalView:
    proposal: bytes
    kind: str
    by: str  # a role code
    at: datetime
    expires: datetime


def propose(tx: Tx, who: OfficerDevice, now: datetime) -> bytes:
    """Propose an invitation. Raises RelayError `not_allowed`, `too_many_proposals`."""
    me = auth.officer(who, ISSUERS)
    if len(proposals.open_of(tx, me.office, now)) >= MOST_OPEN:
        raise RelayError(
            "too_many_proposals", "too many proposals wait; decide on them at the desk", Kind.TOO_MANY
        )
    proposal = secrets.token_bytes(16)
    proposals.add(
        tx,
        office=me.office,
        proposal=proposal,
        officer=me.officer,
        kind="invite",
        state="open",
        at=now,
        expires_at=now + LIFE,
    )
    audit.note(tx, Event.INVITATION_PROPOSED, now, by=me)
    return proposal


def listed(tx: Tx, who: Principal, now: datetime) -> list[ProposalView]:
    """What waits for a decision."""
    me = auth.officer(who, ISSUERS)
    rows = proposals.open_of(tx, me.office, now)
    return [ProposalView(row.proposal, row.kind, row.role_code, row.at, row.expires_at) for row in rows]


def decide(tx: Tx, who: Principal, proposal: bytes, confirm: bool, now: datetime) -> None:
    """Confirm or reject, once. Raises RelayError `proposal_not_found`, `proposal_over`."""
    me = auth.officer(who, ISSUERS)
    row = proposals.proposal(tx, me.office, proposal)
    if row is None:
        raise RelayError("proposal_not_found", "no such proposal; list them anew", Kind.MISSING)
    state = "confirmed" if confirm else "rejected"
    if row.state == state:
        return
    if row.expires_at <= now or not proposals.decide(tx, me.office, proposal, state):
        raise RelayError("proposal_over", "the proposal was decided on or has expired", Kind.GONE)
    audit.note(tx, Event.PROPOSAL_CONFIRMED if confirm else Event.PROPOSAL_REJECTED, now, by=me)
