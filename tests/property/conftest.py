"""Houses by the dozen: one per example, each on a database that is empty."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from crypto.vault import Vault
from store.postgres import PostgresStore
from store.sqlite import SqliteStore
from tests.databases import empty_sqlite, wipe_postgres
from tests.relay.house import House


class Street:
    """Makes houses, each on a SQLite file of its own; tears all of them down at the end."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def house(self) -> House:
        path = Path(tempfile.mkdtemp(dir=self.home)) / "qasid.db"
        return House(SqliteStore(empty_sqlite(path)), Vault(bytes(32))).register()


class KeptStore(PostgresStore):
    """Stays open when a house is torn down: a new one would compile every statement anew."""

    def close(self) -> None:
        """Not yet."""

    def end(self) -> None:
        super().close()


class PostgresStreet:
    """Makes houses one after the other on one PostgreSQL database, which it empties before each."""

    def __init__(self, url: str) -> None:
        self.store = KeptStore(url)
        self._cleaner = psycopg.connect(url, autocommit=True)

    def house(self) -> House:
        wipe_postgres(self._cleaner)
        return House(self.store, Vault(bytes(32))).register()

    def close(self) -> None:
        self._cleaner.close()
        self.store.end()


@pytest.fixture(scope="session")
def street(tmp_path_factory: pytest.TempPathFactory) -> Street:
    return Street(tmp_path_factory.mktemp("street"))


@pytest.fixture(params=["sqlite", "postgresql"])
def either_street(request: pytest.FixtureRequest) -> Iterator[Street | PostgresStreet]:
    """One on each database."""
    if request.param == "sqlite":
        yield request.getfixturevalue("street")
    else:
        street = PostgresStreet(request.getfixturevalue("postgres_url"))
        yield street
        street.close()
