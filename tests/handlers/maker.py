"""A process that makes a backup and stops at a moment of it, telling so on its output: to be killed there.

python -m tests.handlers.maker URL FILE KEYS PUBLIC MOMENT
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from handlers import backup as backups
from handlers.part import Part
from relay import backup
from store.engine import open_store
from tests.relay.house import START

MOMENTS = ("writing", "rehearsing", "keeping the keys", "keeping the backup")


def stop(*_: object) -> NoReturn:
    os.write(1, b"here\n")
    while True:
        signal.pause()


def last(total: int | None) -> Callable[[], None]:
    """Stops once all rows are written and nothing is ended."""
    left = iter(range(total or 0, 0, -1))
    return lambda: stop() if next(left) == 1 else None


def second(become: Callable[[Part, Path], None]) -> Callable[[Part, Path], None]:
    """The keys are kept; then it stops."""
    turns = iter((become, stop))

    def next_one(part: Part, path: Path) -> None:
        next(turns)(part, path)

    return next_one


def main(url: str, file: str, keys: str, public: str, moment: str) -> None:
    begun = last if moment == "writing" else lambda _: lambda: None
    if moment == "rehearsing":
        backup.rehearse = stop
    if moment == "keeping the keys":
        Part.become = stop
    if moment == "keeping the backup":
        Part.become = second(Part.become)
    key = backups.public_key(public)
    backups.make(open_store(url), Path(file), Path(keys), key, now=START, begun=begun)


if __name__ == "__main__":
    main(*sys.argv[1:])
