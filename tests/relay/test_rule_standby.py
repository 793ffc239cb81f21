"""Who waits for a seat gets the next one that is free, in the published order and never unasked."""

from datetime import timedelta

import pytest

from crypto.encoding import new_id
from crypto.statement import Reply
from relay import answers, attempts, cases, holds, ledger, movements, notices, standby
from relay.notices import Draft, Seat
from store import offers
from store.tables.movements import ledger as entries
from tests.relay.house import House, Phone
from tests.relay.refusal import fails
from tests.relay.test_rule_cases import alias_of

BOTH = ("messages", "departures")


def people(house: House, count: int) -> list[Phone]:
    """Who came first waits longest."""
    found = []
    for number in range(count):
        found.append(house.enrolled(*BOTH, telegram_id=100 + number))
        house.pass_(minutes=1)
    return found


def come(house: House, movement: bytes, *wanted: tuple[Phone, int, int | None], **changes) -> Draft:
    """A scheduled come: each phone with its party and its class on standby, None for a seat at once."""
    seats = [Seat(phone.contact, new_id(), party, standby=rank) for phone, party, rank in wanted]
    draft = house.draft(movement, [phone for phone, _, _ in wanted], offers=seats, **changes)
    house.schedule(draft)
    return draft


def say(phone: Phone, draft: Draft, reply: Reply, party: int = 1) -> str:
    return phone.house.as_(phone, answers.answer, phone.answer(draft, reply, party=party), phone.house.now)


def states(house: House, draft: Draft) -> list[str]:
    return [
        house.read(lambda tx, s=seat: offers.offer(tx, house.office, s.offer).state) for seat in draft.offers
    ]


def order(house: House, movement: bytes) -> list[str]:
    return [row.alias for row in house.as_(house.chief, standby.listed, movement)]


def balanced(house: House) -> bool:
    return {report.wrong for report in house.read(ledger.verify)} == {""}


def test_a_declined_seat_goes_to_who_waits_and_rings(house):
    seated, waiting = people(house, 2)
    movement = house.movement(2)
    draft = come(house, movement, (seated, 2, None), (waiting, 2, 1))
    house.release()
    assert (len(seated.mail().items), waiting.mail().items) == (1, [])
    with fails("offer_not_found"):
        say(waiting, draft, Reply.ACCEPT)
    say(seated, draft, Reply.DECLINE)
    assert states(house, draft) == ["declined", "held"]
    assert len(waiting.read()) == 1
    with fails("seats_short"):
        say(seated, draft, Reply.ACCEPT)
    assert say(waiting, draft, Reply.ACCEPT, 2) == "accepted"
    assert balanced(house)


def test_the_order_is_class_then_waiting_time_then_what_fits(house):
    a, b, c, d, e, seated = people(house, 6)
    case = house.as_(house.chief, cases.open_, contact=alias_of(house, a), now=house.now + timedelta(days=1))
    assert case
    movement = house.movement(4)
    wanted = [(a, 1, 2), (b, 1, 2), (c, 3, 1), (d, 1, 2), (e, 1, 9)]
    draft = come(house, movement, (seated, 4, None), *wanted)
    assert order(house, movement) == [alias_of(house, phone) for phone in (c, b, d, a, e)]
    house.release()
    say(seated, draft, Reply.ACCEPT, 2)  # two seats are free: c's household of three is not split
    assert states(house, draft) == ["accepted", "standby", "held", "standby", "held", "standby"]
    kinds = house.read(lambda tx: tx.execute(entries.select().order_by(entries.c.seq)).all())
    assert [row.kind for row in kinds[-3:]] == ["promoted", "passed", "promoted"]
    say(b, draft, Reply.DECLINE)  # one is free: not enough for c, and a is next of the others
    assert states(house, draft)[1:] == ["held", "declined", "standby", "held", "standby"]
    assert balanced(house)


def test_nobody_is_promoted_by_a_notice_that_is_not_out(house):
    waiting, other = people(house, 2)
    movement = house.movement(3)
    draft = come(house, movement, (waiting, 1, 1), (other, 1, 2))
    assert house.write(standby.backfill, house.now) == 0
    house.release()
    assert states(house, draft) == ["held", "held"]  # seats were free all the time
    assert len(waiting.read()) == len(other.read()) == 1


def test_not_after_the_notice_is_over_nor_six_hours_before_the_departure(house):
    seated, waiting = people(house, 2)
    movement = house.movement(1, departs_at=house.now + timedelta(hours=20))
    times = {"answer_by": house.now + timedelta(hours=8), "expires": house.now + timedelta(hours=19)}
    draft = come(house, movement, (seated, 1, None), (waiting, 1, 1), **times)
    house.release()
    house.now = times["answer_by"] + timedelta(hours=6, minutes=1)
    say(seated, draft, Reply.DECLINE)
    assert (states(house, draft), waiting.mail().items) == (["declined", "standby"], [])
    house.now -= timedelta(minutes=2)  # the clock was wrong, and is set back
    assert (house.write(standby.backfill, house.now), house.write(standby.backfill, house.now)) == (1, 0)
    assert say(waiting, draft, Reply.ACCEPT) == "accepted"  # later than the others may
    house.now = times["expires"]
    house.write(notices.expire, house.now)
    assert states(house, draft) == ["declined", "accepted"]


def test_who_waits_in_vain_hears_nothing(house):
    seated, waiting = people(house, 2)
    draft = come(house, house.movement(1), (seated, 1, None), (waiting, 1, 1))
    house.release()
    letter = house.seal(house.chief, house.to(seated, waiting), urgent=True)
    house.cancel(draft, letter)
    assert len(seated.mail().items) == 1
    assert (waiting.mail().items, states(house, draft)) == ([], ["withdrawn", "withdrawn"])
    draft = come(house, house.movement(1, "M-2"), (seated, 1, None), (waiting, 1, 1))
    house.now = draft.expires
    house.write(notices.expire, house.now)
    assert states(house, draft) == ["expired", "expired"]


@pytest.mark.parametrize("purpose", BOTH)
def test_who_takes_consent_back_is_not_promoted(house, purpose):
    seated, waiting = people(house, 2)
    draft = come(house, house.movement(1), (seated, 1, None), (waiting, 1, 1))
    house.release()
    waiting.consent(purpose, given=False)
    waiting.consent(purpose)
    say(seated, draft, Reply.DECLINE)
    assert (states(house, draft), waiting.mail().items) == (["declined", "withdrawn"], [])


@pytest.mark.parametrize("how", ["consent", "wipe", "silence"])
def test_whatever_frees_a_seat_promotes(house, how):
    seated, waiting = people(house, 2)
    draft = come(house, house.movement(1), (seated, 1, None), (waiting, 1, 1))
    house.release()
    if how == "consent":
        seated.consent("departures", given=False)
    elif how == "wipe":
        from relay import wipe  # noqa: PLC0415 – of one case alone

        house.write(wipe.wipe, seated.wipe(), house.now)
    else:
        named = {"way": "person", "outcome": "unanswered", "now": house.now}
        house.as_(house.by("W-01"), attempts.record, alias_of(house, seated), **named)
        house.now = draft.answer_by
        house.write(holds.expire, house.now)
    assert states(house, draft)[1] == "held"
    assert len(waiting.read()) == 1
    assert balanced(house)


def test_a_change_keeps_the_seat_of_who_was_promoted_and_the_place_of_who_waits(house):
    seated, first, second = people(house, 3)
    movement = house.movement(1)
    old = come(house, movement, (seated, 1, None), (first, 1, 1), (second, 1, 2))
    house.release()
    say(seated, old, Reply.DECLINE)
    first.read()
    again = [seat for seat in old.offers if seat.contact != seated.contact]
    change = {"notice": old.notice, "version": 2, "offers": again}
    draft = house.draft(movement, [first, second], **change)
    house.schedule(draft)
    assert states(house, draft) == ["held", "standby"]
    house.release()
    assert (len(first.read()), second.mail().items) == (1, [])
    say(first, draft, Reply.DECLINE)
    assert (states(house, draft), len(second.read())) == (["declined", "held"], 1)
    assert balanced(house)


def test_seats_that_a_change_frees_go_to_who_waits_elsewhere(house):
    seated, waiting = people(house, 2)
    movement = house.movement(3)
    old = come(house, movement, (seated, 3, None))
    other = come(house, movement, (waiting, 2, 1))
    house.release()
    smaller = [Seat(seated.contact, old.offers[0].offer, 1)]
    house.schedule(house.draft(movement, [seated], notice=old.notice, version=2, offers=smaller))
    assert states(house, other) == ["held"]
    assert balanced(house)


def test_standby_is_for_seats_and_has_a_class(house):
    (phone,) = people(house, 1)
    for rank in (0, 10):
        with fails("offers_refused"):
            come(house, house.movement(1, f"M-{rank}"), (phone, 1, rank))
    with fails("offers_refused"):
        come(house, None, (phone, 0, 1))
    with fails("movement_not_found"):
        house.as_(house.chief, standby.listed, bytes(16))
    with fails("not_allowed"):
        house.as_(house.by("A-01"), standby.listed, house.movement(1))


def test_the_go_reaches_who_was_promoted_as_the_others(house):
    seated, first, second = people(house, 3)
    draft = come(house, house.movement(1), (seated, 1, None), (first, 1, 1), (second, 1, 1))
    house.release()
    say(seated, draft, Reply.DECLINE)
    about = (draft.notice, draft.version)
    house.write_to(first, notice=about)
    for phone in (seated, second):
        with fails("no_seat"):
            house.write_to(phone, notice=about)
    (view,) = house.as_(house.chief, answers.listed)
    assert (view.seated, view.waiting) == ([first.contact], [second.contact])
    (seats,) = house.as_(house.chief, movements.listed)
    assert (seats.held, seats.confirmed) == (1, 0)
