"""Houses by the dozen: one per example, each on a database file of its own."""

import tempfile
from pathlib import Path

import pytest

from crypto.vault import Vault
from store.sqlite import SqliteStore
from tests.databases import empty_sqlite
from tests.relay.house import House


class Street:
    """Makes houses; tears all of them down at the end."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def house(self) -> House:
        path = Path(tempfile.mkdtemp(dir=self.home)) / "qasid.db"
        return House(SqliteStore(empty_sqlite(path)), Vault(bytes(32))).register()


@pytest.fixture(scope="session")
def street(tmp_path_factory: pytest.TempPathFactory) -> Street:
    return Street(tmp_path_factory.mktemp("street"))
