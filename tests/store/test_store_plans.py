"""What is asked all the time costs the same however many people there are.

SQLite looks doorbells up by account: a partial index serves only who repeats its words. PostgreSQL claims a few rings
out of thousands without looking for everybody else who has something unread.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from bench.delivery import queue
from bench.postgres import moved
from store import doorbells, outbox
from store.engine import open_store

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ASKING = {
    "of a claim": lambda tx: doorbells.visible_by_account(tx, [1, 2]),
    "of one": lambda tx: doorbells.visible(tx, 1),
    "of a ring": lambda tx: doorbells.visible_of(tx, [1]),
    "shown": lambda tx: doorbells.hide(tx, 1),
    "of everybody": lambda tx: doorbells.missed(tx, NOW, 10),
}


@pytest.mark.parametrize("asking", ASKING.values(), ids=ASKING)
def test_doorbells_are_looked_up_by_account(sqlite_url: str, asking: Callable[[Connection], object]) -> None:
    store = open_store(sqlite_url)
    try:
        found = store.write_now(lambda tx: plan(tx, asking))
    finally:
        store.close()
    bells = [step for step in found if "doorbells" in step]
    assert bells
    assert all("uq_doorbells_visible (account=?)" in step for step in bells), bells


def test_a_claim_looks_at_no_more_than_it_takes(postgres_url: str, tmp_path: Path) -> None:
    people = range(10**12, 10**12 + 1_500)
    moved(queue(tmp_path / "town", people, len(people)), postgres_url)
    store = open_store(postgres_url)
    try:
        found = store.write_now(lambda tx: plan(tx, lambda tx: outbox.waiting(tx, datetime.now(UTC), (), 6)))
    finally:
        store.close()
    whole = [step for step in found if "Seq Scan on wraps" in step or "Seq Scan on consents" in step]
    assert found
    assert whole == [], "\n".join(found)


def plan(tx: Connection, asking: Callable[[Connection], object]) -> list[str]:
    """How the database carries out what is asked."""
    asked = []
    event.listen(tx, "before_cursor_execute", lambda *given: asked.append((given[2], given[3])))
    asking(tx)
    explain = "EXPLAIN QUERY PLAN" if tx.dialect.name == "sqlite" else "EXPLAIN"
    explained = [tx.exec_driver_sql(f"{explain} {words}", given).all() for words, given in asked[:1]]
    return [str(row[-1]) for rows in explained for row in rows]
