"""Proposals: an officer asks in chat, a device of the office confirms. A hijacked account decides nothing.

open → confirmed | rejected (a device decides), or expires

What is proposed about a case happens with the confirmation, in its transaction, as an act of the officer who confirms.
An invitation's letter is made at the desk, which has the secrets; an off-boarding is a roster that the root signs.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from crypto.notice import Route
from crypto.roster import Role
from relay import assignments, audit, auth, casebook, conditions, facts, movements, verification
from relay.audit import Event
from relay.auth import OfficerDevice, Principal
from relay.errors import Kind, RelayError
from relay.invitations import ISSUERS
from relay.unit import Tx
from store import proposals
from store.sql import Found

LIFE = timedelta(hours=24)
MOST_OPEN = 20


PROPOSED = {"invite": Event.INVITATION_PROPOSED, "offboard": Event.OFFBOARDING_PROPOSED}


@dataclass(frozen=True, slots=True)
class ProposalView:
    proposal: bytes
    kind: str  # invite, fact, intent, vet, assign, offboard, condition, status
    subject: str  # the alias of whom it is about; a role code, a movement's code or a route
    words: str  # codes, as in chat: "ready yes estimated", "wants", "papers", "W-02", "airport green official 12h"
    by: str  # a role code
    at: datetime
    expires: datetime


def propose(
    tx: Tx, who: OfficerDevice, now: datetime, *, kind: str = "invite", subject: str = "", words: str = ""
) -> bytes:
    """Propose an invitation, or a change to a case; the same change again is the one that waits already.

    Raises RelayError `not_allowed`, `too_many_proposals`, `case_not_found`, `case_closed`.
    """
    me = auth.officer(who, ISSUERS)
    match kind:
        case "fact" | "intent" | "vet":
            subject = casebook.opened(tx, who, subject)[1].alias
        case "assign":
            subject, words = assignments.fitting(tx, who, subject, words)
        case "condition":
            movements.named(tx, auth.officer(who, movements.PLANNERS), subject)
        case "status":
            auth.officer(who, movements.PLANNERS)
        case "offboard":
            subject = assignments.colleague(tx, auth.officer(who, Role.COORDINATOR), subject).role_code
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

    Raises RelayError `proposal_not_found`, `proposal_over`, `reason_needed`, and whatever the change itself does:
    then nothing is decided.
    """
    me = auth.acting(tx, who, ISSUERS, now)
    row = proposals.proposal(tx, me.office, proposal)
    if row is None:
        raise RelayError("proposal_not_found", "no such proposal; list them anew", Kind.MISSING)
    state = "confirmed" if confirm else "rejected"
    if row.state == state:
        return
    if row.expires_at <= now or not proposals.decide(tx, me.office, proposal, state):
        raise RelayError("proposal_over", "the proposal was decided on or has expired", Kind.GONE)
    event = Event.PROPOSAL_CONFIRMED if confirm else Event.PROPOSAL_REJECTED
    audit.note(tx, event, now, by=me, **_of(row.kind, row.subject))
    if confirm:
        _carry_out(tx, me, row, reason, now)


def _of(kind: str, subject: str) -> dict[str, str]:
    """What the log is told: a role code, a movement's code or a route as it is; an alias, which has a mark there."""
    return {"subject" if kind in ("offboard", "condition", "status") else "about": subject}


def _carry_out(tx: Tx, me: OfficerDevice, row: Found, reason: str, now: datetime) -> None:
    match row.kind:
        case "assign":
            assignments.assign(tx, me, row.subject, row.words, now)
        case "offboard":
            auth.officer(me, Role.COORDINATOR)  # the deed itself is a roster, which the office's root signs
        case "condition" | "status":
            _say(tx, me, row, now)
        case "fact":
            fact, answer, *grade = row.words.split()
            # It was so when it was said, whenever it is confirmed.
            said = {"fact": fact, "answer": answer, "as_of": min(row.at, now)}
            facts.record(tx, me, row.subject, **said, grade=grade[0] if grade else None, now=now)
        case "intent":
            facts.intend(tx, me, row.subject, intent=row.words, now=now)
        case "vet":
            relied_on = reason or row.words
            if not relied_on:
                raise RelayError(
                    "reason_needed", "say what you rely on: confirm it with a reason", Kind.UNACCEPTABLE
                )
            verification.take(tx, me, row.subject, step="confirm", reason=relied_on, now=now)


def _say(tx: Tx, me: OfficerDevice, row: Found, now: datetime) -> None:
    """What a condition or a route is to be: "airport red media", "airport green official 12h", "open official 48h".

    It was so when it was said, whenever it is confirmed.
    """
    *words, last = row.words.split()
    at = min(row.at, now)
    holds = (
        {"expires": at + timedelta(hours=int(last[:-1]))} if last[-1:] == "h" and last[:-1].isdigit() else {}
    )
    said = words if holds else [*words, last]
    if row.kind == "status":
        status, grade = said
        named = {"route": Route[row.subject.upper().replace("-", "_")], "status": status, "grade": grade}
        conditions.put_up(tx, me, **named, as_of=at, **holds, now=now)
        return
    condition, state, grade = said
    movement = movements.named(tx, me, row.subject)
    named = {"condition": condition, "state": state, "grade": grade}
    conditions.say(tx, me, movement, **named, as_of=at, **holds, now=now)
