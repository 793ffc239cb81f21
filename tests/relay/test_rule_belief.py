"""A clock that is wrong for a while releases nothing, ends nothing and gives nothing back; a right one goes on soon."""

import asyncio
import random
from datetime import datetime, timedelta

import pytest

from crypto.encoding import new_id
from handlers.jobs import Jobs
from relay import attempts
from relay.belief import AGREED, believed, compared
from relay.notices import Seat
from tests.jobs.scene import state
from tests.relay.house import House
from tests.relay.lending import Lending, befriend
from tests.relay.test_rule_cases import alias_of

HELD_BACK = ("notices", "offers", "recipients", "reminded", "allotments", "ledger", "wraps", "waiting")
HOUR = timedelta(hours=1)


def run(house: House, other: datetime | None = None) -> None:
    """All jobs at the house's time, in any order; `other` is what Telegram's clock tells."""

    async def telegram() -> datetime | None:
        return other

    async def everything() -> None:
        jobs = list(Jobs(house.store, house.vault, lambda: None, telegram).all().values())
        for job in random.sample(jobs, len(jobs)):
            await job(house.now)

    asyncio.run(everything())


def rows(house: House) -> dict[str, object]:
    found = state(house.store)
    return {name: found[name] for name in HELD_BACK}


@pytest.fixture
def house(store, vault) -> House:
    """Watched for two hours, with something due for each job within the day."""
    house = House(store, vault).register()
    other = House(store, vault, house.now).register()
    silent, waits, later = (
        house.enrolled("messages", "departures", telegram_id=number) for number in (1, 2, 3)
    )
    befriend(house, other)
    lent = house.movement(2, "M-2")
    Lending(house, other, lent, 1, house.now + 10 * HOUR).offer().take_up()
    seats = [Seat(silent.contact, new_id(), 1), Seat(waits.contact, new_id(), 1, 1)]
    due = {"answer_by": house.now + 15 * HOUR, "expires": house.now + 50 * HOUR}
    house.schedule(house.draft(house.movement(1), [silent, waits], offers=seats, release_at=house.now, **due))
    brief = {"answer_by": house.now + 18 * HOUR, "expires": house.now + 20 * HOUR}
    house.schedule(house.draft(None, [later], release_at=house.now, **brief))
    house.schedule(
        house.draft(None, [later], release_at=house.now + 23 * HOUR, **due | {"answer_by": due["expires"]})
    )
    run(house, house.now)
    house.pass_(minutes=5)
    said = {"way": "telephone", "outcome": "unanswered", "now": house.now}
    house.as_(house.by("W-01"), attempts.record, alias_of(house, silent), **said)
    run(house)
    return house


def test_a_day_ahead_for_a_minute(house):
    before = rows(house)
    house.pass_(days=1)
    for _ in range(4):
        house.pass_(seconds=20)
        run(house)
    assert rows(house) == before
    house.pass_(days=-1)
    run(house)
    assert rows(house) == before


def test_a_day_ahead_that_telegram_contradicts_for_hours(house):
    before = rows(house)
    house.pass_(days=1)
    for _ in range(5):
        run(house, house.now - timedelta(days=1))
        house.pass_(minutes=40)
    assert rows(house) == before


@pytest.mark.parametrize("reachable", [True, False])
def test_a_relay_that_was_off_for_a_day_goes_on(house, reachable):
    """At once if Telegram tells the same time; else after an hour."""
    before = rows(house)
    house.pass_(days=1)
    if not reachable:
        run(house)
        assert rows(house) == before
        house.pass_(hours=1)
    run(house, house.now - AGREED if reachable else None)
    after = rows(house)
    assert {name for name in HELD_BACK if after[name] != before[name]} >= {"notices", "offers", "allotments"}
    assert {each[2] for each in after["notices"]} == {"released", "expired"}
    assert {each[1] for each in after["offers"]} >= {"expired", "held"}
    assert {each[2] for each in after["ledger"]} >= {"expired", "promoted", "returned"}


def test_another_clock_decides_at_once_and_only_if_it_agrees(house):
    assert house.write(believed, house.now)
    house.pass_(days=1)
    assert not house.write(believed, house.now)
    for minutes in (-6, 6):
        assert not house.write(compared, house.now + timedelta(minutes=minutes), house.now)
    house.pass_(minutes=59)
    assert not house.write(believed, house.now), "the watching began anew"
    assert house.write(compared, house.now + AGREED, house.now)
    assert house.write(believed, house.now)
