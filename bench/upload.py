"""A large envelope in parts over HTTP, each on disk when it is answered, against the driver writing as much."""

import secrets
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import median

import httpx

from bench.figure import Bench, Figure, interleaved
from bench.ingest import AUTHORITY, durable_server, server
from bench.town import Town, house_of, raw
from crypto import request as signing
from crypto.encoding import b64u, new_id, unix
from crypto.keys import DeviceKeys
from handlers.clock import RealClock
from relay.uploads import PART_SIZE

#: rounds, bytes: a wrap with its own part for each of 10,000 people
FULL, QUICK = (7, 10_000 * 1298), (3, 2 * PART_SIZE + 1)


def run(quick: bool, folder: Path) -> list[Figure]:
    rounds, size = QUICK if quick else FULL
    town = Town.found(folder / "town")
    store = town.open()
    keys = house_of(town, store).chief.keys
    store.close()
    parts = [
        (start, secrets.token_bytes(min(PART_SIZE, size - start))) for start in range(0, size, PART_SIZE)
    ]
    host = {"host": AUTHORITY}
    with (
        server(durable_server, town) as port,
        closing(_raw(folder / "raw.db")) as rows,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=host, trust_env=False) as http,
    ):
        _sent(http, keys, parts)
        ours, limit = interleaved(rounds, lambda _: _sent(http, keys, parts), lambda _: _written(rows, parts))
    return [
        Figure(
            f"{size / 1e6:.0f} MB uploaded in {len(parts)} parts",
            "sqlite3: inserting the parts",
            [mine / raw for mine, raw in zip(ours, limit, strict=True)],
            goal=4,
            at_most=True,
            note=f"{median(ours):.2f} s against {median(limit):.2f} s",
        )
    ]


def _timed(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _sent(http: httpx.Client, keys: DeviceKeys, parts: list[tuple[int, bytes]]) -> float:
    path = f"/v1/uploads/{b64u(new_id())}"

    def work() -> None:
        for start, data in parts:
            to = f"{path}/{start}"
            headers = signing.sign(
                keys.sign_seed, device=keys.record.device, method="PUT", authority=AUTHORITY, path=to, query="",
                body=data, created=unix(RealClock().now()),
            )  # fmt: skip
            answer = http.put(
                to, content=data, headers={**headers, "content-type": "application/octet-stream"}
            )
            answer.raise_for_status()

    return _timed(work)


def _raw(path: Path) -> sqlite3.Connection:
    rows = raw(path)
    rows.execute("CREATE TABLE parts (upload BLOB, start INTEGER, data BLOB, PRIMARY KEY (upload, start))")
    return rows


def _written(rows: sqlite3.Connection, parts: list[tuple[int, bytes]]) -> float:
    id_ = new_id()

    def work() -> None:
        for start, data in parts:
            rows.execute("INSERT INTO parts VALUES (?, ?, ?)", (id_, start, data))

    return _timed(work)


BENCH = Bench("upload", "a large notice goes up about as fast as the disk takes it", run)
