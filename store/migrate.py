"""The schema's versions: bring a database up to date, or say why it cannot be used.

Alembic is loaded only for a database that is of another version: it and the history it reads take 8 MB, as long as
the process lives.
"""
# ruff: noqa: PLC0415 – that is why

import os
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, column, func, select, table
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from store import postgres, sqlite
from store.engine import backend
from store.errors import StoreError
from store.migrations import HEAD
from store.tables import NAMES

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

#: Any number that nobody else takes in this database.
_MIGRATING = 0x71617369
_VERSIONS = table("alembic_version", column("version_num"))
_NONE = "there is no database yet; run `qasid migrate` to make it"
_NEWER = "this database was made by a newer version of Qasid; install that version, or name another database"


def upgrade(url: str) -> None:
    """Bring the schema to this version, in one transaction. A SQLite file is made, readable by its owner only.

    Of two at once the second waits for the first, and finds nothing left to do.
    Raises StoreError when the database is newer than this program or out of reach; it is then left as it was.
    """
    _make_file(url)
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                # Batch changes rebuild tables; references are checked once they stand again.
                connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
            else:
                # Whoever waited is to see what was done meanwhile.
                connection.execution_options(isolation_level="READ COMMITTED")
            with connection.begin():
                if engine.dialect.name == "postgresql":
                    connection.execute(select(func.pg_advisory_xact_lock(_MIGRATING)))
                if is_current(connection):
                    return
                if _unknown(_versions(connection)):
                    raise StoreError(_NEWER)
                from alembic import command

                config = _config()
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
                if (
                    engine.dialect.name == "sqlite"
                    and connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                ):
                    raise StoreError("the upgrade would break references; the database was left as it was")
    except DBAPIError as error:
        raise _unreachable(error) from None
    finally:
        engine.dispose()


def check(url: str) -> None:
    """Raise StoreError unless the schema is exactly this program's; changes nothing."""
    if (path := _path(url)) is not None and not path.exists():
        raise StoreError(_NONE)
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            versions = _versions(connection)
    except DBAPIError as error:
        raise _unreachable(error) from None
    finally:
        engine.dispose()
    if versions == {HEAD}:
        return
    if not versions:
        raise StoreError(_NONE)
    if _unknown(versions):
        raise StoreError(_NEWER)
    raise StoreError("the database is of an older version; run `qasid migrate`")


def is_current(tx: Connection) -> bool:
    """Whether the schema is exactly this program's."""
    return _versions(tx) == {HEAD}


def head() -> str:
    """The name of this program's schema."""
    return HEAD


def is_new(url: str) -> bool:
    """Whether none of our tables is there yet: only then may a vault key be made for it. Makes no file or table.

    Raises StoreError when the database is out of reach.
    """
    if (path := _path(url)) is not None and not path.exists():
        return True
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            present = set(connection.dialect.get_table_names(connection))
    except DBAPIError as error:
        raise _unreachable(error) from None
    finally:
        engine.dispose()
    return not present & {*NAMES, _VERSIONS.name}


def _versions(connection: Connection) -> set[str]:
    """What Alembic noted in the database: one name, or none."""
    if not connection.dialect.has_table(connection, _VERSIONS.name):
        return set()
    return set(connection.execute(select(_VERSIONS.c.version_num)).scalars())


@cache
def _scripts() -> "ScriptDirectory":
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config())


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _unknown(versions: set[str]) -> bool:
    return not versions <= {script.revision for script in _scripts().walk_revisions()}


def _engine(url: str) -> Engine:
    return sqlite.engine(url, writer=True) if backend(url) == "sqlite" else postgres.engine(url)


def _path(url: str) -> Path | None:
    return Path(make_url(url).database or "") if backend(url) == "sqlite" else None


def _make_file(url: str) -> None:
    if (path := _path(url)) is None:
        return
    if not path.parent.is_dir():
        raise StoreError("the database's folder does not exist; make it first")
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _unreachable(error: DBAPIError) -> StoreError:
    reason = type(error.orig).__name__
    return StoreError(
        f"the database cannot be used ({reason}); check its address, its rights and that it runs"
    )
