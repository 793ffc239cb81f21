"""A process that writes until it is killed, telling on its output what was acknowledged.

python -m tests.store.writer URL THREADS [SYNCHRONOUS]
"""

import itertools
import os
import sys
import threading
from collections.abc import Callable

from store import sqlite
from store.engine import Store, Tx, open_store
from store.errors import StoreError
from store.tables.audit import audit as log
from tests.store import diary


def plain(name: str, tx: Tx) -> None:
    diary.write(tx, name, subject="first")
    diary.write(tx, name, subject="second")


def gathered(tx: Tx, names: list[str]) -> list[None]:
    rows = [diary.line(name, subject=half) for name in names for half in ("first", "second")]
    tx.execute(log.insert(), rows)
    return [None] * len(names)


def write(store: Store, name: str, number: int) -> None:
    """One unit of two lines, of either kind in turn."""
    if number % 2:
        store.gather_now(gathered, name)
    else:
        store.write_now(lambda tx: plain(name, tx))


def start(store: Store, threads: int, tell: Callable[[str], object]) -> list[threading.Thread]:
    """Have so many threads write until the store takes no more; `tell` hears of what was acknowledged."""

    def work(thread: int) -> None:
        for number in itertools.count():
            name = f"{os.getpid()}-{thread}-{number}"
            try:
                write(store, name, number)
            except StoreError:
                return
            tell(name)

    started = [threading.Thread(target=work, args=(thread,), daemon=True) for thread in range(threads)]
    for each in started:
        each.start()
    return started


def weaken(synchronous: str) -> None:
    """Have every store opened from now on trust the system with what it commits: FULL is ours, NORMAL, OFF."""
    sqlite.PRAGMAS = (*sqlite.PRAGMAS, f"synchronous={synchronous}")


def main(url: str, count: int) -> None:
    store = open_store(url)
    start(store, count, lambda name: os.write(1, f"{name}\n".encode()))
    threading.Event().wait()


if __name__ == "__main__":
    if sys.argv[3:]:
        weaken(sys.argv[3])
    main(sys.argv[1], int(sys.argv[2]))
