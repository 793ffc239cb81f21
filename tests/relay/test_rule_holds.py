"""Seats held for an answer: silence gives nothing back before somebody tried to reach the person."""

from datetime import timedelta

import pytest

from crypto.encoding import new_id
from crypto.statement import Reply
from relay import answers, attempts, cases, holds, movements, notices
from relay.notices import Seat
from store import offers
from tests.relay.house import House, Phone
from tests.relay.refusal import fails
from tests.relay.test_rule_cases import alias_of, do

BOTH = ("messages", "departures")


@pytest.fixture
def phone(house):
    return house.enrolled(*BOTH)


@pytest.fixture
def out(house, phone):
    """A come for two that is out since an hour; an answer is due 24 h after it was drafted."""
    draft = house.draft(house.movement(5), [phone], party=2)
    house.schedule(draft)
    house.release()
    return draft


def tried(house: House, phone: Phone) -> None:
    person = alias_of(house, phone)
    house.as_(house.by("W-01"), attempts.record, person, way="telephone", outcome="unanswered", now=house.now)


def held(house: House) -> tuple[int, int]:
    (view,) = house.as_(house.chief, movements.listed)
    return view.held, view.confirmed


def state(house: House, draft) -> str:
    return house.read(lambda tx: offers.offer(tx, house.office, draft.offers[0].offer).state)


def expire(house: House) -> int:
    return house.write(holds.expire, house.now)


def test_a_hold_ends_in_time_once_somebody_tried_to_reach_them(house, phone, out):
    tried(house, phone)
    assert expire(house) == 0
    house.now = out.answer_by
    assert (expire(house), expire(house)) == (1, 0)
    assert (state(house, out), held(house)) == ("expired", (0, 0))
    for reply in (Reply.ACCEPT, Reply.DECLINE):
        with fails("notice_over"):
            house.as_(phone, answers.answer, phone.answer(out, reply), house.now)


def test_nobody_loses_a_seat_to_silence_unseen(house, phone, out):
    """Nor by a clock that was ahead for an hour."""
    house.pass_(hours=40)
    assert (expire(house), held(house)) == (0, (2, 0))
    tried(house, phone)
    house.now = out.answer_by - timedelta(seconds=1)
    assert (expire(house), held(house)) == (0, (2, 0))
    house.now = out.expires
    house.write(notices.expire, house.now)
    assert (state(house, out), held(house)) == ("expired", (0, 0))


def test_an_attempt_before_the_notice_was_out_is_none(house, phone):
    tried(house, phone)
    draft = house.draft(house.movement(5), [phone], party=2)
    house.schedule(draft)
    house.release()
    house.now = draft.answer_by
    assert expire(house) == 0


@pytest.mark.parametrize(("reply", "left"), [(Reply.HELP, "held"), (Reply.ACCEPT, "accepted")])
def test_who_answered_is_not_silent(house, phone, out, reply, left):
    house.as_(phone, answers.answer, phone.answer(out, reply), house.now)
    tried(house, phone)
    house.now = out.answer_by
    assert (expire(house), state(house, out)) == (0, left)


def test_the_desk_sees_whom_to_reach(house, phone, out):
    other = house.enrolled(*BOTH)
    seat = Seat(other.contact, new_id(), 1, hold_until=house.now + timedelta(hours=2))
    house.schedule(house.draft(out.movement, [other], offers=[seat]))
    house.release()
    tried(house, phone)
    rows = house.as_(house.by("W-01"), holds.silent, out.movement, house.now)
    assert [(row.alias, row.party, row.hold_until, row.tried_at) for row in rows] == [
        (alias_of(house, other), 1, seat.hold_until, None), (alias_of(house, phone), 2, out.answer_by, house.now),
    ]  # fmt: skip
    house.as_(phone, answers.answer, phone.answer(out, Reply.DECLINE), house.now)
    assert len(house.as_(house.chief, holds.silent, out.movement, house.now)) == 1
    with fails("movement_not_found"):
        house.as_(house.chief, holds.silent, bytes(16), house.now)


def test_a_hold_lasts_no_longer_than_its_notice(house, phone):
    movement = house.movement(5)
    for until in (house.now, house.now + timedelta(hours=49)):
        seat = Seat(phone.contact, new_id(), 1, hold_until=until)
        with fails("offers_refused"):
            house.schedule(house.draft(movement, [phone], offers=[seat]))


def test_a_household_has_one_offer_no_larger_than_itself(house, phone):
    other, movement = house.enrolled(*BOTH), house.movement(9)
    case = house.as_(house.chief, cases.open_, contact=alias_of(house, phone), now=house.now)
    with fails("party_exceeds_household"):
        house.schedule(house.draft(movement, [phone], party=2))
    do(house, cases.add_member, case, kind="adult", contact=alias_of(house, other))
    with fails("offer_taken"):
        house.schedule(house.draft(movement, [phone, other]))
    house.schedule(house.draft(movement, [phone], party=2))
    with fails("offer_taken"):
        house.schedule(house.draft(movement, [other]))
    assert held(house) == (2, 0)
    house.schedule(house.draft(house.movement(9, "M-2"), [other]))


def test_who_joins_a_household_brings_no_second_offer(house, phone):
    other, movement = house.enrolled(*BOTH), house.movement(9)
    house.schedule(house.draft(movement, [phone]))
    house.schedule(house.draft(movement, [other]))
    case = house.as_(house.chief, cases.open_, contact=alias_of(house, phone), now=house.now)
    with fails("household_has_offer"):
        do(house, cases.add_member, case, kind="adult", contact=alias_of(house, other))
    other.consent("departures", given=False)
    do(house, cases.add_member, case, kind="adult", contact=alias_of(house, other))
    other.consent("departures")
    with fails("offer_taken"):
        house.schedule(house.draft(movement, [other]))
    do(house, cases.remove_member, case, member=2)
    house.schedule(house.draft(movement, [other]))
