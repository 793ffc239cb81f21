"""Releasing a notice to a crowd, against the driver writing what the rule writes."""

import sqlite3
import time
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from bench.figure import Bench, Figure, turns
from bench.town import Person, Town, crowd, letter
from relay import notices
from store.engine import Store

#: rounds, people, people in each notice
FULL, QUICK = (5, 100_000, 10_000), (3, 5_000, 1_000)
NUMBERS = "UPDATE wraps SET seq = ? WHERE envelope = ? AND holder_kind = 1 AND holder = ? AND prekey = ?"


def run(quick: bool, folder: Path) -> list[Figure]:
    """All notices are due at once; every recipient has an account that is rung."""
    rounds, size, each = QUICK if quick else FULL
    town = Town.found(folder / "town")
    house, people = crowd(town, range(10**12, 10**12 + size))
    due = house.now + timedelta(hours=1)
    parts = [people[start : start + each] for start in range(0, size, each)]
    letters = [(letter(town, house, part, release_at=due), part) for part in parts]
    ours: list[float] = []
    inserted: list[float] = []
    written: list[float] = []
    store = town.open()
    with closing(town.raw()) as rows:
        _release(store, due, len(parts))  # compiles its statements, and shows the rows it writes
        _count(rows, size)
        rings = rows.execute("SELECT * FROM outbox ORDER BY id").fetchall()
        _undo(rows)
        for _, first in turns(rounds):
            for mine in (first, not first):
                if mine:
                    ours.append(_release(store, due, len(parts)))
                    _count(rows, size)
                else:
                    insert, everything = _raw(rows, rings, letters)
                    inserted.append(insert)
                    written.append(everything)
                _undo(rows)
    store.close()
    name = f"{size:,} recipients released"
    middle = sorted(ours)[len(ours) // 2]
    return [
        Figure(
            name,
            "sqlite3: inserting their rings",
            [mine / raw for mine, raw in zip(ours, inserted, strict=True)],
            goal=3,
            at_most=True,
            note=f"{middle:.2f} s",
        ),
        Figure(
            name,
            "sqlite3: the same, and numbering their copies",
            [mine / raw for mine, raw in zip(ours, written, strict=True)],
            goal=3,
            at_most=True,
            note=f"{middle:.2f} s against {sorted(written)[len(written) // 2]:.2f} s",
        ),
    ]


def _release(store: Store, due: datetime, expected: int) -> float:
    start = time.perf_counter()
    released = 0
    while count := store.write_now(lambda tx: notices.release_due(tx, due)):
        released += count
    seconds = time.perf_counter() - start
    if released != expected:
        raise RuntimeError(f"{released} notices released where {expected} were due")
    return seconds


def _raw(
    rows: sqlite3.Connection, rings: list[tuple[object, ...]], letters: list[tuple[bytes, list[Person]]]
) -> tuple[float, float]:
    """Seconds for the rings alone, and with the numbers of the copies; one commit each."""
    marks = ", ".join("?" * len(rings[0]))
    numbers = [
        (number, envelope, person.device, bytes(16))
        for envelope, part in letters
        for number, person in enumerate(part, 1)
    ]
    start = time.perf_counter()
    rows.execute("BEGIN IMMEDIATE")
    rows.executemany(f"INSERT INTO outbox VALUES ({marks})", rings)
    rows.execute("COMMIT")
    middle = time.perf_counter()
    rows.execute("BEGIN IMMEDIATE")
    rows.executemany(NUMBERS, numbers)
    rows.execute("COMMIT")
    return middle - start, time.perf_counter() - start


def _count(rows: sqlite3.Connection, size: int) -> None:
    (rings,) = rows.execute("SELECT count(*) FROM outbox WHERE state = 'waiting'").fetchone()
    (numbered,) = rows.execute("SELECT count(*) FROM wraps WHERE seq IS NOT NULL").fetchone()
    if (rings, numbered) != (size, size):
        raise RuntimeError(f"{rings} rings and {numbered} copies where {size} people were to be told")


def _undo(rows: sqlite3.Connection) -> None:
    """As before the release."""
    rows.execute("BEGIN IMMEDIATE")
    rows.execute("DELETE FROM outbox")
    rows.execute("UPDATE wraps SET seq = NULL")
    rows.execute("UPDATE notices SET state = 'scheduled'")
    rows.execute("COMMIT")
    rows.execute("PRAGMA wal_checkpoint(TRUNCATE)")


BENCH = Bench("release", "a crowd's notice comes out in a few times the bare writes", run)
