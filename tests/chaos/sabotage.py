"""Relays that break a promise, each in its own way: what judges them must see it."""

from collections.abc import Callable
from datetime import datetime

from handlers.delivery import Delivery
from relay import delivery
from relay.delivery import Claim, Later, Outcome, Sent
from store.sql import Found


def settles_first() -> None:
    """It notes a doorbell as sent before it sends it: what a kill cuts off is lost."""

    async def one(self: Delivery, claim: Claim, ends: float) -> None:
        await self._settle(claim, Sent(1))
        await self._outcome(claim, ends)
        del self._in_flight[claim.account]
        self.wake()

    Delivery._one = one  # type: ignore[method-assign]


def minds_no_end() -> None:
    """It asks when it queues whether there is anything to ring for, and not when it claims."""

    def wanted(row: Found, shown: Found | None, now: datetime) -> bool:
        return not row.blocked

    delivery._wanted = wanted


def rings_twice() -> None:
    """It takes the first answer of Telegram's to each call for none."""
    outcome: Callable = Delivery._outcome

    async def again(self: Delivery, claim: Claim, ends: float) -> Outcome:
        found: Outcome = await outcome(self, claim, ends)
        return Later(self._clock.now()) if claim.tries == 1 else found

    Delivery._outcome = again  # type: ignore[method-assign]
