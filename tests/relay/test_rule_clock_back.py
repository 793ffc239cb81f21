"""A clock that is set back makes nobody wait for the difference, and sends nothing late or too early."""

from datetime import timedelta

import pytest

from relay import accounts, delivery, doorbells, inbox, outbox
from relay.delivery import Gone, Later, Sent
from relay.inbox import Update
from tests.relay.house import House, Phone
from tests.relay.test_rule_delivery import BOTH, CHAT, Courier, account
from tests.relay.test_rule_repairs import keys, say

BACK = timedelta(hours=20)


@pytest.fixture
def courier(house: House) -> Courier:
    return Courier(house)


@pytest.fixture
def phone(house: House) -> Phone:
    return house.enrolled(*BOTH, telegram_id=CHAT)


def set_back(house: House, by: timedelta = BACK) -> None:
    """The clock is set right, and the server looks at its rows as it does then."""
    house.now -= by
    house.write(delivery.mend, house.now)


def test_what_waits_goes_out_at_once(house, phone, courier):
    say(house, "one")
    house.write_to(phone, urgent=True)
    house.write(outbox.delete, account(house), 5, house.now)
    set_back(house)
    assert sorted(claim.kind for claim in courier.run()) == ["delete", "reply", "ring"]


def test_a_pause_telegram_asked_for_is_kept_whole(house, courier):
    say(house, "one")
    (flying,) = courier.claim()
    courier.settle(flying, Later(house.now + timedelta(seconds=40)))
    house.pass_(seconds=10)
    set_back(house)
    house.pass_(seconds=39)
    assert courier.claim() == []
    house.pass_(seconds=1)
    assert keys(courier.run()) == ["one"]


def test_nothing_outlives_its_time(house, courier):
    say(house, "one")
    set_back(house)
    house.pass_(hours=1)
    assert courier.run() == []


def test_an_answer_vanishes_in_its_time(house, courier):
    house.write(
        outbox.reply, account(house), "q", {}, house.now, dedupe="q", vanish_after=timedelta(minutes=10)
    )
    courier.run()
    set_back(house)
    house.pass_(minutes=9)
    assert courier.run() == []
    house.pass_(minutes=1)
    assert [claim.kind for claim in courier.run()] == ["delete"]


def test_a_claim_whose_holder_died_is_taken_back(house, courier):
    say(house, "one")
    courier.claim()
    set_back(house)
    assert courier.claim() == []
    house.pass_(minutes=1)
    assert keys(courier.run()) == ["one"]


def test_a_claim_under_way_is_settled_all_the_same(house, courier):
    say(house, "one")
    (flying,) = courier.claim()
    set_back(house)
    assert courier.settle(flying, Sent(1)) is True
    assert courier.run() == []


def test_another_process_may_lead(house, courier):
    house.now -= BACK
    lead = house.write(delivery.lead, "two", house.now)
    assert lead is not None
    assert lead.fence == courier.lead.fence + 1
    assert house.write(delivery.lead, "three", house.now) is None


def test_a_small_difference_between_machines_is_no_matter(house, courier):
    say(house, "one")
    house.now -= timedelta(seconds=30)
    assert house.write(delivery.mend, house.now) == 0
    assert house.write(delivery.lead, "two", house.now) is None


def test_mended_once(house, phone, courier):
    say(house, "one")
    house.write_to(phone)
    house.now -= BACK
    assert house.write(delivery.mend, house.now) == 2
    assert house.write(delivery.mend, house.now) == 0


def test_a_bell_is_renewed_before_it_can_no_longer_be_deleted(house, phone, courier):
    house.write_to(phone)
    courier.run()
    set_back(house)
    house.pass_(hours=46, minutes=1)
    house.write(doorbells.renew, house.read(doorbells.old, house.now), house.now)
    assert [(claim.kind, claim.replaces) for claim in courier.run()] == [("ring", 101)]


def test_an_update_from_the_future_is_no_sign_of_life(house, phone, courier, vault):
    """Or a ring to somebody who blocked the bot would be tried again and again, at once, for all that time."""
    house.write(inbox.take, vault, [Update(1, CHAT, {})], house.now)
    house.write(inbox.done, 1, house.now)
    set_back(house)
    house.write_to(phone)
    (ring,) = courier.claim()
    assert courier.settle(ring, Gone())
    assert courier.run() == []
    assert house.write(accounts.known, house.vault, CHAT, house.now).blocked is True
