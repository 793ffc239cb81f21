"""What is to be taken out of a chat is taken out of it, though its owner blocks the bot in between."""

from datetime import timedelta

import pytest

from relay import accounts, outbox
from relay.delivery import Gone, Later, Sent
from tests.relay.house import House, Phone
from tests.relay.test_rule_delivery import BOTH, CHAT, Courier, account, officer_account

TEN = timedelta(minutes=10)


@pytest.fixture
def courier(house: House) -> Courier:
    return Courier(house)


@pytest.fixture
def officer(house: House) -> int:
    return officer_account(house)


def answered(house: House, courier: Courier, officer: int) -> int:
    """An answer that deletes itself stands in the chat; its number."""
    house.write(outbox.reply, officer, "queue", {}, house.now, dedupe="q", vanish_after=TEN)
    courier.run()
    return courier.messages


def blocked(house: House, mine: int, on: bool) -> None:
    house.write(accounts.blocked, mine, on, house.now)


def deleted(claims) -> list[tuple[str, int]]:
    return [(claim.kind, claim.message_id) for claim in claims]


@pytest.mark.parametrize("back_after", [1, 11])
def test_an_answer_vanishes_though_the_officer_blocked_in_between(house, courier, officer, back_after):
    message = answered(house, courier, officer)
    blocked(house, officer, True)
    house.pass_(minutes=back_after)
    assert courier.run() == []
    blocked(house, officer, False)
    if back_after < 10:
        assert courier.run() == []
        house.pass_(minutes=10 - back_after)
    assert deleted(courier.run()) == [("delete", message)]


def test_while_it_is_blocked_nothing_is_tried_nor_looked_at_again_and_again(house, courier, officer):
    answered(house, courier, officer)
    blocked(house, officer, True)
    house.pass_(minutes=11)
    assert courier.claim() == []
    from relay import delivery  # noqa: PLC0415

    assert house.read(delivery.next_due) > house.now + timedelta(hours=1)


def test_a_deletion_in_flight_when_it_is_found_out(house, courier, officer):
    message = answered(house, courier, officer)
    house.pass_(minutes=10)
    (flying,) = courier.claim()
    assert courier.settle(flying, Gone())
    assert courier.run() == []
    house.pass_(hours=1)
    assert courier.run() == []
    blocked(house, officer, False)
    assert deleted(courier.run()) == [("delete", message)]


def test_an_answer_that_arrives_just_before_the_blocking(house, courier, officer):
    house.write(outbox.reply, officer, "queue", {}, house.now, dedupe="q", vanish_after=TEN)
    (flying,) = courier.claim()
    blocked(house, officer, True)
    assert courier.settle(flying, Sent(77))
    house.pass_(minutes=10)
    assert courier.run() == []
    blocked(house, officer, False)
    assert deleted(courier.run()) == [("delete", 77)]


def test_what_telegram_never_lets_us_delete_is_given_up(house, courier, officer):
    answered(house, courier, officer)
    blocked(house, officer, True)
    house.pass_(hours=48)
    blocked(house, officer, False)
    assert courier.run() == []


def test_who_comes_back_finds_one_bell_not_two(house, courier):
    phone = house.enrolled(*BOTH, telegram_id=CHAT)
    house.write_to(phone)
    courier.run()
    old = courier.messages
    blocked(house, account(house), True)
    house.pass_(hours=1)
    blocked(house, account(house), False)
    assert sorted(deleted(courier.run())) == [("delete", old), ("ring", None)]


def test_coming_back_hurries_nothing_that_telegram_made_wait(house, courier, officer):
    answered(house, courier, officer)
    house.pass_(minutes=10)
    (flying,) = courier.claim()
    courier.settle(flying, Later(house.now + timedelta(seconds=30)))
    blocked(house, officer, False)
    house.pass_(seconds=29)
    assert courier.run() == []
    house.pass_(seconds=1)
    assert len(courier.run()) == 1


def typed(house: House, phone: Phone) -> None:
    house.write(outbox.delete, account(house), 5, house.now)


def test_what_a_person_typed_goes_too(house, courier):
    phone = house.enrolled(*BOTH, telegram_id=CHAT)
    typed(house, phone)
    blocked(house, account(house), True)
    blocked(house, account(house), False)
    assert deleted(courier.run()) == [("delete", 5)]
