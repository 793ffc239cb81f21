"""Who delivers: the lease, its fence, and what a process may still do that lost it without noticing."""

from datetime import timedelta

import pytest

from relay import delivery, leader
from relay.delivery import Gone, Later, Lead, Refused, Sent, Uncertain
from tests.relay.house import START, House, Phone
from tests.relay.refusal import fails
from tests.relay.test_rule_delivery import BOTH, CHAT, Courier
from tests.relay.test_rule_repairs import keys, say

NAME = "host:8470"


@pytest.fixture
def courier(house: House) -> Courier:
    return Courier(house, leader.instance(NAME))


@pytest.fixture
def phone(house: House) -> Phone:
    return house.enrolled(*BOTH, telegram_id=CHAT)


def take(house: House, owner: str, **options) -> Lead | None:
    return house.write(delivery.lead, owner, house.now, **options)


def test_one_leads_until_its_term_is_over_or_it_resigns(house, phone, courier):
    assert take(house, "two") is None
    stale = courier.lead
    house.pass_(seconds=30)
    two = take(house, "two")
    assert two.fence == stale.fence + 1
    with fails("not_leader"):
        house.write(delivery.claim, house.vault, stale, house.now)
    house.write(leader.resign, stale, house.now)  # it has nothing to give back
    assert take(house, courier.owner) is None
    house.write(leader.resign, two, house.now)
    assert take(house, courier.owner).fence == two.fence + 1


def test_a_term_that_ran_out_claims_nothing(house, phone, courier):
    house.write_to(phone)
    house.pass_(seconds=30)
    with fails("not_leader"):
        house.write(delivery.claim, house.vault, courier.lead, house.now)


def test_a_claim_says_until_when_it_may_be_sent(house, phone, courier):
    house.write_to(phone)
    house.pass_(seconds=7)
    (ring,) = courier.claim()
    assert ring.until == courier.lead.until == house.now + leader.TERM


def test_two_processes_of_one_name_are_told_apart(house, courier):
    """The second was started in the place of the first, which lives on all the same: one of them leads."""
    first, other = courier.owner, leader.instance(NAME)
    assert first != other
    assert take(house, other) is None  # once it has led, a name is no reason
    lead = take(house, other, fresh=True)
    assert lead.fence == courier.lead.fence + 1
    assert take(house, first) is None
    assert take(house, other).fence == lead.fence
    with fails("not_leader"):
        house.write(delivery.claim, house.vault, courier.lead, house.now)


def test_a_restart_takes_up_at_once_what_its_name_had_in_flight_and_nobody_elses(house, courier):
    say(house, "one")
    (flying,) = courier.claim()
    lead = take(house, leader.instance(NAME), fresh=True)
    (again,) = house.write(delivery.claim, house.vault, lead, house.now)
    assert (again.key, again.tries) == ("one", 2)
    assert courier.settle(flying, Sent(1)) is False
    house.pass_(seconds=30)
    stranger = take(house, leader.instance("other:8470"), fresh=True)
    assert house.write(delivery.claim, house.vault, stranger, house.now) == []


@pytest.mark.parametrize("outcome", [Sent(1), Later(START), Gone(), Refused("x"), Uncertain()])
def test_who_lost_the_lead_settles_nothing_while_another_leads(house, courier, outcome):
    say(house, "one")
    (flying,) = courier.claim()
    house.pass_(seconds=30)
    two = take(house, "two")
    assert courier.settle(flying, outcome) is False
    house.pass_(seconds=30)  # nobody renewed, so nobody leads
    house.write(leader.resign, two, house.now)
    assert courier.settle(flying, Sent(1)) is True


def test_what_the_dead_had_in_flight_does_not_wait_behind_the_others(house, courier):
    """However much is due: whoever wins the lead or renews it takes back what nobody holds any more."""
    say(house, "one")
    courier.claim()
    for chat in range(30):
        say(house, f"other {chat}", chat=1000 + chat)
    house.pass_(seconds=30)
    two = Courier(house, "two")
    assert "one" not in keys(two.claim(limit=5))
    house.pass_(seconds=20)
    assert "one" not in keys(two.claim(limit=5))
    house.pass_(seconds=10)
    assert keys(two.claim(limit=5))[0] == "one"


def test_a_pause_for_everyone_holds_for_whoever_leads_next(house, courier):
    say(house, "one")
    (flying,) = courier.claim()
    end = house.now + timedelta(seconds=40)
    courier.settle(flying, Later(end, everyone=True))
    say(house, "two", chat=9)
    (flying,) = courier.claim()
    courier.settle(flying, Later(house.now + timedelta(seconds=5), everyone=True))  # does not shorten it
    assert take(house, leader.instance(NAME), fresh=True).not_before == end
    house.pass_(seconds=35)
    assert take(house, "two").not_before == end
    house.pass_(seconds=5)
    assert take(house, "two").not_before is None


def test_a_pause_of_one_chat_is_its_own(house, courier):
    say(house, "one")
    (flying,) = courier.claim()
    courier.settle(flying, Later(house.now + timedelta(seconds=40)))
    assert take(house, courier.owner).not_before is None


def test_a_pause_moves_along_with_a_clock_that_is_set_back(house, courier):
    say(house, "one")
    (flying,) = courier.claim()
    courier.settle(flying, Later(house.now + timedelta(seconds=40), everyone=True))
    house.now -= timedelta(hours=20)
    assert take(house, "two").not_before == house.now + timedelta(seconds=40)


def test_outcomes_are_settled_together_each_on_its_own(house, courier):
    phones = [house.enrolled(*BOTH, telegram_id=CHAT + number) for number in range(5)]
    house.write_to(*phones)
    claims = courier.claim()
    phones[1].read()  # while it flew
    outcomes = [Sent(11), Sent(12), Gone(), Later(house.now), Sent(15)]
    settled = [
        delivery.Settlement(claim, outcome, house.now)
        for claim, outcome in zip(claims, outcomes, strict=True)
    ]
    assert courier.settle(claims[4], Sent(15))
    assert house.write(delivery.settle_many, settled) == [True, True, True, True, False]
    due = sorted((claim.kind, claim.account, claim.message_id) for claim in courier.run())
    assert due == sorted([("delete", claims[1].account, 12), ("ring", claims[3].account, None)])
