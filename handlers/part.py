"""A file while it is written: under a name of its own, which the next one to begin takes over, emptied."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from crypto.disk import sync_folder
from handlers.config import ConfigError


class Part:
    """What is written to `file` has no name but the part's until it becomes another file."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self.file = file
        self._path = path

    def synced(self) -> IO[bytes]:
        """The file, from its beginning, once it is on the disk."""
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.seek(0)
        return self.file

    def become(self, path: Path) -> None:
        """Take this name in the same folder, for good; the file that had it is gone. Raises OSError."""
        self.synced()
        self._path.replace(path)
        sync_folder(path.parent)


@contextmanager
def part(path: Path) -> Iterator[Part]:
    """An empty file, for its owner alone and for one process at a time; at the end its name is gone.

    A process that was killed leaves its part as it was. The name is always the same, so that nothing has to be looked
    for: whoever begins next empties it. Raises ConfigError while somebody else is at it, and OSError.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
    with os.fdopen(os.open(path, flags, 0o600), "r+b") as file:
        # Another may have ended between the opening and the lock: the file would be one that it has kept.
        if not _locked(file) or not _named(file, path):
            raise ConfigError(f"another backup is being made in {path.parent}: wait until it has ended")
        file.truncate()
        try:
            yield Part(path, file)
        finally:
            if _named(file, path):
                path.unlink()


def _locked(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _named(file: IO[bytes], path: Path) -> bool:
    """Whether this is the file that has the name now."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.lstat())
    except FileNotFoundError:
        return False
