"""kill -9 of a writing process: everything acknowledged is there, everything there is whole."""

import random
import subprocess
import sys

import pytest
from sqlalchemy import func, select

from store.engine import open_store
from store.tables.audit import audit as log

WRITER = (sys.executable, "-m", "tests.store.writer")


def kill_once(url: str, lines: int) -> set[str]:
    """Let a writer acknowledge this many units at least, kill it, and return all it acknowledged."""
    process = subprocess.Popen([*WRITER, url, "8"], stdout=subprocess.PIPE)
    assert process.stdout is not None
    with process.stdout as output:
        head = [output.readline() for _ in range(lines)]
        process.kill()
        rest = output.read().splitlines(keepends=True)
    process.wait()
    return {line.decode().strip() for line in head + rest if line.endswith(b"\n")}


def check(url: str, acknowledged: set[str]) -> int:
    store = open_store(url)
    counts = store.read_now(
        lambda tx: dict(tx.execute(select(log.c.event, func.count()).group_by(log.c.event)).all())
    )
    store.close()
    assert acknowledged - set(counts) == set()
    assert set(counts.values()) == {2}
    return len(counts)


def test_two_kills_lose_nothing(database_url):
    acknowledged: set[str] = set()
    for lines in (30, 150):
        acknowledged |= kill_once(database_url, lines)
        check(database_url, acknowledged)
    assert len(acknowledged) >= 180


@pytest.mark.prove
@pytest.mark.timeout(900)
def test_fifty_kills_lose_nothing(database_url):
    acknowledged: set[str] = set()
    for _ in range(50):
        acknowledged |= kill_once(database_url, random.randint(1, 400))
        found = check(database_url, acknowledged)
    print(
        f"50 kills: {len(acknowledged)} acknowledged, 0 lost, {found - len(acknowledged)} kept unacknowledged"
    )
