"""The jobs that the clock starts (handlers/jobs.py), by name, and when each ran last.

What they do follows from rows and from the time alone; what is noted here is for people to look at.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from relay.unit import Tx
from store import beats
from store.sql import Found

JOBS = {
    "release": "notices that are due go out",
    "expiry": "notices past their time end",
    "holds": "seats of who stays silent are given back",
    "standby": "whoever waits gets a seat that is free",
    "loans": "seats that were lent come home",
    "conditions": "coordinators hear what a movement lacks",
    "reminders": "an answer that is awaited is rung for",
    "doorbells": "bells are renewed before 48 hours, missed ones rung, needless ones taken away",
    "prekeys": "phones that run out of prekeys are asked for more",
    "lapses": "consents, claims, codes and who nobody vouched for end",
    "retention": "what is past its time is deleted",
    "daily": "coordinators get the morning's numbers",
    "integrity": "ledgers and audit logs are checked",
    "vault": "what an older vault key sealed is sealed with the newest one",
}
BACKUP = "backup"
DAY = timedelta(days=1)
LATE = timedelta(minutes=5)
"""A job may be at work for as long without its next run being late."""
OVERDUE = timedelta(minutes=1)
"""What should have run so long ago did not: the server stands still."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run: `due_at` None where nobody knows any more, after a start; `count` is how much there was to do."""

    name: str
    due_at: datetime | None
    began_at: datetime
    ended_at: datetime
    outcome: str  # done, failed
    count: int
    next_at: datetime


@dataclass(frozen=True, slots=True)
class Job:
    """A job and its last run; all but the name is None before the first."""

    name: str
    next_at: datetime | None = None
    began_at: datetime | None = None
    ended_at: datetime | None = None
    late_ms: int | None = None
    outcome: str | None = None
    count: int | None = None


def note(tx: Tx, run: Run) -> None:
    """Keep it in the place of the job's last run. After a start it was due when that one said."""
    due = run.due_at
    if due is None:
        last = beats.beat(tx, run.name)
        due = run.began_at if last is None else last.next_at
    due = min(due, run.began_at)  # a clock that was set back makes nothing early
    beats.note(
        tx,
        name=run.name,
        due_at=due,
        began_at=run.began_at,
        ended_at=run.ended_at,
        late_ms=(run.began_at - due) // timedelta(milliseconds=1),
        outcome=run.outcome,
        handled=run.count,
        next_at=run.next_at,
    )


def listed(tx: Tx) -> list[Job]:
    """Every job."""
    held = {row.name: row for row in beats.everything(tx)}
    return [_job(name, held) for name in JOBS]


def late(jobs: list[Job], now: datetime) -> list[str]:
    """The jobs whose last run failed, or whose next one should have been; one that never ran is neither."""
    return [
        job.name
        for job in jobs
        if job.outcome == "failed" or (job.next_at is not None and job.next_at < now - LATE)
    ]


def backed_up(tx: Tx, began: datetime, ended: datetime, count: int) -> None:
    """A backup was made: noted as a job's run is, though an operator starts it."""
    note(tx, Run(BACKUP, began, began, ended, "done", count, began + DAY))


def backup_at(tx: Tx) -> datetime | None:
    """When the newest backup was made of this database; None where none is known."""
    row = beats.beat(tx, BACKUP)
    return None if row is None else row.began_at


def asleep(jobs: list[Job], now: datetime) -> bool:
    """Whether no server runs: a job's next run is long past, or no job ever ran."""
    return any(job.next_at is None or job.next_at < now - OVERDUE for job in jobs)


def _job(name: str, held: dict[str, Found]) -> Job:
    row = held.get(name)
    if row is None:
        return Job(name)
    return Job(name, row.next_at, row.began_at, row.ended_at, row.late_ms, row.outcome, row.handled)
