"""A letter that nobody answered in time comes before all others, and wakes coordinators off duty."""

from datetime import timedelta

import pytest

from relay import claims, duty, escalations, post, summaries, wipe
from tests.relay.house import House, Phone
from tests.relay.refusal import fails
from tests.relay.test_rule_bells import beat
from tests.relay.test_rule_delivery import Courier, officer_account

COORDINATOR, CASEWORKER = 12, 13


@pytest.fixture
def phone(house: House) -> Phone:
    return house.enrolled("messages")


def overdue(house: House) -> list[escalations.Overdue]:
    return house.as_(house.chief, escalations.listed, house.now)


def fetch(house: House, *codes: str) -> None:
    for code in codes:
        house.as_(house.by(code), post.mail, 0, 50, house.now)


@pytest.mark.parametrize(("urgent", "hours"), [(False, 24), (True, 2)])
def test_the_time_is_counted_to_the_second_and_an_answer_ends_it(house, phone, urgent, hours):
    phone.send(urgent=urgent)
    due = house.now + timedelta(hours=hours)
    fetch(house, "C-01")  # that somebody fetched it is no answer
    house.pass_(hours=hours, seconds=-1)
    assert overdue(house) == []
    house.pass_(seconds=1)
    [late] = overdue(house)
    assert (late.contact, late.due_at) == (phone.contact, due)
    house.write_to(phone, quiet=True)  # a receipt
    assert overdue(house) == [late]
    house.write_to(phone, by=house.by("W-01"))
    assert overdue(house) == []
    house.pass_(hours=48)
    assert overdue(house) == []


def test_the_first_letter_counts_unless_a_later_one_presses(house, phone):
    other = house.enrolled("messages")
    phone.send()
    other.send()
    house.pass_(hours=20)
    other.send()
    phone.send(urgent=True)
    house.pass_(hours=2)
    assert [each.contact for each in overdue(house)] == [phone.contact]
    house.pass_(hours=2)
    assert [each.contact for each in overdue(house)] == [phone.contact, other.contact]
    house.write(wipe.wipe, phone.wipe(), house.now)
    assert [each.contact for each in overdue(house)] == [other.contact]


def test_within_one_batch_the_order_decides(house, phone):
    """Question, answer, question: the last one is due by its own time."""
    house.write_to(phone)

    def parcels(*senders):
        made = []
        for sender in senders:
            data = sender.letter() if sender is phone else house.seal(sender, house.to(phone))
            made.append(post.Upload(sender.device, data, house.now))
        house.write(post.accept_many, made)

    parcels(phone, house.chief)
    house.pass_(hours=24)
    assert overdue(house) == []
    parcels(phone, house.chief, phone)
    house.pass_(hours=24)
    assert len(overdue(house)) == 1


def test_an_officer_may_say_that_it_needs_no_answer(house, phone):
    phone.send()
    house.pass_(hours=24)
    alias = overdue(house)[0].alias
    house.as_(house.chief, claims.take, alias, house.now)
    house.as_(house.chief, claims.release, alias, house.now)
    assert len(overdue(house)) == 1
    with fails("not_allowed"):
        house.as_(house.by("A-01"), claims.release, alias, house.now, done=True)
    house.as_(house.chief, claims.release, alias, house.now, done=True)
    assert overdue(house) == []


def test_only_for_those_who_read_mail(house, phone):
    phone.send()
    house.pass_(hours=24)
    with fails("not_allowed"):
        house.as_(house.by("A-01"), escalations.listed, house.now)
    with fails("not_allowed"):
        house.as_(phone, escalations.listed, house.now)


def test_the_queue_shows_it_though_it_was_fetched(house, phone):
    phone.send()
    fetch(house, "C-01")
    assert house.as_(house.chief, summaries.queue, house.now).waiting == []
    house.pass_(hours=25)
    fresh = house.enrolled("messages")
    fresh.send()
    by = {each.unread: each for each in house.as_(house.chief, summaries.queue, house.now).waiting}
    assert (by[0].oldest, by[0].overdue) == (None, house.now - timedelta(hours=1))
    assert (by[1].oldest, by[1].overdue) == (house.now, None)


def test_coordinators_off_duty_are_rung_and_nobody_else(house, phone):
    courier = Courier(house)
    for code, chat in (("C-02", COORDINATOR), ("W-01", CASEWORKER), ("C-01", 11)):
        officer_account(house, code, chat)
    for code in ("C-02", "W-01"):
        house.as_(house.by(code), duty.set_, on=False, now=house.now)
    phone.send()
    fetch(house, "C-01")
    courier.run()
    house.pass_(hours=24, seconds=-1)
    beat(house)
    assert courier.run() == []
    house.pass_(seconds=1)
    beat(house)
    assert {claim.chat for claim in courier.run()} == {COORDINATOR, 11}
    fetch(house, "C-02")  # reading is no answer: the bells stay
    beat(house)
    assert courier.run() == []
    house.write_to(phone)
    beat(house)
    assert {(claim.kind, claim.chat) for claim in courier.run()} == {("delete", COORDINATOR), ("delete", 11)}
