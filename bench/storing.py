"""Accepting envelopes in batches, against the driver writing the same rows into the same schema."""

import secrets
import shutil
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.figure import Bench, Figure
from bench.town import Town, house_of, raw
from relay import post
from relay.addressing import MESSAGES
from relay.post import Accepted, Upload
from tests.relay.house import Phone

BATCH = 64
#: rounds, batches in each, senders
FULL, QUICK = (9, 16, BATCH), (3, 4, 8)
TABLES = ("nonces", "envelopes", "wraps")
Rows = dict[str, list[tuple[object, ...]]]


def run(quick: bool, folder: Path) -> list[Figure]:
    """Both sides commit with synchronous=FULL; the raw side gets the very rows that the rule wrote."""
    rounds, batches, senders = QUICK if quick else FULL
    town = Town.found(folder / "ours")
    store = town.open()
    house = house_of(town, store)
    phones = [house.enrolled(MESSAGES) for _ in range(senders)]
    other = folder / "raw.db"
    with closing(town.raw()) as rows:
        rows.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy2(town.path, other)
    reading, writing = town.raw(), raw(other)
    taken: dict[str, int] = {name: _last(reading, name) for name in TABLES}

    def ours(uploads: list[Upload]) -> float:
        start = time.perf_counter()
        found = store.write_now(lambda tx: post.accept_many(tx, uploads))
        seconds = time.perf_counter() - start
        refused = [each for each in found if not isinstance(each, Accepted)]
        if refused:
            raise RuntimeError(f"{len(refused)} of {len(found)} envelopes were refused: {refused[0]}")
        return seconds

    one: list[float] = []
    limit: list[float] = []
    try:
        for number in range(rounds + 1):
            mine = theirs = 0.0
            for _ in range(batches):
                mine += ours(_uploads([phones[i % len(phones)] for i in range(BATCH)]))
                theirs += _write(writing, _new(reading, taken))
            if number:  # the first round compiles statements and warms caches
                one.append(mine)
                limit.append(theirs)
    finally:
        reading.close()
        writing.close()
        store.close()
    per_second = BATCH * batches / sorted(one)[len(one) // 2]
    bare = BATCH * batches / sorted(limit)[len(limit) // 2]
    return [
        Figure(
            f"accepting envelopes, {BATCH} a batch",
            "sqlite3 executemany of the same rows",
            [theirs / mine for mine, theirs in zip(one, limit, strict=True)],
            goal=0.70,
            note=f"{per_second:,.0f}/s against {bare:,.0f}/s",
        )
    ]


def _uploads(phones: Sequence[Phone]) -> list[Upload]:
    now = datetime.now(UTC)
    expires = now + timedelta(minutes=5)
    return [
        Upload(phone.device, phone.letter(), now, nonce=secrets.token_bytes(16), nonce_expires=expires)
        for phone in phones
    ]


def _last(rows: sqlite3.Connection, table: str) -> int:
    (last,) = rows.execute(f"SELECT coalesce(max(rowid), 0) FROM {table}").fetchone()
    return int(last)


def _new(rows: sqlite3.Connection, taken: dict[str, int]) -> Rows:
    """What was written since the last call."""
    found: Rows = {}
    for table in TABLES:
        found[table] = rows.execute(
            f"SELECT * FROM {table} WHERE rowid > ? ORDER BY rowid", [taken[table]]
        ).fetchall()
        taken[table] = _last(rows, table)
        if len(found[table]) != BATCH:
            raise RuntimeError(f"{len(found[table])} new rows in {table} where {BATCH} were accepted")
    return found


def _write(rows: sqlite3.Connection, found: Rows) -> float:
    marks = {table: ", ".join("?" * len(new[0])) for table, new in found.items()}
    start = time.perf_counter()
    rows.execute("BEGIN IMMEDIATE")
    for table, new in found.items():
        rows.executemany(f"INSERT INTO {table} VALUES ({marks[table]})", new)
    rows.execute("COMMIT")
    return time.perf_counter() - start


BENCH = Bench("store", "accepting a batch costs little more than writing its rows", run)
