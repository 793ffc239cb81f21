"""What is kept of each job's runs, and what a daily check finds."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from handlers.jobs import Jobs
from relay import beats, integrity
from relay.beats import Job, Run
from tests.relay.house import House
from tests.relay.test_rule_delivery import Courier, officer_account

MINUTE = timedelta(minutes=1)


async def nobody() -> None:
    """Of whom the time could be asked."""


def note(house: House, name: str = "release", *, due=None, outcome="done", count=0) -> None:
    run = Run(name, due, house.now, house.now + timedelta(seconds=2), outcome, count, house.now + MINUTE)
    house.write(beats.note, run)


def job(house: House, name: str = "release") -> Job:
    return next(each for each in house.read(beats.listed) if each.name == name)


def test_every_job_has_its_work(store, vault):
    assert list(Jobs(store, vault, lambda: None, nobody).all()) == list(beats.JOBS)


def test_the_last_run_is_kept(house):
    assert job(house) == Job("release")
    note(house, due=house.now - timedelta(milliseconds=1500), count=3)
    ended = house.now + timedelta(seconds=2)
    assert job(house) == Job("release", house.now + MINUTE, house.now, ended, 1500, "done", 3)
    house.pass_(minutes=1)
    note(house, due=house.now, outcome="failed")
    assert (job(house).outcome, job(house).late_ms) == ("failed", 0)


def test_after_an_outage_it_is_as_late_as_it_is_and_a_clock_set_back_makes_nothing_early(house):
    note(house)
    assert job(house).late_ms == 0
    house.pass_(days=1)
    note(house)
    assert job(house).late_ms == (timedelta(days=1) - MINUTE) // timedelta(milliseconds=1)
    house.pass_(hours=-1)
    note(house)
    assert job(house).late_ms == 0
    note(house, due=house.now + MINUTE)
    assert job(house).late_ms == 0


def test_a_server_that_stands_still_is_noticed(house):
    assert beats.asleep(house.read(beats.listed), house.now)
    for name in beats.JOBS:
        note(house, name)
    assert not beats.asleep(house.read(beats.listed), house.now + 2 * MINUTE)
    assert beats.asleep(house.read(beats.listed), house.now + 2 * MINUTE + timedelta(seconds=1))


def test_the_check_comes_once_a_day_however_often_the_relay_starts(house):
    assert house.read(integrity.due, house.now) == house.now
    note(house, "integrity")
    checked = house.now
    house.pass_(hours=23)
    assert house.read(integrity.due, house.now) == checked + timedelta(days=1)
    house.pass_(hours=1)
    assert house.read(integrity.due, house.now) == house.now
    note(house, "integrity", outcome="failed")
    assert house.read(integrity.due, house.now) == house.now, "what failed is tried again"
    note(house, "integrity")
    house.pass_(hours=-1)
    assert house.read(integrity.due, house.now) == house.now, "a clock set back"


@pytest.mark.parametrize(
    ("kind", "damage"),
    [
        ("ledger", "UPDATE allotments SET seats = seats + 1"),
        ("audit", "UPDATE audit SET event = 'office_removed' WHERE seq = 1 AND office = :office"),
    ],
)
def test_what_does_not_hold_is_told_to_those_whose_it_is(house, vault, kind, damage):
    house.movement(4)
    other = House(house.store, vault, house.now).register()
    told = {officer_account(house, "C-01"), officer_account(house, "C-02", 6)}
    officer_account(house, "W-01", 7)
    officer_account(other, "C-01", 8)
    assert house.read(integrity.check) == []
    courier = Courier(house)
    courier.run()
    house.write(lambda tx: tx.execute(text(damage), {"office": house.office}))
    (fault,) = faults = house.read(integrity.check)
    assert (fault.kind, fault.office) == (kind, house.office)
    for _ in range(2):
        house.write(integrity.tell, faults, house.now)
    said = courier.run()
    assert {each.account for each in said} == told
    assert len(said) == 2
    assert said[0].params == {"what": {"list": [{"key": f"integrity-{kind}"}]}}
