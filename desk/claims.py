"""Claims at the relay: who of the office sees to which contact just now."""

from dataclasses import dataclass

from crypto.encoding import b64u
from desk.answers import Answer
from desk.office import Desk


@dataclass(frozen=True)
class Claim:
    """`until` in unix seconds; another officer's stands until then, unless they give it back."""

    contact: str
    alias: str
    role_code: str
    mine: bool
    until: int


def take(desk: Desk, alias: str) -> Claim:
    """Raises RelayError `claimed` when a colleague has the contact."""
    return _claim(Answer(desk.relay.post("/claims", {"contact": alias})))


def release(desk: Desk, alias: str, *, done: bool = False) -> None:
    """`done`: what they wrote needs no answer any more."""
    desk.relay.post(f"/claims/{alias}/release", {"done": done})


def overdue(desk: Desk) -> dict[str, int]:
    """Contact -> when an answer to them should have gone, of all who wait longer than that."""
    rows = Answer(desk.relay.get("/escalations")).many("overdue")
    return {b64u(row.octets("contact", 16)): row.integer("due_at") for row in rows}


def listed(desk: Desk) -> list[Claim]:
    return [_claim(row) for row in Answer(desk.relay.get("/claims")).many("claims")]


def _claim(row: Answer) -> Claim:
    return Claim(
        b64u(row.octets("contact", 16)),
        row.text("alias"),
        row.text("role_code"),
        row.truth("mine"),
        row.integer("until"),
    )
