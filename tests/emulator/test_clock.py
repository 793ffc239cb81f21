"""Both clocks: steps, sleepers, threads."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from threading import Thread

from emulator import ManualClock, RealClock
from tests.emulator.waiting import eventually


async def test_manual_clock_moves_only_when_told() -> None:
    clock = ManualClock(datetime(2026, 11, 1, tzinfo=UTC))
    sleeping = asyncio.create_task(clock.sleep(3600))
    await eventually(lambda: clock.sleepers)
    clock.advance(3599)
    for _ in range(10):
        await asyncio.sleep(0)
    assert not sleeping.done()
    thread = Thread(target=clock.advance, args=(timedelta(seconds=1),))
    thread.start()
    await asyncio.wait_for(sleeping, 5)
    thread.join()
    assert clock.now() == datetime(2026, 11, 1, 1, tzinfo=UTC)
    assert clock.sleepers == 0
    clock.advance(-60)
    assert clock.now().minute == 59


async def test_real_clock_passes_and_can_be_stepped() -> None:
    clock = RealClock()
    assert abs(clock.time() - time.time()) < 5
    before = clock.time()
    await clock.sleep(0.01)
    assert clock.time() - before >= 0.01
    sleeping = asyncio.create_task(clock.sleep(3600))
    await eventually(lambda: clock.sleepers)
    clock.advance(3600)
    await asyncio.wait_for(sleeping, 5)
    assert clock.time() - before >= 3600
