"""How an office begins and its roster moves on."""

from datetime import timedelta

import pytest

from crypto.device import OwnerKind
from crypto.keys import DeviceKeys
from crypto.roster import Role
from relay import audit, auth, offices, post
from store import mail
from tests.relay.house import DAY, House, b
from tests.relay.refusal import fails


def registration(house: House, code: str) -> dict[str, object]:
    wire = house.roster.sign(house.root.seed)
    return {"code": code, "roster": wire, "prekeys": [], "device": house.chief.device, "now": house.now}


def test_a_code_admits_one_office_and_a_retry_is_harmless(store, vault):
    house = House(store, vault)
    code = house.write(offices.admit, house.now).code
    first = house.write(offices.register, **registration(house, code))
    assert (first.version, first.hash) == (1, house.roster.hash)
    assert house.write(offices.register, **registration(house, code.lower())) == first
    with fails("code_not_valid"):
        other = House(store, vault)
        other.write(offices.register, **registration(other, code))


@pytest.mark.parametrize("how", ["unknown", "expired"])
def test_an_unknown_and_an_expired_code_are_told_apart_by_nobody(store, vault, how):
    house = House(store, vault)
    code = house.write(offices.admit, house.now).code if how == "expired" else "23456-23456-23456-23456"
    house.pass_(hours=24)
    with fails("code_not_valid"):
        house.write(offices.register, **registration(house, code))


def test_a_registered_office_is_not_taken_over_with_another_code(house):
    code = house.write(offices.admit, house.now).code
    with fails("office_taken"):
        house.write(offices.register, **registration(house, code))


def test_a_roster_is_followed_one_by_one_and_takes_standing_away(house):
    gone = house.by("W-01")
    wire = house.next_roster(remove=["W-01"])
    assert house.as_(house.chief, offices.follow, wire, house.now).version == 2
    assert house.as_(house.chief, offices.follow, wire, house.now).version == 2
    with fails("unknown_device"):
        house.read(auth.device_of, gone.device, house.now)
    listed = house.read(offices.rosters, house.office, 1)
    assert (listed.head, len(listed.rosters)) == (2, 2)
    assert house.read(offices.rosters, house.office, 2).rosters == [wire]
    with fails("malformed"):
        house.read(offices.rosters, house.office, 1 << 63)


def test_a_gap_a_fork_and_another_root_are_refused(house):
    skipped = house._roster(3, b(7, 32)).sign(house.root.seed)
    fork = house._roster(2, b(7, 32)).sign(house.root.seed)
    foreign = house._roster(2, house.roster.hash).sign(b(9, 32))
    for wire in (skipped, fork, foreign):
        with fails("roster_refused"):
            house.as_(house.chief, offices.follow, wire, house.now)
    assert house.read(offices.head, house.office).version == 1


def test_a_roster_that_brings_a_foreign_device_id_is_refused_whole(house, store, vault):
    other = House(store, vault)
    stolen = DeviceKeys.generate(other.office, OwnerKind.OFFICER, b(5), house.chief.device)
    other.officers[4].keys, other.officers[4].officer = stolen, b(5)
    other.roster = other._roster(1, bytes(32))
    with fails("device_taken"):
        other.register()
    with fails("office_not_found"):
        other.read(offices.head, other.office)


def test_an_expired_roster_is_refused(house):
    old = house.next_roster(issued=int(house.now.timestamp()) - 20 * DAY, expires=int(house.now.timestamp()))
    with fails("roster_expired"):
        house.as_(house.chief, offices.follow, old, house.now)


def test_standing_ends_with_its_time(house):
    house.read(auth.device_of, house.chief.device, house.now)
    with fails("unknown_device"):
        house.read(auth.device_of, house.chief.device, house.now + timedelta(days=60))


def test_a_nonce_counts_once_and_not_for_an_expired_request(house):
    args = (house.chief.device, b(1), house.now + timedelta(minutes=5), house.now)
    assert house.write(auth.admit, *args).roles == Role.COORDINATOR
    with fails("replayed"):
        house.write(auth.admit, *args)
    with fails("stale"):
        house.write(auth.admit, house.chief.device, b(2), house.now, house.now)


def test_removal_frees_letters_that_only_waited_for_the_removed(house):
    phone = house.enrolled("messages")
    sent = phone.send().id
    for officer in house.officers[:3]:
        house.as_(officer, post.ack, [sent], house.now)
    assert len(house.as_(house.by("W-01"), post.mail, 0, 10, house.now).items) == 1
    house.as_(house.chief, offices.follow, house.next_roster(remove=["W-01"]), house.now)
    assert house.read(mail.acked_by, house.office) == {}


def test_devices_are_listed_with_a_prekey_to_seal_to(house):
    listed = house.as_(house.chief, offices.devices_of, house.now)
    assert {entry.role_code for entry in listed} == {"C-01", "C-02", "C-03", "W-01", "A-01"}
    assert [entry.role_code for entry in listed if entry.prekey] == ["C-01"]


def test_the_log_knows_role_codes_and_is_for_auditors(house):
    house.enrolled("messages")
    events = [entry.event for entry in house.as_(house.by("A-01"), audit.listed).entries]
    assert events == ["office_registered", "invited", "enrolment_asked", "card_taken", "consent_given"]
    with fails("not_allowed"):
        house.as_(house.by("W-01"), audit.listed)
