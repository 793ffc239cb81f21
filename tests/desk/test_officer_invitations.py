"""A new officer comes with a coordinator's invitation: once, in time, and as nobody else."""

from dataclasses import replace
from pathlib import Path

import pytest

from crypto.encoding import b64u
from crypto.errors import Malformed, Refused
from crypto.officerinvitation import Carried, check_invited
from crypto.roster import Role
from desk.devices import DeviceRequest
from tests.desk.house import Desk, Office
from tests.vectors.world import CASEWORKER, COORDINATOR, GONE, NOW, OTHER_OFFICE, ROSTER, SECOND

DAY = 86_400


def begin(office: Office, name: str, text: str, *more: str) -> tuple[Desk, str]:
    """A new desk with the invitation, and its request."""
    desk = Desk(office.house, office.house.folder / name)
    file = office.house.folder / f"{name}.invitation"
    file.write_text(text + "\n")
    made = desk.ok(
        "device", "new", "--relay", office.house.url, "--invitation", str(file), "--quick-kdf", *more
    )
    return desk, made["request"]


def test_an_officer_is_added_as_the_invitation_says_and_once(fresh: Office) -> None:
    first, second, house = fresh.first, fresh.second, fresh.house
    stick = ("--medium", str(fresh.medium), "--yes")
    ends = house.now() + 90 * DAY
    ask = ("roster", "invite", "--role-code", "W-07", "--roles", "caseworker", "--until", str(ends))
    made = second.ok(*ask)  # C-02 has no root
    assert made["expires"] <= house.now() + 7 * DAY
    new, request = begin(fresh, "desk-7", made["invitation"])
    assert new.ok("device", "show")["request"] == request  # shown again, with the proof
    assert "Leave" in first.no(
        "roster", "add", request, "--role-code", "C-07", *stick, code="usage", exit_code=2
    )
    added = first.ok("roster", "add", request, *stick)
    assert (added["role_code"], added["invited"]) == ("W-07", True)
    joined = new.ok("join", "--roster", added["join"])
    assert joined["roles"] == ["caseworker"]
    [entry] = [row for row in first.ok("roster", "show")["entries"] if row["role_code"] == "W-07"]
    assert entry["not_after"] == ends
    assert new.state().invitation == ""
    new.no("roster", "invite", "--role-code", "W-08", "--roles", "caseworker", code="role")
    second.no(*ask, code="usage", exit_code=2)  # W-07 is somebody now

    _, again = begin(fresh, "desk-8", made["invitation"])
    assert "used already" in first.no("roster", "add", again, *stick, code="usage", exit_code=2)
    late = second.ok("roster", "invite", "--role-code", "W-09", "--roles", "caseworker")["invitation"]
    _, request = begin(fresh, "desk-9", late)
    house.step(7 * DAY)
    assert "expired" in first.no("roster", "add", request, *stick, code="refused")
    bare = Desk(house, house.folder / "desk-10")
    plain = bare.ok("device", "new", "--relay", house.url, "--office", fresh.id, "--quick-kdf")["request"]
    assert "no invitation" in first.no("roster", "add", plain, *stick, code="usage", exit_code=2)


def test_a_text_that_is_none_and_an_office_that_is_another(office: Office, tmp_path: Path) -> None:
    text = office.second.ok("roster", "invite", "--role-code", "W-30", "--roles", "caseworker")["invitation"]
    new = Desk(office.house, tmp_path / "new")
    file = tmp_path / "invitation"
    ask = ("device", "new", "--relay", office.house.url, "--invitation", str(file), "--quick-kdf")
    for bad, code in ((text[:-2], 1), (text.replace("OFFICER1", "OFFICE1"), 1)):
        file.write_text(bad)
        assert new.call(*ask).code == code
    file.write_text(text)
    other = b64u(OTHER_OFFICE)
    assert "another office" in new.no(*ask, "--office", other, code="usage", exit_code=2)
    assert not new.home.exists()


def test_what_does_not_hold_is_refused() -> None:
    """By who is no coordinator (any more), for another device, altered, or for another office."""
    record = CASEWORKER.record

    def issue(by: object = COORDINATOR) -> Carried:
        return Carried.issue(
            by.record,
            by.sign_seed,
            role_code="W-1",
            roles=Role.CASEWORKER,
            not_after=NOW + DAY,
            expires=NOW + 60,
        )

    def judge(carried: Carried, proof: bytes, of=record, now: int = NOW) -> None:
        check_invited(carried.wire, proof, of, roster=ROSTER, now=now)

    good = issue()
    judge(good, good.prove(record))
    with pytest.raises(Refused):
        judge(good, good.prove(SECOND.record))
    with pytest.raises(Refused):
        judge(good, issue().prove(record))
    with pytest.raises(Refused, match="expired"):
        judge(good, good.prove(record), now=NOW + 60)
    with pytest.raises(Refused, match="another office"):
        judge(good, good.prove(record), of=replace(record, office=OTHER_OFFICE))
    for by in (CASEWORKER, GONE):
        held = issue(by)
        with pytest.raises(Refused):
            judge(held, held.prove(record))
    altered = replace(good, wire=good.wire.replace(b"W-1", b"C-1"))
    with pytest.raises(Refused):
        judge(altered, altered.prove(record))
    with pytest.raises(Malformed):
        Carried.from_text(replace(good, seed=bytes(32)).text())
    with pytest.raises(Malformed):
        DeviceRequest.from_text("QASID-DEVICE1.AAAA")
