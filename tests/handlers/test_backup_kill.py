"""A backup that is killed while it is made leaves no keys by which an older one tells of somebody erased since."""

import fcntl
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crypto.archive import Kind
from crypto.vault import Vault
from handlers import backup as backups
from handlers.config import ConfigError
from handlers.part import part
from relay import erasure, retention
from relay.unit import Store
from tests.handlers.maker import MOMENTS
from tests.relay.house import House
from tests.relay.test_rule_backup import CHAT, OFFLINE, Files, found, opened, person
from tests.relay.test_rule_cases import alias_of


@pytest.fixture
def house(store: Store, vault: Vault) -> House:
    return House(store, vault).register()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where backups and the file of keys are, together: the worst place for both."""
    path = tmp_path / "backups"
    path.mkdir()
    return path


def make(store: Store, house: House, file: Path) -> None:
    backups.make(
        store, file, file.with_name("keys"), OFFLINE.public, now=house.now, begun=lambda _: lambda: None
    )


@contextmanager
def stopped(url: str, file: Path, moment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that has come to this moment of making a backup; killed at the end if nobody did."""
    words = [url, str(file), str(file.with_name("keys")), OFFLINE.public.text(), moment]
    process = subprocess.Popen([sys.executable, "-m", "tests.handlers.maker", *words], stdout=subprocess.PIPE)
    assert process.stdout is not None
    with process.stdout as said:
        try:
            assert said.readline() == b"here\n"
            yield process
        finally:
            process.kill()
            process.wait()


def holding(folder: Path, kind: Kind) -> dict[str, bytes]:
    """The files of this kind, whatever they are called, a cut one too."""
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    return {name: data for name, data in files.items() if data.startswith(kind.value)}


def told(folder: Path, marks: dict[str, bytes], vault: Vault) -> set[str]:
    """What of somebody can be read in this folder by whoever has the offline key: every backup with all the keys."""
    return {
        mark
        for name, rows in holding(folder, Kind.ROWS).items()
        for keys in holding(folder, Kind.KEYS).values()
        if not name.endswith(".part")  # cut short
        for mark in found(opened(Files(rows, keys)), marks, vault, CHAT)
    }


@pytest.mark.parametrize(
    ("moment", "signum"),
    [*((moment, signal.SIGKILL) for moment in MOMENTS), ("keeping the keys", signal.SIGTERM)],
)
def test_nobody_erased_can_be_read_after_a_kill(house, vault, folder, database_url, moment, signum):
    phone, marks = person(house, vault, CHAT)
    del marks["clear"]  # it never stands anywhere
    make(house.store, house, folder / "one")
    with stopped(database_url, folder / "two", moment) as process:
        process.send_signal(signum)
        assert process.wait() == -signum
    left = {path.name for path in folder.iterdir()}
    assert ".qasid-backup.part" in left
    assert (".qasid-keys.part" in left) == (moment != "keeping the backup")
    assert "two" not in left
    # While it is tried the keys are in memory alone: the one moment at which there are two files of them is the last.
    twice = {"keys", ".qasid-keys.part"} if moment == "keeping the keys" else {"keys"}
    assert set(holding(folder, Kind.KEYS)) == twice
    assert told(folder, marks, vault) == {*marks, "telegram"}

    house.pass_(days=3)  # the come is over
    house.as_(house.by("C-01"), erasure.erase, alias_of(house, phone), house.now)
    house.write(retention.forget, house.now)
    make(house.store, house, folder / "three")
    assert {path.name for path in folder.iterdir()} == {"one", "three", "keys"}
    assert set(holding(folder, Kind.KEYS)) == {"keys"}
    assert told(folder, marks, vault) == set()


def test_only_one_is_made_at_a_time(house, folder, database_url):
    make(house.store, house, folder / "one")
    with stopped(database_url, folder / "two", "rehearsing"):
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        with pytest.raises(ConfigError, match="another backup is being made"):
            make(house.store, house, folder / "three")
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    make(house.store, house, folder / "three")
    assert {path.name for path in folder.iterdir()} == {"one", "three", "keys"}


def test_a_part_that_was_kept_before_its_lock_was_had_is_not_emptied(tmp_path, monkeypatch):
    """Two begin at once: the first ends between the second's opening of the part and its lock."""
    lock, path, kept = fcntl.flock, tmp_path / ".part", tmp_path / "keys"
    path.write_bytes(b"what was made")

    def late(file, how):
        path.rename(kept)
        lock(file, how)

    monkeypatch.setattr(fcntl, "flock", late)
    with pytest.raises(ConfigError, match="another backup"), part(path):
        pytest.fail("it took what another had kept")
    assert kept.read_bytes() == b"what was made"
    assert not path.exists()


def test_a_part_is_no_way_into_another_file(tmp_path):
    other = tmp_path / "other"
    other.write_bytes(b"not ours")
    (tmp_path / ".part").symlink_to(other)
    with pytest.raises(OSError, match="symbolic link"), part(tmp_path / ".part"):
        pytest.fail("it followed the link")
    assert other.read_bytes() == b"not ours"


def test_what_runs_again_begins_its_files_anew(house, vault, folder):
    """PostgreSQL went away amid it: the unit runs a second time, over what the first had written."""

    class Twice:
        write_now = house.store.write_now

        @staticmethod
        def read_now(rule):
            house.store.read_now(rule)
            return house.store.read_now(rule)

    _, marks = person(house, vault, CHAT)
    make(Twice, house, folder / "one")
    del marks["clear"]
    assert told(folder, marks, vault) == {*marks, "telegram"}
