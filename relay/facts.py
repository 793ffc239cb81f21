"""What is known of a household, and what it wants: five independent facts and an intent, each with its history.

Nothing is ever overwritten. What nobody knows is `unknown`: not no, and not 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from relay import audit, casebook
from relay.audit import Event
from relay.auth import Principal
from relay.errors import Kind, RelayError
from relay.unit import Tx
from store import cases
from store.sql import Found

FACTS = ("requested", "identified", "ready", "documents", "offered")
ANSWERS = ("yes", "no", "unknown")
GRADES = ("known", "estimated")
INTENTS = ("wants", "unsure", "no")


@dataclass(frozen=True, slots=True)
class FactView:
    """One fact; `as_of` and what follows are missing while nobody said anything about it."""

    fact: str
    answer: str
    grade: str | None = None
    as_of: datetime | None = None
    role_code: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class IntentView:
    intent: str
    role_code: str
    at: datetime


def record(
    tx: Tx,
    who: Principal,
    alias: str,
    *,
    fact: str,
    answer: str,
    grade: str | None = None,
    as_of: datetime | None = None,
    now: datetime,
) -> None:
    """Write down what is known, as of a time (now, when left out); graded known unless estimated.

    Raises RelayError `not_allowed`, `malformed`, `as_of_ahead`, `case_not_found`, `case_closed`.
    """
    me, row = casebook.opened(tx, who, alias)
    casebook.among(fact, FACTS, "a fact")
    casebook.among(answer, ANSWERS, "an answer")
    if answer == "unknown" and grade is not None:
        raise RelayError("malformed", "what is unknown has no grade; leave it out", Kind.MALFORMED)
    if answer != "unknown":
        grade = casebook.among(grade or "known", GRADES, "a grade")
    if as_of is not None and as_of > now:
        raise RelayError(
            "as_of_ahead", "nothing is known as of a time to come; give an earlier one", Kind.UNACCEPTABLE
        )
    said = {"fact": fact, "answer": answer, "grade": grade, "as_of": as_of or now}
    cases.append(tx, "facts", me.office, row.alias, **said, role_code=me.role_code, at=now)
    audit.note(tx, Event.FACT_RECORDED, now, by=me, about=row.alias)


def intend(tx: Tx, who: Principal, alias: str, *, intent: str, now: datetime) -> None:
    """Write down what the household wants, as it told an officer; it may change its mind at any time.

    Raises RelayError `not_allowed`, `malformed`, `case_not_found`, `case_closed`.
    """
    me, row = casebook.opened(tx, who, alias)
    casebook.among(intent, INTENTS, "an intent")
    cases.append(tx, "intents", me.office, row.alias, intent=intent, role_code=me.role_code, at=now)
    audit.note(tx, Event.INTENT_RECORDED, now, by=me, about=row.alias)


def current(history: Sequence[Found]) -> list[FactView]:
    """The five facts: of each what is the latest by `as_of`, and of these what was said last.

    News of an earlier time does not undo what is known of a later one.
    """
    newest = {row.fact: row for row in sorted(history, key=lambda row: (row.as_of, row.seq))}
    return [fact_view(newest[fact]) if fact in newest else FactView(fact, "unknown") for fact in FACTS]


def fact_view(row: Found) -> FactView:
    return FactView(row.fact, row.answer, row.grade, row.as_of, row.role_code, row.at)
