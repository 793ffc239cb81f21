"""A disk that forgets: a power cut takes what was written and not synced, or parts of it, down to the sector.

SQLite reaches it by a virtual file system (apsw), SQLAlchemy by the few names of the DBAPI below. The files lie in
their folder as the system shows them; what a disk would hold of them is kept beside and changes when they are synced.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import apsw
import pytest
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

SECTOR = 512
NAME = "forgetful"
#: Of what was written since the last sync, so much reaches the disk all the same: none, some, nearly all.
SHARES = (0.0, 0.5, 0.95)


class Held:
    """A file as the disk holds it, and what was written since: pieces at their places, a truncation as None."""

    def __init__(self, content: bytes) -> None:
        self.content = bytearray(content)
        self.pending: list[tuple[int, bytes | None]] = []

    def settle(self) -> None:
        for where, piece in self.pending:
            _put(self.content, where, piece)
        self.pending.clear()

    def after(self, random: Random) -> bytes:
        """What a power cut leaves: of each piece some sectors, in no order that anybody promised."""
        left, share = bytearray(self.content), random.choice(SHARES)
        for where, piece in self.pending:
            if piece is None and random.random() < share:
                _put(left, where, None)
            for start in range(0, len(piece or b""), SECTOR):
                if random.random() < share:
                    _put(left, where + start, (piece or b"")[start : start + SECTOR])
        return bytes(left)


def _put(content: bytearray, where: int, piece: bytes | None) -> None:
    if piece is None:
        del content[where:]
        return
    content.extend(bytes(max(0, where - len(content))))
    content[where : where + len(piece)] = piece


class File(apsw.VFSFile):
    """Passes everything on, and keeps the disk's account of it."""

    def __init__(self, disk: "Disk", name: Any, flags: list[int]) -> None:
        path = Path(name.filename() if isinstance(name, apsw.URIFilename) else name)
        self._disk, self._held = disk, disk.hold(path)
        super().__init__("", name, flags)

    def xWrite(self, data: Any, offset: int) -> None:  # noqa: N802 – SQLite's name
        with self._disk.lock:
            super().xWrite(data, offset)
            self._held.pending.append((offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802 – SQLite's name
        with self._disk.lock:
            super().xTruncate(newsize)
            self._held.pending.append((newsize, None))

    def xSync(self, flags: int) -> None:  # noqa: N802 – SQLite's name
        with self._disk.lock:
            self._held.settle()


class Disk(apsw.VFS):
    """Every file that SQLite opens by it; the power may be cut again and again, each time for a copy."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self._files: dict[Path, Held] = {}
        super().__init__(NAME, "")

    def xOpen(self, name: Any, flags: list[int]) -> File:  # noqa: N802 – SQLite's name
        return File(self, name, flags)

    def hold(self, path: Path) -> Held:
        """The one account of a file, however often it is open; what lies there at first is on the disk."""
        with self.lock:
            if path not in self._files:
                self._files[path] = Held(path.read_bytes() if path.exists() else b"")
            return self._files[path]

    def cut(self, folder: Path, random: Random) -> None:
        """Put there what the disk would hold if the power went now."""
        with self.lock:
            for path, held in self._files.items():
                (folder / path.name).write_bytes(held.after(random))


class Cursor:
    """All of a statement's rows at once; apsw tells the columns only while it runs."""

    arraysize = 1

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self.description: Any = None
        self.rowcount, self.lastrowid = -1, 0
        self._rows: list[Any] = []

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> "Cursor":
        return self._run(statement, [parameters])

    def executemany(self, statement: str, parameters: Sequence[Sequence[Any]]) -> "Cursor":
        return self._run(statement, parameters)

    def _run(self, statement: str, parameters: Sequence[Sequence[Any]]) -> "Cursor":
        cursor, before = self._connection.cursor(), self._connection.total_changes()
        self.description = None
        cursor.exec_trace = self._describe
        self._rows = list(cursor.executemany(statement, parameters))
        self.rowcount = self._connection.total_changes() - before
        self.lastrowid = self._connection.last_insert_rowid()
        return self

    def _describe(self, cursor: apsw.Cursor, _statement: str, _bound: object) -> bool:
        columns = cursor.get_description()
        self.description = [(column[0], *[None] * 6) for column in columns] or None
        return True

    def fetchone(self) -> Any:
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, size: int = 1) -> list[Any]:
        some, self._rows = self._rows[:size], self._rows[size:]
        return some

    def fetchall(self) -> list[Any]:
        return self.fetchmany(len(self._rows))

    def close(self) -> None:
        self._rows = []


class Connection:
    """What SQLAlchemy and store/sqlite.py ask of one."""

    isolation_level = None

    def __init__(self, path: str, *, timeout: float, **_other: object) -> None:
        self._connection = apsw.Connection(path, apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_URI, vfs=NAME)
        self._connection.set_busy_timeout(int(timeout * 1000))

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    def cursor(self) -> Cursor:
        return Cursor(self._connection)

    def execute(self, statement: str) -> Cursor:
        return self.cursor().execute(statement)

    def commit(self) -> None:
        if self.in_transaction:
            self.execute("COMMIT")

    def rollback(self) -> None:
        if self.in_transaction:
            self.execute("ROLLBACK")

    def create_function(self, *_function: object, **_options: object) -> None:
        """The regexp that SQLAlchemy offers; nobody asks for it."""

    def close(self) -> None:
        self._connection.close()


class Driver:
    """The module that SQLAlchemy takes this for."""

    paramstyle = "qmark"
    sqlite_version_info = tuple(int(part) for part in apsw.sqlite_lib_version().split("."))
    Error = DatabaseError = OperationalError = ProgrammingError = apsw.Error
    IntegrityError = apsw.ConstraintError
    Binary = bytes
    connect = Connection


@contextmanager
def forgetful() -> Iterator[Disk]:
    """The disk of every SQLite store that is opened meanwhile."""
    disk = Disk()
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(SQLiteDialect_pysqlite, "import_dbapi", lambda: Driver)
            yield disk
    finally:
        disk.unregister()
