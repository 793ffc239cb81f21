"""Must show 3: the power cut. What was acknowledged is there; with less than our settings it would not be.

On a real ext4 that is shut down without flushing, where the machine allows one; and everywhere on a disk that
forgets what SQLite did not sync, which tears what was under way.
"""

import os
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from random import Random

import pytest

from store import sqlite
from store.sqlite import SqliteStore
from tests import volume
from tests.databases import empty_sqlite
from tests.proofs import figures
from tests.store import writer
from tests.store.forgetful import forgetful
from tests.volume import Volume

pytestmark = [pytest.mark.prove, pytest.mark.timeout(300)]
THREADS = 8
CUTS = 12
WEAKER = ("NORMAL", "OFF")
#: Units between two cuts.
FEW, MANY = 20, 400
#: Bytes that a pipe holds.
PIPE = 65_536


def found(path: Path) -> Counter[str]:
    """How many lines of each unit a database holds after a cut. Raises sqlite3.DatabaseError for a broken one."""
    with closing(sqlite3.connect(path)) as base:
        assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return Counter(name for (name,) in base.execute("SELECT event FROM audit"))


def lost(path: Path, acknowledged: set[str]) -> int:
    """How many acknowledged units are not there; all of them where the database is broken."""
    try:
        return len(acknowledged - set(found(path)))
    except (sqlite3.DatabaseError, AssertionError):
        return len(acknowledged)


def whole(path: Path, acknowledged: set[str]) -> int:
    """All that was acknowledged is there, and every unit wholly; returns how many were kept unacknowledged."""
    held = found(path)
    assert acknowledged - set(held) == set()
    assert set(held.values()) <= {2}
    return len(held) - len(acknowledged)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Volume]:
    if why := volume.refusal():
        pytest.skip(f"no disk of its own here ({why}): proved on the disk that forgets alone")
    with volume.volume(tmp_path) as made:
        yield made


def cut_off(disk: Volume, units: int, *weaker: str) -> set[str]:
    """Let a process acknowledge this many units at least, cut the power under it; what it had acknowledged by then.

    Not what it says later: a process without power says nothing more, and an fsync that the shutdown finds under way
    may report success for what never reached the disk (about one in a hundred cuts of a busy machine).
    """
    url = f"sqlite:///{disk.path / 'qasid.db'}"
    command = [sys.executable, "-m", "tests.store.writer", url, str(THREADS), *weaker]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        output, said = process.stdout.fileno(), b""
        while said.count(b"\n") < units:
            piece = os.read(output, PIPE)
            assert piece, "the writer has ended"
            said += piece
        os.set_blocking(output, False)
        with suppress(BlockingIOError):
            said += os.read(output, PIPE)
        disk.cut()
        process.kill()
    disk.restore()
    return {line.decode() for line in said.split(b"\n")[:-1]}


def test_a_disk_without_power_loses_nothing(disk: Volume) -> None:
    path, random = disk.path / "qasid.db", Random()
    empty_sqlite(path)
    disk.flush()
    acknowledged: set[str] = set()
    for _ in range(CUTS):
        acknowledged |= cut_off(disk, random.randint(FEW, MANY))
        kept = whole(path, acknowledged)
    figures.note("power cuts of ext4", f"{CUTS}: {len(acknowledged)} acknowledged, 0 lost, {kept} more kept")


@pytest.mark.parametrize("weaker", WEAKER)
def test_a_disk_without_power_loses_what_is_not_synced(disk: Volume, weaker: str) -> None:
    path = disk.path / "qasid.db"
    empty_sqlite(path)
    disk.flush()
    acknowledged = cut_off(disk, MANY, weaker)
    gone = lost(path, acknowledged)
    figures.note(f"ext4, synchronous={weaker}", f"{gone} of {len(acknowledged)} acknowledged lost")
    assert gone > 0


class Told:
    """What was acknowledged so far; `wait` until there is this much more."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._more = threading.Condition()

    def add(self, name: str) -> None:
        with self._more:
            self._names.append(name)
            self._more.notify_all()

    def wait(self, units: int) -> set[str]:
        with self._more:
            enough = len(self._names) + units
            assert self._more.wait_for(lambda: len(self._names) >= enough, timeout=60)
            return set(self._names)


def cuts(tmp_path: Path, random: Random) -> Iterator[tuple[Path, set[str]]]:
    """A database after each of many cuts of one run, and what had been acknowledged before."""
    (tmp_path / "live").mkdir()
    url = empty_sqlite(tmp_path / "live" / "qasid.db")
    with forgetful() as disk:
        store, told = SqliteStore(url), Told()
        threads = writer.start(store, THREADS, told.add)
        try:
            for number in range(CUTS):
                acknowledged = told.wait(random.randint(FEW, MANY))
                after = tmp_path / f"after{number}"
                after.mkdir()
                disk.cut(after, random)
                yield after / "qasid.db", acknowledged
        finally:
            store.close()
            for thread in threads:
                thread.join()


def test_a_forgetful_disk_loses_nothing(tmp_path: Path) -> None:
    acknowledged: set[str] = set()
    for path, acknowledged in cuts(tmp_path, Random()):
        whole(path, acknowledged)
    figures.note("power cuts with torn pages", f"{CUTS}: {len(acknowledged)} acknowledged, 0 lost")


@pytest.mark.parametrize("weaker", WEAKER)
def test_a_forgetful_disk_loses_what_is_not_synced(
    tmp_path: Path, weaker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "PRAGMAS", sqlite.PRAGMAS)
    writer.weaken(weaker)
    gone = [lost(path, acknowledged) for path, acknowledged in cuts(tmp_path, Random())]
    figures.note(f"torn pages, synchronous={weaker}", f"up to {max(gone)} acknowledged lost")
    assert max(gone) > 0
