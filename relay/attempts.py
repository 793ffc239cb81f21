"""Attempts to reach a contact, as codes: which way, and what came of it. Never a number, never a text.

Not reached is whoever was tried in vain since they were last reached, or last wrote by themselves. To refuse is to have
been reached.
"""

from dataclasses import dataclass
from datetime import datetime

from relay import audit, auth, casebook
from relay.audit import Event
from relay.auth import OfficerDevice, Principal
from relay.errors import Kind, RelayError
from relay.unit import Tx
from store import assignments, attempts, people
from store.sql import Found

WAYS = ("app", "telephone", "relative", "person")
OUTCOMES = ("reached", "unanswered", "wrong", "refused")
"""wrong: somebody else answered, or nobody is known there."""


@dataclass(frozen=True, slots=True)
class Attempt:
    way: str
    outcome: str
    role_code: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NotReached:
    """`since`: the first of `tries` in vain; `last`: the newest of them. `assigned`: a role code."""

    alias: str
    since: datetime
    last: datetime
    tries: int
    assigned: str | None


def record(tx: Tx, who: Principal, alias: str, *, way: str, outcome: str, now: datetime) -> None:
    """Log an attempt, by an officer who sees contacts.

    Raises RelayError `not_allowed`, `malformed`, `contact_not_found`.
    """
    me, person = _contact(tx, who, alias)
    casebook.among(way, WAYS, "a way")
    casebook.among(outcome, OUTCOMES, "an outcome")
    attempts.add(tx, me.office, person.contact, way=way, outcome=outcome, role_code=me.role_code, now=now)
    audit.note(tx, Event.ATTEMPT_RECORDED, now, by=me, about=person.alias)


def of(tx: Tx, who: Principal, alias: str, now: datetime) -> list[Attempt]:
    """All attempts to reach one contact, in their order; the look is logged. Raises RelayError as `record`."""
    me, person = _contact(tx, who, alias)
    audit.note(tx, Event.CASE_READ, now, by=me, about=person.alias)
    rows = attempts.of_contact(tx, me.office, person.contact)
    return [Attempt(row.way, row.outcome, row.role_code, row.at) for row in rows]


def not_reached(tx: Tx, who: Principal, now: datetime) -> list[NotReached]:
    """Whom nobody reached, who waits longest first; the look is logged. Raises RelayError `not_allowed`."""
    me = auth.officer(who, casebook.KEEPERS)
    assigned = assignments.listed(tx, me.office)
    vain: dict[str, list[datetime]] = {}
    for row in attempts.of_office(tx, me.office):
        tries = vain.setdefault(row.alias, [])
        if row.outcome in attempts.REACHED:
            tries.clear()
        elif row.heard_at is None or row.heard_at <= row.at:
            tries.append(row.at)
    found = [
        NotReached(alias, tries[0], tries[-1], len(tries), assigned.get(alias))
        for alias, tries in vain.items()
        if tries
    ]
    if found:
        audit.note(tx, Event.NOT_REACHED_READ, now, by=me)
    return sorted(found, key=lambda each: (each.since, each.alias))


def _contact(tx: Tx, who: Principal, alias: str) -> tuple[OfficerDevice, Found]:
    me = auth.officer(who, casebook.KEEPERS)
    person = people.by_alias(tx, me.office, alias.upper())
    if person is None or person.state == "wiped":
        raise RelayError(
            "contact_not_found", "no contact has this code; list the contacts anew", Kind.MISSING
        )
    return me, person
