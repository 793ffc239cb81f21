"""Who runs out of prekeys is rung for once a day until the phone brings more, from a week before until a week after."""

import pytest
from sqlalchemy import text

from relay import delivery, prekeys
from tests.relay.house import House, Phone
from tests.relay.test_rule_bells import beat, bells
from tests.relay.test_rule_delivery import BOTH, CHAT, Courier

RING = [("ring", CHAT)]


@pytest.fixture
def phone(house: House) -> Phone:
    """Its prekey may be sealed to for seven days and a minute."""
    phone = house.enrolled(*BOTH, telegram_id=CHAT)
    house.pass_(days=7, minutes=-1)
    return phone


@pytest.fixture
def courier(house: House, phone: Phone) -> Courier:
    return Courier(house)


def asked(house: House, courier: Courier) -> list[tuple[str, int]]:
    house.write(prekeys.ask, house.read(prekeys.short, house.now), house.now)
    beat(house)
    return bells(courier)


def top_up(house: House, phone: Phone) -> None:
    pair = house._device_prekey(phone.keys, 2)
    house.as_(phone, prekeys.add, [pair.prekey.sign(phone.keys.sign_seed)], house.now)


def test_once_a_day_until_the_phone_brings_more(house, phone, courier):
    assert asked(house, courier) == []
    house.pass_(minutes=1)
    assert asked(house, courier) == RING
    house.pass_(hours=23)
    assert asked(house, courier) == [], "it stands"
    house.pass_(hours=1)
    assert asked(house, courier) == RING
    top_up(house, phone)
    assert asked(house, courier) == [("delete", CHAT)]
    house.pass_(days=3)
    assert asked(house, courier) == []
    house.pass_(days=4)
    assert asked(house, courier) == RING, "the newest counts"


def test_who_does_not_come_is_left_to_the_office(house, phone, courier):
    days = 0
    for _ in range(20):
        house.pass_(days=1)
        days += ("ring", CHAT) in asked(house, courier)
    assert days == 14
    assert asked(house, courier) == []


@pytest.mark.parametrize("why", ["paused", "wiped", "frozen"])
def test_nobody_is_asked_who_does_not_want_to_be(house, phone, courier, why):
    house.pass_(minutes=1)
    if why == "paused":
        house.write(lambda tx: tx.execute(text("UPDATE contacts SET paused = true")))
    elif why == "wiped":
        house.write(lambda tx: tx.execute(text("UPDATE contacts SET state = 'wiped'")))
    else:
        house.write(
            lambda tx: tx.execute(text("UPDATE devices SET state = 'frozen' WHERE contact IS NOT NULL"))
        )
    assert asked(house, courier) == []


def test_who_brings_more_before_it_is_asked_is_not_rung_for(house, phone, courier):
    house.pass_(minutes=1)
    phones = house.read(prekeys.short, house.now)
    assert phones == [phone.device]
    top_up(house, phone)
    assert house.write(prekeys.ask, phones, house.now) == 0
    assert bells(courier) == []


def test_two_at_once_and_a_clock_that_goes_back(house, phone, courier):
    house.pass_(minutes=1)
    phones = house.read(prekeys.short, house.now)
    assert [house.write(prekeys.ask, phones, house.now) for _ in range(2)] == [1, 0]
    house.pass_(hours=-1)
    house.write(delivery.mend, house.now)
    assert asked(house, courier) == RING
    top_up(house, phone)
    assert asked(house, courier) == [("delete", CHAT)]
