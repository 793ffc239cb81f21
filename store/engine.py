"""The unit of work: `write` and `read` run plain functions of a transaction, never across an await."""

import queue
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar, cast

from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, StatementError

from store.errors import ClashError, StoreError, UnavailableError
from store.jobs import Job, Unit, deliver
from store.running import Running

T = TypeVar("T")
Item = TypeVar("Item")
Tx = Connection
"""A transaction in progress. Rules pass it on; only store/ looks inside."""

BATCH = 256
"""Jobs per commit at most: bounds how long the first of a batch waits."""
READERS = 4


class _Rehearsed(Exception):  # noqa: N818 – nothing went wrong
    """Ends a transaction whose rows nobody wants."""


class Store(ABC):
    """Common part of both databases: a queue for what is batched, threads for what is not.

    Units may run more than once (after a failed batch or a serialization failure), so they must be
    re-runnable and keep their effects inside the transaction. Results reach the caller only after the commit.
    """

    def __init__(self, interrupt: Callable[[Collection[Any]], None]) -> None:
        """`interrupt` is as store/running.py says."""
        self._reading = Running(interrupt)
        self._queue: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._looked: dict[Callable[..., Any], list[Job]] = {}
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="store")
        self._writer = threading.Thread(target=self._write_forever, name="store-writer", daemon=True)
        self._closing = threading.Lock()
        self._closed = False

    async def write(self, rule: Callable[[Tx], T]) -> T:
        """Run rule(tx) in a transaction; returns after the commit. Raises what the rule raises, or StoreError."""
        job = Job.here(rule)
        self._submit_write(job)
        return cast("T", await cast("Any", job.answer))

    async def read(self, rule: Callable[[Tx], T]) -> T:
        """Run rule(tx) on a consistent snapshot; writing in it fails."""
        job = Job.here(rule)
        self._submit_read(job)
        return cast("T", await cast("Any", job.answer))

    async def look(self, rule: Callable[[Tx, Sequence[Item]], Sequence[T | Exception]], item: Item) -> T:
        """Run rule(tx, items) once, as read does, for all items that came before a thread had time for it.

        Returns or raises this item's outcome: the rule returns one result or exception per item, in order.
        """
        job = Job.here(rule, item)
        with self._closing:
            if self._closed:
                raise StoreError("the store is closed")
            waiting = self._looked.setdefault(rule, [])
            waiting.append(job)
            if len(waiting) == 1:
                self._threads.submit(self._look, rule)
        return cast("T", await cast("Any", job.answer))

    async def gather(self, rule: Callable[[Tx, Sequence[Item]], Sequence[T | Exception]], item: Item) -> T:
        """Run rule(tx, items) once for all items queued for it meanwhile; returns or raises this item's outcome.

        The rule returns one result or exception per item, in order, and writes nothing for a failed one.
        """
        job = Job.here(rule, item)
        self._enqueue(job)
        return cast("T", await cast("Any", job.answer))

    async def clear(self) -> None:
        """Have the database's own log forget what was deleted: SQLite's now, PostgreSQL's in its own time."""
        job = Job.here(_nothing)
        self._submit(lambda _: self._clear(), job)
        await cast("Any", job.answer)

    def listen(self, name: str, told: Callable[[str], object]) -> None:  # noqa: B027 – SQLite's one process tells itself
        """Have told(noun), nouns as in store/hints.py, called on another thread when some process queued something.

        A hint may be lost; and all are given without need now and then. Until closed the others know that the process
        of this name is there (store/presence.py).
        """

    def write_now(self, rule: Callable[[Tx], T]) -> T:
        """As write, blocking; for commands and tests, never on an event loop."""
        job = Job.blocking(rule)
        self._submit_write(job)
        return cast("T", cast("Any", job.answer).result())

    def rehearse_now(self, rule: Callable[[Tx], T]) -> T:
        """What rule(tx) returns in a transaction that is rolled back, blocking."""
        found: list[T] = []

        def unit(tx: Tx) -> None:
            found[:] = [rule(tx)]
            raise _Rehearsed

        with suppress(_Rehearsed):
            self.write_now(unit)
        return found[0]

    def read_now(self, rule: Callable[[Tx], T]) -> T:
        """As read, blocking."""
        job = Job.blocking(rule)
        self._submit_read(job)
        return cast("T", cast("Any", job.answer).result())

    def gather_now(self, rule: Callable[[Tx, Sequence[Item]], Sequence[T | Exception]], item: Item) -> T:
        """As gather, blocking."""
        job = Job.blocking(rule, item)
        self._enqueue(job)
        return cast("T", cast("Any", job.answer).result())

    async def aclose(self) -> None:
        """As close. The event loop waits: there is nothing left to serve."""
        self.close()

    def close(self) -> None:
        """Finish what is queued to be written, end what reads, for nobody waits for it, then close; once."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
        self._queue.put(None)
        self._reading.end()
        self._writer.join()
        self._threads.shutdown(wait=True)
        self._dispose()

    def _enqueue(self, job: Job) -> None:
        with self._closing:
            if self._closed:
                raise StoreError("the store is closed")
            self._queue.put(job)

    def _submit_write(self, job: Job) -> None:
        self._enqueue(job)

    def _submit_read(self, job: Job) -> None:
        self._submit(self._read_still, job)

    def _submit(self, work: Callable[[Job], None], job: Job) -> None:
        """Have one of the threads do it."""
        with self._closing:
            if self._closed:
                raise StoreError("the store is closed")
            self._threads.submit(self._serve, work, job)

    def _serve(self, work: Callable[[Job], None], job: Job) -> None:
        try:
            work(job)
        except BaseException as error:  # noqa: BLE001 – every outcome belongs to the caller
            job.error = plain(error)
        deliver([job])

    def _look(self, rule: Callable[..., Any]) -> None:
        with self._closing:
            unit = Unit(self._looked.pop(rule))
        try:
            self._read_still(Job.blocking(unit.run))
        except BaseException as error:  # noqa: BLE001 – every outcome belongs to the callers
            unit.fail(plain(error))
        deliver(unit.jobs)

    def _write_forever(self) -> None:
        while (first := self._queue.get()) is not None:
            jobs, ending = [first], False
            while len(jobs) < BATCH and not ending:
                try:
                    following = self._queue.get_nowait()
                except queue.Empty:
                    break
                if following is None:
                    ending = True
                else:
                    jobs.append(following)
            try:
                self._write_batch(jobs)
            except BaseException as error:  # noqa: BLE001 – the writer outlives any failure
                for job in jobs:
                    job.value, job.error = None, plain(error)
            deliver(jobs)
            if ending:
                return

    def _read_still(self, job: Job) -> None:
        if self._closed:  # what waited for a thread until then
            raise StoreError("the store is closed")
        self._read(job)

    @abstractmethod
    def _read(self, job: Job) -> None: ...

    @abstractmethod
    def _clear(self) -> None: ...

    @abstractmethod
    def _write_batch(self, jobs: list[Job]) -> None:
        """Commit the jobs' work and leave each one's outcome in it."""

    @abstractmethod
    def _dispose(self) -> None: ...


def _nothing(tx: Tx) -> None:
    """The rule of a job that is none."""


def plain(error: BaseException) -> BaseException:
    """Turn a database driver's error into one that shows no statement and no parameter."""
    if isinstance(error, IntegrityError):
        return ClashError("the database refused this as an illegal state; nothing was kept")
    if isinstance(error, DBAPIError):
        reason = type(error.orig).__name__ if error.orig is not None else "unknown"
        if any(sign in str(error.orig) for sign in ("full", "No space left")):
            return UnavailableError("the disk is full; nothing was kept. Free some space and try again")
        return UnavailableError(f"the database could not do it now ({reason}); nothing was kept. Try again")
    if isinstance(error, StatementError) and error.orig is not None:  # a column type's own error, as Moment's
        return error.orig
    return error


def open_store(url: str) -> Store:
    """Open `sqlite:///file` or `postgresql://…` with the schema already up to date (see store.migrate).

    Raises StoreError when the address is not understood, the server is out of reach or the schema is another.
    """
    from store import migrate  # noqa: PLC0415 – migrate needs the addresses below
    from store.postgres import PostgresStore  # noqa: PLC0415
    from store.sqlite import SqliteStore  # noqa: PLC0415

    migrate.check(url)
    if backend(url) == "sqlite":
        return SqliteStore(url)
    return PostgresStore(url)


def backend(url: str) -> str:
    """ "sqlite" or "postgresql"; StoreError for any other address, without repeating it (it may hold a password)."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StoreError(
            "the database address is not understood; use sqlite:///file or postgresql://…"
        ) from None
    name = parsed.get_backend_name()
    if name == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise StoreError("SQLite needs a file: sqlite:///path/to/qasid.db")
    if name not in ("sqlite", "postgresql"):
        raise StoreError("only SQLite and PostgreSQL are supported; use sqlite:///file or postgresql://…")
    return name
