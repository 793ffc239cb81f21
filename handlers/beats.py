"""What the clock starts: APScheduler jobs in memory, each re-armed after it ran. What is due stands in rows.

A job is a wake-up call, never a promise: it asks its rule what is due by the server's clock, so a missed, doubled
or late call changes nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]
from apscheduler.triggers.date import DateTrigger  # type: ignore[import-untyped]

from handlers import log
from handlers.clock import Clock
from relay import (
    conditions,
    daily,
    delivery,
    doorbells,
    holds,
    loans,
    notices,
    reminders,
    retention,
    standby,
)
from relay.unit import Store

#: After a failure, and the least between two runs.
RETRY = timedelta(seconds=1)
SOON = timedelta(milliseconds=5)
#: Doorbells looked at in one run: 46 h old, and five minutes send more than that anyway.
MOST_BELLS = 2000
#: Looking at a row more often than this is no use, however impatient the clock is.
CALM = timedelta(milliseconds=100)
#: For a beat that runs when asked to stop.
GRACE_SECONDS = 0.3

logger = log.get("beats")

#: Does what is due at `now` and tells when to come again.
Work = Callable[[datetime], Awaitable[datetime]]


@dataclass
class Beat:
    """One job; `due` is when it works next, on the server's clock."""

    name: str
    work: Work
    due: datetime = field(default=datetime.min.replace(tzinfo=UTC))
    last: datetime = field(default=datetime.min.replace(tzinfo=UTC))
    running: bool = False
    #: Called while it ran.
    again: bool = False


class Beats:
    """Every beat of the server. `rung` is called when doorbells were queued."""

    def __init__(self, store: Store, clock: Clock, rung: Callable[[], None]) -> None:
        self._store = store
        self._clock = clock
        self._rung = rung
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._stopped = False
        #: Whether the last sweep believed the clock; None before this process has swept.
        self._believed: bool | None = None
        self._runs: set[asyncio.Task[None]] = set()
        self._beats = {
            beat.name: beat
            for beat in (
                Beat("release", self._release),
                Beat("conditions", self._conditions),
                Beat("reminders", self._reminders),
                Beat("daily", self._daily),
                Beat("seats", self._seats),
                Beat("doorbells", self._doorbells),
                Beat("retention", self._retention),
            )
        }

    def named(self, name: str) -> Beat:
        """One of them: release, conditions, reminders, daily, seats, doorbells, retention."""
        return self._beats[name]

    def start(self) -> None:
        """Run every beat now, then when due."""
        self._scheduler.start()
        for beat in self._beats.values():
            self._arm(beat, SOON)

    async def stop(self) -> None:
        """No further beat; one that runs gets a moment, and what it has not committed comes at the next start."""
        self._stopped = True
        self._scheduler.remove_all_jobs()
        await asyncio.sleep(0)
        if self._runs:
            await asyncio.wait(self._runs, timeout=GRACE_SECONDS)
        self._scheduler.shutdown(wait=False)

    def release_soon(self) -> None:
        """The schedule has changed: look at it again."""
        beat = self._beats["release"]
        beat.again = beat.running
        if not beat.running:
            beat.due = beat.last
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
            self._runs.add(run)
            run.add_done_callback(self._runs.discard)
        await self._beat(beat)

    async def _beat(self, beat: Beat) -> None:
        now = self._clock.now()
        # A clock that was set back would otherwise keep a beat waiting for the difference.
        if now >= beat.due or now < beat.last:
            beat.last = now
            beat.running = True
            try:
                beat.due = await beat.work(now)
            except Exception:
                logger.exception("a job failed", job=beat.name)
                beat.due = now + RETRY
            finally:
                beat.running = False
            if beat.again:
                beat.again, beat.due = False, now
        if not self._stopped:
            self._arm(beat, beat.due - self._clock.now())

    async def _release(self, now: datetime) -> datetime:
        released = 0
        while count := await self._store.write(lambda tx: notices.release_due(tx, now)):
            released += count
        expired = 0
        while count := await self._store.write(lambda tx: notices.expire(tx, now)):
            expired += count
        if released or expired:
            logger.info("notices released or expired", count=released + expired)
            self._rung()
        due = await self._store.read(notices.next_due)
        return max(due, now + SOON) if due is not None else now + timedelta(hours=1)

    async def _conditions(self, now: datetime) -> datetime:
        lacking = await self._store.write(lambda tx: conditions.lapse(tx, now))
        if lacking:
            logger.info("movements lack what their notices need", count=lacking)
            self._rung()
        return now + timedelta(minutes=5)

    async def _reminders(self, now: datetime) -> datetime:
        count = 0
        while found := await self._store.write(lambda tx: reminders.remind(tx, now)):
            count += found
        if count:
            logger.info("reminded of an answer", count=count)
            self._rung()
        due = await self._store.read(lambda tx: reminders.next_due(tx, now))
        return min(due or now + timedelta(minutes=5), now + timedelta(minutes=5))

    async def _daily(self, now: datetime) -> datetime:
        if await self._store.write(lambda tx: daily.tell(tx, now)):
            self._rung()
        return daily.next_due(now)

    async def _seats(self, now: datetime) -> datetime:
        """What nobody answered for in time is given back; whoever waits gets what is free; lent seats come home."""
        expired = 0
        while count := await self._store.write(lambda tx: holds.expire(tx, now)):
            expired += count
        promoted = await self._store.write(lambda tx: standby.backfill(tx, now))
        returned = await self._store.write(lambda tx: loans.return_due(tx, now))
        if expired or promoted or returned:
            logger.info("seats given back or to who waits", count=expired + promoted + returned)
            self._rung()
        return now + timedelta(minutes=1)

    async def _doorbells(self, now: datetime) -> datetime:
        # Here, because a beat runs at the start and whenever the clock goes back.
        mended = await self._store.write(lambda tx: delivery.mend(tx, now))
        if mended:
            logger.warning(
                "the clock was set back: what waited for it to catch up waits no more", count=mended
            )
        count = await self._store.write(lambda tx: doorbells.renew(tx, now, limit=MOST_BELLS))
        # Looked for beside the writer: it may take a while where there are many people.
        missed = await self._store.read(lambda tx: doorbells.missed(tx, now, limit=MOST_BELLS))
        if missed:
            await self._store.write(lambda tx: doorbells.ring(tx, missed, now))
        needless = await self._store.read(lambda tx: doorbells.needless(tx, now, limit=MOST_BELLS))
        if needless:
            await self._store.write(lambda tx: doorbells.clear(tx, needless, now))
            logger.info("needless doorbells taken away", count=len(needless))
        if count or missed:
            logger.info("doorbells rung again", count=count + len(missed))
        if mended or count or missed or needless:
            self._rung()
        return now + (timedelta(minutes=5) if max(len(missed), len(needless)) < MOST_BELLS else RETRY)

    async def _retention(self, now: datetime) -> datetime:
        swept = await self._store.write(lambda tx: retention.sweep(tx, now))
        if swept.believed != self._believed:
            self._say_belief(swept.believed)
            self._believed = swept.believed
        await self._store.clear()
        logger.info("swept", count=swept.envelopes, kind="envelopes")
        return now + timedelta(hours=1)

    def _say_belief(self, believed: bool) -> None:
        """A start after a pause is nothing unusual; a clock that jumps while we look at it is."""
        if self._believed is None:
            if not believed:
                logger.info("nothing is deleted until the clock has been watched for an hour")
        elif believed:
            logger.info("the clock is believed: what is past its time is deleted")
        else:
            logger.warning("the clock is doubted: nothing is deleted until it has told this time for an hour")
