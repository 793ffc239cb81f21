"""SQLite: one writer thread that commits queued units in groups, and a few readers.

Two traps decide the shape (both tried, see the tests in tests/store):
- SQLITE_FULL rolls back the *whole* transaction; the next SAVEPOINT would silently open its own, and units
  before it would be acknowledged though lost. So after every unit we ask whether we still are in a transaction.
- A unit may pass its savepoint and still fail the commit. So a failed batch is run again, unit by unit.

Where no transaction begins (another process holds the lock, the disk is gone) that is nobody's fault among those who
wait: they are all told at once, not each after a wait of its own.
"""

import sqlite3
import time
from collections import deque
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from store.engine import READERS, Store, plain
from store.errors import UnavailableError
from store.jobs import Job, Unit, units
from store.room import SMALL, narrow

BUSY_SECONDS, RETRY_SECONDS = 5, 0.01
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
READER = ("query_only=ON",)
WRITER = (SMALL,)
LOST = frozenset(
    {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
)
"""Errors after which every connection is opened anew: the disk may have been away, and the file be another since."""


class BatchLostError(UnavailableError):
    """The transaction is gone, with every unit before this one."""

    def __init__(self) -> None:
        super().__init__("the disk may be full; nothing was kept. Free some space and try again")


class NotBegunError(UnavailableError):
    """No transaction could begin; nothing was tried."""


class SqliteStore(Store):
    def __init__(self, url: str) -> None:
        super().__init__(_interrupt)
        self._writes = engine(url, writer=True)
        self._reads = engine(url, writer=False)
        event.listen(self._writes, "handle_error", self._renew)
        self._writer.start()

    def _dispose(self) -> None:
        self._reads.dispose()
        self._writes.dispose()

    def _renew(self, context: ExceptionContext) -> None:
        """Readers of a disk that is gone may not notice: what they read still stands in memory."""
        if context.is_disconnect:
            self._reads.dispose()

    def _read(self, job: Job) -> None:
        with self._reads.begin() as tx, self._reading.on(tx):
            job.value = job.rule(tx)

    def _clear(self) -> None:
        """Move the log into the file, where deleted rows are zeros, and empty it; what readers hold up, later."""
        connection = self._writes.raw_connection()
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()

    def _write_batch(self, jobs: list[Job]) -> None:
        left = deque(units(jobs))
        try:
            if len(left) > 1 and self._together(left):
                return
            while left:
                singles = self._alone(left[0])
                left.popleft()
                left.extendleft(reversed(singles))
        except NotBegunError as error:
            for unit in left:
                unit.fail(error)

    @contextmanager
    def _begun(self) -> Iterator[Connection]:
        """A transaction, committed at the end; NotBegunError when there is none to be had."""
        with ExitStack() as stack:
            try:
                tx = stack.enter_context(self._writes.connect())
                stack.callback(narrow, tx)
                stack.enter_context(tx.begin())
            except DBAPIError as error:
                raise NotBegunError(str(plain(error))) from error
            yield tx

    def _together(self, batch: Collection[Unit]) -> bool:
        """All units in one transaction, a savepoint each; False when nothing of it was kept."""
        try:
            with self._begun() as tx:
                for unit in batch:
                    tx.exec_driver_sql("SAVEPOINT unit")
                    try:
                        unit.run(tx)
                    except Exception as error:
                        unit.fail(plain(error))
                        _still_open(tx)
                        tx.exec_driver_sql("ROLLBACK TO unit")
                        if unit.gathered:
                            raise BatchLostError from error
                    _still_open(tx)
                    tx.exec_driver_sql("RELEASE unit")
        except (BatchLostError, DBAPIError):
            return False
        return True

    def _alone(self, unit: Unit) -> list[Unit]:
        """One unit in its own transaction; of a gathered call that fails, the items that are to be tried singly."""
        try:
            with self._begun() as tx:
                unit.run(tx)
                _still_open(tx)
        except NotBegunError:
            raise
        except Exception as error:  # noqa: BLE001 – it belongs to the unit's callers
            if len(unit.jobs) > 1:
                return unit.split()
            unit.fail(plain(error))
        return []


def _interrupt(lines: Collection[sqlite3.Connection]) -> None:
    for line in lines:
        line.interrupt()


def _still_open(tx: Connection) -> None:
    if tx.invalidated or not tx.connection.dbapi_connection.in_transaction:  # type: ignore[union-attr]  # sqlite3's own attribute
        raise BatchLostError


def _patiently(connection: sqlite3.Connection, statement: str) -> None:
    """SQLite waits for no lock where two might wait for each other: of two who begin a file's log it refuses one."""
    give_up = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute(statement)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(RETRY_SECONDS)
        else:
            return


def engine(url: str, *, writer: bool) -> Engine:
    """An engine with the project's settings; the writer's has one connection and takes the lock at BEGIN.

    It makes no file (store/migrate.py does): where the disk is not mounted it would find an empty one from then on.
    """
    address = make_url(url)
    file = Path(address.database or "").absolute().as_uri()
    made = create_engine(
        address.set(drivername="sqlite+pysqlite", database=file, query={"uri": "true", "mode": "rw"}),
        poolclass=QueuePool,
        pool_size=1 if writer else READERS,
        max_overflow=0,
        hide_parameters=True,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(made, "connect")
    def _connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # the driver must not begin or commit behind our back
        for pragma in (*PRAGMAS, *(WRITER if writer else READER)):
            _patiently(connection, f"PRAGMA {pragma}")

    @event.listens_for(made, "handle_error")
    def _lost(context: ExceptionContext) -> None:
        if getattr(context.original_exception, "sqlite_errorcode", 0) & 0xFF not in LOST:
            return
        context.is_disconnect = True
        if context.connection is not None:
            # Before it is closed: with a statement still in hand somewhere it would keep its lock until that goes.
            with suppress(sqlite3.Error):
                context.connection.connection.rollback()

    @event.listens_for(made, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")

    return made
