"""What nobody should ask of seats, and what comes of it: nothing."""

import pytest

from crypto.statement import Reply
from relay import answers, enrolments, ledger, movements
from tests.relay.house import House, Phone
from tests.relay.refusal import fails

BOTH = ("messages", "departures")


@pytest.fixture
def phone(house):
    return house.enrolled(*BOTH)


@pytest.fixture
def out(house, phone):
    draft = house.draft(house.movement(4), [phone], party=3)
    house.schedule(draft)
    house.release()
    return draft


def say(phone: Phone, draft, reply: Reply, party: int = 1) -> str:
    return phone.house.as_(phone, answers.answer, phone.answer(draft, reply, party=party), phone.house.now)


def taken(house: House) -> tuple[int, int]:
    (view,) = house.as_(house.chief, movements.listed)
    assert [report.wrong for report in house.read(ledger.verify)] == [""]
    return view.held, view.confirmed


def second(house: House, phone: Phone) -> Phone:
    """Another device of the same contact."""
    other = house.invite(contact=phone.contact)
    other.enrol()
    other.card = phone.card
    card = house.card(other, phone, cosign=house.by("C-02"))
    house.as_(house.chief, enrolments.card, card, None, house.now)
    return other


def test_more_offers_than_seats_hold_none_of_them(house, out):
    others = [house.enrolled(*BOTH) for _ in range(2)]
    with fails("seats_short"):
        house.schedule(house.draft(out.movement, others))
    with fails("seats_short"):
        house.schedule(house.draft(out.movement, others[:1], party=2))
    assert taken(house) == (3, 0)
    house.schedule(house.draft(out.movement, others[:1]))
    assert taken(house) == (4, 0)


def test_two_devices_answer_for_one_offer_and_the_last_word_counts(house, phone, out):
    other = second(house, phone)
    assert say(phone, out, Reply.ACCEPT, 3) == "accepted"
    assert say(other, out, Reply.ACCEPT, 2) == "accepted"
    assert taken(house) == (0, 2)
    with fails("party_too_large"):  # a party that went down does not go up by itself
        say(phone, out, Reply.ACCEPT, 3)
    assert say(other, out, Reply.DECLINE) == say(phone, out, Reply.DECLINE) == "declined"
    assert taken(house) == (0, 0)


def test_the_same_answer_twice_is_one(house, phone, out):
    said = phone.answer(out, Reply.ACCEPT, party=2)
    for _ in range(2):
        assert house.as_(phone, answers.answer, said, house.now) == "accepted"
    assert taken(house) == (0, 2)


def test_after_the_deadline_only_a_seat_is_given_back(house, phone, out):
    say(phone, out, Reply.ACCEPT, 3)
    house.now = out.answer_by
    with fails("notice_over"):
        say(phone, out, Reply.ACCEPT, 2)
    assert taken(house) == (0, 3)
    assert say(phone, out, Reply.DECLINE) == "declined"
    with fails("notice_over"):
        say(phone, out, Reply.ACCEPT, 3)
    assert taken(house) == (0, 0)


def test_a_withdrawn_offer_is_answered_no_more(house, phone, out):
    phone.consent("departures", given=False)
    phone.consent("departures")
    for reply in (Reply.ACCEPT, Reply.DECLINE):
        with fails("notice_over"):
            say(phone, out, reply)
    assert taken(house) == (0, 0)


def test_nobody_accepts_what_has_left(house, phone, out):
    for word in ("call", "depart"):
        house.as_(house.chief, movements.step, out.movement, word, house.now)
    with fails("notice_over"):
        say(phone, out, Reply.ACCEPT)
    assert say(phone, out, Reply.DECLINE) == "declined"
    assert taken(house) == (0, 0)
