"""Each morning, once, coordinators hear in numbers what waits; late it is left out, and nobody else hears of it."""

from datetime import UTC, datetime, timedelta

import pytest

from crypto.notice import Route
from relay import daily, movements
from tests.relay.house import House
from tests.relay.test_rule_delivery import Courier, officer_account

MORNING = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
"""Seven o'clock in Kabul."""


@pytest.fixture
def told(house: House):
    """What the coordinator's account was told, when it was tried at these times."""
    mine, courier = officer_account(house, "C-01"), Courier(house)
    officer_account(house, "W-01", 6)
    courier.run()

    def at(*times: datetime) -> list[dict[str, str]]:
        for house.now in times:
            house.write(daily.tell, house.read(daily.reports, house.now), house.now)
        said = [each for each in courier.run() if (each.kind, each.key) == ("reply", "officer-daily")]
        assert {each.account for each in said} <= {mine}
        return [each.params for each in said]

    return at


def test_the_numbers(house, told):
    house.now = MORNING - timedelta(hours=5)
    phone = house.enrolled("messages")
    phone.send()
    house.invite().enrol()
    house.movement(4)  # in three days
    soon = {"code": "AIR-9", "route": Route.AIR, "departs_at": house.now + timedelta(days=1), "seats": 3}
    house.as_(house.chief, movements.make, **soon, now=house.now)  # and of this one nothing is known yet
    (said,) = told(MORNING)
    expected = {"unread": "1", "overdue": "0", "enrolments": "1", "proposals": "0", "withheld": "0"}
    expected |= {"stale": "0"}
    assert said == expected | {"departures": "1", "lacking": "1"}


def test_once_a_day_however_often_it_is_tried(told):
    assert told(MORNING - timedelta(seconds=1)) == []
    assert len(told(MORNING, MORNING + timedelta(minutes=1), MORNING + timedelta(hours=3))) == 1
    assert told(MORNING + timedelta(minutes=-30), MORNING + timedelta(minutes=2)) == [], "a clock set back"
    assert len(told(MORNING + timedelta(days=1))) == 1


def test_a_day_that_is_half_over_is_left_out(told):
    assert told(MORNING + daily.LATE) == []
    assert daily.next_due(MORNING + daily.LATE) == MORNING + timedelta(days=1)
    assert daily.next_due(MORNING - timedelta(hours=1)) == MORNING
