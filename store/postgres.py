"""PostgreSQL: a few threads with psycopg 3, SERIALIZABLE, and a lane that gathers the hot rule's items.

SERIALIZABLE because the rules are written as if they ran one after the other, as they do on SQLite.

A connection may break at any moment. Before the commit nothing was kept, and the unit runs again; while the commit is
under way the server alone knows, so it is asked by the transaction's number, and only what was not kept runs again.
"""

import random
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import TYPE_CHECKING

from sqlalchemy import URL, Connection, Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError

from store.engine import READERS, Store, plain
from store.errors import DoubtError, UnavailableError
from store.jobs import Job, Unit, units
from store.liveness import liveness

if TYPE_CHECKING:
    import psycopg

    from store.listener import Listener

TRIES = 40
ABSENT_SECONDS = 1.0
"""After a server was out of reach nobody waits for it again for so long: a queue of callers would each in turn."""
DOUBT_SECONDS = 10.0
"""How long the server is asked what became of a commit; a restart or a fail-over takes its time."""
CANCEL_SECONDS = 1.0
"""For asking the server to give up a statement; then it is taken to be away."""
_RETRY = frozenset({"40001", "40P01"})  # serialization_failure, deadlock_detected
_UNKNOWN = "22023"  # invalid_parameter_value


class PostgresStore(Store):
    def __init__(self, url: str) -> None:
        super().__init__(_cancel)
        self._engine = engine(url)
        self._snapshots = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        self._absent_until = 0.0
        self._listener: Listener | None = None
        self._writer.start()

    def listen(self, name: str, told: Callable[[str], object]) -> None:
        from store.listener import Listener  # noqa: PLC0415 – psycopg takes 0.1 s to load, SQLite does without

        self._listener = Listener(self._engine, name, told)

    def _dispose(self) -> None:
        if self._listener is not None:
            self._listener.close()
        self._engine.dispose()

    def _submit_write(self, job: Job) -> None:
        self._submit(self._write, job)

    def _clear(self) -> None:
        """Its server vacuums by itself, and keeps its log as long as backups and replicas were set to need it."""

    def _read(self, job: Job) -> None:
        def look() -> None:
            with self._connected(self._snapshots) as tx, self._reading.on(tx):
                tx.exec_driver_sql(_RECKON)
                job.value = job.rule(tx)
                # There is nothing to keep, but a rollback would have the driver forget what it has prepared.
                tx.commit()

        _repeated(look)

    def _write(self, job: Job) -> None:
        self._keep(Unit([job]))

    def _write_batch(self, jobs: list[Job]) -> None:
        for unit in units(jobs):
            self._gathered(unit)

    def _gathered(self, unit: Unit) -> None:
        try:
            self._keep(unit)
        except Exception as error:  # noqa: BLE001 – it belongs to the unit's callers
            reason = plain(error)
            if len(unit.jobs) > 1 and not isinstance(reason, UnavailableError):
                for single in unit.split():
                    self._gathered(single)
            else:
                unit.fail(reason)

    def _keep(self, unit: Unit) -> None:
        """Run and commit; raises what the rule raises, DBAPIError, or DoubtError."""
        _repeated(lambda: self._once(unit))

    def _once(self, unit: Unit) -> None:
        with self._connected(self._engine) as tx:
            unit.run(tx)
            number = tx.exec_driver_sql("SELECT pg_current_xact_id_if_assigned()::text").scalar()
            try:
                tx.commit()
            except DBAPIError as error:
                if number is None or not error.connection_invalidated or not self._kept(number):
                    raise

    def _kept(self, number: str) -> bool:
        """Whether the transaction whose connection broke was committed. Raises DoubtError when nobody says."""
        give_up = time.monotonic() + DOUBT_SECONDS
        while time.monotonic() < give_up:
            try:
                with self._engine.connect() as tx:
                    state = tx.execute(_STATE, {"number": number}).scalar()
                    if state != "in progress":
                        return bool(state == "committed")
                    tx.execute(_END, {"number": number})  # nobody will tell it what to do any more
            except DBAPIError as error:
                # A replica took over that had not heard of it.
                if getattr(error.orig, "sqlstate", None) == _UNKNOWN:
                    return False
            time.sleep(0.05)
        raise DoubtError(
            "the database went away while it kept this, and nobody knows whether it did. Look before you try again"
        )

    def _connected(self, engine: Engine) -> Connection:
        if time.monotonic() < self._absent_until:
            raise UnavailableError("the database is out of reach; nothing was kept. Try again")
        try:
            return engine.connect()
        except DBAPIError:
            self._absent_until = time.monotonic() + ABSENT_SECONDS
            raise


#: Who only looks holds nobody up, and may reckon for long between two statements.
_RECKON = "SET LOCAL idle_in_transaction_session_timeout = '5min'"
_STATE = text("SELECT pg_xact_status(CAST(:number AS xid8))")
_END = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_xid = CAST(CAST(:number AS xid8) AS xid)"
)


def _cancel(lines: "Collection[psycopg.Connection]") -> None:
    import psycopg  # noqa: PLC0415 – psycopg takes 0.1 s to load, SQLite does without

    with suppress(psycopg.Error):
        for line in lines:
            line.cancel_safe(timeout=CANCEL_SECONDS)


def _repeated(work: Callable[[], None]) -> None:
    for attempt in range(1, TRIES + 1):
        try:
            work()
        except DBAPIError as error:
            if attempt == TRIES or not _again(error, attempt):
                raise
        else:
            return
        time.sleep(random.uniform(0, 0.001 * min(attempt, 20)))  # noqa: S311 – spreads rivals, guards nothing


def _again(error: DBAPIError, attempt: int) -> bool:
    if getattr(error.orig, "sqlstate", None) in _RETRY or error.connection_invalidated:
        return True
    # Two transactions that both saw "not there" meet as a unique violation: seen afresh, it is there.
    return isinstance(error, IntegrityError) and attempt == 1


def _session(address: URL) -> dict[str, str | int]:
    """What the store's connections are made with; the address may say otherwise."""
    made = liveness(address)
    if "options" in made:
        # A look at everybody is dear enough for machine code to be made, and comes too rarely to be worth it.
        made["options"] = f"{made['options']} -c jit=off"
    return made


def engine(url: str) -> Engine:
    """An engine with the project's settings: one connection per thread and one for the gathering lane."""
    address = make_url(url).set(drivername="postgresql+psycopg")
    return create_engine(
        address,
        # Queries are made once and come again; every rollback, as after a refusal, forgets what was prepared.
        connect_args={"prepare_threshold": 1, **_session(address)},
        isolation_level="SERIALIZABLE",
        pool_size=READERS + 1,
        max_overflow=0,
        pool_pre_ping=True,
        hide_parameters=True,
    )
