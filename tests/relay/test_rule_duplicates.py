"""Two records of one person: what shows them, and what becomes of the one that ends."""

import pytest

from relay import assignments, attempts, cases, contacts, duplicates, enrolments, referrals
from relay.duplicates import Pair
from store.tables import metadata
from tests.relay.house import House, Phone
from tests.relay.refusal import fails
from tests.relay.test_rule_cases import alias_of, events, show

CHAT = 51


@pytest.fixture
def two(house: House) -> tuple[Phone, Phone]:
    """K-1 and K-2, of one Telegram account."""
    return person(house, "K-1"), person(house, "K-2")


def person(house: House, alias: str, chat: int | None = CHAT) -> Phone:
    phone = house.invite(chat, alias=alias)
    phone.enrol()
    house.as_(house.chief, enrolments.card, house.card(phone), phone.secret.invitation, house.now)
    phone.consent("messages", "departures")
    return phone


def listed(house: House, by: str = "W-01") -> list[Pair]:
    return house.as_(house.by(by), duplicates.listed, house.now)


def merge(house: House, keep: str = "K-1", end: str = "K-2", by: str = "C-01") -> bool:
    return bool(house.as_(house.by(by), duplicates.merge, keep, end, house.now))


def test_pairs_of_the_own_office_are_shown_and_the_look_is_logged(house, two, store, vault):
    other = House(store, vault).register()
    person(other, "K-9")
    person(house, "K-3", CHAT + 1)
    person(house, "K-4", None)
    assert listed(other, "C-01") == []
    person(house, "K-0")
    assert listed(house) == [Pair("K-0", "K-1"), Pair("K-0", "K-2"), Pair("K-1", "K-2")]
    assert events(house)[-1] == ("duplicates_read", "W-01", "")
    with fails("not_allowed"):
        listed(house, "A-01")


def test_the_second_ends_and_nothing_of_it_becomes_the_firsts(house, two):
    kept, ended = two
    house.as_(house.by("W-01"), attempts.record, "K-2", way="telephone", outcome="reached", now=house.now)
    house.as_(house.chief, assignments.assign, "K-2", "W-01", house.now)
    kept.consent("departures", given=False)
    ended.send()
    house.write_to(ended)
    assert merge(house, "k-1", "k-2") is False
    assert house.as_(kept, contacts.me, house.now).telegram_linked
    with fails("unknown_device"):
        ended.mail()
    (left,) = house.as_(house.chief, contacts.listed, house.now)
    assert (left.alias, {said.purpose for said in left.consents if said.given}) == ("K-1", {"messages"})
    rows = house.read(lambda tx: {name: tx.execute(t.select()).all() for name, t in metadata.tables.items()})
    marked = {
        name for name, found in rows.items() if ended.contact in {each for row in found for each in row}
    }
    assert marked == set()
    assert tuple(n for n in ("attempts", "assignments") if not rows[n]) == ("attempts", "assignments")
    assert ("contacts_merged", "C-01", "K-1") in events(house)
    assert "K-2" not in {about for _, _, about in events(house)}


@pytest.mark.parametrize("has_one", [False, True])
def test_its_place_in_a_household_is_handed_on_to_who_has_none(house, two, has_one):
    alias = house.as_(house.chief, cases.open_, contact="K-2", now=house.now)
    if has_one:
        house.as_(house.chief, cases.open_, contact="K-1", now=house.now)
    assert merge(house) is not has_one
    view = show(house, alias)
    assert (view.adults, [each.contact for each in view.members]) == (1, [None if has_one else "K-1"])


@pytest.mark.parametrize("who", [0, 1])
def test_not_while_a_notice_is_out_or_a_seat_is_held(house, two, who):
    draft = house.draft(house.movement(3), [two[who]])
    house.schedule(draft)
    with fails("notice_held"):
        merge(house)
    house.release()
    with fails("notice_held"):
        merge(house)
    assert {view.alias for view in house.as_(house.chief, contacts.listed, house.now)} == {"K-1", "K-2"}


def test_two_contacts_of_the_own_office_by_a_coordinator(house, two, store, vault):
    other = House(store, vault).register()
    person(other, "K-9")
    with fails("same_contact"):
        merge(house, "K-1", "k-1")
    for keep, end in (("K-1", "K-9"), ("K-9", "K-1")):
        with fails("contact_not_found"):
            merge(house, keep, end)
    house.as_(house.chief, referrals.open_, "DOHA-7", house.now)
    unlettered = alias_of(house, house.unlettered())
    with fails("contact_not_found"):
        merge(house, "K-1", unlettered)
    with fails("not_allowed"):
        merge(house, by="W-01")
