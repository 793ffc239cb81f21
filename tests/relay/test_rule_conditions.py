"""Nobody is sent anywhere unless all is green, official and fresh; coordinators hear what is missing."""

from datetime import timedelta

import pytest

from crypto.notice import NoticeKind, Route
from relay import board, conditions, movements, notices, proposals
from relay.errors import RelayError
from tests.relay.house import House
from tests.relay.lending import Lending, befriend
from tests.relay.refusal import fails
from tests.relay.test_rule_clearances import scheduled, why
from tests.relay.test_rule_delivery import Courier, officer_account


@pytest.fixture
def phone(house):
    return house.enrolled("messages", "departures", telegram_id=77)


@pytest.fixture
def other(house):
    """Another office of the same relay."""
    return House(house.store, house.vault, house.now).register()


def plan(house: House, code: str = "M-9", route: Route = Route.AIR) -> bytes:
    """A movement of which nobody said anything yet."""
    plain = {"code": code, "route": route, "departs_at": house.now + timedelta(days=3), "seats": 9}
    return house.as_(house.chief, movements.make, **plain, now=house.now).movement


def say(house: House, movement: bytes, condition: str, state: str, grade: str = "official", **said) -> None:
    if state == "green":
        said.setdefault("expires", house.now + timedelta(hours=12))
    plain = {"condition": condition, "state": state, "grade": grade, "now": house.now}
    house.as_(house.chief, conditions.say, movement, **plain, **said)


def put_up(house: House, status: str, grade: str = "official", route: Route = Route.AIR, **said) -> None:
    said.setdefault("expires", house.now + timedelta(hours=12))
    house.as_(house.chief, conditions.put_up, route=route, status=status, grade=grade, **said, now=house.now)


def lacking(house: House, movement: bytes) -> dict[str, str]:
    return dict(house.as_(house.chief, conditions.listed, movement, house.now).lacking)


def test_at_first_nothing_is_known_and_nothing_goes_out(house):
    movement = plan(house)
    unknown = dict.fromkeys(("security", "airport", "permit", "carrier", "reception", "route"), "unknown")
    assert lacking(house, movement) == unknown
    land = lacking(house, plan(house, "L-1", Route.LAND_PK))
    assert "crossing" in land
    assert "airport" not in land


def test_a_notice_waits_until_all_is_green(house, phone):
    movement = plan(house)
    house.schedule(house.draft(movement, [phone]))
    for condition in ("security", "airport", "permit", "carrier"):
        say(house, movement, condition, "green")
    put_up(house, "limited")
    house.release()
    assert (phone.mail().items, why(house)) == ([], [("withheld", "conditions")])
    say(house, movement, "reception", "green")
    assert house.write(notices.release_due, house.now) == 1
    assert len(phone.mail().items) == 1


@pytest.mark.parametrize("lack", ["red", "expired", "unofficial", "closed", "technical"])
def test_what_stops_a_release(house, phone, lack):
    draft = scheduled(house, phone)
    if lack == "red":
        say(house, draft.movement, "permit", "red", "rumour")
    elif lack == "expired":
        say(house, draft.movement, "permit", "green", expires=house.now + timedelta(minutes=30))
    elif lack == "unofficial":
        say(house, draft.movement, "permit", "green", "partner")
    else:
        put_up(house, lack)
    house.release()
    assert (phone.mail().items, why(house)) == ([], [("withheld", "conditions")])
    found = "closed" if lack in ("closed", "technical") else lack
    assert lacking(house, draft.movement) == {"route" if found == "closed" else "permit": found}


def test_a_warning_goes_out_whatever_is_red(house, phone):
    draft = house.draft(None, [phone], kind=NoticeKind.THREAT)
    house.schedule(draft)
    house.release()
    assert len(phone.mail().items) == 1


def test_old_news_undo_nothing_and_nothing_is_overwritten(house):
    movement = house.movement(3)
    house.pass_(hours=5)
    say(house, movement, "permit", "red")
    say(house, movement, "permit", "green", as_of=house.now - timedelta(hours=2))
    assert lacking(house, movement) == {"permit": "red"}
    say(house, movement, "permit", "green")
    assert lacking(house, movement) == {}


def test_whoever_is_most_cautious_decides_on_a_route(house, other):
    """And no office hears which one it was."""
    movement = house.movement(3)
    put_up(other, "closed")
    put_up(house, "open")
    assert lacking(house, movement) == {"route": "closed"}
    shown = house.as_(house.chief, board.listed, house.now)
    assert {(each.status, each.own) for each in shown} == {("open", True), ("closed", False)}
    assert set(type(shown[0]).__slots__) == {"route", "status", "grade", "as_of", "expires", "own"}
    house.pass_(hours=13)
    put_up(house, "open")
    assert lacking(house, movement) == {}, "a closed that nobody renews ends"


def test_a_rumour_neither_opens_a_route_nor_takes_back_what_is_official(house):
    movement = plan(house)
    put_up(house, "open", "rumour")
    assert lacking(house, movement)["route"] == "unknown"
    put_up(house, "open")
    put_up(house, "closed", "media")
    assert "route" not in lacking(house, movement)


def test_coordinators_hear_what_is_missing_once(house, phone):
    account = officer_account(house)
    draft = scheduled(house, phone)
    house.release()
    Courier(house).run()
    say(house, draft.movement, "airport", "red")
    said = [each for each in Courier(house).run() if each.account == account]
    assert [each.key for each in said] == ["officer-conditions-lack"]
    assert phone.contact.hex() not in said[0].params
    house.write(conditions.lapse, house.now)
    house.write(conditions.lapse, house.now)
    assert [each for each in Courier(house).run() if each.account == account] == []
    house.pass_(days=4)  # the rest expires, too: that is news, if people are still sent there
    assert house.write(conditions.lapse, house.now) == 1


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"condition": "luck"}, "malformed"),
        ({"state": "amber"}, "malformed"),
        ({"grade": "dream"}, "malformed"),
        ({"expires": None}, "malformed"),
        ({"state": "red"}, "malformed"),
        ({"as_of": timedelta(minutes=1)}, "as_of_ahead"),
        ({"expires": timedelta()}, "times_refused"),
        ({"expires": timedelta(days=4)}, "times_refused"),
        ({"movement": bytes(16)}, "movement_not_found"),
    ],
)
def test_bad_words_change_nothing(house, said, code):
    movement = plan(house)
    plain = {"condition": "permit", "state": "green", "grade": "official", "expires": timedelta(hours=6)}
    given = {
        name: house.now + each if isinstance(each, timedelta) else each
        for name, each in (plain | {"movement": movement} | said).items()
    }
    with fails(code):
        house.as_(house.chief, conditions.say, given.pop("movement"), **given, now=house.now)
    assert lacking(house, movement)["permit"] == "unknown"


def test_only_coordinators_say_it_and_only_of_their_own(house, other):
    movement = plan(house)
    plain = {"condition": "permit", "state": "red", "grade": "official", "now": house.now}
    for who, code in ((house.by("W-01"), "not_allowed"), (house.by("A-01"), "not_allowed")):
        with fails(code):
            house.as_(who, conditions.say, movement, **plain)
    with fails("movement_not_found"):
        other.as_(other.chief, conditions.say, movement, **plain)
    with fails("movement_not_found"):
        other.as_(other.chief, conditions.listed, movement, other.now)


def test_in_chat_it_is_proposed_and_was_so_when_it_was_said(house, phone):
    movement = plan(house)
    for kind, subject, words in (
        ("condition", "M-9", "permit green official 12h"),
        ("condition", "M-9", "weather red media"),
        ("status", "AIR", "open official 48h"),
    ):
        house.as_(house.chief, proposals.propose, house.now, kind=kind, subject=subject, words=words)
    before = lacking(house, movement)
    assert before["permit"] == before["route"] == "unknown"
    house.pass_(hours=2)
    for view in house.as_(house.chief, proposals.listed, house.now):
        house.as_(house.by("C-02"), proposals.decide, view.proposal, True, house.now)
    listing = house.as_(house.chief, conditions.listed, movement, house.now)
    permit = next(each for each in listing.conditions if each.condition == "permit")
    assert (permit.lacks, permit.role_code) == (None, "C-02")
    assert permit.expires == house.now + timedelta(hours=10)
    assert dict(listing.lacking)["weather"] == "red"
    assert listing.route is None
    with pytest.raises(RelayError):
        house.as_(
            house.chief,
            proposals.propose,
            house.now,
            kind="condition",
            subject="M-8",
            words="permit red media",
        )


def test_whoever_borrowed_seats_hears_of_red_before_they_send_anybody(house, other):
    befriend(house, other)
    movement = house.movement(9)
    lent = Lending(house, other, movement, 3, house.now + timedelta(days=2)).offer()
    mine, account = officer_account(house), officer_account(other, chat=7)
    Courier(house).run()
    say(house, movement, "permit", "red")
    assert Courier(house).run() == [], "an offer of seats is none yet"
    say(house, movement, "permit", "green")
    lent.take_up()
    say(house, movement, "airport", "red", as_of=house.now - timedelta(hours=1))
    assert Courier(house).run() == [], "it was red before it was green"
    say(house, movement, "permit", "red")
    said = Courier(house).run()
    assert [(each.key, each.account) for each in said] == [("officer-conditions-lack", account)]
    assert mine != account


def test_a_guest_sends_nobody_before_the_owner_says_that_it_is_clear(house, other):
    """It sees the list and changes nothing in it; its coordinators hear what is missing, too."""
    befriend(house, other)
    movement = house.movement(9)
    Lending(house, other, movement, 3, house.now + timedelta(days=2)).offer().take_up()
    account = officer_account(other)
    other.schedule(other.draft(movement, [other.enrolled("messages", "departures")]))
    say(house, movement, "permit", "red")
    assert dict(other.as_(other.chief, conditions.listed, movement, house.now).lacking) == {"permit": "red"}
    with fails("movement_not_found"):
        say(other, movement, "permit", "green")
    house.now = other.now = house.now + timedelta(hours=2)
    house.write(notices.release_due, house.now)
    assert why(other) == [("withheld", "conditions")]
    said = [each for each in Courier(house).run() if each.key == "officer-conditions-lack"]
    assert {each.account for each in said} == {account}
    say(house, movement, "permit", "green")
    assert house.write(notices.release_due, house.now) == 1
