"""The ledger of seats: only added to, and whatever was done behind its back is found."""

import pytest
from sqlalchemy import insert, text

from crypto.statement import Reply
from relay import answers, erasure, ledger
from store.errors import StoreError
from store.tables.movements import ledger as entries
from tests.relay.house import House, b
from tests.relay.test_rule_cases import alias_of

BOTH = ("messages", "departures")


def wrong(house: House) -> list[str]:
    return [report.wrong for report in house.read(ledger.verify)]


def kinds(house: House) -> list[str]:
    found = house.read(lambda tx: tx.execute(entries.select().order_by(entries.c.seq)).all())
    return [row.kind for row in found]


@pytest.fixture
def phones(house):
    return [house.enrolled(*BOTH) for _ in range(4)]


@pytest.fixture
def busy(house, phones):
    """A movement on which much happened."""
    movement = house.movement(9)
    draft = house.draft(movement, phones, party=2)
    house.schedule(draft)
    house.release()
    for phone, reply in zip(phones, (Reply.ACCEPT, Reply.DECLINE, Reply.ACCEPT, Reply.HELP), strict=True):
        house.as_(phone, answers.answer, phone.answer(draft, reply, party=1), house.now)
    phones[2].consent("departures", given=False)
    return house


def test_every_change_is_written_down_and_balances(busy):
    assert kinds(busy) == ["opened", *["held"] * 4, "accepted", "declined", "accepted", "withdrawn"]
    assert wrong(busy) == [""]


@pytest.mark.parametrize(
    ("done", "found"),
    [
        ("UPDATE allotments SET held = held - 1", "add up to"),
        ("UPDATE allotments SET confirmed = confirmed + 1", "add up to"),
        ("UPDATE movements SET seats = seats + 1", "are not the movement's"),
        ("UPDATE movements SET entries = entries - 1", "were written"),
        ("UPDATE offers SET state = 'expired' WHERE state = 'declined'", "not what was written"),
        ("UPDATE offers SET state = 'accepted' WHERE state = 'held'", "not what was written"),
        ("UPDATE offers SET party = party + 1 WHERE state = 'accepted'", "not what was written"),
        ("DELETE FROM offers WHERE state = 'withdrawn'", "an offer is missing"),
    ],
)
def test_what_was_altered_by_hand_is_found(busy, done, found):
    busy.write(lambda tx: tx.execute(text(done)))
    assert found in wrong(busy)[0]


def test_an_entry_added_by_hand_is_found(busy):
    nothing = {"kind": "held", "at": busy.now, "seats": 0, "held": 0, "confirmed": 0}
    row = busy.read(lambda tx: tx.execute(entries.select()).first())
    own = {"owner": row.owner, "movement": row.movement, "office": row.office}
    busy.write(lambda tx: tx.execute(insert(entries).values(own | nothing | {"seq": 10})))
    assert wrong(busy) == ["there are 10 entries, and 9 were written"]
    busy.write(lambda tx: tx.execute(insert(entries).values(own | nothing | {"seq": 12, "offer": b(9)})))
    assert wrong(busy) == ["entry 11 is missing"]


@pytest.mark.parametrize(
    "done", ["UPDATE ledger SET held = 0", "DELETE FROM ledger", "DELETE FROM ledger WHERE seq = 2"]
)
def test_the_database_itself_refuses_to_change_an_entry(busy, done):
    with pytest.raises(StoreError):
        busy.write(lambda tx: tx.execute(text(done)))
    assert wrong(busy) == [""]


def test_who_is_erased_leaves_a_balance(busy, phones):
    busy.pass_(days=3)
    busy.as_(busy.chief, erasure.erase, alias_of(busy, phones[2]), busy.now)
    assert kinds(busy)[-1] == "erased"
    assert wrong(busy) == [""]
