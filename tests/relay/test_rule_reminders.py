"""Who has not answered is rung for again at 24, 6 and 2 hours: each once, never late, and no more after an answer."""

from datetime import timedelta

import pytest

from crypto.encoding import new_id
from crypto.statement import Reply
from relay import answers, notices, reminders
from relay.delivery import Sent
from relay.notices import Draft, Seat
from tests.relay.house import House, Phone
from tests.relay.test_rule_bells import beat, bells
from tests.relay.test_rule_delivery import BOTH, CHAT, Courier

RING = [("ring", CHAT)]


@pytest.fixture
def courier(house: House) -> Courier:
    return Courier(house)


@pytest.fixture
def phone(house: House) -> Phone:
    return house.enrolled(*BOTH, telegram_id=CHAT)


@pytest.fixture
def draft(house: House, phone: Phone, courier: Courier) -> Draft:
    """Out for two hours, read, and to be answered within 30."""
    times = {"release_at": house.now, "answer_by": house.now + timedelta(hours=32)}
    made = house.draft(house.movement(9), [phone], expires=house.now + timedelta(hours=60), **times)
    house.schedule(made)
    house.write(notices.release_due, house.now)
    assert bells(courier) == RING
    phone.read()
    assert bells(courier) == [("delete", CHAT)]
    house.pass_(hours=2)
    return made


def reminded(house: House, courier: Courier) -> list[tuple[str, int]]:
    while house.write(reminders.remind, house.now):
        pass
    return bells(courier)


def at(house: House, draft: Draft, **before: float) -> None:
    house.now = draft.answer_by - timedelta(**before)


def test_each_hour_rings_once_though_everything_was_read(house, courier, draft):
    assert reminded(house, courier) == []
    assert house.read(reminders.next_due, house.now) == draft.answer_by - timedelta(hours=24)
    for hours in reminders.HOURS:
        at(house, draft, hours=hours)
        assert reminded(house, courier) == RING, hours
        house.pass_(minutes=1)
        assert reminded(house, courier) == []
        beat(house)
        assert bells(courier) == [], "it stands until there is an answer"
    house.now = draft.answer_by
    beat(house)
    assert bells(courier) == [("delete", CHAT)]


def test_a_bell_on_its_way_reminds_too(house, phone, courier, draft):
    house.write_to(phone)
    at(house, draft, hours=24)
    [claim] = courier.claim()
    while house.write(reminders.remind, house.now):
        pass
    assert courier.settle(claim, Sent(7))
    phone.read()
    assert bells(courier) == [], "it stands until there is an answer"


def test_an_answer_ends_them(house, phone, courier, draft):
    at(house, draft, hours=24)
    assert reminded(house, courier) == RING
    house.as_(phone, answers.answer, phone.answer(draft, Reply.HELP), house.now)
    assert bells(courier) == [("delete", CHAT)]
    at(house, draft, hours=6)
    assert reminded(house, courier) == []


def test_a_late_one_is_left_out_and_a_clock_that_goes_back_repeats_none(house, courier, draft):
    at(house, draft, hours=23, minutes=29)
    assert reminded(house, courier) == []
    at(house, draft, hours=6)
    assert reminded(house, courier) == RING
    at(house, draft, hours=24)
    assert reminded(house, courier) == []
    at(house, draft, hours=2)
    assert reminded(house, courier) == RING


@pytest.mark.parametrize("end", ["cancelled", "withdrawn", "declined", "messages"])
def test_nobody_is_reminded_of_what_is_over(house, phone, courier, draft, end):
    if end == "cancelled":
        house.cancel(draft)
    elif end == "withdrawn":
        phone.consent("departures", given=False)
    elif end == "declined":
        house.as_(phone, answers.answer, phone.answer(draft, Reply.DECLINE), house.now)
    else:
        phone.consent("messages", given=False)
    bells(courier)
    at(house, draft, hours=24)
    assert [each for each in reminded(house, courier) if each[0] == "ring"] == []


def test_at_night_it_is_silent(house, courier, draft):
    """24 hours before, it is half past nine in the evening in Kabul; 6 hours before, half past three."""
    for hours, silent in ((24, True), (6, False)):
        at(house, draft, hours=hours)
        house.write(reminders.remind, house.now)
        (ring,) = courier.run()
        assert (ring.kind, ring.silent) == ("ring", silent)


def test_whoever_got_a_seat_late_is_reminded_by_their_own_time(house, phone, courier):
    late = house.enrolled(*BOTH, telegram_id=CHAT + 1)
    times = {"release_at": house.now, "answer_by": house.now + timedelta(hours=20)}
    seats = [Seat(phone.contact, new_id(), 2), Seat(late.contact, new_id(), 2, standby=1)]
    end = {"expires": house.now + timedelta(hours=48)}
    draft = house.draft(house.movement(2), [phone, late], offers=seats, **times, **end)
    house.schedule(draft)
    house.write(notices.release_due, house.now)
    house.now = draft.expires - timedelta(hours=25)  # past the notice's time to answer
    house.as_(phone, answers.answer, phone.answer(draft, Reply.DECLINE), house.now)
    for each in (phone, late):
        each.read()
    bells(courier)
    assert house.read(reminders.next_due, house.now) == draft.expires - timedelta(hours=24)
    for hours in reminders.HOURS:
        assert reminded(house, courier) == []
        house.now = draft.expires - timedelta(hours=hours)
        assert reminded(house, courier) == [("ring", CHAT + 1)], hours
    house.now = draft.expires
    beat(house)
    assert bells(courier) == [("delete", CHAT + 1)]


def test_whoever_got_a_seat_a_moment_ago_is_not_reminded_at_once(house, phone, courier):
    late = house.enrolled(*BOTH, telegram_id=CHAT + 1)
    seats = [Seat(phone.contact, new_id(), 2), Seat(late.contact, new_id(), 2, standby=1)]
    end = {"answer_by": house.now + timedelta(hours=45), "expires": house.now + timedelta(hours=48)}
    draft = house.draft(house.movement(2), [phone, late], offers=seats, release_at=house.now, **end)
    house.schedule(draft)
    house.write(notices.release_due, house.now)
    house.now = draft.expires - timedelta(hours=23, minutes=50)
    house.as_(phone, answers.answer, phone.answer(draft, Reply.DECLINE), house.now)
    late.read()
    bells(courier)
    assert reminded(house, courier) == []
    house.now = draft.expires - timedelta(hours=6)
    assert reminded(house, courier) == [("ring", CHAT + 1)]


def test_what_came_out_late_is_not_reminded_of_at_once(house, phone, courier):
    times = {"release_at": house.now, "answer_by": house.now + timedelta(hours=24, minutes=-5)}
    made = house.draft(house.movement(9), [phone], expires=house.now + timedelta(hours=40), **times)
    house.schedule(made)
    house.write(notices.release_due, house.now)
    bells(courier)
    house.pass_(minutes=1)
    assert reminded(house, courier) == []
    at(house, made, hours=6)
    assert reminded(house, courier) == RING
