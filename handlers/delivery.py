"""The delivery loop: claim → pace → send → settle. Each step its own transaction; one process leads.

Many rows may be claimed, and many outcomes settled, in one transaction: as many as there are at that moment.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Set
from datetime import datetime, timedelta

from handlers import log
from handlers.clock import Clock
from handlers.courier import Courier
from handlers.leading import Leading
from relay import delivery, leader
from relay.delivery import Claim, Later, Outcome, Sent, Settlement
from relay.errors import RelayError, StoreError
from relay.leader import TERM, Lead
from relay.outbox import MESSAGES
from relay.pacing import Pacer
from relay.unit import Store, Tx, Vault

#: Leadership is renewed this often; it lapses after relay.leader's term.
RENEW = timedelta(seconds=10)
#: Sends in flight at most, and no more than there are connections (handlers/wire.py), so that none waits for one
#: after the look at the lease. At 80 ms there are 3 of them at 30 a second, and 80 at 1,000.
BREADTH = 240
#: Between two claims where several may leave together, once one of them took all that the pacer allowed: so that
#: the next takes several, too.
TICK = timedelta(milliseconds=10)
#: Looked for this often even when nobody said that there is something.
IDLE = timedelta(seconds=5)
#: After a database error.
TROUBLE_SECONDS = 1.0
#: For giving the leadership back.
RESIGN_SECONDS = 1.0
#: Rests for no chat: asks the pacer for the overall limit alone.
NOBODY = 0

logger = log.get("delivery")


class Delivery:
    """`run` until cancelled; `wake` says that rows may be due. `settled` is told of each call's end."""

    def __init__(
        self,
        store: Store,
        vault: Vault,
        courier: Courier,
        clock: Clock,
        pacer: Pacer,
        *,
        owner: str,
        settled: Callable[[Claim, Outcome], None] | None = None,
    ) -> None:
        self._store = store
        self._vault = vault
        self._courier = courier
        self._clock = clock
        self._pacer = pacer
        self.owner = owner
        self._settled = settled
        self._lead: Lead | None = None
        #: The end of the lead by this process's own count, which no clock that is set back makes later.
        self._ends = 0.0
        self._renewed: datetime | None = None
        #: When the last claim took all that the pacer allowed.
        self._filled: datetime | None = None
        self._wake = asyncio.Event()
        #: For what else only one process may do.
        self.leading = Leading(self.wake)
        self._in_flight: dict[int, asyncio.Task[None]] = {}
        #: Until this process first led: what was claimed in its name was claimed by one that is dead.
        self._fresh = True
        self._looking = False
        #: Counts the claims, so that urgent rings have their share of them.
        self._turn = 0
        #: How many claims could not be opened since the start.
        self._unopened = 0

    def wake(self) -> None:
        """Rows may be due: look now."""
        self._wake.set()

    @property
    def busy(self) -> bool:
        """Whether something is claimed, or may be about to be."""
        return self._looking or self._wake.is_set() or bool(self._in_flight)

    async def run(self) -> None:
        """Deliver until cancelled, then give the leadership back."""
        try:
            while True:
                self._wake.clear()
                self._looking = True
                try:
                    until = await self._round()
                except Exception:
                    logger.exception("delivery interrupted")
                    await asyncio.sleep(TROUBLE_SECONDS)
                else:
                    self._looking = False
                    await self._clock.until(until, self._wake)
        finally:
            await self._stop()

    async def _round(self) -> datetime:
        """Claim and start what may be sent now; when to look again."""
        now = self._clock.now()
        lead = await self._leading(now)
        if lead is None:
            return now + RENEW
        free = self._free(now)
        if free > now:
            return free
        limit = min(self._pacer.room(now), self._pacer.at_once, BREADTH - len(self._in_flight))
        if limit <= 0:
            return now + IDLE  # an answer that comes wakes it
        resting = self._resting(now)
        claims = await self._claim(lead, resting, now, limit)
        self._filled = now if len(claims) == limit and self._pacer.at_once > 1 else None
        # As late as they leave: a claim takes its time, and Telegram counts from when a message comes.
        self._start(claims, self._clock.now())
        return now if claims else await self._next(now, resting)

    def _free(self, now: datetime) -> datetime:
        """From when on more may be claimed."""
        free = self._pacer.when(now, NOBODY)
        if self._filled is not None and self._filled <= now:  # else the clock was set back
            free = max(free, self._filled + TICK)
        return free

    def _start(self, claims: Iterable[Claim], now: datetime) -> None:
        for claim in claims:
            # Counted before it leaves: an uncertain send may have reached Telegram's own count.
            if claim.kind in MESSAGES and claim.readable:
                self._pacer.sent(now, claim.account)
            task = asyncio.create_task(self._one(claim, self._ends))
            self._in_flight[claim.account] = task

    def _resting(self, now: datetime) -> set[int]:
        rested = {account for account in self._pacer.resting(now) if isinstance(account, int)}
        return {*self._in_flight, *rested}

    async def _claim(self, lead: Lead, resting: Set[int], now: datetime, limit: int) -> list[Claim]:
        self._turn += 1

        def unit(tx: Tx) -> list[Claim]:
            return delivery.claim(tx, self._vault, lead, now, limit=limit, resting=resting, turn=self._turn)

        try:
            return await self._store.write(unit)
        except RelayError as error:
            if error.code != "not_leader":
                raise
            self._lead = None
            self.leading.lose()
            return []

    async def _next(self, now: datetime, resting: Set[int]) -> datetime:
        due, later = await self._store.read(lambda tx: (delivery.next_due(tx), delivery.next_due(tx, now)))
        times = [now + IDLE]
        if later is not None:
            times.append(later)
        if due is not None and due <= now:
            # Something waits for a chat that rests: look when the first of them may be sent to again.
            times += [self._pacer.when(now, account) for account in resting if account not in self._in_flight]
        return min(times)

    async def _one(self, claim: Claim, ends: float) -> None:
        try:
            started = time.monotonic()
            outcome = await self._outcome(claim, ends)
            if claim.kind in MESSAGES and isinstance(outcome, Sent):
                self._pacer.answered(timedelta(seconds=time.monotonic() - started))
            await self._settle(claim, outcome)
        except Exception:
            # The lease lapses and the row is claimed again: late, not lost.
            logger.exception("outcome not settled", kind=claim.kind)
        finally:
            del self._in_flight[claim.account]
            self.wake()

    async def _outcome(self, claim: Claim, ends: float) -> Outcome:
        def stands() -> bool:
            return self._clock.now() < claim.until and time.monotonic() < ends

        if not claim.readable:
            return self._set_aside(claim)
        # A process that was stopped meanwhile does not know it: somebody else may deliver by now.
        if not stands():
            return Later(self._clock.now())
        # Telegram may have asked for silence while the claim was being committed.
        silent = self._pacer.silent(self._clock.now())
        return Later(silent) if silent else await self._courier.deliver(claim, stands)

    def _set_aside(self, claim: Claim) -> Outcome:
        self._unopened += 1
        logger.error(
            "a call to make does not open and is set aside: is this the vault key it was sealed with?",
            kind=claim.kind,
            count=self._unopened,
        )
        return Later(self._clock.now() + delivery.ASIDE)

    async def _settle(self, claim: Claim, outcome: Outcome) -> None:
        if self._settled is not None:
            self._settled(claim, outcome)
        if not isinstance(outcome, Sent):
            logger.info("not delivered", kind=claim.kind, outcome=type(outcome).__name__, tries=claim.tries)
        settlement = Settlement(claim, outcome, self._clock.now())
        if not await self._noted(settlement):
            logger.warning("a lease had lapsed before its outcome came", kind=claim.kind)

    async def _noted(self, settlement: Settlement) -> bool:
        """Tried for as long as the lease stands: what was sent and not noted would be sent again."""
        while True:
            try:
                return await self._store.gather(delivery.settle_many, settlement)
            except StoreError:
                if self._clock.now() >= settlement.claim.until:
                    raise
            await asyncio.sleep(TROUBLE_SECONDS)

    async def _leading(self, now: datetime) -> Lead | None:
        renewed = self._renewed is not None and timedelta() <= now - self._renewed < RENEW
        if self._lead is not None and renewed and self.leading.held:
            return self._lead
        fresh, before = self._fresh, self._lead
        ends = time.monotonic() + TERM.total_seconds()

        # In one: a second turn at the writer may come after the jobs of a whole crowd.
        def unit(tx: Tx) -> tuple[Lead | None, list[tuple[int, datetime]] | None]:
            lead = delivery.lead(tx, self.owner, now, fresh=fresh)
            won = lead is not None and (before is None or before.fence != lead.fence)
            return lead, delivery.recent(tx, now) if won else None

        lead, recent = await self._store.write(unit)
        self._lead, self._ends, self._renewed = lead, ends, now
        self._fresh = fresh and lead is None
        if lead is None:
            self.leading.lose()
        else:
            self.leading.hold(ends - time.monotonic())
        if lead is not None and recent is not None:
            self._won(lead, recent, now)
        return lead

    def _won(self, lead: Lead, recent: Iterable[tuple[int, datetime]], now: datetime) -> None:
        """What the leader before sent, and what Telegram told it, counts for this one."""
        logger.info("this process delivers now")
        self._pacer.recall(recent)
        if lead.not_before is not None:
            self._pacer.refused(now, lead.not_before - now)

    async def _stop(self) -> None:
        self.leading.lose()
        if self._in_flight:
            # What has left is settled if Telegram answers at once; else its lease lapses.
            await asyncio.wait(self._in_flight.values(), timeout=0.3)
        for task in list(self._in_flight.values()):
            task.cancel()
        lead = self._lead
        if lead is not None:
            now = self._clock.now()
            try:
                async with asyncio.timeout(RESIGN_SECONDS):
                    await self._store.write(lambda tx: leader.resign(tx, lead, now))
            except (TimeoutError, StoreError):
                logger.warning("the database does not answer: the next leader waits for the lease's end")
