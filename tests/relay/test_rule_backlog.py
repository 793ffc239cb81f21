"""`qasid outbox`: what waits, and the first reason that holds of each, on both databases."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from handlers.commands.outbox import WHY
from relay import accounts, backlog, delivery, leader, outbox
from relay.backlog import REASONS, Backlog
from relay.delivery import Later, Refused, Sent, Uncertain
from tests.relay.house import House, Phone
from tests.relay.test_rule_delivery import BOTH, CHAT, Courier, account
from tests.relay.test_rule_repairs import say

MINUTE = timedelta(minutes=1)
Scene = Callable[[House, Courier, Phone], None]


def look(house: House) -> Backlog:
    return house.read(backlog.look, house.now)


def reasons(house: House) -> dict[str, int]:
    """By reason, how many."""
    counts: dict[str, int] = {}
    for group in look(house).groups:
        counts[group.reason] = counts.get(group.reason, 0) + group.count
    return counts


def in_turn(house: House, courier: Courier, phone: Phone) -> None:
    say(house, "one")


def claimed(house: House, courier: Courier, phone: Phone) -> None:
    say(house, "one")
    courier.claim()


def claimed_by_lost(house: House, courier: Courier, phone: Phone) -> None:
    claimed(house, courier, phone)
    house.pass_(seconds=31)
    house.write(delivery.lead, leader.instance("other"), house.now)


def no_leader(house: House, courier: Courier, phone: Phone) -> None:
    say(house, "one")
    house.pass_(seconds=31)


def telegram_rests(house: House, courier: Courier, phone: Phone) -> None:
    say(house, "one")
    (claim,) = courier.claim()
    courier.settle(claim, Later(house.now + MINUTE / 4, everyone=True))


def tried_again(house: House, courier: Courier, phone: Phone) -> None:
    say(house, "one")
    (claim,) = courier.claim()
    courier.settle(claim, Uncertain())


def refused(house: House, courier: Courier, phone: Phone) -> None:
    house.write_to(phone)
    (claim,) = courier.claim()
    courier.settle(claim, Refused("bad_request"))


def blocked(house: House, courier: Courier, phone: Phone) -> None:
    house.write(outbox.delete, account(house), 7, house.now)
    house.write(accounts.blocked, account(house), blocked=True, now=house.now)


def paused(house: House, courier: Courier, phone: Phone) -> None:
    house.write_to(phone)
    house.write(accounts.pause, account(house), paused=True, now=house.now)


def due_later(house: House, courier: Courier, phone: Phone) -> None:
    house.write(outbox.delete, account(house), 7, house.now, not_before=house.now + MINUTE)


def expired(house: House, courier: Courier, phone: Phone) -> None:
    say(house, "one")
    house.pass_(hours=2)


def earlier_waits(house: House, courier: Courier, phone: Phone) -> None:
    tried_again(house, courier, phone)
    say(house, "two")


def earlier_in_flight(house: House, courier: Courier, phone: Phone) -> None:
    claimed(house, courier, phone)
    house.write_to(phone)


ALONE: list[Scene] = [
    in_turn,
    claimed,
    claimed_by_lost,
    no_leader,
    telegram_rests,
    tried_again,
    refused,
    blocked,
    paused,
    due_later,
    expired,
]
BESIDE: list[tuple[Scene, str]] = [(earlier_waits, "tried_again"), (earlier_in_flight, "claimed")]


@pytest.fixture
def phone(house: House) -> Phone:
    return house.enrolled(*BOTH, telegram_id=CHAT)


@pytest.fixture
def courier(house: House) -> Courier:
    return Courier(house)


def emptied(house: House) -> None:
    """Nothing waits: one test meets every reason, for a house costs much."""
    house.store.write_now(lambda tx: tx.execute(text("DELETE FROM outbox")))
    house.store.write_now(lambda tx: tx.execute(text("UPDATE accounts SET blocked = false, paused = false")))
    house.store.write_now(lambda tx: tx.execute(text("DELETE FROM leases")))


def test_each_reason(house, phone):
    for scene in ALONE:
        emptied(house)
        scene(house, Courier(house), phone)
        assert reasons(house) == {scene.__name__: 1}, scene.__name__
    for scene, first in BESIDE:
        emptied(house)
        scene(house, Courier(house), phone)
        assert reasons(house) == {first: 1, scene.__name__: 1}, scene.__name__
    assert {each.__name__ for each in [*ALONE, *(scene for scene, _ in BESIDE)]} == set(REASONS) == set(WHY)


def test_a_pause_of_telegrams_holds_up_what_is_new_too(house, courier, phone):
    telegram_rests(house, courier, phone)
    house.write_to(phone)
    assert reasons(house) == {"telegram_rests": 2}
    assert look(house).rest_until == house.now + MINUTE / 4
    house.pass_(seconds=16)
    assert reasons(house) == {"in_turn": 2}


def test_how_much_how_old_how_fast(house, courier, phone):
    assert (look(house).depth, look(house).late_since, look(house).led) == (0, None, True)
    say(house, "one")
    begun = house.now
    (claim,) = courier.claim()
    courier.settle(claim, Sent(7))
    due_later(house, courier, phone)
    assert (look(house).sent_last_minute, look(house).depth, look(house).late_since) == (1, 1, None)
    say(house, "two")
    house.pass_(seconds=20)
    found = look(house)
    assert (found.late_since, found.stuck_since) == (begun, None), "it moves"
    house.pass_(seconds=41)
    found = look(house)
    assert (found.sent_last_minute, found.stuck_since, found.led) == (0, begun, False)


def test_what_telegram_refused_is_counted_for_a_day(house, courier, phone):
    say(house, "one")
    (claim,) = courier.claim()
    courier.settle(claim, Refused("bad_request"))
    assert look(house).refused_last_day == 1
    house.pass_(hours=25)
    assert (look(house).refused_last_day, look(house).depth) == (0, 0)


def test_what_telegram_never_confirmed_is_counted_for_a_day(house, courier):
    say(house, "one")
    for wait in (5, 10, 20, 40, 0):
        (claim,) = courier.claim()
        courier.settle(claim, Uncertain())
        house.pass_(seconds=wait)
    assert (look(house).unknown_last_day, look(house).depth) == (1, 0)
    house.pass_(hours=25)
    assert look(house).unknown_last_day == 0


def test_how_often_telegram_asked_for_a_rest_is_counted_by_the_day(house, courier):
    assert (look(house).rests_today, look(house).rested_at) == (0, None)
    say(house, "one")
    for _ in range(3):
        (claim,) = courier.claim()
        courier.settle(claim, Later(house.now + timedelta(seconds=2), everyone=True))
        last = house.now
        house.pass_(seconds=2)
    assert (look(house).rests_today, look(house).rested_at) == (3, last)
    (claim,) = courier.claim()
    courier.settle(claim, Later(house.now + timedelta(seconds=2)))
    assert look(house).rests_today == 3, "Telegram did not answer: no refusal"
    house.pass_(hours=24)
    assert (look(house).rests_today, look(house).rested_at) == (0, last)
