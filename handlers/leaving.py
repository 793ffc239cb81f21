"""How the relay's process ends when it is told to: at once while it starts, and else in time, whatever it is doing.

Stopping is what `stop` sets off, and takes as long as what is under way. This is its only deadline: a thread, for
whatever holds up the event loop must not hold up the end. What is not committed by then was promised to nobody.
"""

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

from handlers import log

#: From the signal to the end, at most. A container is killed after ten, and a busy machine needs some of them.
LEAVE_SECONDS = 7.0

logger = log.get("leaving")


def leave_at_once() -> None:
    """SIGTERM ends the process where it stands, until `stop_on_signals`; what was begun is not committed.

    Not left to the system: the first process of a container hears no signal that it does not ask for.
    """
    signal.signal(signal.SIGTERM, lambda _number, _frame: os._exit(0))


def stop_on_signals(
    stop: asyncio.Event,
    *,
    seconds: float = LEAVE_SECONDS,
    leave: Callable[[int], object] = os._exit,
) -> None:
    """SIGTERM or SIGINT sets `stop`, on the running loop; later ones are ignored.

    A process that is still there `seconds` later leaves with 0, by a thread of its own.
    """
    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)

    def cut() -> None:
        try:
            logger.warning(
                "cut short: what was under way is not kept and goes on at the next start", seconds=seconds
            )
        finally:
            leave(0)

    # Not the loop's own handlers: they wait until the loop has time.
    def asked(_number: int, _frame: FrameType | None) -> None:
        for number in signals:
            signal.signal(number, signal.SIG_IGN)
        timer = threading.Timer(seconds, cut)
        timer.daemon = True
        timer.start()
        with suppress(RuntimeError):  # the loop is closed: it ends by itself
            loop.call_soon_threadsafe(stop.set)

    for number in signals:
        signal.signal(number, asked)
