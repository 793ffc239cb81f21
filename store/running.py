"""What runs on a database at this moment, so that another thread can end it."""

import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from store.errors import StoreError

AGAIN_SECONDS = 0.05
"""A rule may be between two statements when it is interrupted, and only the next try meets one."""


class Running:
    """The driver's connections that rules run on; `interrupt` has the statements fail that are under way on them."""

    def __init__(self, interrupt: Callable[[Collection[Any]], None]) -> None:
        self._interrupt = interrupt
        self._lines: set[Any] = set()
        self._changed = threading.Condition()
        self._over = False

    @contextmanager
    def on(self, tx: Connection) -> Iterator[None]:
        """A rule runs on this one while inside. Raises StoreError after `end`."""
        line = tx.connection.dbapi_connection
        with self._changed:
            if self._over:
                raise StoreError("the store is closed")
            self._lines.add(line)
        try:
            yield
        finally:
            with self._changed:
                self._lines.discard(line)
                self._changed.notify_all()

    def end(self) -> None:
        """Interrupt until nothing runs, and let nothing begin."""
        with self._changed:
            self._over = True
            while self._lines:
                self._interrupt(self._lines)
                self._changed.wait(AGAIN_SECONDS)
