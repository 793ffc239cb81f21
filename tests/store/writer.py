"""A process that writes until it is killed, telling on its output what was acknowledged.

python -m tests.store.writer URL THREADS
"""

import itertools
import os
import sys
import threading

from store.engine import Tx, open_store
from store.tables.audit import audit as log
from tests.store import diary


def plain(name: str, tx: Tx) -> None:
    diary.write(tx, name, subject="first")
    diary.write(tx, name, subject="second")


def gathered(tx: Tx, names: list[str]) -> list[None]:
    rows = [diary.line(name, subject=half) for name in names for half in ("first", "second")]
    tx.execute(log.insert(), rows)
    return [None] * len(names)


def main(url: str, threads: int) -> None:
    store = open_store(url)

    def work(thread: int) -> None:
        for number in itertools.count():
            name = f"{os.getpid()}-{thread}-{number}"
            if number % 2:
                store.gather_now(gathered, name)
            else:
                store.write_now(lambda tx, name=name: plain(name, tx))
            os.write(1, f"{name}\n".encode())

    for thread in range(threads):
        threading.Thread(target=work, args=(thread,), daemon=True).start()
    threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
