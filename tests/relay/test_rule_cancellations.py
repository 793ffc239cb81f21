"""What is off stays off: a notice that was out can always be called off, and nothing of it comes afterwards."""

from datetime import timedelta

import pytest

from crypto.encoding import new_id
from crypto.envelope import split
from crypto.notice import NoticeKind
from crypto.statement import Reply
from relay import answers, consent, movements, notices
from relay.notices import Draft, Seat
from tests.relay.house import House, Phone
from tests.relay.refusal import fails
from tests.relay.test_rule_delivery import CHAT, Courier

BOTH = ("messages", "departures")
LATER = timedelta(hours=3)


@pytest.fixture
def phone(house) -> Phone:
    return house.enrolled(*BOTH, telegram_id=CHAT)


@pytest.fixture
def courier(house) -> Courier:
    return Courier(house)


def out(house: House, *phones: Phone, seats: int = 9, **changes) -> Draft:
    """A come that is released."""
    draft = house.draft(house.movement(seats), list(phones), **changes)
    house.schedule(draft)
    house.release()
    return draft


def change(house: House, old: Draft, *phones: Phone, **changes) -> Draft:
    """The next version, scheduled for later, under the old offers."""
    plain = {"notice": old.notice, "version": old.version + 1, "release_at": house.now + LATER}
    plain |= {"kind": NoticeKind.CHANGE, "offers": [s for s in old.offers if s.contact in _ids(phones)]}
    plain |= changes
    made = house.draft(plain.pop("movement", old.movement), list(phones), **plain)
    house.schedule(made)
    return made


def _ids(phones) -> set[bytes]:
    return {phone.contact for phone in phones}


def word(house: House, *phones: Phone) -> bytes:
    return house.seal(house.chief, house.to(*phones), urgent=True)


def letters(phone: Phone) -> set[bytes]:
    """Ids of what the relay serves the phone now."""
    return {split(item.envelope).header.envelope for item in phone.mail().items}


def id_of(envelope: bytes) -> bytes:
    return split(envelope).header.envelope


def state(house: House, draft: Draft) -> str:
    listed = house.as_(house.chief, answers.listed)
    return next(v.state for v in listed if (v.notice, v.version) == (draft.notice, draft.version))


def taken(house: House) -> list[tuple[int, int]]:
    return [(view.held, view.confirmed) for view in house.as_(house.chief, movements.listed)]


def test_a_come_that_is_out_is_called_off_though_its_change_still_waits(house, phone, courier):
    old = out(house, phone)
    phone.read()
    courier.run()
    new = change(house, old, phone)
    bye, about_the_old = word(house, phone), word(house, phone)
    house.cancel(new, bye)
    house.cancel(old, about_the_old)
    assert letters(phone) == {id_of(bye), id_of(about_the_old)}
    house.cancel(new, word(house, phone))
    assert any(claim.kind == "ring" for claim in courier.run())
    assert (state(house, old), state(house, new), taken(house)) == ("cancelled", "cancelled", [(0, 0)])
    assert house.pass_(hours=4)
    assert house.write(notices.release_due, house.now) == 0


def test_a_letter_that_names_the_waiting_change_is_not_swallowed(house, phone):
    newcomer = house.enrolled(*BOTH)
    old = out(house, phone)
    offers = [*old.offers, Seat(newcomer.contact, new_id(), 1)]
    new = change(house, old, phone, newcomer, offers=offers)
    bye = word(house, phone, newcomer)
    house.cancel(new, bye)
    assert letters(phone) == {id_of(bye)}
    assert letters(newcomer) == set()  # who was sent nothing hears of nothing


def test_calling_off_the_old_version_tells_whom_the_change_left_out_and_lets_it_live(house, phone):
    left = house.enrolled(*BOTH)
    old = out(house, phone, left)
    phone.read()
    left.read()
    new = change(house, old, phone)
    bye = word(house, left)
    house.cancel(old, bye)
    assert (letters(left), letters(phone)) == ({id_of(bye)}, set())
    assert (state(house, old), state(house, new)) == ("cancelled", "scheduled")
    house.pass_(hours=4)
    house.write(notices.release_due, house.now)
    assert letters(phone) == {id_of(new.envelope)}
    # The whole notice is called off later: everybody hears, the one who was left out as well.
    last, again = word(house, phone), word(house, phone, left)
    house.cancel(new, last)
    house.cancel(old, again)
    assert letters(left) == {id_of(bye), id_of(again)}
    assert letters(phone) == {id_of(last), id_of(again)}


def test_a_replaced_version_that_never_was_out_is_heard_of_by_nobody(house, phone):
    old = house.draft(house.movement(3), [phone])
    house.schedule(old)
    new = change(house, old, phone)
    house.cancel(old, word(house, phone))
    assert (letters(phone), state(house, new)) == (set(), "scheduled")


@pytest.mark.parametrize("how", ["cancelled", "replaced", "expired"])
@pytest.mark.parametrize("fetched", [False, True])
def test_nothing_of_a_version_that_is_over_is_rung_for_or_served(house, phone, courier, how, fetched):
    """The go opens the place and says confirmed; and an answer lost on a bad line leaves it fetched, not stored."""
    other = house.enrolled(*BOTH)
    draft = out(house, phone, other)
    phone.read()
    courier.run()
    go = house.write_to(phone, other, notice=(draft.notice, 1), urgent=True)
    plain = house.write_to(phone)
    if fetched:
        assert letters(phone) == {go.id, plain.id}
        assert letters(other) == {id_of(draft.envelope), go.id}
    if how == "cancelled":
        house.cancel(draft)
    elif how == "replaced":
        change(house, draft, phone, other)
    else:
        house.pass_(hours=48)
        house.write(notices.expire, house.now)
    assert letters(phone) == {plain.id}
    assert letters(other) == set()
    with fails("notice_over"):
        house.write_to(phone, notice=(draft.notice, 1))


def test_no_ring_goes_out_for_a_go_whose_notice_was_replaced(house, phone, courier):
    draft = out(house, phone)
    phone.read()
    courier.run()
    house.write_to(phone, notice=(draft.notice, 1), urgent=True)
    change(house, draft, phone)
    assert [claim.kind for claim in courier.run()] == []


def test_an_expired_notice_is_not_served_however_late_the_clocks_job_comes(house, phone, courier):
    out(house, phone)
    house.pass_(hours=48)
    assert letters(phone) == set()
    assert courier.run() == []


def test_the_clock_is_due_when_the_next_notice_expires(house, phone):
    draft = out(house, phone)
    other = house.enrolled(*BOTH)
    far = house.now + timedelta(days=2, hours=12)
    house.schedule(house.draft(draft.movement, [other], release_at=far, expires=far + LATER))
    assert house.read(notices.next_expiry) == draft.expires


def test_one_whom_a_letter_cannot_reach_keeps_nobody_from_hearing(house, phone):
    half, gone = house.enrolled(*BOTH), house.enrolled(*BOTH)
    draft = out(house, phone, half, gone)
    house.as_(half, consent.record, half.statement("departures", False), house.now)
    house.as_(gone, consent.record, gone.statement("messages", False), house.now)
    bye = word(house, phone, half, gone)
    house.cancel(draft, bye)
    assert letters(phone) == letters(half) == {id_of(bye)}  # a way that is unsafe concerns who withdrew, too
    assert letters(gone) == set()  # never fetched it: there is nothing to call off, and no consent to write
    assert state(house, draft) == "cancelled"


@pytest.mark.parametrize("withdrawn", [("messages",), ("departures",), BOTH])
def test_who_holds_a_come_hears_that_it_is_off_whatever_they_withdrew(house, phone, courier, withdrawn):
    """Before the cancel or after it: a stale "come" must not be followed for want of a consent."""
    other = house.enrolled(*BOTH)
    draft = out(house, phone, other)
    phone.read()
    other.read()
    phone.consent(*withdrawn, given=False)
    courier.run()
    bye = word(house, phone, other)
    house.cancel(draft, bye)
    other.consent(*withdrawn, given=False)
    assert [claim.kind for claim in courier.run()] == ["ring"]
    assert letters(phone) == letters(other) == {id_of(bye)}
    phone.read()
    assert letters(phone) == set()


def test_nothing_else_comes_to_whom_did_not_consent(house, phone, courier):
    draft = out(house, phone)
    phone.read()
    courier.run()
    phone.consent("messages", given=False)
    for about in (None, (draft.notice, draft.version)):
        with fails("no_consent"):
            house.write_to(phone, notice=about, urgent=True)
    assert (letters(phone), [claim.kind for claim in courier.run()]) == (set(), [])


def test_who_did_not_fetch_it_and_withdrew_gets_no_word_that_waited(house, phone):
    draft = out(house, phone)
    house.cancel(draft, word(house, phone))
    phone.consent("messages", given=False)
    assert letters(phone) == set()


def test_a_letter_of_cancellation_goes_to_recipients_alone(house, phone):
    draft = out(house, phone)
    stranger = house.enrolled(*BOTH)
    with fails("not_addressed"):
        house.cancel(draft, word(house, phone, stranger))
    with fails("wrong_sender"):
        house.cancel(draft, house.seal(house.by("C-02"), house.to(phone)))
    bye = word(house, phone)
    house.cancel(draft, bye)
    with fails("envelope_taken"):
        house.cancel(draft, house.seal(house.chief, house.to(phone), envelope=id_of(bye)))
    assert state(house, draft) == "cancelled"


def test_a_movement_lives_while_the_change_of_its_notice_waits(house, phone):
    old = out(house, phone)
    change(house, old, phone, movement=house.movement(3, "M-2"), offers=[Seat(phone.contact, new_id(), 1)])
    with fails("movement_has_notices"):
        house.as_(house.chief, movements.cancel, old.movement, house.now)
    house.pass_(hours=4)
    house.write(notices.release_due, house.now)
    house.as_(house.chief, movements.cancel, old.movement, house.now)


def test_who_declined_is_offered_a_seat_again_by_the_change(house, phone):
    other = house.enrolled(*BOTH)
    old = out(house, phone, other, seats=2)
    house.as_(phone, answers.answer, phone.answer(old, Reply.DECLINE), house.now)
    house.as_(other, answers.answer, other.answer(old, Reply.ACCEPT), house.now)
    assert taken(house) == [(0, 1)]
    new = change(house, old, phone, other)
    assert taken(house) == [(2, 0)]
    house.pass_(hours=4)
    house.write(notices.release_due, house.now)
    assert house.as_(phone, answers.answer, phone.answer(new, Reply.ACCEPT), house.now) == "accepted"
    assert taken(house) == [(1, 1)]


def test_who_withdrew_and_came_back_is_offered_a_seat_again(house, phone):
    old = out(house, phone)
    phone.consent("departures", given=False)
    phone.consent("departures")
    change(house, old, phone)
    assert taken(house) == [(1, 0)]


def test_a_seat_taken_under_another_notice_is_not_held_twice(house, phone):
    old = out(house, phone)
    house.as_(phone, answers.answer, phone.answer(old, Reply.DECLINE), house.now)
    house.schedule(house.draft(old.movement, [phone]))
    with fails("offer_taken"):
        change(house, old, phone)
    assert taken(house) == [(1, 0)]


def test_a_threat_alert_in_place_of_a_come_gives_its_seats_back(house, phone):
    old = out(house, phone, seats=1)
    change(house, old, phone, movement=None, kind=NoticeKind.THREAT)
    assert taken(house) == [(0, 0)]
    house.pass_(seconds=1)
    assert house.schedule(house.draft(old.movement, [phone])) == "scheduled"


def test_accepting_an_older_offer_beside_a_newer_one_says_so(house, phone):
    old = out(house, phone)
    house.as_(phone, answers.answer, phone.answer(old, Reply.DECLINE), house.now)
    new = house.draft(old.movement, [phone])
    house.schedule(new)
    house.release()
    with fails("notice_over"):
        house.as_(phone, answers.answer, phone.answer(old, Reply.ACCEPT), house.now)
    assert house.as_(phone, answers.answer, phone.answer(new, Reply.ACCEPT), house.now) == "accepted"
    assert taken(house) == [(0, 1)]
