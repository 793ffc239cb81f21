"""Told to stop: it is asked once, the deadline holds whatever the loop does, and a start ends at once."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from handlers.leaving import stop_on_signals

STARTING = "from handlers.leaving import leave_at_once; leave_at_once(); print('there', flush=True); input()"
NEVER = 3600.0


class End:
    """The process's, which is only noted."""

    def __init__(self) -> None:
        self.came = threading.Event()
        self.steps: list[int] = []

    def leave(self, code: int) -> None:
        self.steps.append(code)
        self.came.set()


@pytest.fixture(autouse=True)
def _handlers() -> Iterator[None]:
    """As they were."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_asks_to_stop_and_later_ones_change_nothing(number: signal.Signals) -> None:
    stop, end = asyncio.Event(), End()
    stop_on_signals(stop, seconds=NEVER, leave=end.leave)
    os.kill(os.getpid(), number)
    await stop.wait()
    for again in (signal.SIGTERM, signal.SIGINT):
        os.kill(os.getpid(), again)
    await asyncio.sleep(0)
    assert end.steps == []


async def test_what_holds_up_the_loop_is_cut_short() -> None:
    stop, end = asyncio.Event(), End()
    stop_on_signals(stop, seconds=0.01, leave=end.leave)
    os.kill(os.getpid(), signal.SIGTERM)
    assert end.came.wait(10), "the loop stands still, and nobody ended it"
    assert end.steps == [0]
    assert not stop.is_set()


async def test_without_a_signal_nobody_is_hurried() -> None:
    stop, end = asyncio.Event(), End()
    stop_on_signals(stop, seconds=0, leave=end.leave)
    stop.set()
    assert not end.came.wait(0.05)


def test_a_start_ends_at_once() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STARTING], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"there\n"
        process.terminate()
        assert process.wait(10) == 0
