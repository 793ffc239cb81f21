"""How late notices go out that are due one after the other, until their release is committed: the disk's stalls too.

The limit that takes turns with it is a timer and one commit: sqlite3 writing a row at each of as many times.
"""

import asyncio
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from statistics import median

from sqlalchemy import select

from bench.figure import Bench, Figure, turns
from bench.town import Person, Town, crowd, letter, raw
from handlers.beats import Beats
from handlers.clock import RealClock
from handlers.jobs import Done
from relay.notices import next_release
from relay.unit import Store
from store.tables.notices import notices
from tests.relay.house import House

#: rounds, notices, seconds in which they are due
FULL, QUICK = (5, 10_000, 20.0), (1, 500, 2.0)
#: From the first look at the schedule to the first due time.
AHEAD = timedelta(seconds=4)
MICRO = timedelta(microseconds=1)


def run(quick: bool, folder: Path) -> list[Figure]:
    """The server's own loop over a real clock; everybody has an account that is rung, and all other jobs run, too."""
    rounds, size, seconds = QUICK if quick else FULL
    town = Town.found(folder / "town")
    house, people = crowd(town, range(10**12, 10**12 + size + 1))
    _schedule(town, house, people, seconds)
    ours: list[list[float]] = []
    bare: list[list[float]] = []
    for number, first in turns(rounds):
        for mine in (first, not first):
            if mine:
                copy = town.copy(folder / f"round-{number}")
                ours.append(sorted(asyncio.run(_released(copy, house.now, size, seconds))))
            else:
                bare.append(sorted(_bare(folder / f"bare-{number}.db", size, seconds)))
    every = sorted(chain(*ours))
    limit = median(_at(each, 0.99) for each in bare)
    return [
        Figure(
            f"{size:,} due times over {seconds:.0f} s: lateness, p99",
            f"a timer and one commit: {limit:.1f} ms",
            [_at(each, 0.99) for each in ours],
            goal=50,
            at_most=True,
            unit="ms",
            note=f"p50 {_at(every, 0.5):.1f} ms, most {every[-1]:.1f} ms",
            limit_at=limit,
        )
    ]


def _at(ordered: Sequence[float], share: float) -> float:
    return ordered[int(len(ordered) * share)]


def _bare(path: Path, size: int, seconds: float) -> list[float]:
    """Milliseconds from each time until a row is on the disk that was written then."""
    late = []
    with closing(raw(path)) as rows:
        rows.execute("CREATE TABLE released (id INTEGER PRIMARY KEY, at INTEGER)")
        begin = time.monotonic()
        for number in range(size):
            due = begin + number * seconds / size
            if (wait := due - time.monotonic()) > 0:
                time.sleep(wait)
            rows.execute("INSERT INTO released (at) VALUES (?)", [number])
            late.append((time.monotonic() - due) * 1000)
    return late


async def _telegram() -> datetime:
    return datetime.now(UTC)


async def _released(town: Town, then: datetime, size: int, seconds: float) -> list[float]:
    """Milliseconds for each notice, which were to begin `then`."""
    begin = datetime.now(UTC) + AHEAD
    with closing(town.raw()) as rows:
        rows.execute("UPDATE notices SET release_at = release_at + ?", [(begin - then) // MICRO])
    store = town.open()
    beats = Beats(store, town.vault, RealClock(), lambda: None, _telegram)
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
    if len(late) != size:
        raise RuntimeError(f"{len(late)} notices released where {size} were due")
    return late


def _schedule(town: Town, house: House, people: list[Person], seconds: float) -> None:
    """One notice for each, evenly from the house's time on, and the first earlier: it compiles the statements."""
    step = timedelta(seconds=seconds) / (len(people) - 1)
    letter(town, house, people[:1], release_at=house.now - AHEAD / 2)
    for number, person in enumerate(people[1:]):
        letter(town, house, [person], release_at=house.now + number * step)


async def _late(store: Store, committed: dict[datetime, datetime]) -> list[float]:
    released = select(notices.c.release_at, notices.c.released_at).where(notices.c.state == "released")
    released = released.order_by(notices.c.release_at)
    rows = await store.read(lambda tx: tx.execute(released).all())
    late = [(committed[row.released_at] - row.release_at) / timedelta(milliseconds=1) for row in rows]
    return late[1:]


BENCH = Bench("lateness", "what is due goes out within 50 ms, hundreds a second", run)
