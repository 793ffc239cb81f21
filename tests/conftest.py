"""Databases for every test that asks: a SQLite file, and a real PostgreSQL 18 that must start."""

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import settings
from sqlalchemy import Engine

from crypto.vault import Vault
from handlers import log
from store import sqlite
from store.engine import Store
from store.postgres import PostgresStore
from store.sqlite import SqliteStore
from tests import databases, parts

# `make test` draws the same examples until a test changes; new ones, and more of them, are `make prove`'s to find
# (--hypothesis-profile=wide).
settings.register_profile("same", derandomize=True, max_examples=50)
settings.register_profile("wide", max_examples=2_000, deadline=None)
settings.load_profile("same")

# httpx looks for it at each request to an application of this process, and for long where it is not installed.
sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]

gc.disable()  # until all is loaded: nothing of that goes away

# Memory in the place of a disk, where there is enough: what these tests prove is not the disk's. Workers inherit it.
_MEMORY = Path("/dev/shm")
if "TMPDIR" not in os.environ and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > 2 << 30:
    os.environ["TMPDIR"] = tempfile.tempdir = str(_MEMORY)


#: Few tests that take long: whichever process begins one last, the others would wait for.
LONG = ("roles/", "flow/test_flow_kills", "property/", "jobs/", "store/", "flow/")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The long ones first; the others as they stand. What `make prove` forgets is noted before it is left out here."""
    config.stash[parts.FORGOTTEN] = parts.forgotten(items)
    tests = Path(__file__).parent

    def turn(item: pytest.Item) -> int:
        name = item.path.relative_to(tests).as_posix()
        return next((number for number, long in enumerate(LONG) if name.startswith(long)), len(LONG))

    items.sort(key=turn)


def pytest_collection_finish() -> None:
    """What is loaded now stays; and every test makes thousands of small objects, hardly any of them in a ring."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _logs() -> None:
    """Logged as the server does; structlog's own default paints every exception, which takes it 60 ms."""
    log.configure()


@pytest.fixture(scope="session", autouse=True)
def _compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Every SQLite file of a session shares what SQLAlchemy has compiled, as a server's one file does for its life.

    SQLAlchemy keeps that by dialect object and offers no way to share it; most tests would compile everything anew.
    """
    make = sqlite.engine
    file = tmp_path_factory.mktemp("first") / "first.db"
    file.touch()
    first = make(f"sqlite:///{file}", writer=True)
    first.connect().close()  # a dialect is complete once it has met its database

    def engine(url: str, *, writer: bool) -> Engine:
        made = make(url, writer=writer)
        made.dialect = made.pool._dialect = first.dialect
        made._compiled_cache = first._compiled_cache
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite, "engine", engine)
        yield
    first.dispose()


@pytest.fixture(scope="session", autouse=True)
def _ground() -> Iterator[None]:
    yield
    databases.leave()


@pytest.fixture(scope="session")
def postgres() -> str:
    """The address of the run's PostgreSQL 18. Fails when it cannot start."""
    return databases.server()


@pytest.fixture(scope="session")
def postgres_pool() -> Iterator[list[tuple[str, psycopg.Connection]]]:
    """Databases that earlier tests left empty, each with the connection that empties it.

    Making one from the template costs 40 times as much as emptying it, and a connection more than a test's setup.
    """
    pool: list[tuple[str, psycopg.Connection]] = []
    yield pool
    for _, connection in pool:
        connection.close()


@pytest.fixture
def postgres_url(postgres: str, postgres_pool: list[tuple[str, psycopg.Connection]]) -> Iterator[str]:
    """A PostgreSQL database that this test has for itself, empty, its schema up to date."""
    if not postgres_pool:
        url = databases.create(postgres, databases.TEMPLATE)
        postgres_pool.append((url, psycopg.connect(url, autocommit=True)))
    url, cleaner = postgres_pool.pop()
    yield url
    databases.wipe_postgres(cleaner)
    postgres_pool.append((url, cleaner))


@pytest.fixture
def postgres_new(postgres: str) -> Iterator[str]:
    """A PostgreSQL database without any table."""
    url = databases.create(postgres)
    yield url
    databases.drop(url)


@pytest.fixture(scope="session")
def sqlite_pool(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """As postgres_pool: files that stand empty."""
    path = tmp_path_factory.mktemp("sqlite") / "qasid.db"
    databases.empty_sqlite(path)
    return [path]


@pytest.fixture
def sqlite_url(sqlite_pool: list[Path]) -> Iterator[str]:
    """A SQLite file that this test has for itself, empty, its schema up to date."""
    path = sqlite_pool.pop()
    yield f"sqlite:///{path}"
    databases.wipe_sqlite(path)
    sqlite_pool.append(path)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Any:
    """An empty database, on each of the two."""
    return request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")


@pytest.fixture(scope="session")
def stores() -> Iterator[dict[str, Store]]:
    """Stores by address, kept open from test to test: a new one would compile every statement anew."""
    opened: dict[str, Store] = {}
    yield opened
    for store in opened.values():
        store.close()


@pytest.fixture
def store(database_url: str, stores: dict[str, Store]) -> Iterator[Store]:
    """A store on an empty database, on each of the two."""
    if database_url not in stores:
        stores[database_url] = (SqliteStore if database_url.startswith("sqlite") else PostgresStore)(
            database_url
        )
    opened = stores[database_url]
    yield opened
    if opened._closed:
        del stores[database_url]


@pytest.fixture
def vault() -> Vault:
    return Vault(bytes(range(32)))
