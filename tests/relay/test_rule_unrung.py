"""Whom nothing rings though mail waits: the office is told who and why, until they read it or are reached."""

import pytest

from relay import accounts, attempts, contacts, unrung
from relay.delivery import Gone, Refused, Uncertain
from relay.unrung import Unrung
from store import accounts as account_rows
from tests.relay.house import House, Phone
from tests.relay.refusal import fails
from tests.relay.test_rule_cases import alias_of
from tests.relay.test_rule_delivery import BOTH, CHAT, Courier, account


@pytest.fixture
def courier(house: House) -> Courier:
    return Courier(house)


@pytest.fixture
def phone(house: House) -> Phone:
    return house.enrolled(*BOTH, telegram_id=CHAT)


def listed(house: House) -> list[Unrung]:
    return house.as_(house.chief, unrung.listed, house.now)


def why(house: House) -> list[str]:
    return [each.why for each in listed(house)]


def ended(house: House, courier: Courier, outcome: object) -> None:
    (claim,) = courier.claim()
    assert courier.settle(claim, outcome)


def test_whoever_blocks_the_bot_is_told_to_their_office_alone_until_they_let_it_in(
    house, vault, phone, courier
):
    other = House(house.store, vault, house.now).register()
    stranger = other.enrolled(*BOTH, telegram_id=CHAT + 1)
    house.write_to(phone)
    since = house.now
    assert listed(house) == []
    ended(house, courier, Gone())
    assert listed(house) == [Unrung(alias_of(house, phone), "blocked", since, False, False, None, None)]
    assert listed(other) == []
    other.write_to(stranger)
    other.pass_(minutes=15)
    assert [(each.alias, each.why) for each in listed(other)] == [(alias_of(other, stranger), "late")]
    house.write(account_rows.change, account(house), blocked=False)
    assert listed(house) == [], "let in, they are rung for in their turn"
    house.pass_(minutes=15)
    assert why(house) == ["late"]


def test_a_bell_that_stands_is_enough_unless_something_urgent_waits_behind_it(house, phone, courier):
    house.write_to(phone)
    house.pass_(minutes=14)
    assert listed(house) == []
    house.pass_(minutes=1)
    assert why(house) == ["late"]
    courier.run()
    house.pass_(hours=20)
    assert listed(house) == []
    house.write_to(phone, urgent=True)
    assert why(house) == ["late"], "the older letter waits, and the urgent ring has not gone out"
    courier.run()
    assert listed(house) == []


@pytest.mark.parametrize("outcome", [Refused("bad_request"), Uncertain()])
def test_a_ring_that_does_not_go_out(house, phone, courier, outcome):
    house.write_to(phone)
    ended(house, courier, outcome)
    assert why(house) == (["refused"] if isinstance(outcome, Refused) else [])
    house.pass_(minutes=20)
    assert why(house) == (["refused"] if isinstance(outcome, Refused) else ["late"])


def test_departures_first_then_urgent_mail_then_who_waits_longest(house, courier):
    quiet, loud, called, silent = (house.enrolled(*BOTH) for _ in range(4))
    house.write_to(quiet)
    house.pass_(minutes=1)
    house.write_to(loud, urgent=True)
    house.write_to(silent)
    house.schedule(house.draft(house.movement(1), [called]))
    assert alias_of(house, called) not in {each.alias for each in listed(house)}, "it is not out"
    house.release()
    found = listed(house)
    assert [each.alias for each in found] == [alias_of(house, each) for each in (called, loud, quiet, silent)]
    assert [(each.departure, each.urgent) for each in found[:2]] == [(True, True), (False, True)]
    assert {each.why for each in found} == {"no_account"}
    assert found[0].since == house.now, "since it was released"
    called.read()
    assert alias_of(house, called) not in {each.alias for each in listed(house)}


def test_whoever_asked_for_silence(house, phone, courier):
    house.write(accounts.pause, account(house), True, house.now)
    house.write_to(phone)
    courier.run()
    assert why(house) == ["paused"]
    house.write(accounts.pause, account(house), False, house.now)
    house.as_(phone, contacts.pause, True, house.now)
    assert why(house) == ["paused"]


def test_whoever_was_reached_since_is_off_the_list_and_tries_in_vain_are_shown(house, phone):
    alias = alias_of(house, phone)
    house.write(account_rows.change, account(house), blocked=True)

    def tried(outcome: str) -> None:
        said = {"way": "telephone", "outcome": outcome, "now": house.now}
        house.as_(house.by("W-01"), attempts.record, alias, **said)

    tried("reached")
    house.pass_(minutes=1)
    house.write_to(phone)
    house.pass_(minutes=1)
    assert [each.tried_at for each in listed(house)] == [None], "that was before the letter"
    tried("unanswered")
    assert [each.tried_at for each in listed(house)] == [house.now]
    tried("reached")
    assert listed(house) == []
    house.pass_(minutes=1)
    house.write_to(phone)
    assert why(house) == ["blocked"], "of this one nobody has told them"


def test_only_who_sees_contacts(house, phone):
    with fails("not_allowed"):
        house.as_(house.by("A-01"), unrung.listed, house.now)
    with fails("not_allowed"):
        house.as_(phone, unrung.listed, house.now)
