"""Ids laid end to end as one parameter: found like an IN list's, by the index, on both databases."""

import secrets

import pytest
from sqlalchemy import event, select

from store import nonces
from store.ids import SIZE, among, laid, laid_pairs
from store.sql import many
from store.sqlite import SqliteStore
from store.tables.offices import nonces as table
from tests.store.diary import NOW


def ids(count: int) -> list[bytes]:
    # Zeros at either end, and what a text would end at, must not be cut off.
    return [
        bytes(SIZE),
        b"\0" + secrets.token_bytes(SIZE - 2) + b"\0",
        *map(secrets.token_bytes, [SIZE] * count),
    ]


@many
def of_devices(wanted: bytes):
    return select(table.c.device, table.c.nonce).where(among(wanted, table.c.device))


@pytest.mark.parametrize("count", [0, 1, 64, 1500])
def test_pairs_are_found_whole_and_nothing_else_is(store, count):
    devices, others = ids(count), ids(count)
    kept = set(zip(devices, reversed(others), strict=True))
    store.write_now(lambda tx: nonces.add(tx, [(device, nonce, NOW) for device, nonce in kept]))
    crossed = set(zip(devices, others, strict=True)) - kept
    assert store.read_now(lambda tx: nonces.seen(tx, kept | crossed)) == kept
    assert store.read_now(lambda tx: nonces.seen(tx, crossed)) == set()
    found = store.read_now(lambda tx: of_devices(tx, laid(devices[:2])))
    assert {(row.device, row.nonce) for row in found} == {pair for pair in kept if pair[0] in devices[:2]}


def test_of_none_nothing_is_found(store):
    store.write_now(lambda tx: nonces.add(tx, [(bytes(SIZE), bytes(SIZE), NOW)]))
    assert store.read_now(lambda tx: of_devices(tx, laid([]))) == []
    assert store.read_now(lambda tx: nonces.seen(tx, [])) == set()


def test_an_id_of_another_length_is_refused():
    with pytest.raises(ValueError, match="16 bytes"):
        laid([bytes(SIZE), bytes(SIZE - 1)])
    with pytest.raises(ValueError, match="16 bytes"):
        laid_pairs([(bytes(SIZE + 1), bytes(SIZE - 1))])


def test_sqlite_finds_pairs_by_their_key_and_goes_through_no_table(sqlite_url):
    asked = []
    sqlite_store = SqliteStore(sqlite_url)
    event.listen(sqlite_store._reads, "before_cursor_execute", lambda *call: asked.append((call[2], call[3])))
    pairs = [(secrets.token_bytes(SIZE), secrets.token_bytes(SIZE)) for _ in range(3)]
    sqlite_store.read_now(lambda tx: nonces.seen(tx, pairs))
    text, given = next(each for each in asked if "nonces" in each[0])
    plan = sqlite_store.read_now(
        lambda tx: [row.detail for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", given)]
    )
    sqlite_store.close()
    assert [line for line in plan if "nonces" in line and line.startswith("SCAN")] == []
    assert any(line.startswith("SEARCH nonces") and "device=? AND nonce=?" in line for line in plan)
