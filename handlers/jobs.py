"""The work of each job (relay/beats.py): it asks its rule what is due at that time, until nothing is.

Every one may be called late, twice, by two servers or after the clock jumped: what is due stands in rows.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers import log
from relay import (
    conditions,
    daily,
    delivery,
    doorbells,
    holds,
    integrity,
    lapses,
    loans,
    notices,
    prekeys,
    reminders,
    retention,
    standby,
)
from relay.unit import Store, Tx

#: Between two runs, where nothing tells when the next is due.
MINUTE, OFTEN, HOURLY = timedelta(minutes=1), timedelta(minutes=5), timedelta(hours=1)
#: The least between two runs, and what follows one that left something to do.
SOON, RETRY = timedelta(milliseconds=5), timedelta(seconds=1)
#: Doorbells looked at in one run: 46 h old, and five minutes send more than that anyway.
MOST_BELLS = 2000
#: In one transaction.
MOST_NOTICES = 100

logger = log.get("jobs")


@dataclass(frozen=True, slots=True)
class Done:
    """What a run did, and when the job is due again."""

    count: int
    due: datetime
    #: False where it was not time yet.
    ran: bool = True


#: Does what is due at a time.
Work = Callable[[datetime], Awaitable[Done]]


class Jobs:
    """What each does. `rung` is called when something was queued for Telegram."""

    def __init__(self, store: Store, rung: Callable[[], None]) -> None:
        self._store = store
        self._rung = rung
        #: Whether the last sweep believed the clock; None before this process has swept.
        self._believed: bool | None = None

    def all(self) -> dict[str, Work]:
        """By name."""
        return {
            "release": self.release,
            "expiry": self.expiry,
            "holds": self.holds,
            "standby": self.standby,
            "loans": self.loans,
            "conditions": self.conditions,
            "reminders": self.reminders,
            "doorbells": self.doorbells,
            "prekeys": self.prekeys,
            "lapses": self.lapses,
            "retention": self.retention,
            "daily": self.daily,
            "integrity": self.integrity,
        }

    async def release(self, now: datetime) -> Done:
        count = await self._drained(lambda tx: notices.release_due(tx, now, MOST_NOTICES), MOST_NOTICES)
        due = await self._store.read(notices.next_release)
        return self._told(count, now + HOURLY if due is None else max(due, now + SOON))

    async def expiry(self, now: datetime) -> Done:
        count = await self._drained(lambda tx: notices.expire(tx, now, MOST_NOTICES), MOST_NOTICES)
        due = await self._store.read(notices.next_expiry)
        return self._told(count, now + HOURLY if due is None else max(due, now + SOON))

    async def holds(self, now: datetime) -> Done:
        return self._told(await self._drained(lambda tx: holds.expire(tx, now)), now + MINUTE)

    async def standby(self, now: datetime) -> Done:
        return self._told(await self._store.write(lambda tx: standby.backfill(tx, now)), now + MINUTE)

    async def loans(self, now: datetime) -> Done:
        return self._told(await self._store.write(lambda tx: loans.return_due(tx, now)), now + MINUTE)

    async def conditions(self, now: datetime) -> Done:
        return self._told(await self._store.write(lambda tx: conditions.lapse(tx, now)), now + OFTEN)

    async def reminders(self, now: datetime) -> Done:
        count = await self._drained(lambda tx: reminders.remind(tx, now))
        due = await self._store.read(lambda tx: reminders.next_due(tx, now))
        return self._told(count, min(due or now + OFTEN, now + OFTEN))

    async def doorbells(self, now: datetime) -> Done:
        # Here, because a job runs at the start and whenever the clock goes back.
        mended = await self._store.write(lambda tx: delivery.mend(tx, now))
        if mended:
            logger.warning(
                "the clock was set back: what waited for it to catch up waits no more", count=mended
            )
        renewed = await self._store.write(lambda tx: doorbells.renew(tx, now, limit=MOST_BELLS))
        # Looked for beside the writer: it may take a while where there are many people.
        missed = await self._store.read(lambda tx: doorbells.missed(tx, now, limit=MOST_BELLS))
        if missed:
            await self._store.write(lambda tx: doorbells.ring(tx, missed, now))
        needless = await self._store.read(lambda tx: doorbells.needless(tx, now, limit=MOST_BELLS))
        if needless:
            await self._store.write(lambda tx: doorbells.clear(tx, needless, now))
        more = max(len(missed), len(needless)) >= MOST_BELLS
        return self._told(mended + renewed + len(missed) + len(needless), now + (RETRY if more else OFTEN))

    async def prekeys(self, now: datetime) -> Done:
        return self._told(await self._drained(lambda tx: prekeys.ask(tx, now)), now + HOURLY)

    async def lapses(self, now: datetime) -> Done:
        return self._told(await self._store.write(lambda tx: lapses.sweep(tx, now)), now + HOURLY)

    async def retention(self, now: datetime) -> Done:
        swept = await self._store.write(lambda tx: retention.sweep(tx, now))
        if swept.believed != self._believed:
            self._say_belief(swept.believed)
            self._believed = swept.believed
        await self._store.clear()
        return Done(swept.envelopes, now + HOURLY)

    async def daily(self, now: datetime) -> Done:
        return self._told(await self._store.write(lambda tx: daily.tell(tx, now)), daily.next_due(now))

    async def integrity(self, now: datetime) -> Done:
        due = await self._store.read(lambda tx: integrity.due(tx, now))
        if due > now:
            return Done(0, due, ran=False)
        # Beside the writer, for it reads everything.
        faults = await self._store.read(integrity.check)
        for fault in faults:
            logger.error(
                "the database contradicts itself: ask qasid ledger verify, audit verify", kind=fault.kind
            )
        if faults:
            await self._store.write(lambda tx: integrity.tell(tx, faults, now))
        return self._told(len(faults), now + integrity.DAY)

    async def _drained(self, rule: Callable[[Tx], int], most: int = 1) -> int:
        """Call the rule, which does so much at once, until it finds no more; how much it did."""
        done = count = await self._store.write(rule)
        while count >= most:
            count = await self._store.write(rule)
            done += count
        return done

    def _told(self, count: int, due: datetime) -> Done:
        if count:
            self._rung()
        return Done(count, due)

    def _say_belief(self, believed: bool) -> None:
        """A start after a pause is nothing unusual; a clock that jumps while we look at it is."""
        if self._believed is None:
            if not believed:
                logger.info("nothing is deleted until the clock has been watched for an hour")
        elif believed:
            logger.info("the clock is believed: what is past its time is deleted")
        else:
            logger.warning("the clock is doubted: nothing is deleted until it has told this time for an hour")
