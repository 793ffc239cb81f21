"""Bad days of a relay that is told to stop: at any moment, while it starts, and amid what does not end by itself.

Each time it leaves within ten seconds and with 0, and the next start goes on as if nothing had been.
"""

import asyncio
import random
import signal
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, func, select

from bench.postgres import moved
from bench.town import Town, crowd, letter
from crypto.prekey import HolderKind
from emulator.limits import MESSAGES_A_STAR
from emulator.people import User
from emulator.server import serve_in_thread
from emulator.telegram import Telegram
from relay import integrity
from store.engine import open_store
from store.tables.delivery import outbox
from store.tables.mail import wraps
from store.tables.notices import notices
from tests import databases
from tests.chaos.book import Book
from tests.days.day import AGAIN_SECONDS, PATIENCE_SECONDS, STOP_SECONDS, TEXTS, Day, day, texts
from tests.flow.kills import TOKEN, Relay
from tests.proofs import figures

pytestmark = [pytest.mark.prove, pytest.mark.timeout(300)]
STOPS, STARTS = 4, 8
#: From the work's begin to the signal, at most; and from a process's.
WINDOW_SECONDS, START_SECONDS = 1.5, 1.2
#: Newcomers who say something at the moment of each stop.
FLOOD = 60
#: Who is to be told by so many notices, and how many a second Telegram takes.
PEOPLE, NOTICES, RATE = 3_000, 4, 200
#: From one release to the next, so that not all are over before the first stop.
SPACED_SECONDS = 6
BELL = TEXTS.render("fa-AF", "doorbell")
#: Until a transaction that was begun waits for the one that holds it up.
AMID_SECONDS = 0.5
WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
WRITTEN = "envelopes, inbox, outbox"


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest) -> str:
    """Where `day` is to have its database; empty for a file in its folder."""
    return "" if request.param == "sqlite" else request.getfixturevalue("postgres_url")


@asynccontextmanager
async def stops(folder: Path, address: str, **environment: str) -> AsyncIterator[Day]:
    """A day, afterwards with a whole database."""
    async with day(folder, address, **environment) as today:
        yield today
        assert Book(today.relay.settings.database_url).damage() == []


class Held:
    """A transaction of somebody else's, which holds up the relay's."""

    def __init__(self, waiting: Callable[[], bool] | None) -> None:
        self._waiting = waiting

    async def amid(self, today: Day) -> None:
        """Returns once the relay waits for it."""
        if self._waiting is None:
            await asyncio.sleep(AMID_SECONDS)
        else:
            await today.happens(self._waiting, "a transaction that is held up")

    async def forgotten(self, today: Day) -> None:
        """Returns once nothing of the relay's waits for it any more, though it still stands."""
        if self._waiting is not None:
            await today.happens(lambda: not self._waiting(), "the end of what the relay left behind")


@contextmanager
def held(folder: Path, address: str, tables: str) -> Iterator[Held]:
    """SQLite tells nobody who waits for its lock, and has one for all tables."""
    if not address:
        with closing(sqlite3.connect(folder / "qasid.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield Held(None)
        return
    with psycopg.connect(address) as other, psycopg.connect(address, autocommit=True) as watch:
        other.execute(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE")
        yield Held(lambda: watch.execute(WAITING).fetchone() != (0,))
        other.rollback()


@pytest.mark.parametrize("polling", ["1", "0"])
async def test_at_any_moment(tmp_path: Path, address: str, polling: str) -> None:
    async with stops(tmp_path, address, QASID_POLLING=polling) as today:
        cut_off, longest = 0, 0.0
        for _ in range(STOPS):
            work = asyncio.create_task(today.work())
            await asyncio.sleep(random.uniform(0, WINDOW_SECONDS))  # any moment is the right one
            today.flood(FLOOD)
            longest = max(longest, await today.stopped())
            cut_off += today.cut_off()
            await today.relay.start()
            await work
        way = "polling" if polling == "1" else "webhook"
        await today.over(f"{STOPS} stops, {way}, {longest:.1f} s at most,", again=cut_off)


async def test_while_it_starts(tmp_path: Path, address: str) -> None:
    async with stops(tmp_path, address) as today:
        await today.work()
        await today.stopped()
        cut_off, codes = today.cut_off(), set()
        for _ in range(STARTS):
            await today.relay.spawn()
            await asyncio.sleep(random.uniform(0, START_SECONDS))
            assert await today.relay.end(signal.SIGTERM) < STOP_SECONDS
            codes.add(today.relay.code)
            cut_off += today.cut_off()
        # Before it has loaded what hears the signal it is the system that ends it.
        assert codes <= {0, -signal.SIGTERM}
        await today.relay.start()
        await today.over(f"{STARTS} stops while it starts", again=cut_off)


async def test_while_it_starts_and_the_database_is_locked(tmp_path: Path, address: str) -> None:
    async with stops(tmp_path, address) as today:
        await today.work()
        await today.stopped()
        cut_off = today.cut_off()
        with held(tmp_path, address, "alembic_version") as other:
            await today.relay.spawn()
            if not address:
                await today.happens(lambda: tmp_path / "qasid.db" in opened(today.relay.pid), "the database")
            await other.amid(today)
            await today.stopped()
            await other.forgotten(today)
        await today.relay.start()
        await today.over("a stop while it starts and the database is locked", again=cut_off)


async def test_while_the_database_is_held_up(tmp_path: Path, address: str) -> None:
    async with stops(tmp_path, address) as today:
        with held(tmp_path, address, WRITTEN) as other:
            work = asyncio.create_task(today.work())
            await other.amid(today)
            took = await today.stopped()
            await other.forgotten(today)
        if address:
            assert "cut short" in today.relay.log.read_text()
        cut_off = today.cut_off()
        await today.relay.start()
        await work
        await today.over(f"a stop while the database is held up, {took:.1f} s,", again=cut_off)


async def test_while_postgresql_is_away(tmp_path: Path) -> None:
    with databases.restartable(tmp_path / "postgres") as (address, stop, start):
        async with stops(tmp_path, address) as today:
            longest = 0.0
            cut_off = 0
            for wait in (0.0, AMID_SECONDS, random.uniform(0, STOP_SECONDS)):
                work = asyncio.create_task(today.work())
                await asyncio.sleep(random.uniform(0, AMID_SECONDS))
                await asyncio.to_thread(stop)
                await asyncio.sleep(wait)
                longest = max(longest, await today.stopped())
                await asyncio.to_thread(start)
                cut_off += today.cut_off()
                await today.relay.start()
                await work
            await today.over(f"stops while PostgreSQL is away, {longest:.1f} s at most,", again=cut_off)


async def test_while_telegram_does_not_answer(tmp_path: Path, address: str) -> None:
    async with stops(tmp_path, address) as today:
        faults = today.telegram.faults
        faults.set(hang_every=1)
        work = asyncio.create_task(today.work())
        await today.happens(lambda: faults.happened["hang"], "a call that is not answered")
        await today.stopped()
        cut_off = today.cut_off()
        faults.set(drop_every=1, methods={"getMe"})
        await today.relay.start()
        await today.happens(lambda: "out of reach" in today.relay.log.read_text(), "a start without Telegram")
        took = await today.stopped()
        faults.clear()
        await today.relay.start()
        await work
        await today.over(f"stops while Telegram is silent, {took:.1f} s,", again=cut_off)


async def test_amid_a_crowds_notices(tmp_path: Path, address: str) -> None:
    """Each is released wholly or not at all; everybody is rung, and nobody twice but for what was cut off."""
    telegram = Telegram(seed=7)
    telegram.random.seed()
    telegram.add_bot(TOKEN, "qasid_test_bot").limits.payable = 1000 * PEOPLE * MESSAGES_A_STAR
    users = [telegram.add_user("Sara", "fa") for _ in range(PEOPLE)]
    for user in users:
        user.chat().started = True
    town = Town.found(tmp_path / "town")
    house, people = crowd(town, [user.id for user in users])
    each = PEOPLE // NOTICES
    begun = datetime.now(UTC)
    for number in range(NOTICES):
        due = begun + timedelta(seconds=SPACED_SECONDS * (number + 1))
        letter(town, house, people[number * each : (number + 1) * each], release_at=due)
    if address:
        moved(town, address)
    with serve_in_thread(telegram) as api:
        relay = Relay(tmp_path, api)
        relay.environment |= {
            "QASID_BROADCAST_RATE": str(RATE),
            "QASID_DATABASE_URL": address or town.url,
            "QASID_VAULT_KEY_FILE": str(town.key),
        }
        cut_off, longest, released = 0, 0.0, []
        try:
            for _ in range(STOPS):
                await relay.start()
                await asyncio.sleep(random.uniform(0, 2 * WINDOW_SECONDS))
                longest = max(longest, await relay.end(signal.SIGTERM))
                assert (longest < STOP_SECONDS, relay.code) == (True, 0)
                with closing(open_store(address or town.url)) as store:
                    cut_off += store.read_now(claimed)
                    released.append(store.read_now(wholly_released))
            await relay.start()
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not all(map(rings, users)):  # noqa: ASYNC110 - the relay is another process
                    await asyncio.sleep(1)
            await asyncio.sleep(AGAIN_SECONDS)
            await relay.end(signal.SIGTERM)
        finally:
            await relay.end(signal.SIGKILL)
    again = sum(map(rings, users)) - PEOPLE
    assert again <= cut_off
    with closing(open_store(address or town.url)) as store:
        assert store.read_now(integrity.check) == []
    assert Book(address or town.url).damage() == []
    figures.note(
        f"bad day: {STOPS} stops amid {NOTICES} notices to {PEOPLE:,}",
        f"released at each {released}; 0 lost; {again} of at most {cut_off} rung twice; "
        f"SIGTERM to exit {longest:.1f} s at most",
    )


def claimed(tx: Connection) -> int:
    return tx.execute(select(func.count()).where(outbox.c.state == "claimed")).scalar_one()


def wholly_released(tx: Connection) -> int:
    """How many notices are released, each to all: only then have the copies their numbers."""
    numbered = (
        select(notices.c.state, func.count(wraps.c.seq) == func.count())
        .join_from(notices, wraps, wraps.c.envelope == notices.c.envelope)
        .where(wraps.c.holder_kind == HolderKind.DEVICE)
    )
    none = select(func.count(wraps.c.seq)).join_from(notices, wraps, wraps.c.envelope == notices.c.envelope)
    assert tx.execute(none.where(notices.c.state == "scheduled")).scalar_one() == 0
    found = tx.execute(numbered.group_by(notices.c.envelope, notices.c.state)).all()
    assert all(whole for state, whole in found if state == "released")
    return sum(state == "released" for state, _ in found)


def rings(user: User) -> int:
    return texts(user).count(BELL)


def opened(pid: int) -> set[Path]:
    """The files that a process has open."""
    return {each.resolve() for each in Path(f"/proc/{pid}/fd").iterdir()}
