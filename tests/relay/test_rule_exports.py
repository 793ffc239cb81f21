"""Lists that leave the office: noted by two officers' signatures, as counts, for offices that accept each other."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crypto.encoding import b64u, unix
from crypto.manifest import ManifestApproval
from crypto.roster import Role
from relay import audit, exports, threads
from tests.relay.house import House, Officer
from tests.relay.refusal import fails


@pytest.fixture
def other(house):
    """Another office; both accept each other."""
    made = House(house.store, house.vault, house.now).register()
    house.as_(house.chief, threads.accept, made.office, house.now)
    made.as_(made.chief, threads.accept, house.office, house.now)
    return made


@pytest.fixture
def movement(house):
    return house.movement(9, "AIR-07")


def said(house: House, other: House, movement: bytes) -> ManifestApproval:
    fields = ("identity-name",)
    device, at = house.chief.device, unix(house.now)
    return ManifestApproval(house.office, other.office, movement, bytes(32), 7, fields, device, at)


def sign(said: ManifestApproval, *officers: Officer) -> list[bytes]:
    return [replace(said, device=who.device).sign(who.keys.sign_seed) for who in officers]


def log(house: House) -> list[tuple[str, str, str]]:
    return [(each.event, each.role_code, each.subject) for each in house.as_(house.chief, audit.newest, 1)]


def test_a_manifest_by_two_officers_is_noted_as_a_number(house, other, movement):
    wires = sign(said(house, other, movement), house.chief, house.by("W-01"))
    house.as_(house.by("W-01"), exports.manifest, wires, house.now)
    assert log(house) == [("manifest_sent", "W-01", f"AIR-07 {audit.short(other.office)} 7")]


def test_anything_less_is_refused(house, other, movement):
    yes = said(house, other, movement)
    one, two, worker = house.chief, house.by("C-02"), house.by("W-01")
    tablet = Officer("C-01", Role.COORDINATOR, house._officer("C-01", Role.COORDINATOR).keys, one.officer)

    def refuse(code: str, *wires: bytes) -> None:
        with fails(code):
            house.as_(one, exports.manifest, wires, house.now)

    refuse("manifest_refused", *sign(yes, one))
    refuse("manifest_refused", *sign(yes, one, one))
    refuse("manifest_refused", *sign(yes, one, tablet))  # of no roster
    refuse("manifest_refused", *sign(yes, worker, worker))
    refuse("manifest_refused", *sign(yes, one, house.by("A-01")))
    refuse("manifest_refused", *sign(yes, one), *sign(replace(yes, rows=8), two))
    refuse("manifest_refused", *sign(yes, one), *sign(replace(yes, fields=("needs-health",)), two))
    refuse("manifest_refused", sign(yes, one)[0], sign(yes, two)[0][:-64] + bytes(64))
    refuse("malformed", b"yes", b"no")
    later = replace(yes, at=unix(house.now + timedelta(days=1)))
    refuse("manifest_refused", *sign(later, one, two))
    refuse("movement_not_found", *sign(replace(yes, movement=bytes(16)), one, two))
    house.as_(one, threads.end, other.office, house.now)
    refuse("no_partner", *sign(yes, one, two))
    with fails("not_allowed"):
        house.as_(house.by("A-01"), exports.manifest, sign(yes, one, two), house.now)


def test_headcounts_and_files(house, other, movement):
    count = {"movement": movement, "people": 12, "now": house.now}
    house.as_(house.chief, exports.headcount, recipient=None, **count)
    assert log(house) == [("headcount_made", "C-01", "AIR-07 outsider 12")]
    house.as_(house.chief, exports.headcount, recipient=other.office, **count)
    assert log(house)[0][2] == f"AIR-07 {b64u(other.office)[:8]} 12"
    with fails("no_partner"):
        house.as_(house.chief, exports.headcount, recipient=bytes(32), **count)
    with fails("movement_not_found"):
        other.as_(other.chief, exports.headcount, recipient=None, **count)
    with fails("malformed"):
        house.as_(house.chief, exports.headcount, recipient=None, **(count | {"people": -1}))
    house.as_(house.by("W-01"), exports.file, name="air-07.csv", people=7, now=house.now)
    assert log(house) == [("manifest_written", "W-01", "air-07.csv 7")]
    for name in ("../air", "", "a b", "x" * 49, "نام"):
        with fails("malformed"):
            house.as_(house.chief, exports.file, name=name, people=7, now=house.now)
