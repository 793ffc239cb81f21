"""`qasid-desk composition`: said by stage and party, shown whole to coordinators, and hidden where it is shared."""

import pytest

from tests.desk.house import Office


def row(found, party: str) -> dict:
    return next(cell for cell in found["cells"] if cell["party"] == party)


def test_said_and_shown(office: Office) -> None:
    office.movement("COMP-1", "--seats", "400")
    desk = office.first
    desk.ok("composition", "set", "COMP-1", "fra", "boarded", "11")
    desk.ok("composition", "set", "COMP-1", "NLD", "boarded", "60", "--approximate")
    desk.ok("composition", "set", "COMP-1", "linked", "boarded", "--unknown")
    found = desk.ok("composition", "set", "COMP-1", "office:us", "boarded", "3")
    assert [cell["party"] for cell in found["cells"]] == ["FRA", "NLD", "office:us", "linked"]
    assert (row(found, "NLD")["people"], row(found, "NLD")["approximate"]) == (60, True)
    assert (row(found, "linked")["people"], row(found, "linked")["unknown"]) == (None, True)
    text = desk.human("composition", "show", "COMP-1")
    assert "around 60" in text
    assert "unknown" in text
    shared = desk.ok("composition", "show", "COMP-1", "--shared")
    assert row(shared, "office:us") | {"people": None, "hidden": True} == row(shared, "office:us")
    total = desk.ok("composition", "since", "2020-08-15", "--shared")
    assert (total["movements"], total["shared"], row(total, "NLD")["people"]) == (1, True, 60)
    assert desk.ok("composition", "since", "+90d")["cells"] == []
    assert "hidden" in desk.human("composition", "show", "COMP-1", "--shared")


@pytest.mark.parametrize(
    "given",
    [("FRX", "boarded", "4"), ("FRA", "lost", "4"), ("FRA", "boarded"), ("FRA", "boarded", "4", "--unknown"),
     ("FRA", "boarded", "100001"), ("office:South", "boarded", "4"),
     ("FRA", "boarded", "--unknown", "--approximate")],
)  # fmt: skip
def test_bad_input(office: Office, given: tuple[str, ...]) -> None:
    office.first.no("composition", "set", "COMP-2", *given, code="usage", exit_code=2)


def test_below_zero_is_no_count(office: Office) -> None:
    refused = office.first.call("composition", "set", "COMP-2", "--", "FRA", "boarded", "-1")
    assert refused.code != 0
