"""Storing letters in groups, against the driver writing the same rows into the same schema."""

import asyncio
import secrets
import shutil
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import select

from bench.figure import Bench, Figure
from bench.progress import step
from bench.town import Town, house_of, raw
from relay import post
from relay.addressing import MESSAGES
from relay.post import Accepted, Upload
from store import mail, nonces
from store.engine import Store, Tx
from store.tables.mail import envelopes, wraps
from tests.relay.house import House, Phone

BATCH = 64
#: rounds, batches in each, senders
FULL, QUICK = (9, 16, BATCH), (3, 4, 8)
TABLES = ("nonces", "envelopes", "wraps")
LIMIT = "sqlite3 executemany of the same rows"
Rows = dict[str, list[tuple[object, ...]]]
Way = Callable[[], float]


@dataclass(frozen=True)
class Letter:
    """What one letter leaves behind."""

    nonce: tuple[bytes, bytes, datetime]
    envelope: dict[str, Any]
    wrap: dict[str, Any]

    def store(self, tx: Tx) -> None:
        keep(tx, [self])


def keep(tx: Tx, letters: Sequence[Letter]) -> None:
    """Write them together, as the rule that accepted them does."""
    nonces.add(tx, [each.nonce for each in letters])
    mail.add(tx, [each.envelope for each in letters], [each.wrap for each in letters])


def run(quick: bool, folder: Path) -> list[Figure]:
    """Both sides commit with synchronous=FULL; the raw side gets the very rows that ours wrote."""
    rounds, batches, senders = QUICK if quick else FULL
    town = Town.found(folder / "ours")
    store = town.open()
    house = house_of(town, store)
    phones = [house.enrolled(MESSAGES) for _ in range(senders)]
    _accepted(store, house, phones)
    ways: dict[str, tuple[float, Way]] = {
        f"accepting letters, {BATCH} a batch: every check": (0.70, lambda: _accepted(store, house, phones)),
        f"storing them, {BATCH} a batch: the same rows alone": (0.70, lambda: _together(store)),
        f"storing them as {BATCH} writes of their own, in one commit": (0.20, lambda: _apart(store)),
    }
    try:
        return _measured(town, folder / "raw.db", ways, rounds, batches)
    finally:
        store.close()


def _measured(
    town: Town, other: Path, ways: dict[str, tuple[float, Way]], rounds: int, batches: int
) -> list[Figure]:
    with closing(town.raw()) as rows:
        rows.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy2(town.path, other)
    ours: dict[str, list[float]] = {name: [] for name in ways}
    limit: dict[str, list[float]] = {name: [] for name in ways}
    with closing(town.raw()) as reading, closing(raw(other)) as writing:
        taken = {table: _last(reading, table) for table in TABLES}
        for number in range(rounds + 1):
            step(f"round {number} of {rounds}")
            seconds = {name: [0.0, 0.0] for name in ways}
            for _ in range(batches):
                for name, (_, way) in ways.items():
                    seconds[name][0] += way()
                    seconds[name][1] += _write(writing, _new(reading, taken))
            if number:  # the first round compiles statements and warms caches
                for name, (mine, theirs) in seconds.items():
                    ours[name].append(mine)
                    limit[name].append(theirs)
    count = BATCH * batches
    return [
        Figure(
            name,
            LIMIT,
            [theirs / mine for mine, theirs in zip(ours[name], limit[name], strict=True)],
            goal=goal,
            note=f"{count / median(ours[name]):,.0f}/s against {count / median(limit[name]):,.0f}/s",
        )
        for name, (goal, _) in ways.items()
    ]


def _accepted(store: Store, house: House, phones: Sequence[Phone]) -> float:
    house.now = datetime.now(UTC)
    expires = house.now + timedelta(minutes=5)
    senders = [phones[number % len(phones)] for number in range(BATCH)]
    uploads = [
        Upload(each.device, each.letter(), house.now, nonce=secrets.token_bytes(16), nonce_expires=expires)
        for each in senders
    ]
    start = time.perf_counter()
    found = store.write_now(lambda tx: post.accept_many(tx, uploads))
    seconds = time.perf_counter() - start
    refused = [each for each in found if not isinstance(each, Accepted)]
    if refused:
        raise RuntimeError(f"{len(refused)} of {len(found)} envelopes were refused: {refused[0]}")
    return seconds


def _together(store: Store) -> float:
    letters = _letters(store)
    start = time.perf_counter()
    store.write_now(lambda tx: keep(tx, letters))
    return time.perf_counter() - start


def _apart(store: Store) -> float:
    letters = _letters(store)

    async def queued() -> float:
        start = time.perf_counter()
        await asyncio.gather(*(store.write(each.store) for each in letters))
        return time.perf_counter() - start

    return asyncio.run(queued())


def _letters(store: Store) -> list[Letter]:
    """As many as a batch has, like one that was accepted but for their ids."""

    def stored(tx: Tx) -> tuple[dict[str, Any], dict[str, Any]]:
        found = tx.execute(select(envelopes).limit(1)).one()
        wrap = tx.execute(select(wraps).where(wraps.c.envelope == found.envelope)).one()
        return dict(found._mapping), dict(wrap._mapping)  # noqa: SLF001 - a row's own way to a dict

    letter, wrap = store.read_now(stored)
    expires = datetime.now(UTC) + timedelta(minutes=5)
    ids = [secrets.token_bytes(16) for _ in range(BATCH)]
    return [
        Letter((letter["sender"], id_, expires), letter | {"envelope": id_}, wrap | {"envelope": id_})
        for id_ in ids
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


BENCH = Bench("store", "storing a batch costs little more than writing its rows", run)
