"""Work on its way to a writer, and the answers on their way back."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

ALONE = object()
"""Marks a job that is a plain unit: rule(tx). Any other item belongs to a gathered call: rule(tx, items)."""


@dataclass(slots=True, eq=False)
class Job:
    """One caller's wish. `loop` is the event loop to answer on, None for a blocking caller."""

    rule: Callable[..., Any]
    item: Any  # whatever the gathered rule takes
    answer: "Future[Any] | asyncio.Future[Any]"
    loop: asyncio.AbstractEventLoop | None
    value: Any = None
    error: BaseException | None = None

    @classmethod
    def here(cls, rule: Callable[..., Any], item: object = ALONE) -> "Job":
        """A job of a coroutine on the running loop."""
        loop = asyncio.get_running_loop()
        return cls(rule, item, loop.create_future(), loop)

    @classmethod
    def blocking(cls, rule: Callable[..., Any], item: object = ALONE) -> "Job":
        return cls(rule, item, Future(), None)

    def tell(self) -> None:
        """Hand value or error to the caller, on its own thread or loop."""
        if self.answer.done():  # the caller gave up waiting; what was committed stays committed
            return
        if self.error is not None:
            self.answer.set_exception(self.error)
        else:
            self.answer.set_result(self.value)


@dataclass(slots=True, eq=False)
class Unit:
    """Jobs that run as one call and therefore succeed or fail together."""

    jobs: list[Job] = field(default_factory=list)

    @property
    def gathered(self) -> bool:
        return self.jobs[0].item is not ALONE

    def run(self, tx: Connection) -> None:
        """Run the rule and keep each job's outcome; raises what the rule raises."""
        if not self.gathered:
            (job,) = self.jobs
            job.value, job.error = job.rule(tx), None
            return
        outcomes: Sequence[Any] = self.jobs[0].rule(tx, [job.item for job in self.jobs])
        for job, outcome in zip(self.jobs, outcomes, strict=True):
            failed = isinstance(outcome, Exception)
            job.value, job.error = (None, outcome) if failed else (outcome, None)

    def fail(self, error: BaseException) -> None:
        for job in self.jobs:
            job.value, job.error = None, error

    def split(self) -> "list[Unit]":
        """Units of one job each, to find the one that spoils a gathered call."""
        return [Unit([job]) for job in self.jobs]


def units(jobs: Iterable[Job]) -> list[Unit]:
    """Group queued jobs: all items of one gathered rule become one unit, every plain job its own."""
    made: list[Unit] = []
    gathered: dict[Callable[..., Any], Unit] = {}
    for job in jobs:
        if job.item is ALONE:
            made.append(Unit([job]))
        elif job.rule in gathered:
            gathered[job.rule].jobs.append(job)
        else:
            gathered[job.rule] = Unit([job])
            made.append(gathered[job.rule])
    return made


def deliver(jobs: Iterable[Job]) -> None:
    """Answer all callers, waking each event loop once for the whole batch."""
    loops: dict[asyncio.AbstractEventLoop, list[Job]] = {}
    for job in jobs:
        if job.loop is None:
            job.tell()
        else:
            loops.setdefault(job.loop, []).append(job)
    for loop, waiting in loops.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_tell_all, waiting)


def _tell_all(jobs: list[Job]) -> None:
    for job in jobs:
        job.tell()
