"""The power cut and what is no database: keys, a desk's state, backups. Once written they are on the disk.

Twice: every file and folder is looked at for what was synced of it, on any machine; and on an ext4 that is shut down
without flushing, where the machine allows one.
"""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crypto import keyfile
from crypto.archive import OfflineKey
from crypto.keyfile import Cost
from crypto.vault import Vault
from desk import backup as copies
from desk import home as homes
from desk.devices import new_state
from desk.home import LOCK_FILE, Home
from desk.state import State
from handlers import backup as backups
from store.sqlite import SqliteStore
from tests import volume
from tests.databases import empty_sqlite
from tests.proofs import figures

pytestmark = [pytest.mark.prove, pytest.mark.timeout(120)]
WORDS = "six words that nobody wrote down"
MADE = 1_700_000_000
OFFLINE = OfflineKey.generate()
PART = 1000


def vault(folder: Path) -> None:
    Vault.create(folder / "var" / "vault.key")


def key_file(folder: Path) -> None:
    keyfile.write(folder / "root.qasid-key", os.urandom(32), WORDS, Cost.QUICK)


def desk(folder: Path) -> None:
    home = Home.create(folder / "desk", WORDS, Cost.QUICK)
    home.save(state(1))
    home.close()


def saved(folder: Path) -> None:
    home = Home.unlock(folder / "desk", WORDS)
    home.save(state(PART))
    home.close()


def sealed(folder: Path) -> None:
    home = Home.unlock(folder / "desk", WORDS)
    home.put("notice.envelope", os.urandom(PART))
    home.close()


def desk_backup(folder: Path) -> None:
    path = folder / "desk.qasid-backup"
    copies.write(path, state(PART), WORDS, Cost.QUICK, now=MADE, tick=lambda *_: None)


def relay_backup(folder: Path) -> None:
    """The first makes both files; the next replaces that of the contacts' keys."""
    store = SqliteStore(f"sqlite:///{folder.parent / 'qasid.db'}")
    file = folder / f"backup-{len(list(folder.iterdir()))}"
    now = datetime.now(UTC)
    try:
        backups.make(store, file, folder / "keys", OFFLINE.public, now=now, begun=lambda _: lambda: None)
    finally:
        store.close()


def backup_key(folder: Path) -> None:
    backups.make_key(folder / "offline")


def state(size: int) -> State:
    made = new_state("https://relay.example.org", bytes(32), b"o" * 16, MADE)
    made.refused = {"x" * size: ""}
    return made


#: What was there and on the disk before; what is written then.
CASES: tuple[tuple[Callable[[Path], None] | None, Callable[[Path], None]], ...] = (
    (None, vault),
    (None, key_file),
    (key_file, key_file),
    (None, desk),
    (desk, saved),
    (desk, sealed),
    (None, desk_backup),
    (None, relay_backup),
    (relay_backup, relay_backup),
    (None, backup_key),
)
every = pytest.mark.parametrize(
    ("before", "act"), CASES, ids=[f"{b.__name__ + '-' if b else ''}{a.__name__}" for b, a in CASES]
)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = tmp_path / "words"
    words.write_text(WORDS)
    words.chmod(0o600)
    monkeypatch.setenv(backups.PASSPHRASE, str(words))
    monkeypatch.setattr(homes, "PART_SIZE", PART)


def content(folder: Path) -> dict[str, bytes]:
    """Every file below, by name; not the lock, which holds nothing."""
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name != LOCK_FILE]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


@every
def test_what_was_written_is_synced(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    before: Callable[[Path], None] | None,
    act: Callable[[Path], None],
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    empty_sqlite(tmp_path / "qasid.db")
    if before is not None:
        before(folder)
    synced = {path: path.stat().st_mtime_ns for path in (folder, *folder.rglob("*"))}
    really = os.fsync

    def fsync(descriptor: int) -> None:
        really(descriptor)
        status = os.fstat(descriptor)
        seen[status.st_ino] = status.st_mtime_ns

    seen = {path.stat().st_ino: time for path, time in synced.items()}
    monkeypatch.setattr(os, "fsync", fsync)
    act(folder)
    now = {path: path.stat() for path in (folder, *folder.rglob("*")) if path.name != LOCK_FILE}
    assert {path.name for path, each in now.items() if seen.get(each.st_ino) != each.st_mtime_ns} == set()


@every
@pytest.mark.parametrize("synced", [True, False])
def test_what_was_written_outlives_the_power(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    before: Callable[[Path], None] | None,
    act: Callable[[Path], None],
    *,
    synced: bool,
) -> None:
    if why := volume.refusal():
        pytest.skip(f"no disk of its own here ({why}): what is synced is looked at all the same")
    with volume.volume(tmp_path) as disk:
        folder = disk.path / "folder"
        folder.mkdir()
        empty_sqlite(disk.path / "qasid.db")
        if before is not None:
            before(folder)
        disk.flush()
        if not synced:
            monkeypatch.setattr(os, "fsync", lambda _: None)
        act(folder)
        written = content(folder)
        disk.cut()
        disk.restore()
        assert (content(folder) == written) == synced
    if synced:
        figures.note(f"power cut after {act.__name__}", f"{len(written)} files as they were written")
