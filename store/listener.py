"""Hears what store/hints.py tells, over a connection of its own, which also shows that the process is there."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from select import select
from typing import get_args

import psycopg
from psycopg.pq.abc import PGconn
from sqlalchemy import Engine

from store.hints import CHANNEL, Noun
from store.liveness import liveness
from store.presence import number

RETRY_SECONDS = 1.0
"""After the connection was lost."""
LOOK_SECONDS = 10.0
"""So often everything is told without a hint: one may have been lost."""


class Listener:
    """Calls `told(noun)` on a thread of its own for each hint; for every noun once connected, and now and then.

    `name` is this process's, for store/presence.py.
    """

    def __init__(self, engine: Engine, name: str, told: Callable[[str], object]) -> None:
        self._engine = engine
        self._name = name
        self._told = told
        self._look = 0.0
        self._closed, self._close = socket.socketpair()
        self._thread = threading.Thread(target=self._listen, name="store-hints", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Returns once nobody will be told any more."""
        self._close.close()
        self._thread.join()
        self._closed.close()

    def _listen(self) -> None:
        address = self._engine.url
        _, given = self._engine.dialect.create_connect_args(address)
        while True:
            with (
                suppress(psycopg.Error),
                psycopg.connect(**{**given, **liveness(address)}, autocommit=True) as connection,
            ):
                connection.execute(f"LISTEN {CHANNEL}")
                # Not waited for: an earlier connection of this process may hold it until the server notices its end.
                connection.execute("SELECT pg_try_advisory_lock(%s)", [number(self._name)])
                self._look = 0.0
                self._pass_on(connection.pgconn)
            # Not even LISTEN is relied on.
            self._tell_now_and_then()
            if self._waited(RETRY_SECONDS):
                return

    def _pass_on(self, line: PGconn) -> None:
        """Until closed; raises psycopg.Error when the connection is lost."""
        self._tell_now_and_then()
        while not self._waited(max(0.0, self._look - time.monotonic()), line.socket):
            line.consume_input()
            while (hint := line.notifies()) is not None:
                self._told(hint.extra.decode())
            self._tell_now_and_then()

    def _tell_now_and_then(self) -> None:
        if time.monotonic() >= self._look:
            self._look = time.monotonic() + LOOK_SECONDS
            for noun in get_args(Noun):
                self._told(noun)

    def _waited(self, seconds: float, *lines: int) -> bool:
        """Wait so long, or until something comes in; whether it is time to close."""
        closed = self._closed.fileno()
        return closed in select([closed, *lines], [], [], seconds)[0]
