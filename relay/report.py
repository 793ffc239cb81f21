"""The "no one behind" report: how many open households there are by each fact and by intent, and as of when.

What nobody knows is counted as unknown, and unknown is never 0. It is made to be passed on, so that it must not tell of
anybody: a count under LEAST is hidden, and as many others with it that nobody can work it out from the total, not even
who knows this rule (the tests try every table up to a size). So is when it was known; of the counts that are shown,
the oldest is told to the day. Coordinators see each household for themselves; so nothing else is kept from them, and
desk and chat get the same.
"""

from dataclasses import dataclass
from datetime import datetime

from crypto.cells import LEAST, hidden
from crypto.roster import Role
from relay import audit, auth
from relay.audit import Event
from relay.auth import Principal
from relay.facts import FACTS, INTENTS
from relay.unit import Tx
from store import report

ANSWERS = (("yes", "known"), ("yes", "estimated"), ("no", "known"), ("no", "estimated"), ("unknown", None))


Counts = dict[tuple[str, str | None], tuple[int, datetime | None]]
"""By answer and grade: how many, and the oldest information; the unknown last."""


@dataclass(frozen=True, slots=True)
class Cell:
    """`count` None: hidden. `as_of`: the day of the oldest information in it; None where there is none."""

    answer: str
    grade: str | None
    count: int | None
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """A fact or the intent; its cells add up to all households."""

    about: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Report:
    households: int | None
    lines: list[Line]


def make(tx: Tx, who: Principal, now: datetime) -> Report:
    """The report as of now; that it was made is logged. For coordinators. Raises RelayError `not_allowed`."""
    me = auth.officer(who, Role.COORDINATOR)
    total = report.households(tx, me.office)
    known, wanted = report.facts(tx, me.office), report.intents(tx, me.office)
    lines = []
    for fact in FACTS:
        counts: Counts = {kind: known.get((fact, *kind), (0, None)) for kind in ANSWERS}
        lines.append(_line(fact, counts, total))
    intents: Counts = {(intent, None): wanted.get(intent, (0, None)) for intent in INTENTS}
    lines.append(_line("intent", intents | {("unknown", None): (0, None)}, total))
    audit.note(tx, Event.REPORT_MADE, now, by=me)
    return Report(total if total >= LEAST else None, lines)


def _line(about: str, said: Counts, total: int) -> Line:
    # Of whom nobody said anything, nothing is known, as of no time.
    silent = total - sum(count for count, _ in said.values())
    unknown, since = said["unknown", None]
    said = said | {("unknown", None): (unknown + silent, since)}
    secret = hidden([count for count, _ in said.values()])
    cells = [
        Cell(answer, grade, None, None) if place in secret else Cell(answer, grade, count, _day(at))
        for place, ((answer, grade), (count, at)) in enumerate(said.items())
    ]
    return Line(about, cells)


def _day(at: datetime | None) -> datetime | None:
    return at and at.replace(hour=0, minute=0, second=0, microsecond=0)
