"""Attempts to reach contacts: codes alone, and whom nobody reached."""

import pytest
from sqlalchemy import text

from relay import attempts, audit, wipe
from relay.attempts import Attempt, NotReached
from tests.relay.house import House
from tests.relay.refusal import fails
from tests.relay.test_rule_cases import alias_of


def tried(
    house: House, alias: str, outcome: str = "unanswered", way: str = "telephone", by: str = "W-01"
) -> None:
    house.as_(house.by(by), attempts.record, alias, way=way, outcome=outcome, now=house.now)
    house.pass_(hours=1)


def waiting(house: House) -> list[NotReached]:
    return house.as_(house.chief, attempts.not_reached, house.now)


@pytest.fixture
def pair(house: House) -> list[str]:
    return [alias_of(house, house.enrolled("messages")) for _ in range(2)]


def test_whoever_waits_longest_comes_first_until_they_are_reached(house, pair):
    one, two = pair
    start = house.now
    tried(house, two)
    tried(house, one.lower(), "wrong", "relative")
    tried(house, two, way="app")
    hour = (house.now - start) / 3
    assert waiting(house) == [
        NotReached(two, start, start + 2 * hour, 2, None),
        NotReached(one, start + hour, start + hour, 1, None),
    ]
    tried(house, two, "reached", "person")
    tried(house, one, "refused")
    assert waiting(house) == []
    tried(house, two)
    assert [(each.alias, each.tries) for each in waiting(house)] == [(two, 1)]
    shown = house.as_(house.chief, attempts.of, one, house.now)
    assert [(each.way, each.outcome) for each in shown] == [("relative", "wrong"), ("telephone", "refused")]
    assert shown[0] == Attempt("relative", "wrong", "W-01", start + hour)


def test_whoever_writes_is_reached(house):
    phone = house.enrolled("messages")
    alias = alias_of(house, phone)
    tried(house, alias)
    phone.send()
    assert waiting(house) == []
    house.pass_(hours=1)
    tried(house, alias)
    assert [each.tries for each in waiting(house)] == [1]


def test_codes_alone_by_those_who_see_contacts_of_their_office(house, pair):
    for said in ({"way": "0700123456"}, {"outcome": "she wept"}, {"way": ""}):
        with fails("malformed"):
            tried(house, pair[0], **said)
    with fails("contact_not_found"):
        tried(house, "K-0")
    with fails("not_allowed"):
        tried(house, pair[0], by="A-01")
    other = House(house.store, house.vault, house.now).register()
    with fails("contact_not_found"):
        tried(other, pair[0])
    tried(house, pair[0])
    assert waiting(other) == []
    waiting(house)
    said = [(row.event, row.about) for row in house.as_(house.by("A-01"), audit.listed).entries]
    assert said[-2:] == [("attempt_recorded", pair[0]), ("not_reached_read", "")]


def test_they_go_with_the_contact(house):
    phone = house.enrolled("messages")
    tried(house, alias_of(house, phone))
    house.write(wipe.wipe, phone.wipe(), house.now)
    assert house.read(lambda tx: tx.execute(text("SELECT count(*) FROM attempts")).scalar()) == 0
    assert waiting(house) == []
