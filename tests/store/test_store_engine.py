"""Units of work: grouped commits that lose nothing they acknowledged, and nothing they did not."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, nullcontext
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import OperationalError

from store import room
from store.engine import READERS, Store, Tx
from store.errors import ClashError, StoreError, UnavailableError
from store.sqlite import NotBegunError, SqliteStore, engine
from store.tables.audit import audit as log
from store.tables.offices import nonces
from tests.store import diary
from tests.store.diary import NOW


class WrongError(Exception):
    """A rule's own error."""


def add(event_: str) -> Callable[[Tx], str]:
    def rule(tx: Tx) -> str:
        diary.write(tx, event_)
        return event_

    return rule


def wrong(tx: Tx) -> None:
    diary.write(tx, "wrong")
    raise WrongError


def clash(tx: Tx) -> None:
    diary.write(tx, "clash")
    for _ in range(2):
        tx.execute(nonces.insert().values(device=b"d", nonce=b"n", expires_at=NOW))


def events(store: Store) -> list[str]:
    return store.read_now(
        lambda tx: [row.event for row in tx.execute(select(log.c.event).order_by(log.c.seq))]
    )


class Gate:
    """Holds the SQLite writer inside a unit, so that what comes meanwhile forms one batch."""

    def __init__(self, store: Store) -> None:
        self.store, self.inside, self.open = store, threading.Event(), threading.Event()

    def __enter__(self) -> "Gate":
        self.thread = threading.Thread(target=self.store.write_now, args=(self._wait,))
        self.thread.start()
        assert self.inside.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self.open.set()
        self.thread.join()

    def _wait(self, _tx: Tx) -> None:
        self.inside.set()
        assert self.open.wait(10)


async def batch(store: Store, *rules: Callable[[Tx], object]) -> list[object]:
    """Run these as one batch on SQLite (and together on PostgreSQL); each one's result or error."""
    with Gate(store) as gate:
        waiting = [asyncio.ensure_future(store.write(rule)) for rule in rules]
        await asyncio.sleep(0)
        gate.open.set()
        return await asyncio.gather(*waiting, return_exceptions=True)


@pytest.fixture
def sqlite_store(sqlite_url):

    opened = SqliteStore(sqlite_url)
    yield opened
    opened.close()


async def test_a_failing_unit_leaves_the_others_alone(store):
    one, two, three, four = await batch(store, add("a"), wrong, clash, add("b"))
    assert (one, four) == ("a", "b")
    assert isinstance(two, WrongError)
    assert isinstance(three, ClashError)
    assert sorted(events(store)) == ["a", "b"]


async def test_a_batch_is_one_commit(sqlite_store):
    commits = []
    event.listen(sqlite_store._writes, "commit", lambda _connection: commits.append(1))
    with Gate(sqlite_store) as gate:
        waiting = [asyncio.ensure_future(sqlite_store.write(add(str(n)))) for n in range(50)]
        await asyncio.sleep(0)
        gate.open.set()
        await asyncio.gather(*waiting)
    assert len(commits) == 2
    assert len(events(sqlite_store)) == 50


async def test_nothing_is_answered_before_the_commit(sqlite_store):
    order = []
    event.listen(sqlite_store._writes, "commit", lambda _connection: order.append("commit"))
    with Gate(sqlite_store) as gate:
        waiting = [asyncio.ensure_future(sqlite_store.write(add(str(n)))) for n in range(2)]
        for future in waiting:
            future.add_done_callback(lambda _future: order.append("answer"))
        await asyncio.sleep(0)
        gate.open.set()
        await asyncio.gather(*waiting)
    assert order == ["commit", "commit", "answer", "answer"]


async def test_a_commit_that_fails_is_tried_again_unit_by_unit(sqlite_store):
    seen: list[str] = []
    refusals = iter([False, True])

    @event.listens_for(sqlite_store._writes, "commit")
    def _commit(_connection):
        if next(refusals, False):
            raise OperationalError("COMMIT", None, sqlite3.OperationalError("disk I/O error"))

    def note(name: str) -> Callable[[Tx], str]:
        def rule(tx: Tx) -> str:
            seen.append(name)
            return add(name)(tx)

        return rule

    assert await batch(sqlite_store, note("a"), note("b")) == ["a", "b"]
    assert seen == ["a", "b", "a", "b"]
    assert events(sqlite_store) == ["a", "b"]


async def test_where_no_transaction_begins_all_are_told_at_once(sqlite_store, sqlite_url):
    with sqlite_store._writes.connect() as writer:
        writer.exec_driver_sql("PRAGMA busy_timeout = 50")
    begun = []
    event.listen(sqlite_store._writes, "begin", begun.append)
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answers = [sqlite_store.write(add(str(number))) for number in range(20)]
        told = await asyncio.gather(*answers, return_exceptions=True)
    assert {type(answer) for answer in told} == {NotBegunError}
    assert len(begun) <= 3
    assert await sqlite_store.write(add("later")) == "later"
    assert events(sqlite_store) == ["later"]


@contextmanager
def full(tx: Tx) -> Iterator[str]:
    """The file may not grow; a line for which not even the pages that tests before this one left free suffice."""
    pages, free, size = (
        tx.execute(text(f"PRAGMA {name}")).scalar_one()
        for name in ("page_count", "freelist_count", "page_size")
    )
    tx.execute(text(f"PRAGMA max_page_count={pages}"))
    try:
        yield "x" * ((free + 1) * size)
    finally:
        # Not by `tx`: after SQLITE_FULL its transaction is gone.
        tx.connection.dbapi_connection.execute(f"PRAGMA max_page_count={pages + 100_000}")


async def test_a_full_disk_loses_nothing_that_was_acknowledged(sqlite_store):
    """SQLITE_FULL rolls back the whole transaction, with units before it; so all are run again, one by one."""

    def fill(tx: Tx) -> None:
        with full(tx) as too_much:
            diary.write(tx, too_much)

    one, two, three = await batch(sqlite_store, add("before"), fill, add("after"))
    assert (one, three) == ("before", "after")
    assert isinstance(two, UnavailableError)
    assert "disk is full" in str(two)
    assert events(sqlite_store) == ["before", "after"]


async def test_a_rule_that_swallows_the_full_disk_does_not_hide_it(sqlite_store):
    def swallow(tx: Tx) -> str:
        with full(tx) as too_much:
            try:
                diary.write(tx, too_much)
            except OperationalError:
                return "all is well"
        return "fits"

    one, two = await batch(sqlite_store, add("before"), swallow)
    assert one == "before"
    assert isinstance(two, UnavailableError)
    assert events(sqlite_store) == ["before"]


CALLS: list[int] = []


def many(tx: Tx, items) -> list[object]:
    CALLS.append(len(items))
    tx.execute(log.insert(), [diary.line(str(item)) for item in items if item])
    return [item or WrongError() for item in items]


def spoilt(tx: Tx, items) -> list[object]:
    if "bad" in items:
        raise WrongError
    return many(tx, items)


async def gathered(store: Store, rule, items) -> list[object]:
    waiting = [asyncio.ensure_future(store.gather(rule, item)) for item in items]
    return await asyncio.gather(*waiting, return_exceptions=True)


async def test_gathered_items_run_as_one_call_and_fail_alone(sqlite_store):
    CALLS.clear()
    with Gate(sqlite_store) as gate:
        waiting = asyncio.ensure_future(gathered(sqlite_store, many, ["a", "", "b"]))
        await asyncio.sleep(0.01)
        gate.open.set()
        one, two, three = await waiting
    assert (one, three, CALLS) == ("a", "b", [3])
    assert isinstance(two, WrongError)
    assert events(sqlite_store) == ["a", "b"]


async def test_one_item_that_breaks_a_gathered_call_breaks_it_for_itself(store):
    outcomes = await gathered(store, spoilt, ["a", "bad", "b"])
    assert [outcome if isinstance(outcome, str) else type(outcome) for outcome in outcomes] == [
        "a",
        WrongError,
        "b",
    ]
    assert sorted(events(store)) == ["a", "b"]
    assert store.gather_now(spoilt, "c") == "c"


def looked(tx: Tx, items: list[str]) -> list[str | Exception]:
    CALLS.append(len(items))
    held = {row.event for row in tx.execute(select(log.c.event).where(log.c.event.in_(items)))}
    return [item if item in held else WrongError() for item in items]


async def test_what_is_looked_up_meanwhile_is_looked_up_together_and_fails_alone(store):
    await asyncio.gather(*(store.write(add(event_)) for event_ in "ab"))
    CALLS.clear()
    # Every thread is held, so that what comes meanwhile waits for one.
    held, free = threading.Barrier(READERS + 1), threading.Event()

    def hold(_tx: Tx) -> None:
        held.wait()
        free.wait()

    busy = [asyncio.ensure_future(store.read(hold)) for _ in range(READERS)]
    await asyncio.to_thread(held.wait)
    waiting = [asyncio.ensure_future(store.look(looked, item)) for item in ("a", "none", "b")]
    await asyncio.sleep(0)
    free.set()
    one, two, three = await asyncio.gather(*waiting, return_exceptions=True)
    await asyncio.gather(*busy)
    assert (one, three, CALLS) == ("a", "b", [3])
    assert isinstance(two, WrongError)
    assert await store.look(looked, "a") == "a"


async def test_a_look_that_breaks_tells_everybody_who_asked_and_none_writes(store):
    def breaks(tx: Tx, items: list[str]) -> list[str]:
        raise WrongError

    def writes(tx: Tx, items: list[str]) -> list[str]:
        return [add(item)(tx) for item in items]

    told = await asyncio.gather(*(store.look(breaks, item) for item in "ab"), return_exceptions=True)
    assert [type(each) for each in told] == [WrongError, WrongError]
    with pytest.raises(UnavailableError):
        await store.look(writes, "c")
    assert events(store) == []
    await store.aclose()
    with pytest.raises(StoreError):
        await store.look(writes, "d")


async def test_gathered_and_plain_work_mix(sqlite_store):
    CALLS.clear()
    with Gate(sqlite_store) as gate:
        work = [
            sqlite_store.gather(many, "a"),
            sqlite_store.write(wrong),
            sqlite_store.gather(spoilt, "bad"),
            sqlite_store.gather(many, "b"),
            sqlite_store.write(add("c")),
        ]
        waiting = [asyncio.ensure_future(each) for each in work]
        await asyncio.sleep(0)
        gate.open.set()
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert [o if isinstance(o, str) else type(o) for o in outcomes] == ["a", WrongError, WrongError, "b", "c"]
    assert sorted(events(sqlite_store)) == ["a", "b", "c"]


async def test_a_caller_who_gives_up_does_not_undo_the_work(sqlite_store):
    with Gate(sqlite_store) as gate:
        given_up = asyncio.ensure_future(sqlite_store.write(add("a")))
        stays = asyncio.ensure_future(sqlite_store.write(add("b")))
        await asyncio.sleep(0)
        given_up.cancel()
        gate.open.set()
        assert await stays == "b"
    assert events(sqlite_store) == ["a", "b"]


async def test_reading_sees_only_what_was_committed_and_cannot_write(store):
    assert await store.read(lambda tx: tx.execute(select(func.count()).select_from(log)).scalar()) == 0
    with pytest.raises(StoreError):
        await store.read(add("a"))
    assert events(store) == []


def test_an_open_unit_is_invisible(sqlite_store):
    with Gate(sqlite_store) as gate:
        assert events(sqlite_store) == []
        gate.open.set()


def test_a_naive_datetime_is_refused_and_aware_ones_come_back_in_utc(store):
    with pytest.raises(TypeError, match="naive"):
        store.write_now(lambda tx: diary.write(tx, "a", at=datetime(2026, 1, 1)))  # noqa: DTZ001 – the point of it

    kabul = datetime(2026, 11, 21, 4, 30, 0, 7, tzinfo=timezone(timedelta(hours=4, minutes=30)))
    store.write_now(lambda tx: diary.write(tx, "a", at=kabul))
    back = store.read_now(lambda tx: tx.execute(select(log.c.at)).scalar_one())
    assert back == kabul
    assert back.tzinfo is UTC


def test_errors_show_no_parameter(store):
    secret = "plain words of a person"
    with pytest.raises(StoreError) as caught:
        store.write_now(lambda tx: tx.execute(text("INSERT INTO nowhere VALUES (:x)"), {"x": secret}))
    assert secret not in str(caught.value)
    assert "nowhere" not in str(caught.value)


def test_a_closed_store_says_so_and_finishes_what_was_queued(store):
    threads = [threading.Thread(target=store.write_now, args=(add(str(n)),)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(events(store)) == 20
    store.close()
    store.close()
    for call in (store.write_now, store.read_now):
        with pytest.raises(StoreError, match="closed"):
            call(add("late"))


def endless(tx: Tx) -> None:
    """A statement that does not end by itself."""
    counting = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    tx.execute(text(counting if tx.dialect.name == "sqlite" else "SELECT pg_sleep(3600)"))


async def test_closing_waits_for_no_reading_and_finishes_what_is_written(store):
    held = threading.Barrier(READERS + 1)

    def hold(tx: Tx) -> None:
        held.wait()
        endless(tx)

    busy = [asyncio.ensure_future(store.read(hold)) for _ in range(READERS)]
    await asyncio.to_thread(held.wait)
    busy += [asyncio.ensure_future(store.read(add("late"))), asyncio.ensure_future(store.look(looked, "a"))]
    written = asyncio.ensure_future(store.write(add("a")))
    await asyncio.sleep(0)
    await store.aclose()
    told = await asyncio.gather(*busy, return_exceptions=True)
    assert [isinstance(each, StoreError) for each in told] == [True] * len(busy)
    assert await written == "a"


def test_rivals_on_one_row_all_get_through(store):
    """PostgreSQL retries serialization failures; SQLite has one writer."""
    store.write_now(lambda tx: tx.execute(nonces.insert().values(device=b"d", nonce=b"n", expires_at=NOW)))

    def count_up(tx: Tx) -> None:
        number = len(tx.execute(select(log.c.seq)).all())
        diary.write(tx, str(number))

    threads = [threading.Thread(target=store.write_now, args=(count_up,)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(events(store), key=int) == [str(n) for n in range(12)]


def test_sqlite_is_durable_and_checks_references(sqlite_store):
    def pragmas(tx: Tx) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys")
        return [tx.execute(text(f"PRAGMA {name}")).scalar() for name in names]

    assert sqlite_store.write_now(pragmas) == ["wal", 2, 1]


@pytest.mark.parametrize("fails", [False, True])
def test_the_cache_is_wide_for_one_transaction(sqlite_store, fails):
    def size(tx: Tx) -> str:
        return f"cache_size={tx.exec_driver_sql('PRAGMA cache_size').scalar()}"

    seen = []

    def crowd(tx: Tx) -> None:
        room.widen(tx)
        room.widen(tx)
        seen.append(size(tx))
        if fails:
            raise WrongError

    assert sqlite_store.write_now(size) == room.SMALL
    with pytest.raises(WrongError) if fails else nullcontext():
        sqlite_store.write_now(crowd)
    assert seen == [room.WIDE]
    assert sqlite_store.write_now(size) == room.SMALL


def test_a_busy_database_is_unavailable_not_lost(sqlite_store, sqlite_url, monkeypatch):
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    with sqlite_store._writes.connect() as connection:
        connection.connection.dbapi_connection.execute("PRAGMA busy_timeout=10")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(UnavailableError, match="Try again"):
        sqlite_store.write_now(add("a"))
    other.execute("ROLLBACK")
    other.close()
    assert sqlite_store.write_now(add("a")) == "a"
    assert events(sqlite_store) == ["a"]


def test_of_two_that_begin_a_files_log_at_once_none_is_refused(tmp_path):
    """SQLite does not wait there; before it was asked again, one of thirty was refused."""

    def opened(path: Path) -> None:
        made = engine(f"sqlite:///{path}", writer=True)
        made.connect().close()
        made.dispose()

    with ThreadPoolExecutor(2) as both:
        for number in range(150):
            file = tmp_path / f"{number}.db"
            file.touch()
            for done in [both.submit(opened, file) for _ in range(2)]:
                done.result()


def test_a_file_that_is_not_there_is_not_made(tmp_path):
    """At the mount point of a disk that is away it would be found empty from then on."""
    made = engine(f"sqlite:///{tmp_path / 'away.db'}", writer=True)
    with pytest.raises(OperationalError):
        made.connect()
    assert list(tmp_path.iterdir()) == []
