"""What the clock starts: APScheduler jobs in memory, each re-armed after it ran. What is due stands in rows.

A job is a wake-up call, never a promise: it asks its rule what is due by the server's clock, so a missed, doubled
or late call changes nothing.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]
from apscheduler.triggers.date import DateTrigger  # type: ignore[import-untyped]

from handlers import log
from handlers.clock import Clock
from handlers.jobs import RETRY, SOON, Done, Jobs, Other, Work
from relay import beats
from relay.terms import USUAL, Terms
from relay.unit import Store, Vault

#: Looking at a row more often than this is no use, however impatient the clock is.
CALM = timedelta(milliseconds=100)
#: For a beat that runs when asked to stop.
GRACE_SECONDS = 0.3

logger = log.get("beats")

#: Due at once, and since nobody knows when.
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass
class Beat:
    """One job; `due` is when it works next, on the server's clock."""

    name: str
    work: Work
    due: datetime = NEVER
    last: datetime = NEVER
    running: bool = False
    #: Called while it ran.
    again: bool = False


class Beats:
    """Every beat of the server. `rung`, `other` and `keep` are as handlers/jobs.py says; `ran` hears of each run."""

    def __init__(
        self,
        store: Store,
        vault: Vault,
        clock: Clock,
        rung: Callable[[], None],
        other: Other,
        *,
        ran: Callable[[beats.Run], None] | None = None,
        keep: Terms = USUAL,
    ) -> None:
        self._store = store
        self._clock = clock
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._ran = ran
        self._stopped = False
        self._runs: set[asyncio.Task[None]] = set()
        self._beats = {
            name: Beat(name, work) for name, work in Jobs(store, vault, rung, other, keep=keep).all().items()
        }

    def named(self, name: str) -> Beat:
        """One of those in relay.beats.JOBS."""
        return self._beats[name]

    def start(self) -> None:
        """Run every beat now, then when due."""
        self._scheduler.start()
        for beat in self._beats.values():
            self._arm(beat, SOON)

    async def stop(self) -> None:
        """No further beat; one that runs gets a moment, then it is cut off: the rest comes at the next start."""
        self._stopped = True
        self._scheduler.remove_all_jobs()
        await asyncio.sleep(0)
        if self._runs:
            await asyncio.wait(self._runs, timeout=GRACE_SECONDS)
        self._scheduler.shutdown(wait=False)

    def release_soon(self) -> None:
        """The schedule has changed: look at it again."""
        for beat in (self._beats["release"], self._beats["expiry"]):
            beat.again = beat.running
            if not beat.running:
                beat.due = self._clock.now()
                self._arm(beat, SOON)

    def _arm(self, beat: Beat, wait: timedelta) -> None:
        # The timer counts the machine's time; the clock may be another and may jump, so it never waits long.
        wait = max(SOON, min(wait, max(self._clock.patience, CALM)))
        self._scheduler.add_job(
            self._run,
            DateTrigger(datetime.now(UTC) + wait),
            args=[beat],
            id=beat.name,
            replace_existing=True,
            coalesce=True,
            misfire_grace_time=None,
            # A run arms the next one before it has quite ended; the scheduler would drop that one otherwise.
            max_instances=100,
        )

    async def _run(self, beat: Beat) -> None:
        if self._stopped:
            return
        run = asyncio.current_task()
        if run is not None:
            self._keep(run)
        try:
            await self._beat(beat)
        except asyncio.CancelledError:
            if not self._stopped:  # else `stop` did it, and the scheduler would log it as an error
                raise

    async def _beat(self, beat: Beat) -> None:
        now = self._clock.now()
        # A clock that was set back would otherwise keep a beat waiting for the difference.
        if now >= beat.due or now < beat.last:
            beat.running = True
            await self._work(beat, now)
            beat.last, beat.running = now, False
            if beat.again:
                beat.again, beat.due = False, now
        if not self._stopped:
            self._arm(beat, beat.due - self._clock.now())

    async def _work(self, beat: Beat, now: datetime) -> None:
        """Run it, and have noted what became of it, for `qasid jobs`; both only ever fail into the log."""
        due = None if beat.due == NEVER else beat.due
        outcome = "done"
        try:
            done = await beat.work(now)
        except Exception:
            logger.exception("a job failed", job=beat.name)
            outcome, done = "failed", Done(0, now + RETRY)
        beat.due = done.due
        if done.count:
            logger.info("a job had something to do", job=beat.name, count=done.count)
        if not done.ran:
            return
        run = beats.Run(beat.name, due, now, self._clock.now(), outcome, done.count, done.due)
        if self._ran is not None:
            self._ran(run)
        # Not waited for: it is committed with whatever comes next, and a busy job is not kept from its next run.
        self._keep(asyncio.create_task(self._note(run)))

    async def _note(self, run: beats.Run) -> None:
        try:
            await self._store.write(lambda tx: beats.note(tx, run))
        except Exception:
            logger.exception("a job's run was not noted", job=run.name)

    def _keep(self, run: asyncio.Task[None]) -> None:
        self._runs.add(run)
        run.add_done_callback(self._runs.discard)
