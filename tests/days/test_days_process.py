"""Bad days of the process: no file handles left, a clock a day ahead and back."""

import asyncio
import resource
import socket
import sqlite3
import time
from contextlib import ExitStack, closing
from pathlib import Path

import httpx
import pytest

from tests.days.day import day

pytestmark = [pytest.mark.prove, pytest.mark.timeout(300)]
#: Clients that connect and say nothing, while the relay may open only few handles more.
CLIENTS, SPARE = 40, 3
STARVED_SECONDS = 3
DAY = 86_400


def handles(pid: int) -> int:
    """How many a process has open."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def until_refused(url: str) -> None:
    """Ask again and again: a handle may come free for a moment, when the work closes one."""
    for _ in range(CLIENTS):
        httpx.get(url)


async def test_no_file_handle_is_left(tmp_path: Path) -> None:
    async with day(tmp_path) as today:
        pid = today.relay.pid
        before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        with ExitStack() as stack:
            resource.prlimit(pid, resource.RLIMIT_NOFILE, (handles(pid) + SPARE, before[1]))
            for _ in range(CLIENTS):
                stack.enter_context(socket.create_connection(("127.0.0.1", today.relay.port)))
            work = asyncio.create_task(today.work())
            with pytest.raises(httpx.TransportError):
                await asyncio.to_thread(until_refused, f"{today.relay.url}/healthz")
            await asyncio.sleep(STARVED_SECONDS)
            resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
        await work
        await today.over("no file handle left")


def looked(path: Path) -> float:
    """When the job that mends ran last, by the relay's clock in unix seconds."""
    with closing(sqlite3.connect(path)) as base:
        (microseconds,) = base.execute("SELECT began_at FROM beats WHERE name = 'doorbells'").fetchone()
    return float(microseconds) / 1e6


async def test_the_clock_a_day_ahead_and_back(tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    async with day(tmp_path, QASID_CLOCK_FILE=str(clock)) as today:
        today.ahead = DAY
        clock.write_text(str(DAY))
        await today.work()
        # The job that has seen the clock ahead mends what waits for it; one that has not comes within five minutes.
        await today.happens(
            lambda: looked(tmp_path / "qasid.db") > time.time() + DAY / 2, "a look at the clock"
        )
        today.ahead = 0
        clock.write_text("0")
        await today.work()
        await today.over("the clock a day ahead and back")
