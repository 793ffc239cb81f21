"""Every job, killed, run twice at once, after a day's outage, with the clock set back: the same state, nothing stale.

Each run begins with the same rows and ends at the same hour; the relay is a process of its own at every hour.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from crypto.encoding import unix
from crypto.vault import Vault
from store.engine import open_store
from store.sqlite import SqliteStore
from tests.databases import empty_sqlite
from tests.jobs.scene import CANCELLED, HOURS, Scene, copy, scene, state
from tests.proofs import figures
from tests.relay.house import House

WORKER = Path(__file__).with_name("worker.py")
SHORT = (1, 2, 6, 12, 13, 20, 25, 27, 60, 61, 62)

BACK = (6, 12, 21, 28, 61)
LATE = ("reminded", "told", "audit", "waiting", "bells")
"""What is left out when its time was missed, and so differs after an outage."""


@dataclass
class Ended:
    """What a run left behind. `flying`: sends under way when the notice they ring for was called off."""

    state: dict[str, Any]
    sends: Counter[tuple[str, str, int]]
    kills: int = 0
    flying: int = 0
    after: int = 0


@dataclass
class Run:
    """One way through the hours."""

    worker: subprocess.Popen[str]
    scene: Scene
    url: str
    folder: Path
    #: Who runs; nobody: the worker itself.
    owners: Sequence[str] = ("one",)
    #: Kills at each hour, each at a random share of its work.
    kills: int = 0
    chance: random.Random = field(default_factory=random.Random)
    killed: int = 0
    called_off: int = 0

    def through(self, hours: Sequence[float]) -> Ended:
        store = self.scene.house.store = open_store(self.url)
        self.log.touch()
        done: set[float] = set()
        for hour in hours:
            for _ in range(self.kills):
                self._go(hour, self.chance.random())
            self._go(hour, None, racing=hour == CANCELLED and not self.called_off)
            if hour not in done:
                self.scene.act(hour)
            done.add(hour)
        found = state(store)
        store.close()
        return self._ended(found)

    @property
    def log(self) -> Path:
        return self.folder / "sends"

    def _go(self, hour: float, kill_after: float | None, *, racing: bool = False) -> None:
        """The hour's jobs; racing the end of them somebody calls the crowd's notice off."""
        order = {
            "url": self.url,
            "log": str(self.log),
            "now": unix(self.scene.at(hour)),
            "owners": self.owners,
        }
        order |= {"kill_after": kill_after, "seed": self.chance.getrandbits(30)}
        told, says = self.worker.stdin, self.worker.stdout
        assert told is not None
        assert says is not None
        told.write(json.dumps(order) + "\n")
        told.flush()
        assert says.readline() == "started\n"
        if racing:
            while self._crowd_sent() < 3:
                time.sleep(0.001)  # another process writes the log that is looked at
            self.scene.cancel()
            self.called_off = time.monotonic_ns()
        codes = says.readline().split()[1:]
        assert kill_after is not None or set(codes) == {"0"}, codes
        self.killed += codes.count("-9")

    def _crowd_sent(self) -> int:
        return sum(self.scene.of(line[-1]) == "crowd" for line in self._sends())

    def _sends(self) -> Iterator[tuple[int, int, float, str, str, int]]:
        for line in self.log.read_text().splitlines():
            asked, left, now, kind, key, account = line.split()
            yield int(asked), int(left), float(now), kind, key, int(account)

    def _ended(self, found: dict[str, Any]) -> Ended:
        ended = Ended(found, Counter(), self.killed)
        for asked, left, now, kind, key, account in self._sends():
            name = self.scene.of(account)
            if name != "crowd":  # how many of them were rung hangs on the moment
                ended.sends[kind, key, account] += 1
            since, until = self.scene.windows[name]
            hour = (now - self.scene.begin.timestamp()) / 3600
            if kind == "ring":
                assert since <= hour < until, f"{name} rung at hour {hour}"
            if kind == "ring" and name == "crowd":
                ended.after += asked > self.called_off
                ended.flying += asked <= self.called_off < left
        return ended


class Town:
    """The same rows again and again, on either database."""

    def __init__(self, folder: Path, worker: subprocess.Popen[str]) -> None:
        self.folder, self.worker = folder, worker
        path = folder / "base.db"
        store = SqliteStore(empty_sqlite(path))
        self.scene = scene(House(store, Vault(bytes(32))).register())
        store.close()
        self.path, self.runs = path, 0

    def run(self, url: str | None, hours: Sequence[float], **options: Any) -> Ended:
        """On this empty database, or a new SQLite file."""
        self.runs += 1
        folder = self.folder / str(self.runs)
        folder.mkdir()
        if url is None:
            url = f"sqlite:///{folder / 'qasid.db'}"
            (folder / "qasid.db").write_bytes(self.path.read_bytes())
        else:
            copy(self.path, url)
        return Run(self.worker, self.scene, url, folder, **options).through(hours)


@pytest.fixture(scope="module")
def town(tmp_path_factory) -> Iterator[Town]:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, WORKER], **pipes) as worker:
        yield Town(tmp_path_factory.mktemp("jobs"), worker)


@pytest.fixture(scope="module")
def undisturbed(town: Town) -> Ended:
    ended = town.run(None, SHORT, owners=())
    assert ended.state["faults"] == []
    assert not ended.after
    return ended


def same(ended: Ended, other: Ended, *apart: str) -> None:
    """The same state, but for these parts of it; and nothing left after it was called off."""
    for name, found in ended.state.items():
        if name not in apart:
            assert found == other.state[name], name
    assert ended.after == 0


def heard(ended: Ended) -> Counter[tuple[str, str, int]]:
    """What reached people; how often a bell was taken away again hangs on which job came first in its hour."""
    return Counter({send: count for send, count in ended.sends.items() if send[0] != "delete"})


def test_every_job_had_something_to_do(town, undisturbed):
    assert Counter(each[2] for each in undisturbed.state["notices"]) == {"expired": 3, "cancelled": 1}
    assert {"notice_withheld", "consent_lapsed", "referral_forgotten"} <= {
        each[1] for each in undisturbed.state["audit"]
    }
    assert {each[1] for each in undisturbed.state["offers"]} >= {"expired", "accepted"}
    assert {each[2] for each in undisturbed.state["reminded"]} == {None, 2}
    assert {each[2] for each in undisturbed.state["ledger"]} >= {"promoted", "expired", "returned"}
    assert (undisturbed.state["referrals"], undisturbed.state["claims"]) == (Counter(), Counter())
    assert {key for kind, key, _ in undisturbed.sends if kind == "reply"} >= {
        "officer-conditions-lack",
        "officer-daily",
    }
    assert len(undisturbed.state["asked"]) == 1


def test_twice_at_once_and_killed(town, undisturbed):
    killed(town, undisturbed, None, SHORT, owners=("one", "two"), kills=1)


def test_after_a_days_outage(town, undisturbed):
    ended = town.run(None, [hour for hour in SHORT if not 2 < hour < 27], owners=())
    same(ended, undisturbed, *LATE)
    assert not heard(ended) - heard(undisturbed), "nothing is made up for that is stale"


def test_the_clock_back_an_hour(town, undisturbed):
    hours = [each for hour in SHORT for each in ((hour, hour - 1, hour) if hour in (6, 27) else (hour,))]
    same(town.run(None, hours, owners=()), undisturbed)


@pytest.mark.prove
@pytest.mark.timeout(600)
class TestLong:
    """Every hour, relays that are processes, both databases."""

    @pytest.fixture
    def long(self, town) -> Ended:
        return town.run(None, HOURS, owners=())

    @pytest.fixture
    def url(self, database_url) -> str | None:
        return None if database_url.startswith("sqlite") else database_url

    def test_killed_at_random_points(self, town, long, url):
        ended = killed(town, long, url, HOURS, kills=4)
        line = f"{ended.kills} kills, {ended.flying} sends under way when their notice was called off, none after"
        figures.note(f"jobs killed ({'SQLite' if url is None else 'PostgreSQL'})", line)

    def test_twice_at_once(self, town, long, url):
        ended = town.run(url, HOURS, owners=("one", "two"))
        same(ended, long)
        assert heard(ended) == heard(long)

    def test_after_a_days_outage(self, town, long, url):
        same(town.run(url, [hour for hour in HOURS if not 4 < hour < 28]), long, *LATE)

    def test_the_clock_back_an_hour_every_six(self, town, long, url):
        hours = [each for hour in HOURS for each in ((hour, hour - 1, hour) if hour in BACK else (hour,))]
        same(town.run(url, hours), long)


def killed(town: Town, undisturbed: Ended, url: str | None, hours: Sequence[float], **options: Any) -> Ended:
    """As often as is said at every hour; what was on its way then may go once more."""
    ended = town.run(url, hours, chance=random.Random(os.environ.get("QASID_SEED")), **options)
    same(ended, undisturbed)
    assert ended.kills >= len(hours) / 2, "most had done everything before they were killed"
    assert (ended.sends - undisturbed.sends).total() <= ended.kills
    return ended
