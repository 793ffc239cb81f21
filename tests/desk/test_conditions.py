"""Go or no go at the desk: said condition by condition, shown with what is missing, and asked before the go."""

from desk import conditions as words
from relay import board, conditions
from tests.desk.house import Office
from tests.desk.test_go import accepted


def test_the_list_says_what_is_missing_until_all_is_green(office: Office) -> None:
    desk = office.first
    desk.ok("movement", "new", "UZ-01", "--route", "LAND-UZ", "--departs-at", "+60h", "--seats", "2")
    said = ("--source", "official", "--for", "12h")
    for condition in ("security", "crossing", "permit", "carrier"):
        desk.ok("condition", "set", "UZ-01", condition, "green", *said)
    assert desk.ok("route", "set", "LAND-UZ", "technical", *said)["statuses"][-1]["own"] is True
    found = desk.ok("condition", "list", "UZ-01")
    assert found["clear"] is False
    lacking = {each["condition"]: each["why"] for each in found["lacking"]}
    assert lacking == {"reception": "unknown", "route": "closed"}
    desk.ok("route", "set", "LAND-UZ", "limited", *said)
    assert desk.ok("condition", "set", "UZ-01", "reception", "green", *said)["clear"] is True
    assert desk.ok("condition", "set", "UZ-01", "weather", "red", "--source", "media")["clear"] is False


def test_bad_words_are_refused_here(office: Office) -> None:
    desk = office.first
    office.movement("AIR-81", "--seats", "2")
    told = desk.no(
        "condition", "set", "AIR-81", "permit", "green", "--source", "official", code="usage", exit_code=2
    )
    assert "--for 12h" in told
    desk.no("condition", "set", "AIR-81", "luck", "red", "--source", "official", code="usage", exit_code=2)
    desk.no("route", "set", "AIR", "open", "--source", "gossip", "--for", "1h", code="usage", exit_code=2)
    desk.no("condition", "set", "AIR-82", "permit", "red", "--source", "official", code="refused")
    desk.no(
        "condition", "set", "AIR-81", "permit", "green", "--source", "official", "--for", "9d", code="times_refused"
    )  # fmt: skip
    assert desk.ok("condition", "list", "AIR-81")["clear"] is True


def test_nobody_is_told_to_go_while_something_is_red(office: Office) -> None:
    name, [_] = accepted(office, 1)
    code = next(
        row["movement"] for row in office.first.ok("notice", "list")["notices"] if row["notice"] == name
    )
    office.first.ok("condition", "set", code, "airport", "red", "--source", "media")
    told = office.first.no("notice", "go", name, "--yes", code="not_clear")
    assert "airport red" in told
    office.first.ok("condition", "set", code, "airport", "green", "--source", "official", "--for", "3h")
    assert len(office.first.ok("notice", "go", name, "--yes")["told"]) == 1


def test_desk_and_relay_use_the_same_words() -> None:
    assert words.CONDITIONS == conditions.CONDITIONS
    assert words.STATES == conditions.STATES
    assert (words.STATUSES, words.GRADES) == (board.STATUSES, board.GRADES)
