"""Waiting for something to happen in the emulator, without guessing how long it takes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emulator.telegram import Telegram


class Signal:
    """Callbacks to run when something changed; they may come from any thread."""

    def __init__(self) -> None:
        self._listeners: set[Callable[[], None]] = set()

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` at every change until the returned function is called."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    def fire(self) -> None:
        for listener in tuple(self._listeners):
            listener()

    def __len__(self) -> int:
        return len(self._listeners)


@asynccontextmanager
async def listening(*signals: Signal) -> AsyncIterator[asyncio.Event]:
    """An event that is set whenever one of the signals fires, from whatever thread."""
    event = asyncio.Event()
    loop = asyncio.get_running_loop()

    def wake() -> None:
        loop.call_soon_threadsafe(event.set)

    stops = [signal.subscribe(wake) for signal in signals]
    try:
        yield event
    finally:
        for stop in stops:
            stop()


async def until(telegram: "Telegram", condition: Callable[[], object], seconds: float = 5.0) -> None:
    """Return once `condition()` holds, asked anew at every change a person or the page could see.

    Raises TimeoutError after `seconds` in real time.
    """
    async with listening(telegram.changed) as event, asyncio.timeout(seconds):
        while not condition():
            await event.wait()
            event.clear()


def wait_until(telegram: "Telegram", condition: Callable[[], object], seconds: float = 5.0) -> None:
    """`until` for a thread without an event loop, beside `serve_in_thread`."""
    event = Event()
    stop = telegram.changed.subscribe(event.set)
    end = monotonic() + seconds
    try:
        while not condition():
            if not event.wait(end - monotonic()):
                raise TimeoutError("the emulator never came to what was waited for")
            event.clear()
    finally:
        stop()
