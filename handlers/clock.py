"""What time it is: the machine's time; in the demonstration plus an offset from a file."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """The only place the server asks for the time."""

    #: The longest anything sleeps on this clock before it looks again. Timers count monotonically, so
    #: a clock that was set forward would otherwise be noticed only when the old wait ends.
    patience: timedelta

    def now(self) -> datetime:
        """The time, aware, in UTC."""

    async def until(self, due: datetime, wake: asyncio.Event) -> None:
        """Return when it is `due`, when `wake` is set, or when patience runs out: the caller looks again."""


class RealClock:
    """The machine's clock."""

    patience = timedelta(seconds=30)

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def until(self, due: datetime, wake: asyncio.Event) -> None:
        wait = min(due - self.now(), self.patience).total_seconds()
        if wait <= 0:
            await asyncio.sleep(0)
            return
        # Not wait_for: before Python 3.12 it loses a cancellation that meets the wake.
        with suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await wake.wait()


class OffsetClock(RealClock):
    """The machine's clock plus the seconds in a file, read again each time; a missing file means zero.

    For the demonstration and the tests only: whoever can write the file decides what time it is.
    """

    patience = timedelta(milliseconds=200)

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = timedelta()

    def now(self) -> datetime:
        try:
            self._offset = timedelta(seconds=int(self._path.read_text().strip() or 0))
        except FileNotFoundError:
            self._offset = timedelta()
        except ValueError:
            pass  # half written: the offset of a moment ago still holds
        return datetime.now(UTC) + self._offset


async def rest(clock: Clock, span: timedelta) -> None:
    """Return once so much time has passed, or the clock was set back: nobody waits for the difference."""
    never = asyncio.Event()
    begun = clock.now()
    while begun <= clock.now() < begun + span:
        await clock.until(begun + span, never)


def clock_of(path: Path | None) -> Clock:
    """The clock that the settings ask for; `Settings.check` has refused a file where Telegram is real."""
    return OffsetClock(path) if path else RealClock()
