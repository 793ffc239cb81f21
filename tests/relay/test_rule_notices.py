"""Notices from approval to answer, and the seats behind them."""

from datetime import timedelta

import pytest

from crypto.device import OwnerKind
from crypto.encoding import new_id
from crypto.keys import DeviceKeys
from crypto.notice import NoticeKind
from crypto.statement import Reply
from relay import (
    answers,
    approvals,
    auth,
    consent,
    contacts,
    movements,
    notices,
    offices,
    post,
    retention,
    summaries,
)
from relay.notices import Draft, Seat
from tests.relay.house import House, Officer, Phone, b
from tests.relay.refusal import fails

BOTH = ("messages", "departures")


def seats(house: House) -> tuple[int, int]:
    (view,) = house.as_(house.chief, movements.listed)
    return view.held, view.confirmed


def view(house: House, draft: Draft) -> answers.NoticeView:
    listed = house.as_(house.chief, answers.listed)
    return next(v for v in listed if (v.notice, v.version) == (draft.notice, draft.version))


def say(phone: Phone, draft: Draft, reply: Reply, **options) -> str:
    return phone.house.as_(phone, answers.answer, phone.answer(draft, reply, **options), phone.house.now)


def again(house: House, old: Draft, phones, **changes) -> Draft:
    """The next version, for these phones, under their old offers."""
    held = {seat.contact: seat.offer for seat in old.offers}
    offers = [Seat(phone.contact, held.get(phone.contact) or new_id(), 1) for phone in phones]
    plain = {"notice": old.notice, "version": old.version + 1, "offers": offers}
    return house.draft(old.movement, phones, **(plain | changes))


def test_a_notice_is_hidden_until_released_and_then_answered(house):
    phone = house.enrolled(*BOTH)
    draft = house.draft(house.movement(5), [phone], party=3)
    assert house.schedule(draft) == house.schedule(draft) == "scheduled"
    assert phone.mail().items == []
    assert house.read(notices.next_release) == draft.release_at
    assert house.write(notices.release_due, house.now) == 0
    with fails("offer_not_found"):
        say(phone, draft, Reply.DECLINE)
    assert house.release() == 1
    assert house.write(notices.release_due, house.now) == 0
    assert len(phone.mail().items) == 1
    assert seats(house) == (3, 0)
    statement = phone.answer(draft, Reply.ACCEPT, party=3)
    for _ in range(2):
        assert house.as_(phone, answers.answer, statement, house.now) == "accepted"
    assert seats(house) == (0, 3)
    seen = view(house, draft)
    assert (seen.state, seen.counts.recipients, seen.counts.fetched) == ("released", 1, 1)
    assert (seen.counts.answered, seen.counts.accepted) == (1, 1)
    assert [(a.contact, a.answer) for a in seen.answers] == [(phone.contact, statement)]
    case = house.write(
        summaries.case, house.read(auth.device_of, house.chief.device, house.now), alias(house), house.now
    )
    assert case.offers == [("M-1", "accepted")]


def alias(house: House) -> str:
    return house.as_(house.chief, contacts.listed, house.now)[0].alias


def test_minds_are_changed_freely_and_seats_follow(house):
    phone = house.enrolled(*BOTH)
    draft = house.draft(house.movement(3), [phone], party=2)
    house.schedule(draft)
    house.release()
    states = []
    for reply, party in ((Reply.DECLINE, 2), (Reply.HELP, 2), (Reply.ACCEPT, 1), (Reply.DECLINE, 1)):
        states.append((say(phone, draft, reply, party=party), *seats(house)))
    assert states == [("declined", 0, 0), ("help", 0, 0), ("accepted", 0, 1), ("declined", 0, 0)]
    with fails("party_too_large"):
        say(phone, draft, Reply.ACCEPT, party=3)
    with fails("answer_out_of_order"):
        say(phone, draft, Reply.DECLINE, counter=1)


def test_a_declined_seat_may_be_gone(house):
    one, two = house.enrolled(*BOTH), house.enrolled(*BOTH)
    movement = house.movement(1)
    first = house.draft(movement, [one])
    house.schedule(first)
    with fails("seats_short"):
        house.schedule(house.draft(movement, [two]))
    house.release()
    say(one, first, Reply.DECLINE)
    second = house.draft(movement, [two])
    house.schedule(second)
    with fails("seats_short"):
        say(one, first, Reply.ACCEPT)
    assert seats(house) == (1, 0)


@pytest.mark.parametrize(
    ("by", "code"),
    [
        (["C-01"], "approvals_short"),
        (["C-01", "W-01"], "approval_refused"),
        (["C-01", "A-01"], "approval_refused"),
        ([], "approvals_short"),
    ],
)
def test_what_sends_people_somewhere_needs_two_coordinators(house, by, code):
    phone = house.enrolled(*BOTH)
    with fails(code):
        house.schedule(house.draft(house.movement(5), [phone], approved_by=by))
    assert seats(house) == (0, 0)


def test_one_officer_with_two_approvals_is_one_officer(house):
    phone = house.enrolled(*BOTH)
    draft = house.draft(house.movement(5), [phone])
    one = next(wire for wire in draft.approvals)
    for twice in ([one, one], list(reversed(draft.approvals))):
        with fails("approval_refused"):
            house.schedule(
                house.draft(
                    draft.movement,
                    [phone],
                    approvals=twice,
                    notice=draft.notice,
                    content_hash=draft.content_hash,
                )
            )
    foreign = house.draft(draft.movement, [phone])
    with fails("approval_refused"):
        house.schedule(house.draft(draft.movement, [phone], approvals=foreign.approvals))


def test_one_officer_with_two_devices_is_one_officer(house):
    phone, chief = house.enrolled(*BOTH), house.chief
    keys = DeviceKeys.generate(house.office, OwnerKind.OFFICER, chief.officer)
    house.officers.append(Officer("C-01", chief.roles, keys, chief.officer))
    house.as_(chief, offices.follow, house.next_roster(), house.now)
    named = {"notice": new_id(), "version": 1, "content_hash": bytes(32)}
    twice = house.approvals(named, [chief, house.officers[-1]])
    with fails("approvals_short"):
        house.schedule(house.draft(house.movement(5), [phone], approvals=twice, **named))


def test_approvals_are_kept_per_device_and_text(house):
    draft = house.draft(None, [house.enrolled(*BOTH)])
    for code in ("C-01", "C-02", "C-01"):
        house.approve(house.by(code), draft)
    assert len(house.as_(house.chief, approvals.approvals, draft.notice)) == 2
    house.schedule(draft)
    with fails("approval_changed"):
        house.approve(house.chief, house.draft(None, [], notice=draft.notice, envelope=b""))
    with fails("not_allowed"):
        house.approve(house.by("W-01"), draft)


def test_until_it_is_sealed_another_text_may_take_a_versions_place(house):
    phone = house.enrolled(*BOTH)
    old = house.draft(house.movement(3), [phone])
    new = house.draft(old.movement, [phone], notice=old.notice)
    for draft in (old, new):
        for code in ("C-01", "C-02"):
            house.approve(house.by(code), draft)
    assert sorted(house.as_(house.chief, approvals.approvals, old.notice)) == sorted(new.approvals)
    with fails("approval_refused"):  # both have taken it back
        house.schedule(old)
    assert house.schedule(new) == "scheduled"


def test_a_removed_coordinators_approval_counts_no_more(house):
    phone = house.enrolled(*BOTH)
    draft = house.draft(house.movement(5), [phone])
    house.as_(house.chief, offices.follow, house.next_roster(remove=["C-02"]), house.now)
    with fails("approval_refused"):
        house.schedule(draft)


def test_a_notice_goes_to_those_named_and_consenting_alone(house):
    phone, other, half = house.enrolled(*BOTH), house.enrolled(*BOTH), house.enrolled("messages")
    movement = house.movement(9)
    late, both = house.now + timedelta(days=3), house.seal(house.chief, house.to(phone, other))
    mine = house.seal(house.chief, house.to(phone))
    wrong = [
        ("no_consent", house.draft(movement, [phone, half])),
        ("not_addressed", house.draft(movement, [phone], envelope=both)),
        ("wraps_do_not_match", house.draft(movement, [phone, other], envelope=mine)),
        (
            "wrong_sender",
            house.draft(movement, [phone], envelope=house.seal(house.by("C-02"), house.to(phone))),
        ),
        ("offers_refused", house.draft(movement, [phone, phone], envelope=mine)),
        ("offers_refused", house.draft(movement, [phone], party=0)),
        ("offers_refused", house.draft(movement, [phone], kind=NoticeKind.ADVISORY)),
        ("offers_refused", house.draft(movement, [], envelope=mine)),
        ("movement_not_found", house.draft(b(1), [phone])),
        ("version_out_of_order", house.draft(movement, [phone], version=2)),
        ("times_refused", house.draft(movement, [phone], expires=house.now)),
        ("times_refused", house.draft(movement, [phone], release_at=late)),
        (
            "times_refused",
            house.draft(movement, [phone], envelope=house.seal(house.chief, house.to(phone), life=3600)),
        ),
    ]
    for code, draft in wrong:
        with fails(code):
            house.schedule(draft)
    assert seats(house) == (0, 0)
    assert house.as_(house.chief, answers.listed) == []


def test_offers_are_one_per_contact_and_movement(house):
    phone = house.enrolled(*BOTH)
    movement = house.movement(9)
    draft = house.draft(movement, [phone])
    house.schedule(draft)
    with fails("offer_taken"):
        house.schedule(house.draft(movement, [phone]))
    with fails("offer_taken"):
        house.schedule(house.draft(house.movement(9, "M-2"), [phone], offers=draft.offers))
    assert house.as_(house.chief, movements.listed)[1].held == 0


def test_cancelling_voids_what_waits_gives_seats_back_and_tells_who_heard(house):
    read, unread = house.enrolled(*BOTH), house.enrolled(*BOTH)
    draft = house.draft(house.movement(9), [read, unread])
    house.schedule(draft)
    house.release()
    read.mail()
    word = house.seal(house.chief, house.to(read, unread), urgent=True)
    for _ in range(2):
        house.cancel(draft, word)
    assert seats(house) == (0, 0)
    assert view(house, draft).state == "cancelled"
    for phone in (read, unread):
        assert len(phone.mail().items) == 1
    with fails("notice_over"):
        say(read, draft, Reply.ACCEPT)
    with fails("notice_over"):
        house.write_to(read, notice=(draft.notice, draft.version))


def test_a_notice_cancelled_before_release_is_never_heard_of(house):
    phone = house.enrolled(*BOTH)
    draft = house.draft(house.movement(9), [phone])
    house.schedule(draft)
    house.cancel(draft, house.seal(house.chief, house.to(phone)))
    assert house.release() == 0
    assert phone.mail().items == []


def test_only_a_coordinators_signature_over_that_version_cancels(house):
    phone = house.enrolled(*BOTH)
    draft = house.draft(house.movement(9), [phone])
    house.schedule(draft)
    other = house.draft(None, [phone], notice=draft.notice, version=draft.version)
    with fails("cancel_refused"):
        house.cancel(other)
    with fails("notice_not_found"):
        house.cancel(house.draft(None, [phone]))
    with fails("malformed"):
        named = {"cancel": draft.approvals[0], "envelope": None, "now": house.now}
        house.as_(house.chief, notices.cancel, draft.notice, 1, **named)


def test_a_newer_version_replaces_voids_and_asks_anew(house):
    stays, leaves, comes = (house.enrolled(*BOTH) for _ in range(3))
    old = house.draft(house.movement(3), [stays, leaves])
    house.schedule(old)
    house.release()
    assert say(stays, old, Reply.ACCEPT) == "accepted"
    new = again(house, old, [stays, comes], kind=NoticeKind.CHANGE)
    house.schedule(new)
    assert seats(house) == (2, 0)
    assert view(house, old).state == "replaced"
    assert leaves.mail().items == []
    assert say(stays, old, Reply.ACCEPT) == "replaced"
    assert seats(house) == (2, 0)
    house.release()
    assert say(stays, new, Reply.ACCEPT) == "accepted"
    assert say(comes, new, Reply.DECLINE) == "declined"
    assert seats(house) == (0, 1)


@pytest.mark.parametrize("out", [False, True])
def test_an_answer_to_what_is_being_changed_is_kept_and_moves_no_seat(house, out):
    """It left the phone before the person could know of the change; the change asks anew."""
    one, two, three = (house.enrolled(*BOTH) for _ in range(3))
    everybody = [one, two, three]
    old = house.draft(house.movement(9), everybody)
    house.schedule(old)
    house.release()
    new = again(house, old, everybody, kind=NoticeKind.CHANGE)
    house.schedule(new)
    if out:
        house.release()
    statements = [
        phone.answer(old, reply)
        for phone, reply in zip(everybody, (Reply.ACCEPT, Reply.DECLINE, Reply.HELP), strict=True)
    ]
    for _ in range(2):
        heard = [
            house.as_(phone, answers.answer, statement, house.now)
            for phone, statement in zip(everybody, statements, strict=True)
        ]
        assert heard == ["replaced", "replaced", "help"]
    assert seats(house) == (3, 0)
    kept = view(house, old)
    assert {answer.answer for answer in kept.answers} == set(statements)
    assert (kept.state, kept.counts.accepted, kept.counts.declined, kept.counts.help) == ("replaced", 1, 1, 1)
    assert view(house, new).counts.answered == 0
    if not out:
        house.release()
    assert say(one, new, Reply.ACCEPT) == "accepted"
    assert say(two, new, Reply.ACCEPT) == "accepted"
    assert seats(house) == (1, 2)


def test_a_go_goes_to_whom_a_seat_is_held_for_and_to_nobody_else(house):
    """A place opened for who gave theirs back is a place twice given."""
    held, taken, declined, back = everybody = [house.enrolled(*BOTH) for _ in range(4)]
    draft = house.draft(house.movement(4), everybody)
    house.schedule(draft)
    house.release()
    for phone, reply in ((taken, Reply.ACCEPT), (declined, Reply.DECLINE), (back, Reply.ACCEPT)):
        say(phone, draft, reply)
    back.consent("departures", given=False)
    back.consent("departures")
    about = (draft.notice, draft.version)
    for phone in (declined, back):
        with fails("no_seat"):
            house.write_to(taken, phone, notice=about)
    house.write_to(held, taken, notice=about)
    assert [len(phone.mail().items) for phone in everybody] == [2, 2, 1, 0]
    assert set(view(house, draft).seated) == {held.contact, taken.contact}


def test_a_call_for_help_is_kept_though_the_notice_is_off(house):
    phone = house.enrolled(*BOTH)
    draft = house.draft(house.movement(9), [phone])
    house.schedule(draft)
    house.release()
    house.cancel(draft)
    with fails("notice_over"):
        say(phone, draft, Reply.ACCEPT)
    assert say(phone, draft, Reply.HELP) == "help"
    assert (view(house, draft).counts.help, seats(house)) == (1, (0, 0))


def test_nobody_answers_what_was_never_out(house):
    phone = house.enrolled(*BOTH)
    draft = house.draft(house.movement(9), [phone])
    house.schedule(draft)
    house.schedule(again(house, draft, [phone], kind=NoticeKind.CHANGE))
    for reply in Reply:
        with fails("offer_not_found"):
            say(phone, draft, reply)


def test_what_is_expired_is_not_released_and_gives_seats_back(house):
    one, two = house.enrolled(*BOTH), house.enrolled(*BOTH)
    draft = house.draft(house.movement(3), [one, two])
    house.schedule(draft)
    house.release()
    say(one, draft, Reply.ACCEPT)
    house.pass_(hours=24)
    with fails("notice_over"):
        say(two, draft, Reply.ACCEPT)
    house.pass_(hours=24)
    with fails("notice_over"):
        say(one, draft, Reply.DECLINE)
    assert house.write(notices.expire, house.now) == 1
    assert house.write(notices.expire, house.now) == 0
    assert seats(house) == (0, 1)
    assert two.mail().items == []
    assert view(house, draft).state == "expired"


def test_a_late_clock_releases_nothing_that_has_expired(house):
    phone = house.enrolled(*BOTH)
    house.schedule(house.draft(house.movement(3), [phone]))
    house.pass_(days=3)
    assert house.write(notices.release_due, house.now) == 0
    assert phone.mail().items == []


def test_withdrawal_before_release_stops_the_copy_and_frees_the_seat(house):
    phone, other = house.enrolled(*BOTH), house.enrolled(*BOTH)
    house.schedule(house.draft(house.movement(3), [phone, other]))
    house.as_(phone, consent.record, phone.statement("departures", False), house.now)
    assert seats(house) == (1, 0)
    house.release()
    assert phone.mail().items == []
    assert len(other.mail().items) == 1


def test_withdrawing_messages_keeps_an_accepted_seat(house):
    phone = house.enrolled(*BOTH)
    draft = house.draft(house.movement(3), [phone])
    house.schedule(draft)
    house.release()
    say(phone, draft, Reply.ACCEPT)
    house.as_(phone, consent.record, phone.statement("messages", False), house.now)
    assert seats(house) == (0, 1)


def test_a_go_reaches_the_recipients_of_a_released_notice_only(house):
    phone, other = house.enrolled(*BOTH), house.enrolled(*BOTH)
    draft = house.draft(house.movement(3), [phone])
    house.schedule(draft)
    with fails("notice_over"):
        house.write_to(phone, notice=(draft.notice, 1))
    house.release()
    house.write_to(phone, notice=(draft.notice, 1), urgent=True)
    with fails("not_addressed"):
        house.write_to(other, notice=(draft.notice, 1))
    assert len(phone.mail().items) == 2


def test_an_advisory_needs_one_officer_and_offers_no_seats(house):
    phone = house.enrolled(*BOTH)
    draft = house.draft(None, [phone], approved_by=["C-03"])
    house.schedule(draft)
    house.release()
    assert say(phone, draft, Reply.HELP) == "help"
    with fails("answer_refused"):
        say(phone, draft, Reply.ACCEPT)


def test_nobody_answers_for_another(house):
    phone, other = house.enrolled(*BOTH), house.enrolled(*BOTH)
    draft = house.draft(house.movement(3), [phone])
    house.schedule(draft)
    house.release()
    with fails("answer_refused"):
        house.as_(other, answers.answer, phone.answer(draft, Reply.ACCEPT), house.now)
    with fails("offer_not_found"):
        say(other, draft, Reply.ACCEPT)
    with fails("not_allowed"):
        house.as_(house.chief, answers.answer, phone.answer(draft, Reply.ACCEPT), house.now)


def test_a_movement_is_planned_and_called_off_with_its_notices(house):
    phone = house.enrolled(*BOTH)
    movement = house.movement(3)
    with fails("code_taken"):
        house.movement(3)
    with fails("malformed"):
        house.movement(0, "M-0")
    with fails("not_allowed"):
        house.as_(house.by("A-01"), movements.listed)
    draft = house.draft(movement, [phone])
    house.schedule(draft)
    with fails("movement_has_notices"):
        house.as_(house.chief, movements.cancel, movement, house.now)
    house.cancel(draft)
    house.as_(house.chief, movements.cancel, movement, house.now)
    with fails("movement_cancelled"):
        house.schedule(house.draft(movement, [phone]))


def test_a_notice_outlives_its_letter(house):
    phone = house.enrolled(*BOTH)
    draft = house.draft(house.movement(3), [phone])
    house.schedule(draft)
    house.release()
    house.pass_(days=8)
    assert house.write(retention.forget, house.now).envelopes == 1
    house.write(notices.expire, house.now)
    assert view(house, draft).state == "expired"


def test_an_office_cannot_touch_anothers_notices(store, vault, house):
    other = House(store, vault).register()
    phone = house.enrolled(*BOTH)
    draft = house.draft(house.movement(3), [phone])
    house.schedule(draft)
    assert other.as_(other.chief, answers.listed) == []
    with fails("recipient_unknown"):
        other.schedule(other.draft(None, [phone]))
    with fails("notice_not_found"):
        named = {"cancel": draft.approvals[0], "envelope": None, "now": house.now}
        other.as_(other.chief, notices.cancel, draft.notice, 1, **named)
    assert house.as_(house.chief, post.mail, 0, 10, house.now).items == []
