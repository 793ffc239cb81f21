"""SQLite looks doorbells up by account, however many stand: a partial index serves only who repeats its words."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, event

from store import doorbells
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


def plan(tx: Connection, asking: Callable[[Connection], object]) -> list[str]:
    """How SQLite carries out what is asked."""
    asked = []
    event.listen(tx, "before_cursor_execute", lambda *given: asked.append((given[2], given[3])))
    asking(tx)
    explained = [tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", given).all() for words, given in asked[:1]]
    return [str(row[-1]) for rows in explained for row in rows]
