"""Departures in numbers, by code; what is proposed about them, and what comes of it at a device."""

from datetime import timedelta

import pytest

from crypto.encoding import new_id
from crypto.notice import NoticeKind, verification_code
from crypto.statement import Reply
from relay import answers, conditions, departures, movements, notices, outcomes, proposals
from relay.notices import Draft, Seat
from tests.relay.house import House, Phone
from tests.relay.lending import Lending, befriend
from tests.relay.refusal import fails
from tests.relay.test_rule_cases import alias_of
from tests.relay.test_rule_confirming import decide, pocket, propose

BOTH = ("messages", "departures")


@pytest.fixture
def phone(house):
    return house.enrolled(*BOTH, telegram_id=77)


@pytest.fixture
def other(house):
    return House(house.store, house.vault, house.now).register()


def shown(house: House, code: str = "M-1") -> departures.DepartureView:
    return house.as_(house.chief, departures.one, code, house.now)


def accepted(house: House, phone: Phone, seats: int = 3) -> tuple[Draft, str]:
    """Somebody has a seat on M-1; the notice, and who."""
    draft = house.draft(house.movement(seats), [phone], release_at=house.now)
    house.schedule(draft)
    house.write(notices.release_due, house.now)
    house.as_(phone, answers.answer, phone.answer(draft, Reply.ACCEPT), house.now)
    return draft, alias_of(house, phone)


def state(house: House) -> str:
    return shown(house).movement.state


def test_one_in_numbers(house, phone, other):
    befriend(house, other)
    waiting = house.enrolled(*BOTH, telegram_id=78)
    movement = house.movement(5)
    seats = [Seat(phone.contact, new_id(), 2), Seat(waiting.contact, new_id(), 4, standby=1)]
    house.schedule(house.draft(movement, [phone, waiting], offers=seats, release_at=house.now))
    house.schedule(house.draft(house.movement(5, "M-2"), [phone]))  # of another departure
    house.write(notices.release_due, house.now)
    Lending(house, other, movement, 2, house.now + timedelta(hours=40)).offer().take_up()
    view = shown(house, "m-1")
    assert (view.own, view.lent, view.boarded, view.waiting, view.clear) == (True, 2, 0, 1, True)
    assert (view.movement.seats, view.movement.held, view.movement.confirmed) == (3, 2, 0)
    assert view.notices == {"withheld": 0, "scheduled": 0, "released": 1}
    red = {"condition": "permit", "state": "red", "grade": "media", "now": house.now}
    house.as_(house.chief, conditions.say, movement, **red)
    assert not shown(house).clear
    theirs = shown(other)  # the guest sees its own seats, and nobody who waits elsewhere
    assert (theirs.own, theirs.lent, theirs.waiting, theirs.movement.seats) == (False, 0, 0, 2)
    assert sum(theirs.notices.values()) == 0
    with fails("movement_not_found"):
        shown(other, "M-2")


def test_versions_by_number_and_how_far_they_came(house, phone):
    draft, _ = accepted(house, phone)
    warning = house.draft(None, [phone], kind=NoticeKind.ADVISORY)
    house.schedule(warning)
    held = house.draft(house.movement(2, "M-2"), [phone], release_at=house.now + timedelta(minutes=1))
    house.schedule(held)
    house.as_(
        house.chief,
        conditions.say,
        held.movement,
        condition="permit",
        state="red",
        grade="official",
        now=house.now,
    )
    house.pass_(minutes=2)
    house.write(notices.release_due, house.now)
    views = {view.number: view for view in house.as_(house.chief, departures.versions)}
    out, to_go, back = (views[verification_code(each.content_hash)] for each in (draft, warning, held))
    assert (out.state, out.code, out.recipients, out.accepted, out.help) == ("released", "M-1", 1, 1, 0)
    assert (to_go.state, to_go.code, to_go.kind) == ("scheduled", "", NoticeKind.ADVISORY)
    assert (back.state, back.why, back.code) == ("withheld", "conditions", "M-2")
    with fails("not_allowed"):
        house.as_(house.by("A-01"), departures.versions)


def test_prepared_is_what_somebody_approved_and_nobody_sealed(house, phone, other):
    draft = house.draft(None, [phone], kind=NoticeKind.THREAT)
    number = verification_code(draft.content_hash)
    assert house.as_(house.chief, departures.prepared, house.now) == []
    for code in ("C-02", "C-01"):
        house.pass_(minutes=1)
        house.approve(house.by(code), draft)
    (found,) = house.as_(house.chief, departures.prepared, house.now)
    assert (found.number, found.by, found.at) == (number, ["C-01", "C-02"], house.now)
    with fails("notice_not_found"):
        other.as_(other.chief, departures.ready, number, other.now)
    assert propose(house, "threat", number)
    house.schedule(draft)
    assert house.as_(house.chief, departures.prepared, house.now) == []
    with fails("notice_not_found"):
        propose(house, "threat", number)


def test_a_step_is_taken_once_a_coordinator_confirms(house):
    house.movement(3)
    for by in ("W-01", "A-01"):
        with fails("not_allowed"):
            propose(house, "step", "M-1", "call", by=by)
    call, leave = (propose(house, "step", "M-1", word, by="C-02") for word in ("call", "depart"))
    with fails("movement_state"):
        decide(house, house.chief, leave)
    with fails("not_allowed"):
        decide(house, house.by("W-01"), call)
    assert state(house) == "open"
    decide(house, pocket(house, "C-01"), call)
    assert state(house) == "called"
    decide(house, house.chief, leave)  # refused before, it waits still
    assert state(house) == "departed"


def test_an_outcome_is_proposed_by_whoever_is_there_and_recorded_by_a_coordinator(house, phone):
    draft, alias = accepted(house, phone)
    absent = house.enrolled(*BOTH, telegram_id=78)
    with fails("no_seat"):
        propose(house, "outcome", alias_of(house, absent), "M-1 boarded")
    with fails("movement_not_found"):
        propose(house, "outcome", alias, "M-9 boarded")
    with fails("contact_not_found"):
        propose(house, "outcome", "K-999999", "M-1 boarded")
    wish = propose(house, "outcome", alias.lower(), "M-1 not-lifted")
    with fails("movement_state"):
        decide(house, house.chief, wish)
    house.as_(house.chief, movements.step, draft.movement, "call", house.now)
    with fails("not_allowed"):
        decide(house, house.by("W-01"), wish)
    assert house.as_(house.chief, outcomes.rolled_over) == []
    decide(house, house.chief, wish)
    assert [each.alias for each in house.as_(house.chief, outcomes.rolled_over)] == [alias]
    assert house.as_(house.chief, outcomes.board, draft.movement)[0].not_lifted == 1


def test_what_takes_keys_is_noted_and_nothing_else(house, phone):
    """Confirming it says that somebody saw to it; seats, notices and movements are as they were."""
    draft, alias = accepted(house, phone)
    number = verification_code(draft.content_hash)
    wishes = [
        propose(house, "offer", alias, "M-1"),
        propose(house, "lend", "M-1", "2", by="C-02"),
        propose(house, "cancel", "M-1"),
        propose(house, "cancel", number),
    ]
    assert propose(house, "cancel", number) == wishes[-1]
    before = shown(house)
    for wish in wishes:
        with fails("not_allowed"):
            decide(house, house.by("W-01"), wish)
        decide(house, house.chief, wish)
    assert shown(house) == before
    assert house.as_(house.chief, proposals.listed, house.now) == []


@pytest.mark.parametrize(
    ("kind", "subject", "words", "code"),
    [
        ("lend", "M-1", "2", "movement_not_found"),  # what was borrowed is not lent on
        ("step", "M-1", "call", "movement_not_found"),
        ("cancel", "M-1", "", "movement_not_found"),
        ("offer", "K-999999", "M-1", "contact_not_found"),
        ("cancel", "0000000000", "", "notice_not_found"),
        ("cancel", "of the other office", "", "notice_not_found"),
    ],
)
def test_a_guest_may_offer_its_seats_and_nothing_of_its_hosts(
    house, phone, other, kind, subject, words, code
):
    befriend(house, other)
    draft, _ = accepted(house, phone, seats=5)
    Lending(house, other, draft.movement, 2, house.now + timedelta(hours=40)).offer().take_up()
    if "other" in subject:
        subject = verification_code(draft.content_hash)
    with fails(code):
        propose(other, kind, subject, words, by="C-01")
    other.invite(alias="K-7")
    assert propose(other, "offer", "K-7", "M-1")
    house.as_(house.chief, movements.step, draft.movement, "call", house.now)
    house.as_(house.chief, movements.step, draft.movement, "depart", house.now)
    with fails("movement_not_open"):
        propose(other, "offer", "K-7", "M-1", by="C-02")
