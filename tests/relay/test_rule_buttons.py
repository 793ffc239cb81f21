"""Officers' buttons: one press, one chat, one officer, ten minutes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crypto.encoding import b64u, unb64u
from crypto.roster import Role
from crypto.vault import Vault
from relay import auth, buttons, retention
from relay.auth import OfficerDevice
from store.tables import metadata
from tests.relay.house import House
from tests.relay.refusal import fails

HERE, ELSEWHERE = 7, 8


@pytest.fixture
def officer(house: House) -> OfficerDevice:
    return house.read(auth.device_of, house.chief.device, house.now)


def made(house: House, officer: OfficerDevice, says: str = "cK-4821") -> str:
    return buttons.make(house.vault, HERE, officer, says, house.now)


def press(house: House, officer: OfficerDevice | None, data: str, account: int = HERE, vault=None) -> str:
    named = {"account": account, "officer": officer}
    return house.write(buttons.press, vault or house.vault, data, house.now, **named)


def test_it_says_once_what_it_was_made_for(house, officer):
    data, other = made(house, officer), made(house, officer)
    assert data != other
    assert press(house, officer, data) == "cK-4821"
    for _ in range(2):  # a double tap
        with fails("button_over"):
            press(house, officer, data)
    assert press(house, officer, other) == "cK-4821"


def test_it_fits_telegram(house, officer):
    assert len(made(house, officer, "x" * buttons.LONGEST).encode()) == 64
    with pytest.raises(ValueError, match="at most"):
        made(house, officer, "x" * (buttons.LONGEST + 1))


def test_nobody_else_nowhere_else_and_not_later(house, officer):
    data = made(house, officer)
    colleague = house.read(auth.device_of, house.by("C-02").device, house.now)
    strangers = [(None, HERE), (colleague, HERE), (officer, ELSEWHERE)]
    changed = [replace(officer, roles=Role.AUDITOR), replace(officer, office=bytes(32))]
    for who, account in [*strangers, *[(each, HERE) for each in changed]]:
        with fails("button_over"):
            press(house, who, data, account)
    with fails("button_over"):
        press(house, officer, data, vault=Vault(b"\1" * 32))
    house.pass_(seconds=buttons.LIFE.total_seconds())
    with fails("button_over"):
        press(house, officer, data)


def test_no_part_of_it_can_be_changed(house, officer):
    raw = unb64u(made(house, officer).removeprefix(buttons.PREFIX))
    for place in range(len(raw)):
        forged = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        with fails("button_over"):
            press(house, officer, buttons.PREFIX + b64u(forged))
    for broken in ("", "b:", "b:A", "b:" + b64u(raw[:20]), "b:" + b64u(raw + b"1"), "language:en"):
        with fails("button_over"):
            press(house, officer, broken)
    assert press(house, officer, buttons.PREFIX + b64u(raw)) == "cK-4821"


def test_a_pressed_one_stays_pressed_when_the_clock_goes_back_and_is_forgotten_in_time(house, officer):
    data = made(house, officer)
    press(house, officer, data)
    house.pass_(minutes=-5)
    with fails("button_over"):
        press(house, officer, data)
    pressed = metadata.tables["pressed"]
    count = select(func.count()).select_from(pressed)
    house.write(retention.forget, house.now + buttons.LIFE)
    assert house.read(lambda tx: tx.execute(count).scalar()) == 1
    house.write(retention.forget, house.now + 3 * buttons.LIFE + timedelta(minutes=1))
    assert house.read(lambda tx: tx.execute(count).scalar()) == 0
