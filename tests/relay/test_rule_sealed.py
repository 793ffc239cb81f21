"""An id or payload that does not open (another vault key, a damaged row) holds up nobody else and is not lost."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from relay import delivery, inbox, outbox
from relay.delivery import Later, Sent
from relay.inbox import Update
from store.model import metadata
from tests.relay.house import House
from tests.relay.test_rule_delivery import CHAT, Courier, account
from tests.relay.test_rule_repairs import say

accounts_, inbox_, outbox_ = (metadata.tables[name] for name in ("accounts", "inbox", "outbox"))


@pytest.fixture
def courier(house: House) -> Courier:
    return Courier(house)


def damage(house: House, mine: int) -> bytes:
    """The account's sealed id, changed by one bit; returns it as it was."""

    def rule(tx) -> bytes:
        sealed = tx.execute(select(accounts_.c.sealed).where(accounts_.c.id == mine)).scalar_one()
        bad = sealed[:-1] + bytes([sealed[-1] ^ 1])
        tx.execute(accounts_.update().where(accounts_.c.id == mine).values(sealed=bad))
        return sealed

    return house.write(rule)


def mend(house: House, mine: int, sealed: bytes) -> None:
    house.write(lambda tx: tx.execute(accounts_.update().where(accounts_.c.id == mine).values(sealed=sealed)))


def test_an_account_that_does_not_open_holds_up_nobody_and_is_served_once_it_opens(house, courier):
    mine = account(house)
    say(house, "one")
    say(house, "other", chat=9)
    sealed = damage(house, mine)
    first, second = courier.claim(limit=2)
    assert (first.key, first.readable, second.key, second.readable) == ("one", False, "other", True)
    assert courier.settle(first, Later(house.now + timedelta(minutes=10)))
    assert courier.settle(second, Sent(5))
    assert courier.claim() == []
    mend(house, mine, sealed)
    house.pass_(minutes=10)
    assert [(claim.key, claim.chat, claim.readable) for claim in courier.claim()] == [("one", CHAT, True)]


@pytest.mark.parametrize("column", [{"callback_id": "AAAA"}, {"callback_id": "%%%"}, {"params": "{"}])
def test_a_damaged_row_holds_up_nobody(house, courier, column):
    mine = account(house)
    house.write(outbox.answer_callback, house.vault, mine, "cb", house.now, key="", dedupe="1")
    house.write(lambda tx: tx.execute(outbox_.update().values(**column)))
    say(house, "other", chat=9)
    assert sorted((claim.kind, claim.readable) for claim in courier.claim()) == [
        ("answer_callback", False),
        ("reply", True),
    ]


@pytest.mark.parametrize(
    "payload", ["{", json.dumps([]), json.dumps({"press": "AAAA"}), json.dumps({"press": 1}), None]
)
def test_updates_that_do_not_open_are_kept_and_passed_over(house, vault, payload):
    updates = [Update(number, CHAT, {"text": "x"}) for number in range(1, 8)]
    house.write(inbox.take, vault, updates, house.now)
    bad = inbox_.update().where(inbox_.c.update_id <= 5)
    house.write(lambda tx: tx.execute(bad.values(payload=payload)))
    found = house.read(inbox.look, vault, 2)
    assert [taken.update_id for taken in found.taken] == [6, 7]
    assert found.unopened == {1, 2, 3, 4, 5}
    assert [taken.update_id for taken in house.read(inbox.pending, vault, 1)] == [6]
    count = select(inbox_.c.update_id).where(inbox_.c.done.is_(False))
    assert len(house.read(lambda tx: tx.execute(count).all())) == 7


def test_updates_of_an_account_that_does_not_open_wait_until_it_does(house, vault):
    house.write(inbox.take, vault, [Update(1, CHAT, {}), Update(2, 9, {})], house.now)
    mine = account(house)
    sealed = damage(house, mine)
    assert [taken.update_id for taken in house.read(inbox.pending, vault)] == [2]
    mend(house, mine, sealed)
    assert [taken.update_id for taken in house.read(inbox.pending, vault)] == [1, 2]


def test_nothing_is_put_on_the_wire_for_it(house, courier):
    say(house, "one")
    damage(house, account(house))
    (claim,) = courier.claim()
    assert (claim.chat, claim.callback_id, claim.params) == (0, "", {})
    assert timedelta(minutes=1) <= delivery.ASIDE
