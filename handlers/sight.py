"""When Telegram last answered this process; told of every request by handlers/wire.py.

Where nobody has anything to say for a while (a webhook, a quiet night) it is asked what changes nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal

from handlers.clock import Clock

#: So long without a request is one made to look.
QUIET = timedelta(minutes=2)
#: So long without an answer it is out of sight.
LOST = timedelta(minutes=5)

State = Literal["seen", "unseen", "token_refused"]


class Sight:
    """Of one process, on the relay's clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._begun = self._asked = clock.now()
        self._refused = False
        #: When it last answered; None until it has.
        self.seen_at: datetime | None = None
        #: By how much its clock was ahead of ours then, to the second; None when it does not say.
        self.ahead: timedelta | None = None

    def asked(self) -> None:
        """A request leaves."""
        self._asked = self._clock.now()

    def answered(self, status: int, date: str | None) -> None:
        """Telegram itself answered, at the time it says (a header). 401 and 404 are about the token."""
        self.seen_at = self._clock.now()
        self._refused = status in (401, 404)
        self.ahead = None
        with suppress(TypeError, ValueError):
            self.ahead = parsedate_to_datetime(date or "").astimezone(UTC) - self.seen_at

    @property
    def state(self) -> State:
        """A process that has just begun has LOST for its first answer."""
        if self._refused:
            return "token_refused"
        return "seen" if self._clock.now() - (self.seen_at or self._begun) < LOST else "unseen"

    async def keep(self, knock: Callable[[], Awaitable[object]]) -> None:
        """Until cancelled: `knock`, a harmless request, whenever none was made for QUIET."""
        never = asyncio.Event()
        while True:
            now = self._clock.now()
            # A clock that was set back would otherwise have it wait for the difference.
            if not timedelta() <= now - self._asked < QUIET:
                self._asked = now
                with suppress(Exception):  # what came of it is what `answered` heard, or nothing
                    await knock()
            await self._clock.until(self._asked + QUIET, never)
