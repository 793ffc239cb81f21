"""What is asked all the time costs the same however many people there are.

SQLite looks doorbells up by account: a partial index serves only who repeats its words. PostgreSQL claims a few rings
out of thousands without looking for everybody else who has something unread.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Connection, event

from bench.delivery import queue
from bench.postgres import moved
from store import accounts, doorbells, mail, outbox, recipients
from store.engine import open_store

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
OFFICE = bytes(32)
ASKING = {
    "of a claim": lambda tx: doorbells.visible_by_account(tx, [1, 2]),
    "of one": lambda tx: doorbells.visible(tx, 1),
    "of a ring": lambda tx: doorbells.visible_of(tx, [1]),
    "shown": lambda tx: doorbells.hide(tx, [1]),
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


LETTERS = [b"letter", b"other"]
COPY = SimpleNamespace(envelope=b"letter", seq=1)
READING = {
    "a phone": lambda tx: mail.mailbox(tx, OFFICE, b"phone", after=0, limit=9, now=NOW, epochs=False),
    "a desk": lambda tx: mail.mailbox(tx, OFFICE, b"desk", after=0, limit=9, now=NOW, epochs=True),
    "what was read": lambda tx: mail.fetched(tx, [COPY], NOW),
    "what a phone keeps": lambda tx: mail.drop_own(tx, OFFICE, b"phone", [b"letter"]),
    "what a desk keeps": lambda tx: mail.ack(tx, OFFICE, b"desk", LETTERS),
    "who keeps it": lambda tx: mail.acked_by(tx, OFFICE, LETTERS),
    "of a letter sent": lambda tx: mail.kept(tx, b"phone", LETTERS),
    "what all desks keep": lambda tx: mail.drop_epoch_wraps(tx, LETTERS),
    "what nobody waits for": lambda tx: mail.drop_bodies(tx, LETTERS),
}


@pytest.mark.parametrize("asking", READING.values(), ids=READING)
def test_a_mailbox_is_read_without_looking_at_anybody_elses(
    sqlite_url: str, asking: Callable[[Connection], object]
) -> None:
    """All of an office's copies are as many as its people have letters: each poll of each desk went through them."""
    store = open_store(sqlite_url)
    try:
        found = store.write_now(lambda tx: plan(tx, asking))
    finally:
        store.close()
    steps = [step for step in found if step.startswith(("SEARCH", "SCAN"))]
    assert steps
    assert all("holder=?" in step or "(envelope=?" in step or news(step) for step in steps), steps


def news(step: str) -> bool:
    """What waits for the desks; who has read it is in the rows."""
    return "ix_wraps_mailbox (office=? AND holder_kind=?)" in step


def test_each_recipients_copy_is_looked_up_by_its_phone(sqlite_url: str) -> None:
    """By the letter alone it was looked for among all: nine in the morning took 20 seconds with 10,000 scheduled."""
    store = open_store(sqlite_url)
    try:
        found = store.write_now(lambda tx: plan(tx, lambda tx: recipients.stale(tx, OFFICE)))
    finally:
        store.close()
    wraps = [step for step in found if "wraps" in step]
    assert wraps
    assert all("(envelope=? AND holder_kind=? AND holder=?)" in step for step in wraps), found


def test_who_shares_an_account_is_not_looked_for_among_all_pairs(sqlite_url: str) -> None:
    """Of 10,000 people those are a hundred million, and nothing was delivered while an officer looked."""
    store = open_store(sqlite_url)
    try:
        found = store.write_now(lambda tx: plan(tx, lambda tx: accounts.sharing(tx, OFFICE, 9)))
    finally:
        store.close()
    people = [step for step in found if "contacts" in step]
    assert people
    assert all("(office=? AND contact=?)" in step for step in people), found


def test_some_people_are_looked_at_without_everybody_else(postgres_url: str, tmp_path: Path) -> None:
    """As few as a claim takes at once, and as many as it ever takes."""
    people = range(10**12, 10**12 + 1_500)
    moved(queue(tmp_path / "town", people, len(people)), postgres_url)
    now = datetime.now(UTC)
    asking = {
        "a claim of few": lambda tx: outbox.waiting(tx, now, (), 6),
        "a claim of many": lambda tx: outbox.waiting(tx, now, (), 300),
        "what was read meanwhile": lambda tx: doorbells.needless_of(tx, range(1, 301), now),
        "of one": lambda tx: doorbells.has_unread(tx, 1, now),
        "urgent mail of one": lambda tx: doorbells.has_unread(tx, 1, now, urgent=True),
    }
    store = open_store(postgres_url)
    try:
        for name, of in asking.items():
            found = store.write_now(lambda tx, of=of: plan(tx, of))
            whole = [step for step in found if "Seq Scan on wraps" in step or "Seq Scan on consents" in step]
            assert found
            assert whole == [], "\n".join([name, *found])
    finally:
        store.close()


def plan(tx: Connection, asking: Callable[[Connection], object]) -> list[str]:
    """How the database carries out what is asked."""
    asked = []
    event.listen(tx, "before_cursor_execute", lambda *given: asked.append((given[2], given[3])))
    asking(tx)
    explain = "EXPLAIN QUERY PLAN" if tx.dialect.name == "sqlite" else "EXPLAIN"
    explained = [tx.exec_driver_sql(f"{explain} {words}", given).all() for words, given in tuple(asked)]
    return [str(row[-1]) for rows in explained for row in rows]
