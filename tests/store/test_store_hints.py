"""What one process commits, another is told of; a hint that got lost is made up for."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from relay import delivery
from store import hints, listener, outbox
from store.engine import Tx
from store.listener import Listener
from store.postgres import PostgresStore, engine
from store.sqlite import SqliteStore
from tests.store import diary
from tests.store.cutter import Cutter

NOUNS = ["outbox", "inbox", "schedule"]


class Ear:
    """Keeps what it is told, and waits for it."""

    def __init__(self) -> None:
        self.heard: deque[str] = deque()
        self._news = threading.Condition()

    def __call__(self, noun: str) -> None:
        with self._news:
            self.heard.append(noun)
            self._news.notify_all()

    def took(self, most: float = 5) -> list[str]:
        """What came next; fails after so many seconds."""
        with self._news:
            assert self._news.wait_for(lambda: self.heard, most)
            return [self.heard.popleft()]

    def connected(self) -> None:
        """All was told, without a hint."""
        with self._news:
            assert self._news.wait_for(lambda: len(self.heard) >= len(NOUNS), 5)
            assert [self.heard.popleft() for _ in NOUNS] == NOUNS


@pytest.fixture
def two(postgres_url: str) -> Iterator[tuple[PostgresStore, PostgresStore]]:
    """Two processes' stores on one database."""
    here, there = PostgresStore(postgres_url), PostgresStore(postgres_url)
    yield here, there
    here.close()
    there.close()


def telling(noun: hints.Noun, *, times: int = 1) -> Callable[[Tx], None]:
    def rule(tx: Tx) -> None:
        for _ in range(times):
            hints.tell(tx, noun)

    return rule


def test_told_at_the_commit_and_once_for_many(two):
    here, there = two
    ear = Ear()
    here.listen("me", ear)
    ear.connected()
    committed = []

    def rule(tx: Tx) -> None:
        telling("outbox", times=3)(tx)
        there.write_now(telling("inbox"))  # is heard first, for this is not committed yet
        committed.append(list(ear.took()))

    there.write_now(rule)
    assert committed == [["inbox"]]
    assert ear.took(1) == ["outbox"]
    there.write_now(telling("schedule"))
    assert ear.took(1) == ["schedule"]
    with pytest.raises(RuntimeError):
        there.write_now(lambda tx: [telling("outbox")(tx), fail()])
    there.write_now(telling("schedule"))
    assert ear.took() == ["schedule"]  # and not of what was rolled back
    there.write_now(lambda tx: outbox.add(tx, []))
    there.write_now(telling("inbox"))
    assert ear.took() == ["inbox"]  # nor of nothing


def fail() -> None:
    raise RuntimeError


def test_all_is_told_when_the_line_was_lost_and_now_and_then(postgres_url, monkeypatch):
    monkeypatch.setattr(listener, "RETRY_SECONDS", 0.05)
    ear = Ear()
    with Cutter(postgres_url) as line:
        store = PostgresStore(line.url)
        store.listen("me", ear)
        ear.connected()
        line.cut()
        ear.connected()
        monkeypatch.setattr(listener, "LOOK_SECONDS", 0.05)
        line.cut()
        for _ in range(3):
            ear.connected()
        store.close()
        ear.heard.clear()
    assert not [each for each in threading.enumerate() if each.name == "store-hints"]
    assert not ear.heard


def test_sqlite_has_nobody_to_hear_from(sqlite_url):
    store = SqliteStore(sqlite_url)
    store.listen("me", fail)
    store.write_now(telling("outbox"))
    store.close()


def test_told_to_look_also_while_the_server_is_away(postgres_url):
    ear = Ear()
    with Cutter(postgres_url) as line:
        line.go_away()
        away = Listener(engine(line.url), "me", ear)
        ear.connected()
        away.close()


def test_a_leader_that_died_is_followed_at_once_and_one_that_was_stopped_after_its_lease(two, postgres_url):
    here, there = two
    ear = Ear()
    assert lead(here, "A", 0) == 1
    there.listen("B", ear)
    ear.connected()
    assert lead(there, "B", 0) == 2  # A was never there
    assert lead(here, "A", 1) is None  # nor is it yet, so that it cannot tell
    dying = PostgresStore(postgres_url)
    dying.listen("A", ear)
    ear.connected()
    assert lead(here, "A", 1) is None
    assert lead(there, "B", 20) == 2
    there.close()
    give_up = time.monotonic() + 5
    while (won := lead(here, "A", 21)) is None:  # the server notices in its own time
        assert time.monotonic() < give_up
    assert won == 3
    late = PostgresStore(postgres_url)
    late.listen("C", ear)
    ear.connected()
    assert lead(late, "C", 22) is None  # A holds lease and lock
    assert lead(late, "C", 60) == 4  # a lock alone holds nobody off
    assert lead(here, "A", 61) is None
    dying.close()
    late.close()


def lead(store: PostgresStore, name: str, seconds: int) -> int | None:
    found = store.write_now(lambda tx: delivery.lead(tx, name, diary.NOW + timedelta(seconds=seconds)))
    return None if found is None else found.fence
