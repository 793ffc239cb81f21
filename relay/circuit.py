"""The circuit to Telegram: broken after a few failures in a row, then tried by one call at a time. Pure: no clock.

Without it an hour without Telegram would see thirty vain calls in each of its seconds. Nothing is dropped for
it: what is due waits, and the first call that comes through lets all the rest go at once.
"""

from datetime import datetime, timedelta

FEW = 5
"""So many failures with no answer of Telegram's between them break it."""
FIRST_PAUSE = timedelta(seconds=1)
MOST_PAUSE = timedelta(seconds=60)
"""Between two calls that try it: doubles from the first to the most. A try that never ends is given up after that."""


class Circuit:
    """Whole until failures break it; each call tells when it leaves and what came of it."""

    def __init__(self) -> None:
        self._failures = 0
        self._pause = timedelta()
        self._next: datetime | None = None
        self._since: datetime | None = None
        self._trying = False

    @property
    def broken_since(self) -> datetime | None:
        """When it broke; None while it is whole."""
        return self._since

    def when(self, now: datetime) -> datetime:
        """The earliest moment, not before now, for a call."""
        return now if self._next is None else max(now, self._next)

    def left(self, now: datetime) -> None:
        """A call leaves: while it is broken, the only one until its end is known."""
        if self._next is not None:
            self._next, self._trying = now + MOST_PAUSE, True

    def failed(self, now: datetime, *, at_once: bool = False) -> None:
        """A call came to nothing; `at_once`: this one is reason enough to break."""
        self._failures += 1
        # What had left before it broke comes back late, and tells nothing new.
        enough = self._trying if self._next is not None else at_once or self._failures >= FEW
        if enough:
            self._since = self._since or now
            self._pause = min(max(self._pause * 2, FIRST_PAUSE), MOST_PAUSE)
            self._next, self._trying = now + self._pause, False

    def reached(self) -> None:
        """Telegram answered."""
        self._failures, self._pause, self._trying = 0, timedelta(), False
        self._next = self._since = None

    def set_back(self, back: timedelta) -> None:
        """The clock was set back by that much."""
        self._next = self._next and self._next - back
        self._since = self._since and self._since - back
