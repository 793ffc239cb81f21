"""The work of each job (relay/beats.py): it asks its rule what is due at that time, until nothing is.

Every one may be called late, twice, by two servers or after the clock jumped: what is due stands in rows. What
cannot be taken back waits until the clock is believed (relay/belief.py). What takes long to find where there are many
people is looked for beside the writer.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from handlers import log
from relay import (
    belief,
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
    vaulting,
)
from relay.terms import USUAL, Terms
from relay.unit import Store, Tx, Vault

#: Between two runs, where nothing tells when the next is due.
MINUTE, OFTEN, HOURLY = timedelta(minutes=1), timedelta(minutes=5), timedelta(hours=1)
#: The least between two runs, and what follows one that left something to do.
SOON, RETRY = timedelta(milliseconds=5), timedelta(seconds=1)
#: Until a clock that is doubted is looked at again, and Telegram asked.
DOUBTED = timedelta(seconds=5)
#: Doorbells missed or needless that one run sees to.
MOST_BELLS = 2000
#: In one transaction.
MOST_NOTICES, MOST_FOUND = 100, 500

HELD_BACK = "nothing is released, ended or deleted"

logger = log.get("jobs")

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Done:
    """What a run did, and when the job is due again."""

    count: int
    due: datetime
    #: False where it was not time yet.
    ran: bool = True


#: Does what is due at a time.
Work = Callable[[datetime], Awaitable[Done]]
#: What another clock than the machine's tells; None while it cannot be asked.
Other = Callable[[], Awaitable[datetime | None]]


class Jobs:
    """What each does. `rung` is called when something was queued for Telegram, `other` when the clock is doubted."""

    def __init__(
        self, store: Store, vault: Vault, rung: Callable[[], None], other: Other, *, keep: Terms = USUAL
    ) -> None:
        self._store = store
        self._vault = vault
        self._keep = keep
        self._rung = rung
        self._other = other
        self._asked: asyncio.Future[datetime | None] | None = None
        #: Whether the clock was believed when it was last looked at; None before this process has looked.
        self._believed: bool | None = None

    def all(self) -> dict[str, Work]:
        """By name."""
        return {
            "release": self._sure(self.release),
            "expiry": self._sure(self.expiry),
            "holds": self._sure(self.holds),
            "standby": self._sure(self.standby),
            "loans": self._sure(self.loans),
            "conditions": self.conditions,
            "reminders": self._sure(self.reminders),
            "doorbells": self.doorbells,
            "prekeys": self.prekeys,
            "lapses": self._sure(self.lapses),
            "retention": self._sure(self.retention),
            "daily": self.daily,
            "integrity": self.integrity,
            "vault": self.vault,
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
        old = await self._store.read(lambda tx: doorbells.old(tx, now))
        renewed = await self._in_parts(old, lambda tx, part: doorbells.renew(tx, part, now))
        missed = await self._store.read(lambda tx: doorbells.missed(tx, now, limit=MOST_BELLS))
        if missed:
            await self._store.write(lambda tx: doorbells.ring(tx, missed, now))
        needless = await self._store.read(lambda tx: doorbells.needless(tx, now, limit=MOST_BELLS))
        if needless:
            await self._store.write(lambda tx: doorbells.clear(tx, needless, now))
        more = max(len(missed), len(needless)) >= MOST_BELLS
        return self._told(mended + renewed + len(missed) + len(needless), now + (RETRY if more else OFTEN))

    async def prekeys(self, now: datetime) -> Done:
        phones = await self._store.read(lambda tx: prekeys.short(tx, now))
        asked = await self._in_parts(phones, lambda tx, part: prekeys.ask(tx, part, now))
        return self._told(asked, now + HOURLY)

    async def lapses(self, now: datetime) -> Done:
        return self._told(await self._store.write(lambda tx: lapses.lapse(tx, now)), now + HOURLY)

    async def retention(self, now: datetime) -> Done:
        swept = await self._store.write(lambda tx: retention.forget(tx, now, self._keep))
        await self._store.clear()
        return Done(swept.total, now + HOURLY)

    async def daily(self, now: datetime) -> Done:
        reports = await self._store.read(lambda tx: daily.reports(tx, now))
        told = await self._store.write(lambda tx: daily.tell(tx, reports, now)) if reports else 0
        return self._told(told, daily.next_due(now))

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

    async def vault(self, now: datetime) -> Done:
        done, behind = 0, await self._resealed(0)
        while behind.after is not None:
            done, behind = done + behind.count, await self._resealed(behind.after)
        done += behind.count
        # Once all is sealed anew it looks again for what somebody added who had not read the file.
        idle = self._vault.rotating and self._vault.settled and not done
        return Done(done, now + (HOURLY if idle else MINUTE))

    async def _resealed(self, after: int) -> vaulting.Step:
        return await self._store.write(lambda tx: vaulting.reseal(tx, self._vault, after))

    async def _in_parts(self, found: Sequence[Item], rule: Callable[[Tx, Sequence[Item]], int]) -> int:
        """Call the rule for some of what was found at a time, so that nobody is held up; how much it did."""
        parts = [found[start : start + MOST_FOUND] for start in range(0, len(found), MOST_FOUND)]

        def of(part: Sequence[Item]) -> Callable[[Tx], int]:
            return lambda tx: rule(tx, part)

        return sum([await self._store.write(of(part)) for part in parts])

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

    def _sure(self, work: Work) -> Work:
        """The work, which waits while the clock is doubted."""

        async def sure(now: datetime) -> Done:
            return await work(now) if await self._believe(now) else Done(0, now + DOUBTED)

        return sure

    async def _believe(self, now: datetime) -> bool:
        believed = await self._store.write(lambda tx: belief.believed(tx, now))
        if not believed and (other := await self._ask()) is not None:
            believed = await self._store.write(lambda tx: belief.compared(tx, other, now))
        if believed != self._believed:
            self._say_belief(believed)
            self._believed = believed
        return believed

    async def _ask(self) -> datetime | None:
        """The other clock's time, asked once for all jobs that doubt at once."""
        if self._asked is None or self._asked.done():
            self._asked = asyncio.ensure_future(self._other())
        return await asyncio.shield(self._asked)

    def _say_belief(self, believed: bool) -> None:
        """A start after a pause is nothing unusual; a clock that jumps while we look at it is."""
        if self._believed is None:
            if not believed:
                logger.info(f"{HELD_BACK} until Telegram tells this time, or the clock has for an hour")
        elif believed:
            logger.info("the clock is believed: what is due goes on")
        else:
            logger.warning(
                f"the clock is doubted: {HELD_BACK} until Telegram tells this time, or it has for an hour"
            )
