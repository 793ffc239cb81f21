"""Assignments and off-boarding at the desk."""

from tests.desk.house import Office
from tests.desk.test_cases import propose


def test_assigned_at_the_desk_and_by_proposal(office: Office) -> None:
    desk = office.first
    mine = next(each["role_code"] for each in desk.ok("roster", "show")["entries"] if each["mine"])
    alias, other = (desk.ok("invite")["alias"] for _ in range(2))
    assert desk.ok("assign", alias.lower(), mine) == {"alias": alias, "role_code": mine}
    propose(office.house, desk, "assign", other, mine)
    propose(office.house, desk, "offboard", mine, "")
    done = {row["kind"]: row for row in desk.ok("confirm", "--yes")["proposals"]}
    assert (done["assign"]["outcome"], done["assign"]["why"]) == ("confirmed", "")
    assert f"qasid-desk roster remove {mine}" in done["offboard"]["why"]
    assert {row["alias"]: row["role_code"] for row in desk.ok("assign")["assignments"]} == {
        alias: mine,
        other: mine,
    }
    desk.ok("assign", alias, "--nobody")
    assert [row["alias"] for row in desk.ok("assign")["assignments"]] == [other]
    assert "is no code" in desk.no("assign", "Ahmad Khan", mine, code="usage", exit_code=2)
    assert "Say who" in desk.no("assign", alias, code="usage", exit_code=2)
