"""Bad days of the commands: told to stop at any moment they end at once, and run again as if nothing had been."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from sqlalchemy import func, select, text

from crypto.vault import Vault
from store import migrate
from store.model import metadata
from tests.chaos.book import Book
from tests.store.filler import Filler

pytestmark = [pytest.mark.prove, pytest.mark.timeout(300)]
STOPS = 6
#: From a command's start to the signal, at most; and from the signal to its end.
WINDOW_SECONDS, PROMPT_SECONDS = 1.5, 2.0
#: Versions behind the newest one that a database is brought forward from.
BEHIND = 12


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new.db'}"
    return request.getfixturevalue("postgres_new")


def started(url: str, folder: Path, *words: str) -> subprocess.Popen[bytes]:
    environment = {"QASID_DATABASE_URL": url, "QASID_VAULT_KEY_FILE": str(folder / "vault.key")}
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
