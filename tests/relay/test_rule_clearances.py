"""What phones would refuse does not go out: it is withheld where its coordinators see it, and nothing of it is lost."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crypto.notice import NoticeKind, Route
from crypto.roster import Entry
from crypto.statement import Reply
from relay import answers, departures, movements, notices, offices
from relay.notices import Draft
from tests.relay.house import DAY, House, Officer
from tests.relay.refusal import fails
from tests.relay.test_rule_cancellations import id_of, letters, state
from tests.relay.test_rule_delivery import Courier, officer_account

BOTH = ("messages", "departures")


def scheduled(house: House, *phones, **changes) -> Draft:
    draft = house.draft(house.movement(9), list(phones), **changes)
    house.schedule(draft)
    return draft


def follow(house: House, **changes) -> None:
    by = changes.pop("by", house.chief)
    house.as_(by, offices.follow, house.next_roster(**changes), house.now)


def why(house: House, by: Officer | None = None) -> list[tuple[str, str | None]]:
    return [(view.state, view.why) for view in house.as_(by or house.chief, answers.listed)]


def ends(house: House, code: str, after: timedelta) -> tuple[Entry, ...]:
    """The roster's entries, with this officer's time ending then."""
    until = int((house.now + after).timestamp())
    return tuple(
        replace(entry, not_after=until) if entry.role_code == code else entry
        for entry in house.roster.entries
    )


def anew(house: House, draft: Draft, phones, by: list[str], **changes) -> Draft:
    """The same notice, in another letter, with other approvals."""
    plain = {
        "notice": draft.notice,
        "version": draft.version,
        "content_hash": draft.content_hash,
        "offers": draft.offers,
        "answer_by": draft.answer_by,
        "expires": draft.expires,
        "release_at": house.now,
        "approved_by": by,
    }
    return house.draft(draft.movement, list(phones), **(plain | changes))


@pytest.fixture
def phone(house):
    return house.enrolled(*BOTH, telegram_id=77)


def test_an_approver_who_was_removed_approves_nothing(house, phone):
    draft = scheduled(house, phone)
    follow(house, remove=["C-02"])
    house.release()
    assert phone.mail().items == []
    assert Courier(house).run() == []
    assert why(house) == [("withheld", "approvals")]
    assert house.write(notices.release_due, house.now) == 0
    assert house.read(notices.next_expiry) == draft.expires


def test_an_approver_whose_time_has_ended_approves_nothing(house, phone):
    follow(house, entries=ends(house, "C-02", timedelta(minutes=30)))
    scheduled(house, phone)
    house.release()
    assert (phone.mail().items, why(house)) == ([], [("withheld", "approvals")])


def test_a_letter_by_somebody_who_was_removed_does_not_go_out(house, phone):
    draft = house.draft(house.movement(9), [phone], approved_by=["C-02", "C-03"])
    house.schedule(draft)
    follow(house, remove=["C-01"], by=house.by("C-02"))
    house.release()
    assert (phone.mail().items, why(house, house.by("C-02"))) == ([], [("withheld", "sender")])


def test_approved_anew_by_who_stands_it_goes(house, phone):
    draft = scheduled(house, phone, party=2)
    follow(house, remove=["C-02"])
    house.release()
    with fails("approval_refused"):
        house.schedule(replace(anew(house, draft, [phone], ["C-01", "C-03"]), approvals=draft.approvals))
    with fails("approvals_short"):
        house.schedule(anew(house, draft, [phone], ["C-01"]))
    again = anew(house, draft, [phone], ["C-01", "C-03"])
    assert house.schedule(again) == house.schedule(again) == "scheduled"
    assert why(house) == [("scheduled", None)]
    assert house.write(notices.release_due, house.now) == 1
    assert letters(phone) == {id_of(again.envelope)}
    assert state(house, draft) == "released"
    (seats,) = house.as_(house.chief, movements.listed)
    assert (seats.held, seats.confirmed) == (2, 0)
    statement = phone.answer(again, Reply.ACCEPT, party=2)
    assert house.as_(phone, answers.answer, statement, house.now) == "accepted"


def test_only_the_very_same_notice_is_sealed_anew(house, phone):
    other = house.enrolled(*BOTH)
    draft = scheduled(house, phone)
    before = anew(house, draft, [phone], ["C-01", "C-03"])
    with fails("version_out_of_order"):  # nothing is wrong with it (yet)
        house.schedule(before)
    follow(house, remove=["C-02"])
    house.release()
    for changed in (
        {"content_hash": bytes(32)},
        {"expires": draft.expires - timedelta(hours=1)},
        {"answer_by": draft.answer_by - timedelta(hours=1)},
        {"offers": [replace(draft.offers[0], party=2)]},
        {"offers": [replace(draft.offers[0], offer=bytes(16))]},
        {"kind": NoticeKind.CHANGE},
    ):
        with fails("version_out_of_order"):
            house.schedule(anew(house, draft, [phone], ["C-01", "C-03"], **changed))
    with fails("version_out_of_order"):
        offers = [replace(draft.offers[0], contact=other.contact)]
        house.schedule(anew(house, draft, [other], ["C-01", "C-03"], offers=offers))
    assert why(house) == [("withheld", "approvals")]


def test_who_gave_the_place_up_meanwhile_is_not_sealed_to_anew(house, phone):
    draft = scheduled(house, phone)
    follow(house, remove=["C-02"])
    house.release()
    phone.consent("departures", given=False)
    with fails("no_consent"):
        house.schedule(anew(house, draft, [phone], ["C-01", "C-03"]))
    phone.consent("departures")
    with fails("version_out_of_order"):  # their seat is gone
        house.schedule(anew(house, draft, [phone], ["C-01", "C-03"]))


def test_what_is_withheld_can_be_called_off(house, phone):
    draft = scheduled(house, phone)
    follow(house, remove=["C-02"])
    house.release()
    house.cancel(draft)
    assert why(house) == [("cancelled", None)]
    follow(house)
    with fails("version_out_of_order"):
        house.schedule(anew(house, draft, [phone], ["C-01", "C-03"]))
    assert house.write(notices.release_due, house.now) == 0


def test_coordinators_hear_that_something_was_withheld(house, phone):
    officer_account(house, chat=4711)
    scheduled(house, phone)
    follow(house, remove=["C-02"])
    house.release()
    said = [(claim.chat, claim.key) for claim in Courier(house).run()]
    assert said == [(4711, "officer-withheld")]
    assert house.as_(house.chief, departures.withheld) == 1


def test_under_an_expired_roster_nothing_that_sends_people_somewhere_happens(house, phone):
    follow(house, expires=int(house.now.timestamp()) + DAY // 2)
    times = {"release_at": house.now + timedelta(hours=13)}
    draft = scheduled(house, phone, **times)
    by_land = {"kind": NoticeKind.THREAT, "route": Route.LAND_TJ, "approved_by": ["C-01"]}
    warning = house.draft(None, [phone], **by_land, **times)
    house.schedule(warning)
    out, newcomer = scheduled_out(house), house.enrolled(*BOTH)
    house.pass_(hours=13)
    while house.write(notices.release_due, house.now):
        pass
    assert letters(phone) == {id_of(warning.envelope)}  # phones show it, and people need it
    assert state(house, draft) == "withheld"
    with fails("roster_expired"):
        house.approve(house.by("C-03"), draft)
    with fails("roster_expired"):
        house.schedule(house.draft(draft.movement, [newcomer]))
    with fails("roster_expired"):
        house.write_to(*out[1], notice=(out[0].notice, 1))
    house.cancel(out[0])
    # Renewed, with everybody still in office: it goes out as it is.
    follow(house)
    assert house.read(notices.next_release) == draft.release_at
    assert house.write(notices.release_due, house.now) == 1
    assert letters(phone) == {id_of(warning.envelope), id_of(draft.envelope)}


def scheduled_out(house: House):
    person = house.enrolled(*BOTH)
    draft = house.draft(house.movement(1, "M-2"), [person], release_at=house.now)
    house.schedule(draft)
    house.write(notices.release_due, house.now)
    assert letters(person) == {id_of(draft.envelope)}
    return draft, [person]


def test_a_new_roster_that_mends_nothing_changes_nothing(house, phone):
    scheduled(house, phone)
    follow(house, remove=["C-02"])
    house.release()
    follow(house)
    house.write(notices.release_due, house.now)
    assert (phone.mail().items, why(house)) == ([], [("withheld", "approvals")])
