"""One lane per chat: a chat's updates are handled in order, several chats at once.

python-telegram-bot's `concurrent_updates` reorders a chat, and a lock in its update processor lets one
busy chat hold up the others; so updates reach `Application.process_update` from here.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from itertools import count
from typing import Generic, TypeVar

from handlers import log

#: Chats handled at the same time; each may wait for the database, none for another chat.
BREADTH = 32
#: Before an update that fails is tried again: it stays first in its lane, so the order holds.
RETRY_SECONDS = (0.1, 1.0, 5.0)

logger = log.get("lanes")
Item = TypeVar("Item")


class Lanes(Generic[Item]):
    """`handle(item)` is awaited in order per key. What never succeeds goes to `give_up(item)`.

    `passing` tells errors that say nothing about the item (a busy database): those are tried again for ever.
    """

    def __init__(
        self,
        handle: Callable[[Item], Awaitable[None]],
        give_up: Callable[[Item], Awaitable[None]],
        *,
        passing: Callable[[Exception], bool] = lambda _error: False,
        breadth: int = BREADTH,
    ) -> None:
        self._handle = handle
        self._passing = passing
        self._give_up = give_up
        self._places = asyncio.Semaphore(breadth)
        self._waiting: dict[Hashable, deque[Item]] = {}
        self._running: set[asyncio.Task[None]] = set()

    def offer(self, key: Hashable, item: Item) -> None:
        """Queue an item behind the others of its key."""
        lane = self._waiting.get(key)
        if lane is not None:
            lane.append(item)
            return
        self._waiting[key] = deque([item])
        task = asyncio.create_task(self._drain(key))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    @property
    def idle(self) -> bool:
        """Whether everything offered has been handled."""
        return not self._waiting

    async def stop(self) -> None:
        """Abandon what waits (it is still in the inbox) and whatever is being handled."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        self._waiting.clear()

    async def _drain(self, key: Hashable) -> None:
        lane = self._waiting[key]
        try:
            while lane:
                async with self._places:
                    await self._one(lane[0])
                lane.popleft()
        finally:
            # No await between the last look at the lane and this: an item offered now starts a new lane.
            self._waiting.pop(key, None)

    async def _one(self, item: Item) -> None:
        faults = 0
        for tries in count(1):
            try:
                await self._handle(item)
            except Exception as error:
                faults += not self._passing(error)
                logger.exception("update not handled", tries=tries)
            else:
                return
            if faults > len(RETRY_SECONDS) and await self._given_up(item):
                return
            await asyncio.sleep(RETRY_SECONDS[min(tries, len(RETRY_SECONDS)) - 1])

    async def _given_up(self, item: Item) -> bool:
        try:
            await self._give_up(item)
        except Exception:
            # The database itself does not answer: the update keeps its place until it does.
            logger.exception("update not put aside")
            return False
        return True
