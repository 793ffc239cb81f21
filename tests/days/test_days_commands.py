"""Bad days of the commands: told to stop at any moment they end at once, and run again as if nothing had been."""

import os
import random
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from sqlalchemy import func, select, text

from crypto import keyfile
from crypto.archive import OfflineKey
from crypto.vault import Vault
from handlers import backup as backups
from store import migrate, owners
from store.engine import open_store
from store.model import metadata
from tests import databases
from tests.chaos.book import Book
from tests.relay.house import House
from tests.store.filler import Filler

pytestmark = [pytest.mark.prove, pytest.mark.timeout(300)]
STOPS = 6
#: From a command's start to the signal, at most; and from the signal to its end.
WINDOW_SECONDS, PROMPT_SECONDS = 1.5, 2.0
#: Versions behind the newest one that a database is brought forward from.
BEHIND = 12
#: In the database that a backup is made of.
PEOPLE = 20
OFFLINE, PASSPHRASE = OfflineKey.generate(), "correct horse battery"
TELEGRAM_ID = 7_000_001


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new.db'}"
    return request.getfixturevalue("postgres_new")


def started(url: str, folder: Path, *words: str) -> subprocess.Popen[bytes]:
    environment = {
        "QASID_DATABASE_URL": url,
        "QASID_VAULT_KEY_FILE": str(folder / "vault.key"),
        "QASID_BACKUP_PASSPHRASE_FILE": str(folder / "passphrase"),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "handlers.cli", *words], env={**os.environ, **environment}, cwd=Path.cwd()
    )


def stopped(command: subprocess.Popen[bytes]) -> None:
    """SIGTERM at some moment; it was done before, or ends at once."""
    time.sleep(random.uniform(0, WINDOW_SECONDS))  # waits for nothing: any moment is the right one
    command.terminate()
    command.wait(PROMPT_SECONDS)


def old(url: str) -> tuple[str, dict[str, int]]:
    """A database of an older version with rows in every table; its version, and how many."""
    migrate._make_file(url)
    config, versions, filler = migrate._config(), migrate._scripts(), Filler(1)
    version = [each.revision for each in versions.walk_revisions()][BEHIND]

    def steps(revision: str, _context: MigrationContext):
        for step in versions._upgrade_revs(version, revision):
            yield step
            filler.fill(_context.connection)

    migrate._make_file(url)
    engine = migrate._engine(url)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
        with connection.begin(), EnvironmentContext(config, versions, fn=steps):
            config.attributes["connection"] = connection
            versions.run_env()
    engine.dispose()
    return version, counted(url)


def counted(url: str) -> dict[str, int]:
    """Rows in each table that is there."""
    engine = migrate._engine(url)
    with engine.connect() as connection:
        there = set(connection.dialect.get_table_names(connection))
        found = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
            if table.name in there
        }
    engine.dispose()
    return found


def version_of(url: str) -> str:
    engine = migrate._engine(url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    engine.dispose()
    return str(found)


def test_migrate(tmp_path: Path, new_url: str) -> None:
    before, rows = old(new_url)
    Vault.create(tmp_path / "vault.key")
    for _ in range(STOPS):
        with started(new_url, tmp_path, "migrate") as command:
            stopped(command)
        if version_of(new_url) == before:
            assert counted(new_url) == rows
        else:
            migrate.check(new_url)
    with started(new_url, tmp_path, "migrate") as command:
        assert command.wait() == 0
    migrate.check(new_url)
    assert {name: number for name, number in counted(new_url).items() if number < rows.get(name, 0)} == {}
    assert Book(new_url).damage() == []


def peopled(url: str, vault: Vault) -> dict[str, int]:
    """An office with its people, registered now; the rows of each table."""
    with closing(open_store(url)) as store:
        house = House(store, vault, datetime.now(UTC)).register()
        for _ in range(PEOPLE):
            house.enrolled()
    return counted(url)


def test_backup(tmp_path: Path, database_url: str) -> None:
    """Each is whole or not there; the file of keys opens the newest that is."""
    peopled(database_url, Vault.create(tmp_path / "vault.key"))
    folder = tmp_path / "backups"
    folder.mkdir()
    keys, made, held = folder / "keys", set[Path](), b""
    options = ["--to", OFFLINE.public.text(), "--keys", str(keys)]
    for number in range(STOPS):
        file = folder / f"{number}"
        with started(database_url, tmp_path, "backup", "make", str(file), *options) as command:
            stopped(command)
        if file.exists():
            made.add(file)
        elif held:
            assert keys.read_bytes() == held, "keys without their backup"
        held = keys.read_bytes() if keys.exists() else b""
        assert {path for path in folder.iterdir() if not path.name.startswith(".")} - {keys} == made
    last = folder / "last"
    with started(database_url, tmp_path, "backup", "make", str(last), *options) as command:
        assert command.wait() == 0
    assert set(folder.iterdir()) == {*made, last, keys}
    assert Book(database_url).damage() == []


def test_restore(tmp_path: Path, new_url: str) -> None:
    """All of it is there or nothing."""
    source, vault = databases.empty_sqlite(tmp_path / "source.db"), Vault.create(tmp_path / "vault.key")
    rows = peopled(source, vault)
    file, keys = tmp_path / "backup", tmp_path / "keys"
    with closing(open_store(source)) as store:
        backups.make(store, file, keys, OFFLINE.public, now=datetime.now(UTC), begun=lambda _: lambda: None)
    keyfile.write(tmp_path / "offline", OFFLINE.secret, PASSPHRASE)
    (tmp_path / "passphrase").write_text(PASSPHRASE)
    (tmp_path / "passphrase").chmod(0o600)
    migrate.upgrade(new_url)
    none = counted(new_url)
    words = ["backup", "restore", str(file), "--keys", str(keys), "--key", str(tmp_path / "offline")]
    for _ in range(STOPS):
        with started(new_url, tmp_path, *words) as command:
            stopped(command)
        if counted(new_url) != none:
            break
    else:
        with started(new_url, tmp_path, *words) as command:
            assert command.wait() == 0
    back = counted(new_url)
    assert {name for name in rows if back[name] < rows[name]} <= owners.PASSING
    assert Book(new_url).damage() == []


def test_vault(tmp_path: Path, database_url: str) -> None:
    """One key or two, and what was sealed before opens."""
    key = tmp_path / "vault.key"
    vault = Vault.create(key)
    sealed, alone = vault.seal_id(TELEGRAM_ID), key.read_bytes()
    for _ in range(STOPS):
        with started(database_url, tmp_path, "vault", "rotate") as command:
            stopped(command)
        assert Vault.load(key).open_id(sealed) == TELEGRAM_ID
        assert key.read_bytes().endswith(alone)
        key.write_bytes(alone)
    with started(database_url, tmp_path, "vault", "rotate") as command:
        assert command.wait() == 0
    assert Vault.load(key).rotating
    assert [path.name for path in tmp_path.glob("vault.key*")] == ["vault.key"]
