"""Seats lent to another office and back: two signatures move them, the clock brings home what nobody holds."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crypto.encoding import new_id
from crypto.statement import Reply
from relay import answers, ledger, loans, movements, standby, threads
from relay.notices import Seat
from tests.relay.house import House
from tests.relay.lending import Lending, befriend
from tests.relay.refusal import fails
from tests.relay.test_rule_delivery import Courier, officer_account

BOTH = ("messages", "departures")


@pytest.fixture
def guest(house, vault):
    """Another office on the same relay; a step of time is both's."""
    other = House(house.store, vault).register()
    befriend(house, other)
    return other


@pytest.fixture
def movement(house):
    return house.movement(10)


def lending(house: House, guest: House, movement: bytes, seats: int = 4, **span: float) -> Lending:
    return Lending(house, guest, movement, seats, house.now + timedelta(**(span or {"hours": 48})))


def seats(house: House) -> tuple[int, int, int]:
    (view,) = house.as_(house.chief, movements.listed)
    return view.seats, view.held, view.confirmed


def go_on(*houses: House, to) -> None:
    for house in houses:
        house.now = to


def balanced(house: House) -> bool:
    return [report.wrong for report in house.read(ledger.verify)] == [""]


def state(house: House) -> tuple[str, int]:
    (view,) = house.as_(house.chief, loans.listed)
    return view.state, view.back


def test_seats_move_with_the_second_signature_and_come_back_with_two(house, guest, movement):
    loan = lending(house, guest, movement).offer()
    assert (seats(house), guest.as_(guest.chief, movements.listed)) == ((10, 0, 0), [])
    (view,) = guest.as_(guest.chief, loans.listed)
    assert (view.code, view.route, view.seats, view.state, view.lender) == ("M-1", 1, 4, "lent", house.office)
    loan.offer().take_up().take_up()
    assert (seats(house), seats(guest)) == ((6, 0, 0), (4, 0, 0))
    given = loan.give_back(3)
    assert (seats(house), seats(guest)) == ((6, 0, 0), (4, 0, 0))
    loan.take_back(given)
    assert (seats(house), seats(guest), state(house)) == ((9, 0, 0), (1, 0, 0), ("borrowed", 3))
    with fails("loan_over"):
        loan.take_back(given)
    loan.take_back(loan.give_back(1))
    assert (seats(house), state(guest)) == ((10, 0, 0), ("ended", 4))
    assert balanced(house)


def test_a_guest_offers_its_seats_to_its_people_and_the_owner_sees_numbers_alone(house, guest, movement):
    lending(house, guest, movement).offer().take_up()
    phone = guest.enrolled(*BOTH)
    with fails("seats_short"):
        guest.schedule(guest.draft(movement, [phone], party=5))
    draft = guest.draft(movement, [phone], party=3)
    guest.schedule(draft)
    guest.release()
    guest.as_(phone, answers.answer, phone.answer(draft, Reply.ACCEPT, party=2), guest.now)
    (own,), (theirs,) = (each.as_(each.chief, movements.listed) for each in (house, guest))
    assert (own.total, own.seats, own.held, own.confirmed) == (10, 6, 0, 0)
    assert [(a.office, a.seats, a.held, a.confirmed) for a in own.allotments] == [(guest.office, 4, 0, 2)]
    assert (theirs.total, theirs.seats, theirs.confirmed, theirs.allotments) == (None, 4, 2, [])
    assert (theirs.owner, theirs.code, theirs.departs_at) == (house.office, "M-1", own.departs_at)
    assert house.as_(house.chief, answers.listed) == []
    assert house.as_(house.chief, standby.listed, movement) == []
    other = house.enrolled(*BOTH)
    house.now = guest.now
    house.schedule(house.draft(movement, [other], party=6))
    with fails("seats_short"):
        house.schedule(house.draft(movement, [house.enrolled(*BOTH)]))
    assert balanced(house)


def test_only_the_owner_decides_about_the_movement(house, guest, movement):
    lending(house, guest, movement).offer().take_up()
    for rule, more in ((movements.cancel, ()), (movements.step, ("call",))):
        with fails("movement_not_found"):
            guest.as_(guest.chief, rule, movement, *more, guest.now)
    third = House(house.store, house.vault).register()
    befriend(guest, third)
    with fails("movement_not_found"):
        lending(guest, third, movement, 1).offer()  # nothing is lent on
    phone = guest.enrolled(*BOTH)
    guest.schedule(guest.draft(movement, [phone]))
    house.as_(house.chief, movements.cancel, movement, house.now)
    guest.release()
    assert phone.mail().items == []
    with fails("movement_cancelled"):
        guest.schedule(guest.draft(movement, [guest.enrolled(*BOTH)]))


def test_guests_hear_that_a_movement_was_called_off(house, guest, movement):
    third = House(house.store, house.vault).register()
    befriend(house, third)
    lending(house, guest, movement).offer().take_up()
    lending(house, third, movement).offer()
    account = officer_account(guest, "C-02")
    for office, code, chat in ((house, "C-01", 6), (guest, "W-01", 7), (third, "C-01", 8)):
        officer_account(office, code, chat)
    guest.schedule(guest.draft(movement, [guest.enrolled(*BOTH)]))
    courier = Courier(house)
    courier.run()
    for _ in range(2):
        house.as_(house.chief, movements.cancel, movement, house.now)
    (said,) = courier.run()
    assert (said.account, said.key) == (account, "officer-movement-off")
    assert said.params == {"code": "M-1", "notices": "1"}


def test_what_nobody_holds_comes_home_at_its_time_and_the_rest_when_it_is_free(house, guest, movement):
    loan = lending(house, guest, movement, hours=30).offer().take_up()
    phone = guest.enrolled(*BOTH)
    draft = guest.draft(movement, [phone], party=3, answer_by=guest.now + timedelta(hours=40))
    guest.schedule(draft)
    guest.release()
    go_on(house, guest, to=loan.due - timedelta(seconds=1))
    assert house.write(loans.return_due, house.now) == 0
    go_on(house, guest, to=loan.due)
    assert (house.write(loans.return_due, house.now), house.write(loans.return_due, house.now)) == (1, 0)
    assert (seats(house), seats(guest), state(guest)) == ((7, 0, 0), (3, 3, 0), ("borrowed", 1))
    go_on(house, guest, to=loan.due - timedelta(hours=1))  # the clock was ahead
    guest.as_(phone, answers.answer, phone.answer(draft, Reply.DECLINE), guest.now)
    assert house.write(loans.return_due, house.now) == 0
    go_on(house, guest, to=loan.due)
    assert house.write(loans.return_due, house.now) == 1
    assert (seats(house), seats(guest), state(guest)) == ((10, 0, 0), (0, 0, 0), ("ended", 4))
    assert balanced(house)


def test_seats_that_come_in_go_to_who_waits_there(house, guest, movement):
    phone, other = guest.enrolled(*BOTH), house.enrolled(*BOTH)
    first = lending(house, guest, movement, 1).offer().take_up()
    waits = [Seat(phone.contact, new_id(), 3, standby=1)]
    guest.schedule(guest.draft(movement, [phone], offers=waits))
    guest.release()
    house.now = guest.now
    lending(house, guest, movement, 2).offer().take_up()
    assert seats(guest) == (3, 3, 0)
    assert len(phone.read()) == 1
    mine = [Seat(other.contact, new_id(), 8, standby=1)]
    draft = house.draft(movement, [other], offers=mine)
    house.schedule(draft)
    house.release()
    assert seats(house) == (7, 0, 0)
    phone.consent("departures", given=False)
    go_on(guest, to=house.now)
    first.take_back(first.give_back(1))
    assert seats(house) == (8, 8, 0)
    assert balanced(house)


def test_what_was_not_taken_up_in_time_is_over(house, guest, movement):
    loan, other = (lending(house, guest, movement, hours=3).offer() for _ in range(2))
    house.as_(house.chief, loans.withdraw, other.loan, house.now)
    house.as_(house.chief, loans.withdraw, other.loan, house.now)
    with fails("loan_over"):
        other.take_up()
    go_on(house, guest, to=loan.due)
    with fails("loan_over"):
        loan.take_up()
    assert house.write(loans.return_due, house.now) == 1
    assert {view.state for view in house.as_(house.chief, loans.listed)} == {"withdrawn"}


def test_a_lend_is_refused(house, guest, movement):
    stranger = House(house.store, house.vault).register()
    with fails("no_partner"):
        lending(house, stranger, movement).offer()
    with fails("seats_short"):
        lending(house, guest, movement, 11).offer()
    with fails("times_refused"):
        lending(house, guest, movement, hours=73).offer()
    with fails("movement_not_found"):
        lending(house, guest, bytes(16)).offer()
    loan = lending(house, guest, movement)
    caseworker = house.by("W-01")
    with fails("not_allowed"):
        house.as_(caseworker, loans.lend, loan.signed(loan.lend, house.chief), house.now)
    by_other = replace(loan.lend, device=house.by("C-02").device)
    for wire in (loan.signed(by_other, house.by("C-02")), loan.signed(loan.lend, house.by("C-02"))):
        with fails("loan_refused"):
            house.as_(house.chief, loans.lend, wire, house.now)
    house.pass_(hours=2)
    with fails("loan_refused"):
        loan.offer()
    with fails("malformed"):
        house.as_(house.chief, loans.lend, b"rubbish", house.now)
    same = lending(house, guest, movement).offer()
    other = Lending(house, guest, movement, 1, same.due)
    other.lend = replace(other.lend, loan=same.loan)
    with fails("loan_taken"):
        other.offer()
    assert balanced(house)


def test_a_borrow_is_refused(house, guest, movement):
    loan = lending(house, guest, movement).offer()
    stranger = House(house.store, house.vault).register()
    wire = loan.signed(loan.borrowing(), guest.chief)
    with fails("loan_not_found"):
        stranger.as_(stranger.chief, loans.borrow, wire, stranger.now)
    with fails("loan_refused"):
        guest.as_(
            guest.chief,
            loans.borrow,
            loan.signed(loan.borrowing(lend_hash=bytes(32)), guest.chief),
            guest.now,
        )
    with fails("not_allowed"):
        guest.as_(guest.by("W-01"), loans.borrow, wire, guest.now)
    house.schedule(house.draft(movement, [house.enrolled(*BOTH)], party=7))
    with fails("seats_short"):  # the owner needed them meanwhile
        loan.take_up()
    guest.as_(guest.chief, threads.end, house.office, guest.now)
    with fails("no_partner"):
        loan.take_up()
    assert balanced(house)


def test_a_return_is_refused(house, guest, movement):
    loan = lending(house, guest, movement).offer()
    with fails("loan_over"):
        loan.give_back(1)
    loan.take_up()
    with fails("loan_refused"):
        loan.give_back(5)
    guest.schedule(guest.draft(movement, [guest.enrolled(*BOTH)], party=2))
    with fails("seats_short"):
        loan.give_back(3)
    given = loan.give_back(2)
    with fails("loan_refused"):
        loan.take_back(loan.giving(1))
    guest.schedule(guest.draft(movement, [guest.enrolled(*BOTH)]))
    with fails("seats_short"):  # offered meanwhile
        loan.take_back(given)
    assert balanced(house)
