"""Who boarded, who did not come, who came and was not taken along, and what follows."""

from datetime import timedelta

import pytest

from crypto.encoding import new_id
from crypto.statement import Reply
from relay import answers, attempts, cases, erasure, ledger, movements, outcomes, standby
from relay.notices import Draft, Seat
from relay.outcomes import Outcome
from tests.relay.house import House, Phone
from tests.relay.lending import Lending, befriend
from tests.relay.refusal import fails
from tests.relay.test_rule_cases import alias_of

BOTH = ("messages", "departures")


def accepted(house: House, phone: Phone, party: int = 3, code: str = "M-1") -> Draft:
    """An accepted offer on a movement that was called."""
    draft = house.draft(house.movement(9, code), [phone], party=party)
    house.schedule(draft)
    house.release()
    house.as_(phone, answers.answer, phone.answer(draft, Reply.ACCEPT, party=party), house.now)
    house.as_(house.chief, movements.step, draft.movement, "call", house.now)
    return draft


def record(house: House, draft: Draft, phone: Phone, state: str, *counts: int, by: str = "C-01") -> None:
    said = Outcome(alias_of(house, phone).lower(), state, *counts)
    house.as_(house.by(by), outcomes.record, draft.movement, said, house.now)


def tried(house: House, phone: Phone, outcome: str) -> None:
    named = {"way": "telephone", "outcome": outcome, "now": house.now}
    house.as_(house.by("W-01"), attempts.record, alias_of(house, phone), **named)


def balanced(house: House) -> bool:
    return [report.wrong for report in house.read(ledger.verify)] == [""] * len(house.read(ledger.verify))


@pytest.fixture
def phone(house):
    return house.enrolled(*BOTH)


def test_a_party_is_counted_person_by_person(house, phone):
    draft = accepted(house, phone)
    record(house, draft, phone, "boarded", 1, 1, 1)
    record(house, draft, phone, "boarded", 1, 1, 1)
    with fails("outcome_recorded"):
        record(house, draft, phone, "boarded", 3, 0, 0)
    (row,) = house.as_(house.chief, outcomes.board, draft.movement)
    assert (row.planned, row.held, row.accepted, row.boarded, row.no_show, row.not_lifted) == (
        9,
        0,
        3,
        1,
        1,
        1,
    )
    (again,) = house.as_(house.chief, outcomes.rolled_over)
    assert (again.alias, again.code, again.travellers) == (alias_of(house, phone), "M-1", 1)
    assert balanced(house)


def test_an_outcome_is_refused(house, phone):
    draft = accepted(house, phone)
    for counts in ((4, 0, 0), (0, 3, 0), (1, 1, 0), (0, 0, 2)):
        with fails("outcome_refused"):
            record(house, draft, phone, "boarded", *counts)
    for state, counts in (("lost", (3, 0, 0)), ("boarded", (4, -1, 0))):
        with fails("malformed"):
            record(house, draft, phone, state, *counts)
    with fails("not_allowed"):
        record(house, draft, phone, "boarded", 3, 0, 0, by="W-01")
    with fails("no_seat"):
        record(house, draft, house.enrolled(*BOTH), "boarded", 1, 0, 0)
    with fails("contact_not_found"):
        house.as_(house.chief, outcomes.record, draft.movement, Outcome("K-0", "boarded", 1, 0, 0), house.now)
    other = house.draft(house.movement(9, "M-2"), [phone])
    house.schedule(other)
    with fails("movement_state"):
        record(house, other, phone, "boarded", 1, 0, 0)


def test_who_was_not_taken_along_is_first_for_the_next_seats_until_they_boarded(house, phone):
    others = [house.enrolled(*BOTH) for _ in range(2)]
    record(house, accepted(house, phone), phone, "not_lifted")
    seats = [Seat(others[0].contact, new_id(), 4), Seat(others[1].contact, new_id(), 2, standby=1)]
    seats.append(Seat(phone.contact, new_id(), 3, standby=9))
    draft = house.draft(house.movement(4, "M-2"), [*others, phone], offers=seats)
    house.schedule(draft)
    rows = house.as_(house.chief, standby.listed, draft.movement)
    assert [(row.alias, row.rank) for row in rows] == [
        (alias_of(house, phone), 0), (alias_of(house, others[1]), 1),
    ]  # fmt: skip
    house.release()
    house.as_(others[0], answers.answer, others[0].answer(draft, Reply.DECLINE), house.now)
    house.as_(phone, answers.answer, phone.answer(draft, Reply.ACCEPT, party=3), house.now)
    house.as_(house.chief, movements.step, draft.movement, "call", house.now)
    assert len(house.as_(house.chief, outcomes.rolled_over)) == 1
    record(house, draft, phone, "boarded", 3, 0, 0)
    assert house.as_(house.chief, outcomes.rolled_over) == []
    assert balanced(house)


def test_who_did_not_come_is_reached_before_anything_is_closed(house, phone):
    case = house.as_(house.chief, cases.open_, contact=alias_of(house, phone), now=house.now)
    tried(house, phone, "reached")
    house.pass_(minutes=1)
    record(house, accepted(house, phone, party=1), phone, "no_show", 0, 1, 0)
    caseworker = house.by("W-01")
    house.pass_(minutes=1)
    for outcome in (None, "unanswered"):
        if outcome:
            tried(house, phone, outcome)
        with fails("not_reached"):
            house.as_(caseworker, outcomes.close_check, alias_of(house, phone), house.now)
        with fails("safety_check_open"):
            house.as_(house.chief, cases.close, case, reason="arrived", now=house.now)
    (check,) = house.as_(caseworker, outcomes.checks, house.now)
    assert (check.alias, check.code, check.tried_at, check.reached_at) == (
        alias_of(house, phone), "M-1", house.now, None,
    )  # fmt: skip
    tried(house, phone, "reached")
    house.as_(caseworker, outcomes.close_check, alias_of(house, phone), house.now)
    assert house.as_(caseworker, outcomes.checks, house.now) == []
    with fails("check_not_found"):
        house.as_(caseworker, outcomes.close_check, alias_of(house, phone), house.now)
    house.as_(house.chief, cases.close, case, reason="arrived", now=house.now)


def test_who_boarded_and_is_erased_still_counts_as_a_seat(house, phone):
    draft = accepted(house, phone)
    record(house, draft, phone, "not_lifted", 1, 1, 1)
    house.now = draft.expires + timedelta(days=2)
    house.as_(house.chief, erasure.erase, alias_of(house, phone), house.now)
    (row,) = house.as_(house.chief, outcomes.board, draft.movement)
    assert (row.accepted, row.boarded) == (3, 0)
    assert house.as_(house.chief, outcomes.checks, house.now) == []
    assert balanced(house)


def test_what_became_of_a_guests_people_is_the_guests(house, vault):
    guest = House(house.store, vault).register()
    befriend(house, guest)
    movement = house.movement(9)
    Lending(house, guest, movement, 4, house.now + timedelta(hours=48)).offer().take_up()
    phone = guest.enrolled(*BOTH)
    draft = guest.draft(movement, [phone], party=2)
    guest.schedule(draft)
    guest.release()
    guest.as_(phone, answers.answer, phone.answer(draft, Reply.ACCEPT, party=2), guest.now)
    house.as_(house.chief, movements.step, movement, "call", house.now)
    record(guest, draft, phone, "boarded", 2, 0, 0)
    own, theirs = house.as_(house.chief, outcomes.board, movement)
    assert (own.office, own.planned, own.boarded) == (house.office, 5, 0)
    assert (theirs.office, theirs.planned, theirs.accepted, theirs.boarded) == (guest.office, 4, 2, None)
    (only,) = guest.as_(guest.chief, outcomes.board, movement)
    assert (only.office, only.planned, only.boarded) == (guest.office, 4, 2)
    stranger = House(house.store, vault).register()
    with fails("movement_not_found"):
        stranger.as_(stranger.chief, outcomes.board, movement)
