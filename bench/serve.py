"""`qasid serve` as a process: what it takes at rest, and how soon after a restart it sends."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from statistics import median

from bench import telegram
from bench.delivery import queue
from bench.figure import Bench, Figure, turns
from bench.telegram import Telegram
from bench.town import Town, crowd

IMPORTS = (
    "handlers.cli, handlers.app, handlers.server, handlers.clock, store.sqlite, store.postgres, store.migrate"
)
IDLE = f"import {IMPORTS}; print('ready', flush=True); input()"
READY_SECONDS = 60
CROWD = 100_000
REST_SECONDS = 3.0
QUERY = "SELECT id FROM outbox WHERE state = 'waiting' AND due_at <= ? ORDER BY priority, due_at, id LIMIT 1"


def memory(quick: bool, folder: Path) -> list[Figure]:
    """Resident set, which needs /proc: of a relay for nobody, and of one for a crowd."""
    rounds, rest, size = (1, 0.3, 200) if quick else (5, REST_SECONDS, CROWD)
    empty, full = Town.found(folder / "town"), Town.found(folder / "full")
    crowd(full, range(10**12, 10**12 + size))
    idle: list[float] = []
    crowded: list[float] = []
    bare: list[float] = []
    with telegram.telegram(0) as there:
        for _ in turns(rounds):
            idle.append(_at_rest(empty, there, rest))
            bare.append(_imported())
            crowded.append(_at_rest(full, there, rest))
    imports = median(bare)
    ratio = median(mine / least for mine, least in zip(idle, bare, strict=True))
    return [
        Figure("memory of an idle relay", f"interpreter and imports: {imports:.0f} MB", idle, 150, at_most=True,
               unit="MB", note=f"{ratio:.2f} × the imports", limit_at=imports),
        Figure(f"memory with {size:,} contacts", "an idle relay without any",
               [mine / least for mine, least in zip(crowded, idle, strict=True)], 1.2, at_most=True,
               note=f"{median(crowded):.0f} MB against {median(idle):.0f} MB"),
    ]  # fmt: skip


def startup(quick: bool, folder: Path) -> list[Figure]:
    """From the line that says the relay serves to Telegram's count of the first send."""
    rounds, size = (1, 200) if quick else (5, CROWD)
    with telegram.telegram(100) as there:
        town = queue(folder / "town", there.users, size)
        seconds, queries, whole = [], [], []
        for number, _ in turns(rounds):
            copy = town.copy(folder / f"start-{number}")
            queries.append(_query(copy))
            before = len(there.sends())
            began = time.time()
            with _serving(copy, there) as running:
                _wait(partial(there.sends, before))
                first = there.sends(before)[0].at
            seconds.append(first - running.since)
            whole.append(first - began)
    note = f"from the process's start {median(whole):.2f} s; one indexed query {median(queries) * 1e6:.0f} µs"
    return [
        Figure(f"restart with {size:,} rings pending: first send", "one indexed query", seconds, 1.0, at_most=True,
               unit="s", note=note)
    ]  # fmt: skip


@dataclass(frozen=True)
class Running:
    pid: int
    #: When it said that it serves, in unix seconds.
    since: float


@contextmanager
def _serving(town: Town, there: Telegram) -> Iterator[Running]:
    """A running `qasid serve`."""
    environment = {
        **os.environ,
        "QASID_BOT_TOKEN": telegram.TOKEN,
        "QASID_BOT_API_URL": there.url,
        "QASID_POLLING": "true",
        "QASID_PUBLIC_URL": "http://127.0.0.1:8470",
        "QASID_DATABASE_URL": town.url,
        "QASID_VAULT_KEY_FILE": str(town.key),
        "QASID_PORT": "0",
        "QASID_LOG_JSON": "true",
    }
    log = town.folder / "log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "handlers.cli", "serve"], env=environment, stderr=errors
        )
    try:
        _wait(lambda: _said(log, "serving") or process.poll() is not None)
        up = _said(log, "serving")
        if up is None:
            raise RuntimeError(f"qasid serve ended: {log.read_text()[-500:]}")
        yield Running(process.pid, up)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise RuntimeError("qasid serve did not end within 10 s of SIGTERM") from None


def _at_rest(town: Town, there: Telegram, seconds: float) -> float:
    with _serving(town, there) as running:
        log = town.folder / "log"
        _wait(lambda: _said(log, "connected to Telegram"))
        time.sleep(seconds)
        return _resident(running.pid)


def _imported() -> float:
    process = subprocess.Popen([sys.executable, "-c", IDLE], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        process.stdout.readline()
        return _resident(process.pid)
    finally:
        process.terminate()
        process.wait(10)


def _resident(pid: int) -> float:
    """MB; raises RuntimeError where there is no /proc."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        raise RuntimeError("memory is read from /proc, which this system does not have")
    (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1000


def _said(log: Path, event: str) -> float | None:
    """When the log first said this."""
    for line in log.read_text().splitlines():
        if line.startswith("{") and (found := json.loads(line))["event"] == event:
            return datetime.fromisoformat(found["timestamp"]).timestamp()
    return None


def _query(town: Town) -> float:
    """Seconds for the one query that finds the first row, by the driver."""
    with closing(sqlite3.connect(town.path)) as rows:
        took = []
        for _ in range(20):
            start = time.perf_counter()
            rows.execute(QUERY, [time.time() * 1e6]).fetchall()
            took.append(time.perf_counter() - start)
        return median(took)


def _wait(condition: Callable[[], object]) -> None:
    end = time.monotonic() + READY_SECONDS
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"nothing happened within {READY_SECONDS} s")
        time.sleep(0.02)


MEMORY = Bench("memory", "a relay takes little more than what it imports, for a crowd, too", memory)
STARTUP = Bench("startup", "a long queue does not delay the first send", startup)
