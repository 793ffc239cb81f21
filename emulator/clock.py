"""The emulator's time: real, or stepped by a test.

Everything that Telegram measures in seconds (dates, limits, the 48 hours of a deletable message, webhook
retries) asks a clock. Latency on the wire is not Telegram's and stays in real time.
"""

import asyncio
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Protocol

from emulator.waiting import Signal, listening


class Clock(Protocol):
    """Where the emulator reads the time and waits for it."""

    def time(self) -> float:
        """Unix seconds, with fractions."""

    async def sleep(self, seconds: float) -> None:
        """Return once `seconds` have passed on this clock."""


class SteppedClock:
    """What both clocks share: steps, from any thread, and sleepers in any event loop that notice them."""

    def __init__(self, start: float) -> None:
        self._offset = start
        #: Fires at every step.
        self.stepped = Signal()

    def time(self) -> float:
        return self._offset

    def now(self) -> datetime:
        """The same instant as an aware UTC datetime."""
        return datetime.fromtimestamp(self.time(), UTC)

    @property
    def sleepers(self) -> int:
        """How many wait for this clock now."""
        return len(self.stepped)

    def advance(self, step: float | timedelta) -> None:
        """Step on by seconds (or a timedelta); back with a negative step, as clocks do."""
        self._offset += step.total_seconds() if isinstance(step, timedelta) else step
        self.stepped.fire()

    async def sleep(self, seconds: float) -> None:
        due = self.time() + seconds
        async with listening(self.stepped) as stepped:
            while (left := due - self.time()) > 0:
                stepped.clear()
                await self._pass(left, stepped)

    async def _pass(self, left: float, stepped: asyncio.Event) -> None:  # noqa: ARG002 - the real clock's business
        await stepped.wait()


class ManualClock(SteppedClock):
    """Stands still but for `advance`."""

    def __init__(self, start: datetime | None = None) -> None:
        super().__init__((start or datetime(2026, 1, 1, tzinfo=UTC)).timestamp())


class RealClock(SteppedClock):
    """The machine's time, read once and then counted monotonically: a strict window must not see a jump."""

    def __init__(self) -> None:
        super().__init__(time.time() - time.monotonic())

    def time(self) -> float:
        return self._offset + time.monotonic()

    async def _pass(self, left: float, stepped: asyncio.Event) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(left):
                await stepped.wait()
