"""PostgreSQL's connections break: what was kept is told, what was not runs again, and nothing runs twice."""

import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select

from relay.leader import TERM
from store import postgres
from store.engine import Tx
from store.errors import DoubtError, UnavailableError
from store.liveness import LIVENESS
from store.postgres import PostgresStore
from store.tables.audit import audit as log
from tests import databases
from tests.store import diary
from tests.store.cutter import Cutter


@pytest.fixture
def line(postgres_url: str) -> Iterator[Cutter]:
    with Cutter(postgres_url) as cutter:
        yield cutter


@pytest.fixture
def far(line: Cutter) -> Iterator[PostgresStore]:
    """A store at the other end of the line."""
    opened = PostgresStore(line.url)
    yield opened
    opened.close()


def events(store: PostgresStore) -> list[str]:
    return store.read_now(lambda tx: [row.event for row in tx.execute(select(log.c.event))])


class Rule:
    """Writes a line each time it runs, and counts that."""

    def __init__(self) -> None:
        self.runs = 0

    def __call__(self, tx: Tx) -> str:
        self.runs += 1
        diary.write(tx, "a")
        return "answer"

    def many(self, tx: Tx, items: Sequence[str]) -> list[str]:
        return [self(tx) for _ in items]


def plain(store: PostgresStore, rule: Rule) -> str:
    return store.write_now(rule)


def gathered(store: PostgresStore, rule: Rule) -> str:
    return store.gather_now(rule.many, "item")


@pytest.mark.parametrize("way", [plain, gathered])
@pytest.mark.parametrize(("cut", "runs"), [("before", 2), ("after", 1)])
def test_a_commit_whose_answer_never_came_is_kept_once(far, line, way: Callable, cut, runs):
    rule = Rule()
    assert events(far) == []
    line.next_commit = cut
    assert way(far, rule) == "answer"
    assert line.next_commit is None  # it was cut
    assert (rule.runs, events(far)) == (runs, ["a"])


@pytest.mark.parametrize("way", [plain, gathered])
def test_where_nobody_can_say_it_is_not_repeated(far, line, way, monkeypatch):
    monkeypatch.setattr(postgres, "DOUBT_SECONDS", 0.2)
    rule = Rule()
    line.away_then, line.next_commit = True, "after"
    with pytest.raises(DoubtError, match="nobody knows"):
        way(far, rule)
    line.away = False
    assert (rule.runs, events(far)) == (1, ["a"])


def test_a_server_that_is_behind_never_heard_of_the_commit(far):
    """As after a fail-over to a replica that lagged: the number is one that it has not given out yet."""
    assert far._kept("999999999") is False


def test_a_connection_killed_within_a_unit_costs_a_second_run(far, postgres_url):
    rule = Rule()

    def killed(tx: Tx) -> str:
        answer = rule(tx)
        if rule.runs == 1:
            with psycopg.connect(postgres_url, autocommit=True) as other:
                pid = tx.connection.dbapi_connection.info.backend_pid
                other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
            rule(tx)  # finds out
        return answer

    assert far.write_now(killed) == "answer"
    assert (rule.runs, events(far)) == (3, ["a"])


def test_reading_goes_on_over_a_new_connection(far, line):
    seen = []

    def look(tx: Tx) -> int:
        seen.append(1)
        if len(seen) == 1:
            line.cut()
        return len(tx.execute(select(log.c.event)).all())

    assert far.read_now(look) == 0
    assert len(seen) == 2


def test_what_was_prepared_outlives_a_read(far):
    """The driver forgets it all at a rollback, and the server would plan everything anew."""

    def prepared(tx: Tx) -> int:
        kept = "SELECT count(*) FROM pg_prepared_statements WHERE strpos(statement, 'FROM audit') > 0"
        return tx.exec_driver_sql(kept).scalar()

    for _ in range(3):
        assert events(far) == []
    assert far.read_now(prepared) == 1


def test_nothing_is_compiled_though_the_server_would(postgres_url):
    with psycopg.connect(postgres_url, autocommit=True) as server:
        name = server.info.dbname
        server.execute(f'ALTER DATABASE "{name}" SET jit = on')
        opened = PostgresStore(postgres_url)
        try:
            assert opened.read_now(lambda tx: tx.exec_driver_sql("SHOW jit").scalar()) == "off"
        finally:
            opened.close()
            server.execute(f'ALTER DATABASE "{name}" RESET jit')


def test_gone_and_back(far, line):
    rule = Rule()
    line.go_away()
    for _ in range(2):
        with pytest.raises(UnavailableError, match="Try again"):
            far.write_now(rule)
    began = time.monotonic()
    outcomes = []
    for _ in range(50):
        with pytest.raises(UnavailableError) as caught:
            far.gather_now(rule.many, "item")
        outcomes.append(caught.value)
    assert (
        time.monotonic() - began < postgres.ABSENT_SECONDS
    )  # nobody waits in line for a server that is away
    assert rule.runs == 0
    line.away = False
    far._absent_until = 0.0
    assert far.write_now(rule) == "answer"
    assert events(far) == ["a"]


def test_a_vanished_server_is_noticed_and_a_vanished_client_too(far):
    with far._engine.connect() as connection:
        made = connection.connection.dbapi_connection.info.get_parameters()
    for name in ("connect_timeout", "keepalives_idle", "tcp_user_timeout"):
        assert made[name] == str(LIVENESS[name])


def test_who_stands_still_amid_a_write_is_given_up_before_another_may_lead(far):
    """With the locks it held; for who only looks there is time to reckon."""

    def most(tx: Tx) -> timedelta:
        found = "SELECT current_setting('idle_in_transaction_session_timeout')::interval"
        return tx.exec_driver_sql(found).scalar()

    assert timedelta() < far.write_now(most) < TERM < far.read_now(most)
    assert far.write_now(most) < TERM  # a look leaves nothing behind


def test_the_address_may_say_otherwise(postgres_url):
    asked = postgres.engine(f"{postgres_url}&connect_timeout=77")
    with asked.connect() as connection:
        assert connection.connection.dbapi_connection.info.get_parameters()["connect_timeout"] == "77"
    asked.dispose()


@pytest.mark.prove
def test_a_server_stopped_and_started_amid_work():
    """What was acknowledged is there once, what was refused is not; only a commit in doubt may be either."""
    kept: list[str] = []
    refused: list[str] = []
    ended = threading.Event()

    def work(store: PostgresStore) -> None:
        for number in count():
            if ended.is_set():
                return
            try:
                store.write_now(lambda tx, text=str(number): diary.write(tx, text))
            except DoubtError:
                continue
            except UnavailableError:
                refused.append(str(number))
            else:
                kept.append(str(number))

    def until(more: list[str]) -> None:
        before, give_up = len(more), time.monotonic() + 60
        while len(more) < before + 50:
            assert time.monotonic() < give_up
            time.sleep(0.01)

    with tempfile.TemporaryDirectory() as home, databases.restartable(Path(home)) as (url, stop, start):
        store = PostgresStore(url)
        worker = threading.Thread(target=work, args=(store,))
        worker.start()
        for _ in range(3):
            until(kept)
            stop()
            until(refused)
            start()
        until(kept)
        ended.set()
        worker.join()
        found = Counter(events(store))
        store.close()
    assert {name for name in kept if found[name] != 1} == set()
    assert set(refused) & set(found) == set()
