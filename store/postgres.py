"""PostgreSQL: a few threads with psycopg 3, SERIALIZABLE, and a lane that gathers the hot rule's items.

SERIALIZABLE because the rules are written as if they ran one after the other, as they do on SQLite.
"""

import random
import time
from collections.abc import Callable

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError

from store.engine import READERS, Store, plain
from store.jobs import Job, Unit, units

TRIES = 40
_RETRY = frozenset({"40001", "40P01"})  # serialization_failure, deadlock_detected


class PostgresStore(Store):
    def __init__(self, url: str) -> None:
        super().__init__()
        self._engine = engine(url)
        self._snapshots = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        self._writer.start()

    def _dispose(self) -> None:
        self._engine.dispose()

    def _submit_write(self, job: Job) -> None:
        self._submit(self._write, job)

    def _clear(self) -> None:
        """Its server vacuums by itself, and keeps its log as long as backups and replicas were set to need it."""

    def _read(self, job: Job) -> None:
        with self._snapshots.begin() as tx:
            job.value = job.rule(tx)

    def _write(self, job: Job) -> None:
        self._attempt(Unit([job]).run)

    def _write_batch(self, jobs: list[Job]) -> None:
        for unit in units(jobs):
            self._gathered(unit)

    def _gathered(self, unit: Unit) -> None:
        try:
            self._attempt(unit.run)
        except Exception as error:  # noqa: BLE001 – it belongs to the unit's callers
            if len(unit.jobs) > 1:
                for single in unit.split():
                    self._gathered(single)
            else:
                unit.fail(plain(error))

    def _attempt(self, run: Callable[[Connection], None]) -> None:
        for attempt in range(1, TRIES + 1):
            try:
                with self._engine.begin() as tx:
                    run(tx)
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


def engine(url: str) -> Engine:
    """An engine with the project's settings: one connection per thread and one for the gathering lane."""
    return create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        # Queries are made once and come again; every rollback, as after a refusal, forgets what was prepared.
        connect_args={"prepare_threshold": 1},
        isolation_level="SERIALIZABLE",
        pool_size=READERS + 1,
        max_overflow=0,
        pool_pre_ping=True,
        hide_parameters=True,
    )
