"""Assignments, proposals to assign and to off-board, and that off-boarding counts at once everywhere."""

import pytest

from relay import assignments, audit, auth, cases, claims, links, offices, post, proposals, summaries, wipe
from tests.relay.house import House
from tests.relay.refusal import fails
from tests.relay.test_rule_cases import alias_of, opened
from tests.relay.test_rule_delivery import Courier, officer_account


@pytest.fixture
def alias(house: House) -> str:
    return opened(house)


def assign(house: House, alias: str, code: str, by: str = "C-01") -> None:
    house.as_(house.by(by), assignments.assign, alias, code, house.now)


def listed(house: House, by: str = "C-01") -> dict[str, str]:
    return house.as_(house.by(by), assignments.listed)


def propose(house: House, kind: str, subject: str, words: str = "", by: str = "C-01") -> bytes:
    said = {"kind": kind, "subject": subject, "words": words}
    return house.as_(house.by(by), proposals.propose, house.now, **said)


def events(house: House) -> list[tuple[str, str, str]]:
    rows = house.as_(house.by("A-01"), audit.listed).entries
    return [(row.event, row.role_code, row.about) for row in rows]


def test_one_officer_looks_after_a_household_until_another_does(house, alias):
    assign(house, alias.lower(), "w-01")
    assign(house, alias, "W-01")  # again
    assert listed(house) == {alias: "W-01"}
    assign(house, alias, "C-02")
    assert listed(house, "W-01") == {alias: "C-02"}
    assign(house, alias, "")
    assign(house, alias, "")
    assert listed(house) == {}
    named = [each for each in events(house) if "assigned" in each[0]]
    assert named == [("assigned", "C-01", alias), ("assigned", "C-01", alias), ("unassigned", "C-01", alias)]


def test_a_contact_too_and_it_shows_where_they_are_looked_at(house):
    phone = house.enrolled("messages")
    alias = alias_of(house, phone)
    assign(house, alias, "W-01")
    phone.send()
    assert house.as_(house.chief, summaries.case, alias, house.now).assigned == "W-01"
    (waiting,) = house.as_(house.chief, summaries.queue, house.now).waiting
    assert (waiting.alias, waiting.assigned) == (alias, "W-01")
    house.write(wipe.wipe, phone.wipe(), house.now)
    assert listed(house) == {}
    with fails("case_not_found"):
        assign(house, alias, "W-01")


@pytest.mark.parametrize(
    ("subject", "officer", "code"),
    [
        ("H-1", "W-01", "case_not_found"),
        ("", "A-01", "officer_not_found"),  # reads no mail
        ("", "W-99", "officer_not_found"),
    ],
)
def test_what_cannot_be_assigned_cannot_be_proposed_either(house, alias, subject, officer, code):
    with fails(code):
        assign(house, subject or alias, officer)
    with fails(code):
        propose(house, "assign", subject or alias, officer)
    with fails("not_allowed"):
        assign(house, alias, "W-01", by="A-01")


def test_it_ends_with_the_case_and_is_no_other_offices(house, alias):
    assign(house, alias, "W-01")
    other = House(house.store, house.vault, house.now).register()
    with fails("case_not_found"):
        assign(other, alias, "W-01")
    assert listed(other) == {}
    house.as_(house.chief, cases.close, alias, reason="arrived", now=house.now)
    assert listed(house) == {}
    with fails("case_closed"):
        assign(house, alias, "W-01")


def test_proposed_in_chat_it_waits_for_a_device(house, alias):
    wish = propose(house, "assign", alias.lower(), "w-01", by="W-01")
    assert listed(house) == {}
    (view,) = house.as_(house.chief, proposals.listed, house.now)
    assert (view.kind, view.subject, view.words) == ("assign", alias, "W-01")
    assert propose(house, "assign", alias, "W-01", by="W-01") == wish
    house.as_(house.chief, proposals.decide, wish, True, house.now)
    assert listed(house) == {alias: "W-01"}


def test_off_boarding_is_proposed_and_confirmed_by_coordinators_and_changes_nothing_by_itself(house):
    with fails("not_allowed"):
        propose(house, "offboard", "C-02", by="W-01")
    with fails("officer_not_found"):
        propose(house, "offboard", "C-99")
    wish = propose(house, "offboard", "w-01")
    with fails("not_allowed"):
        house.as_(house.by("W-01"), proposals.decide, wish, True, house.now)
    assert len(house.as_(house.chief, proposals.listed, house.now)) == 1  # nothing was decided
    house.as_(house.chief, proposals.decide, wish, True, house.now)
    assert house.as_(house.by("W-01"), proposals.listed, house.now) == []  # still an officer
    assert ("offboarding_proposed", "C-01", "W-01") in events(house)


def test_off_boarding_counts_at_once_everywhere(house, alias):
    gone, account = house.by("W-01"), officer_account(house, "W-01", 21)
    officer_account(house, "C-01", 22)
    phone = house.enrolled("messages")
    person = alias_of(house, phone)
    code = house.as_(gone, links.issue, house.now).code
    assign(house, alias, "W-01")
    house.as_(gone, claims.take, person, house.now)
    phone.send()
    courier = Courier(house)
    assert {claim.chat for claim in courier.run()} == {21, 22}
    house.as_(house.chief, offices.follow, house.next_roster(remove=["W-01"]), house.now)
    # A signature counts no more, nor does what was under way.
    with fails("unknown_device"):
        house.as_(gone, post.mail, 0, 50, house.now)
    with fails("link_not_valid"):
        house.write(links.bind, account, code, house.now)
    # The chat is a stranger's: no command is answered, the bell that stood goes, and no new one comes.
    assert house.read(links.officer_of, account, house.now) is None
    assert [(claim.kind, claim.chat) for claim in courier.run()] == [("delete", 21)]
    phone.send(urgent=True)
    assert {claim.chat for claim in courier.run() if claim.kind == "ring"} == {22}
    # Whom they looked after is anybody's again.
    assert listed(house) == {}
    house.as_(house.chief, claims.take, person, house.now)
    assert isinstance(house.read(auth.device_of, house.chief.device, house.now), auth.OfficerDevice)
