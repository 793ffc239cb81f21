"""How late notices go out that are due one after the other, until their release is committed: the disk's stalls too."""

import asyncio
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from bench.figure import Bench, Figure
from bench.town import Person, Town, crowd, letter
from handlers.beats import Beats
from handlers.clock import RealClock
from handlers.jobs import Done
from relay.notices import next_release
from relay.unit import Store
from store.tables.notices import notices
from tests.relay.house import House

#: notices, seconds in which they are due
FULL, QUICK = (10_000, 20.0), (500, 2.0)
#: From the first look at the schedule to the first due time.
AHEAD = timedelta(seconds=4)
MICRO = timedelta(microseconds=1)


def run(quick: bool, folder: Path) -> list[Figure]:
    """The server's own loop over a real clock; everybody has an account that is rung, and all other jobs run, too."""
    size, seconds = QUICK if quick else FULL
    town = Town.found(folder / "town")
    house, people = crowd(town, range(10**12, 10**12 + size + 1))
    late = asyncio.run(_released(town, house, people, seconds))
    late.sort()
    (p50, p99) = (late[int(len(late) * share)] for share in (0.5, 0.99))
    return [
        Figure(
            f"{size:,} due times over {seconds:.0f} s: lateness, p99",
            "the promise",
            [p99],
            goal=50,
            at_most=True,
            unit="ms",
            note=f"p50 {p50:.1f} ms, most {late[-1]:.1f} ms",
        )
    ]


async def _telegram() -> datetime:
    return datetime.now(UTC)


async def _released(town: Town, house: House, people: list[Person], seconds: float) -> list[float]:
    """Milliseconds for each notice."""
    begin = _schedule(town, house, people, seconds)
    store = town.open()
    beats = Beats(store, house.vault, RealClock(), lambda: None, _telegram)
    committed: dict[datetime, datetime] = {}
    beat = beats.named("release")
    work = beat.work

    async def watched(now: datetime) -> Done:
        done = await work(now)
        committed[now] = datetime.now(UTC)
        return done

    beat.work = watched
    beats.start()
    await asyncio.sleep((begin - datetime.now(UTC)).total_seconds() + seconds)
    until = time.monotonic() + 30
    while await store.read(next_release) and time.monotonic() < until:  # noqa: ASYNC110 - what is waited for is a row, which tells nobody
        await asyncio.sleep(0.1)
    await beats.stop()
    late = await _late(store, committed)
    await store.aclose()
    if len(late) != len(people) - 1:
        raise RuntimeError(f"{len(late)} notices released where {len(people) - 1} were due")
    return late


def _schedule(town: Town, house: House, people: list[Person], seconds: float) -> datetime:
    """One notice for each, evenly, and the first earlier: it compiles the statements. When the others begin."""
    step = timedelta(seconds=seconds) / (len(people) - 1)
    letter(town, house, people[:1], release_at=house.now - AHEAD / 2)
    for number, person in enumerate(people[1:]):
        letter(town, house, [person], release_at=house.now + number * step)
    begin = datetime.now(UTC) + AHEAD
    with closing(town.raw()) as rows:
        rows.execute("UPDATE notices SET release_at = release_at + ?", [(begin - house.now) // MICRO])
    return begin


async def _late(store: Store, committed: dict[datetime, datetime]) -> list[float]:
    released = select(notices.c.release_at, notices.c.released_at).where(notices.c.state == "released")
    released = released.order_by(notices.c.release_at)
    rows = await store.read(lambda tx: tx.execute(released).all())
    late = [(committed[row.released_at] - row.release_at) / timedelta(milliseconds=1) for row in rows]
    return late[1:]


BENCH = Bench("lateness", "what is due goes out within 50 ms, hundreds a second", run)
