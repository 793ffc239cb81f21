"""Verification: whether a household is who it says, by two officers, each with a reason.

claimed → (confirm) once → (confirm, by another officer) verified → (revoke) revoked
claimed, once → (refuse) refused, or expired when CLAIM_LIFE is over; refused, revoked, expired → (claim) claimed

What moves a case on needs two officers, what stops it one. `expired` is told from the time and never stored.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from relay import audit, casebook
from relay.audit import Event
from relay.auth import OfficerDevice, Principal
from relay.errors import Kind, RelayError
from relay.unit import Tx
from store import cases
from store.sql import Found

CLAIM_LIFE = timedelta(days=30)
"""How long a claim waits for two officers."""

REASONS = {
    "claim": ("letter", "self", "partner", "relative"),
    "confirm": ("papers", "voice", "interview", "partner", "witness"),
    "refuse": ("mismatch", "duplicate", "impostor", "unclear"),
    "revoke": ("mismatch", "duplicate", "impostor", "error"),
}
"""Why a step is taken: a claim says who told us of them, a confirmation what the officer relies on."""

STEPS = {
    ("refused", "claim"): "claimed",
    ("revoked", "claim"): "claimed",
    ("expired", "claim"): "claimed",
    ("claimed", "confirm"): "once",
    ("once", "confirm"): "verified",
    ("claimed", "refuse"): "refused",
    ("once", "refuse"): "refused",
    ("verified", "revoke"): "revoked",
}
EVENTS = {
    "claimed": Event.CASE_CLAIMED,
    "once": Event.CASE_CONFIRMED,
    "verified": Event.CASE_VERIFIED,
    "refused": Event.CASE_REFUSED,
    "revoked": Event.CASE_REVOKED,
}


@dataclass(frozen=True, slots=True)
class CheckView:
    state: str
    reason: str
    role_code: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Verification:
    """`expires` is set while a claim waits."""

    state: str  # none, claimed, once, verified, refused, revoked, expired
    since: datetime | None
    expires: datetime | None


def take(tx: Tx, who: Principal, alias: str, *, step: str, reason: str, now: datetime) -> str:
    """Take a step; the new state.

    Raises RelayError `not_allowed`, `malformed`, `case_not_found`, `case_closed`, `step_refused`, `same_officer`.
    """
    me, row = casebook.opened(tx, who, alias)
    casebook.among(step, tuple(REASONS), "a step")
    casebook.among(reason, REASONS[step], f"the reason to {step}")
    history = cases.history(tx, "checks", me.office, row.alias, row.alias).get(row.alias, [])
    state = standing(history, now).state
    after = STEPS.get((state, step))
    if after is None:
        raise RelayError(
            "step_refused", f"the case's verification is {state}: there is nothing to {step}", Kind.CONFLICT
        )
    if after == "verified" and history[-1].officer == me.officer:
        raise RelayError(
            "same_officer",
            "the second officer is to be another than the first; ask a colleague",
            Kind.CONFLICT,
        )
    record(tx, me, row.alias, state=after, reason=reason, now=now)
    return after


def record(tx: Tx, me: OfficerDevice, alias: str, *, state: str, reason: str, now: datetime) -> None:
    """Write down where a step led."""
    said = {"state": state, "reason": reason, "officer": me.officer, "role_code": me.role_code, "at": now}
    cases.append(tx, "checks", me.office, alias, **said)
    audit.note(tx, EVENTS[state], now, by=me, about=alias)


def standing(history: Sequence[Found], now: datetime) -> Verification:
    """Where a case stands after these steps."""
    if not history:
        return Verification("none", None, None)  # erased
    last = history[-1]
    if last.state not in ("claimed", "once"):
        return Verification(last.state, last.at, None)
    expires = next(row.at for row in reversed(history) if row.state == "claimed") + CLAIM_LIFE
    if expires <= now:
        return Verification("expired", expires, None)
    return Verification(last.state, last.at, expires)
