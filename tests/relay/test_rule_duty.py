"""Duty: whoever is off is not rung while others answer; nothing makes an office deaf."""

import pytest

from relay import accounts, audit, duty, offices, post
from store import duty as rows
from tests.relay.house import House, Phone
from tests.relay.refusal import fails
from tests.relay.test_rule_bells import beat
from tests.relay.test_rule_delivery import Courier, officer_account

ONE, TWO, THREE = 11, 12, 13


@pytest.fixture
def phone(house: House) -> Phone:
    for code, chat in (("C-01", ONE), ("C-02", TWO), ("W-01", THREE)):
        officer_account(house, code, chat)
    return house.enrolled("messages")


@pytest.fixture
def courier(house: House) -> Courier:
    return Courier(house)


def set_(house: House, code: str, *, on: bool) -> duty.DutyView:
    return house.as_(house.by(code), duty.set_, on=on, now=house.now)


def rung(courier: Courier) -> set[int]:
    return {claim.chat for claim in courier.run() if claim.kind == "ring"}


def test_everybody_begins_on_duty(house, phone, courier):
    assert house.as_(house.chief, duty.show, house.now) == duty.DutyView(True, None, 2)
    phone.send()
    assert rung(courier) == {ONE, TWO, THREE}


def test_off_duty_is_not_rung_and_on_again_is(house, phone, courier):
    off = set_(house, "C-02", on=False)
    assert off == duty.DutyView(False, house.now, 2)
    house.pass_(minutes=1)
    assert set_(house, "C-02", on=False) == off  # since then, still
    phone.send()
    assert rung(courier) == {ONE, THREE}
    beat(house)
    assert rung(courier) == set()
    assert set_(house, "C-02", on=True).on
    assert rung(courier) == {TWO}  # what waits rings


def test_the_bell_goes_when_duty_ends(house, phone, courier):
    phone.send()
    courier.run()
    set_(house, "W-01", on=False)
    assert [(claim.kind, claim.chat) for claim in courier.run()] == [("delete", THREE)]


@pytest.mark.parametrize("urgent", [False, True])
def test_with_nobody_on_duty_everybody_is_rung(house, phone, courier, urgent):
    for code in ("C-01", "C-02", "W-01"):
        set_(house, code, on=False)
    phone.send(urgent=urgent)
    assert rung(courier) == {ONE, TWO, THREE}


def test_a_colleague_who_cannot_be_rung_is_nobody(house, phone, courier):
    """On duty without an account (C-03), with a blocked or silent one, or without a device: the others are rung."""
    blocked, silent = (house.write(accounts.known, house.vault, chat, house.now).id for chat in (ONE, TWO))
    house.write(accounts.blocked, blocked, True, house.now)
    house.write(accounts.pause, silent, True, house.now)
    set_(house, "W-01", on=False)
    assert house.as_(house.by("W-01"), duty.show, house.now).others == 0
    phone.send()
    assert rung(courier) == {THREE}


def test_a_colleague_whose_devices_ended_is_nobody(house, phone, courier):
    set_(house, "W-01", on=False)
    set_(house, "C-02", on=False)
    house.as_(house.by("C-03"), offices.follow, house.next_roster(remove=["C-01"]), house.now)
    phone.send()
    assert rung(courier) == {TWO, THREE}


def test_what_waits_for_long_rings_everybody(house, phone, courier):
    """As with a hijacked account that is the only one "on duty", or a colleague who fell asleep."""
    set_(house, "C-02", on=False)
    set_(house, "W-01", on=False)
    phone.send()
    assert rung(courier) == {ONE}
    house.pass_(seconds=duty.PATIENCE.total_seconds() - 1)
    beat(house)
    assert rung(courier) == set()
    house.pass_(seconds=1)
    beat(house)
    assert rung(courier) == {TWO, THREE}
    house.as_(house.chief, post.mail, 0, 50, house.now)
    beat(house)
    assert rung(courier) == set()


def test_it_is_for_those_whom_mail_rings_and_is_logged(house):
    for call in (
        lambda: house.as_(house.by("A-01"), duty.show, house.now),
        lambda: set_(house, "A-01", on=False),
    ):
        with fails("not_allowed"):
            call()
    set_(house, "W-01", on=False)
    set_(house, "W-01", on=False)
    set_(house, "W-01", on=True)
    said = [(row.event, row.role_code) for row in house.as_(house.by("A-01"), audit.listed).entries]
    assert said[-2:] == [("duty_ended", "W-01"), ("duty_begun", "W-01")]


def test_whoever_leaves_the_roster_leaves_no_duty_behind(house):
    gone = house.by("W-01")
    set_(house, "W-01", on=False)
    house.as_(house.chief, offices.follow, house.next_roster(remove=["W-01"]), house.now)
    assert house.read(rows.since, house.office, gone.officer) is None
