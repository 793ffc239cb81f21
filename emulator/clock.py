"""The emulator's time: real, or stepped by a test.

Everything that Telegram measures in seconds (dates, limits, the 48 hours of a deletable message, webhook
retries) asks a clock. Latency on the wire is not Telegram's and stays in real time.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Protocol


class Clock(Protocol):
    """Where the emulator reads the time and waits for it."""

    def time(self) -> float:
        """Unix seconds, with fractions."""

    async def sleep(self, seconds: float) -> None:
        """Return once `seconds` have passed on this clock."""


class RealClock:
    """The machine's time, read once and then counted monotonically: a strict window must not see a jump."""

    def __init__(self) -> None:
        self._start = time.time() - time.monotonic()

    def time(self) -> float:
        return self._start + time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class ManualClock:
    """Stands still until `advance`; wakes sleepers in any event loop, also from another thread."""

    def __init__(self, start: datetime | None = None) -> None:
        self._now = (start or datetime(2026, 1, 1, tzinfo=UTC)).timestamp()
        self._sleepers: list[tuple[float, asyncio.AbstractEventLoop, asyncio.Event]] = []
        self._lock = Lock()

    def time(self) -> float:
        return self._now

    def now(self) -> datetime:
        """The same instant as an aware UTC datetime."""
        return datetime.fromtimestamp(self._now, UTC)

    def advance(self, step: float | timedelta) -> None:
        """Move on by seconds (or a timedelta); back again with a negative step, as clocks do."""
        seconds = step.total_seconds() if isinstance(step, timedelta) else step
        with self._lock:
            self._now += seconds
            due = [sleeper for sleeper in self._sleepers if sleeper[0] <= self._now]
            self._sleepers = [sleeper for sleeper in self._sleepers if sleeper[0] > self._now]
        for _, loop, event in due:
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)

    async def sleep(self, seconds: float) -> None:
        event = asyncio.Event()
        with self._lock:
            if seconds <= 0:
                return
            sleeper = (self._now + seconds, asyncio.get_running_loop(), event)
            self._sleepers.append(sleeper)
        try:
            await event.wait()
        finally:
            with self._lock:
                if sleeper in self._sleepers:
                    self._sleepers.remove(sleeper)
