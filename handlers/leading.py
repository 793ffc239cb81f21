"""What only the process that leads may do: it ends with the lead, by a count of seconds that no clock moves."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any


class Leading:
    """Whether this process leads. `lapsed` is called when the lead ran out without being renewed."""

    def __init__(self, lapsed: Callable[[], None]) -> None:
        self._lapsed = lapsed
        self._held, self._over = asyncio.Event(), asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self.lose()

    @property
    def held(self) -> bool:
        return self._held.is_set()

    def hold(self, seconds: float) -> None:
        """Won or renewed, for so long from now."""
        self._end_timer()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._lapse)
        self._over.clear()
        self._held.set()

    def lose(self) -> None:
        """Somebody else leads, or nobody."""
        self._end_timer()
        self._held.clear()
        self._over.set()

    async def during(self, duty: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do it whenever this process leads, until cancelled; the lead's end cancels it. Raises what it raises."""
        while True:
            await self._held.wait()
            async with asyncio.TaskGroup() as group:
                work = group.create_task(duty())
                await self._over.wait()
                work.cancel()

    def _lapse(self) -> None:
        self.lose()
        self._lapsed()

    def _end_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
