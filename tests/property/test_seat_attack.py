"""Eight processes attack one movement at once, on both databases: never oversold, never two live offers."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from crypto.encoding import unix
from relay import cases, ledger
from store import allotments, offers
from tests.relay.house import House
from tests.relay.test_rule_cases import alias_of

ATTACKER = Path(__file__).with_name("attacker.py")
PROCESSES, SEATS = 8, 5
LONG = (pytest.param(30, marks=[pytest.mark.prove, pytest.mark.timeout(300)]),)


@pytest.mark.parametrize("seconds", [0.5, *LONG])
def test_eight_processes_take_no_seat_that_there_is_not(store, vault, database_url, seconds):
    house = House(store, vault).register()
    phones = [house.enrolled("messages", "departures") for _ in range(8)]
    named = {"contact": alias_of(house, phones[0]), "now": house.now}
    case = house.as_(house.chief, cases.open_, **named)
    for more in ({"contact": alias_of(house, phones[1])}, {}):
        house.as_(house.chief, cases.add_member, case, kind="adult", **more, now=house.now)
    movement = house.movement(SEATS)
    draft = house.draft(movement, [phones[2]])
    house.schedule(draft)
    house.release()
    ids = [house.office, movement, draft.notice, *(phone.contact for phone in phones)]
    given = [str(PROCESSES), database_url, str(seconds), str(unix(house.now)), *(each.hex() for each in ids)]
    command = [sys.executable, ATTACKER, *given]
    attacked = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 120, check=True)
    done = Counter(json.loads(attacked.stdout))
    (report,) = house.read(ledger.verify)
    seats = house.read(allotments.allotment, house.office, movement)
    live = house.read(offers.live_on, house.office, movement)
    assert report.wrong == ""
    assert seats.held + seats.confirmed <= SEATS
    assert seats.held == sum(row.party for row in live if row.state == "held")
    homes = Counter(row.case_alias or row.contact for row in live)
    assert max(homes.values()) == 1
    # It was an attack: each was done, and was refused for want of seats and for a second offer.
    wanted = {"offer", "accept", "decline", "withdraw", "beat", "seats_short", "offer_taken"}
    assert wanted <= {name for name, count in done.items() if count}
    assert report.entries > 20
