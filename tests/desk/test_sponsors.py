"""Links for relatives at the desk."""

import re

from relay import accounts, sponsors
from tests.desk.house import Office


def test_a_link_is_made_listed_and_ended(office: Office) -> None:
    desk, house = office.first, office.house
    _, alias = office.enrolled()
    made = desk.ok("sponsor", "invite", alias.lower())
    found = re.fullmatch(r"https://t\.me/desk_test_bot\?start=s_([A-Za-z0-9_-]{22})", made["link"])
    assert found is not None
    assert made["alias"] == alias
    assert made["expires"] > house.now()
    row = {"alias": alias, "sponsors": 0, "codes": 1, "permitted": False}
    assert desk.ok("sponsor", "list")["contacts"] == [row]
    now = house.clock.now()
    account = house.store.write_now(lambda tx: accounts.known(tx, house.vault, 5_000_000_001, now).id)
    assert house.store.write_now(lambda tx: sponsors.bind(tx, account, found[1], now)) == 1
    assert office.second.ok("sponsor", "list")["contacts"] == [row | {"sponsors": 1, "codes": 0}]
    assert "--yes" in desk.no("sponsor", "end", alias, code="not_confirmed", exit_code=2)
    assert desk.ok("sponsor", "end", alias, "--yes") == {"alias": alias, "sponsors": 1}
    assert desk.ok("sponsor", "list")["contacts"] == []
    desk.no("sponsor", "invite", "K-0", code="contact_not_found")
    assert "is no code" in desk.no("sponsor", "invite", "Ahmad Khan", code="usage", exit_code=2)
