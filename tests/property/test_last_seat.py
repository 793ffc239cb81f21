"""Threads and processes race for the last seats, on both databases."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import update

from relay import movements, notices
from relay.errors import RelayError
from store.errors import ClashError
from store.tables.movements import allotments as table
from tests.relay.house import House

RACER = Path(__file__).with_name("racer.py")


@pytest.fixture
def house(store, vault):
    return House(store, vault).register()


def held(house: House) -> int:
    (view,) = house.as_(house.chief, movements.listed)
    return view.held


def test_one_of_many_threads_gets_the_last_seat(house):
    phones = [house.enrolled("messages", "departures") for _ in range(6)]
    movement = house.movement(1)
    drafts = [house.draft(movement, [phone]) for phone in phones]
    outcomes: list[str] = []
    start = threading.Barrier(len(drafts))

    def race(draft: notices.Draft) -> None:
        start.wait()
        try:
            outcomes.append(house.schedule(draft))
        except RelayError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=race, args=(draft,)) for draft in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["scheduled", *["seats_short"] * 5]
    assert held(house) == 1


def test_processes_together_get_every_seat_and_not_one_more(house, database_url):
    movement = house.movement(40)
    command = [sys.executable, RACER, "3", database_url, house.office.hex(), movement.hex()]
    raced = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    taken = json.loads(raced.stdout)
    assert len(taken) == 3
    assert sum(taken) == 40
    assert held(house) == 40


def test_the_database_itself_refuses_to_oversell(house):
    house.movement(2)
    for change in ({"held": 3}, {"held": -1}, {"confirmed": 1, "held": 2}):
        with pytest.raises(ClashError):
            house.store.write_now(lambda tx, change=change: tx.execute(update(table).values(**change)))
    assert held(house) == 0
