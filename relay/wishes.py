"""What officers propose, by kind: whether it can be proposed, and what comes of it once a device confirms.

    kind                            of              confirmed
    fact, intent, vet, assign       a household     is noted, as an act of who confirms
    condition, status               a departure,    is said, as of when it was proposed
                                    a route
    step                            a departure     it is opened, called, departs or arrives
    outcome                         a person        is recorded
    invite                          nobody          nothing: the desk makes the letter
    offboard, lend, offer, cancel,  codes           nothing: the desk says which command signs it
    threat
What takes keys is made at a desk alone; a proposal of it lets colleagues know that somebody asks for it.
"""

from datetime import datetime, timedelta

from crypto.notice import Route
from crypto.roster import Role
from relay import (
    assignments,
    auth,
    casebook,
    conditions,
    departures,
    facts,
    movements,
    outcomes,
    verification,
)
from relay.auth import OfficerDevice, Principal
from relay.errors import Kind, RelayError
from relay.outcomes import Outcome
from relay.unit import Tx
from store import people
from store.sql import Found

AT_DESK = frozenset({"offboard", "lend", "offer", "cancel", "threat"})
"""Kinds that change nothing when they are confirmed: somebody signs them at a desk."""
BY_KEYS = AT_DESK | {"invite"}
"""Kinds that take a desk's keys, and are decided on there alone: a phone that only confirms has none."""
CALLING_OFF = frozenset({"cancel", "threat"})
"""Kinds that keep people from setting out, so that nobody shall wait for somebody to look."""
OF_PEOPLE = frozenset({"fact", "intent", "vet", "assign", "offer", "outcome"})
"""Kinds whose subject is somebody's alias."""


def fitting(tx: Tx, who: Principal, now: datetime, *, kind: str, subject: str, words: str) -> tuple[str, str]:
    """The subject and the words of a proposal as they are kept.

    Raises RelayError `not_allowed`, or whatever says that there is no such thing, or that it cannot be now.
    """
    match kind:
        case "fact" | "intent" | "vet":
            return casebook.opened(tx, who, subject)[1].alias, words
        case "assign":
            return assignments.fitting(tx, who, subject, words)
        case "offboard":
            leaving = assignments.colleague(tx, auth.officer(who, Role.COORDINATOR), subject)
            return leaving.role_code, words
        case "offer" | "outcome":
            return _of_person(tx, who, kind, subject, words)
        case "condition" | "step" | "lend":
            movements.own(tx, who, subject)
        case "status":
            auth.officer(who, movements.PLANNERS)
        case "cancel":
            departures.revocable(tx, who, subject)
        case "threat":
            departures.ready(tx, who, subject, now)
    return subject, words


def carry_out(tx: Tx, me: OfficerDevice, row: Found, reason: str, now: datetime) -> None:
    """What the proposal is for, as an act of the officer who confirms; `reason` is what a vetting relies on.

    Raises RelayError `not_allowed`, `reason_needed`, and what the act itself raises.
    """
    match row.kind:
        case "assign":
            assignments.assign(tx, me, row.subject, row.words, now)
        case "condition" | "status":
            _say(tx, me, row, now)
        case "step":
            movements.step(tx, me, movements.own(tx, me, row.subject), row.words, now)
        case "outcome":
            code, word = row.words.split()
            outcomes.record(tx, me, movements.named(tx, me, code), _outcome(row.subject, word), now)
        case "fact":
            fact, answer, *grade = row.words.split()
            # It was so when it was said, whenever it is confirmed.
            said = {"fact": fact, "answer": answer, "as_of": min(row.at, now)}
            facts.record(tx, me, row.subject, **said, grade=grade[0] if grade else None, now=now)
        case "intent":
            facts.intend(tx, me, row.subject, intent=row.words, now=now)
        case "vet":
            _vet(tx, me, row, reason, now)
        case kind if kind in AT_DESK:
            auth.officer(me, Role.COORDINATOR)


def _of_person(tx: Tx, who: Principal, kind: str, subject: str, words: str) -> tuple[str, str]:
    """Of "AIR-07", or "AIR-07 boarded"."""
    alias, (code, *word) = subject.upper(), words.split()
    me, movement = auth.officer(who, movements.VIEWERS), movements.named(tx, who, code)
    if kind == "outcome":
        outcomes.seated(tx, me.office, movement, alias)
    elif people.by_alias(tx, me.office, alias) is None:
        raise RelayError("contact_not_found", "no contact has this code; see the desk", Kind.MISSING)
    else:
        movements.offering(tx, me.office, movement)
    return alias, " ".join([code, *word])


def _outcome(alias: str, word: str) -> Outcome:
    return Outcome(alias, word.replace("-", "_"))


def _vet(tx: Tx, me: OfficerDevice, row: Found, reason: str, now: datetime) -> None:
    relied_on = reason or row.words
    if not relied_on:
        raise RelayError("reason_needed", "say what you rely on: confirm it with a reason", Kind.UNACCEPTABLE)
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
