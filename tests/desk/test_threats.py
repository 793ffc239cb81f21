"""A threat alert from a desk: it reaches whoever was sent a departure on its route, and voids that everywhere."""

from crypto.statement import Reply
from tests.desk.house import Desk, Office
from tests.desk.test_notices import HOUR, approved, only, released


def alert(desk: Desk, *options: str) -> dict[str, object]:
    told = ("--kind", "threat", "--expires", "+9h", "--text", "en:message=Stay away from the gate")
    return dict(desk.ok("notice", "draft", *told, *options))


def out(desk: Desk, *options: str) -> str:
    name = str(alert(desk, *options)["notice"])
    desk.ok("notice", "approve", name, "--yes")
    desk.ok("notice", "seal", name, "--yes")
    return name


def rows(desk: Desk) -> dict[tuple[str, int], dict[str, object]]:
    return {(row["notice"], row["version"]): row for row in desk.ok("notice", "list")["notices"]}


def test_an_alert_finds_its_recipients_and_voids_what_they_hold(office: Office) -> None:
    phone, alias = office.enrolled()
    gone, left = office.enrolled()
    name, version = released(office, alias, left)
    key = only(phone)
    only(gone)
    phone.answer(*key, Reply.ACCEPT)
    office.first.ok("notice", "go", name, "--yes")
    phone.fetch()
    assert phone.standing(*key) == "confirmed"
    gone.consent("departures", given=False)
    gone.consent("messages", given=False)
    office.house.step(60)
    assert "--to" in office.second.no(
        "notice", "draft", "--kind", "threat", "--expires", "+9h", "--route", "LAND-PK",
        "--text", "en:message=Stay", code="usage", exit_code=2,
    )  # fmt: skip
    office.second.ok("inbox")
    warning = out(office.second, "--route", "AIR")
    for each in (phone, gone):
        each.fetch()
        assert (each.refused, each.standing(*key), each.place(*key)) == ([], "warned", "")
    shown = rows(office.first)
    assert (shown[name, version]["state"], shown[warning, 1]["state"]) == ("cancelled", "released")
    code = office.first.ok("notice", "show", name)["code"]
    assert office.first.ok("notice", "verify", code)["standing"] == "cancelled"
    office.first.no("notice", "go", name, "--yes", code="refused")
    # Reviewed by the other coordinator, afterwards; nobody's phone hears of it.
    assert (shown[warning, 1]["reviewed"], shown[name, version]["reviewed"]) == (False, None)
    office.second.no("notice", "review", warning, "--yes", code="approved_already")
    assert "alert" in office.first.no("notice", "review", name, "--yes", code="usage", exit_code=2)
    assert len(office.first.ok("notice", "review", warning, "--yes")["approvals"]) == 2
    assert rows(office.second)[warning, 1]["reviewed"] is True
    assert phone.fetch() == 0
    # What is approved from now on counts.
    office.house.step(60)
    office.first.ok("notice", "draft", "--replaces", name, "--to", f"{alias}:2", "--place", "South gate")
    for desk in (office.first, office.second):
        desk.ok("notice", "approve", name, "--yes")
    office.first.ok("notice", "seal", name, "--yes")
    office.house.release()
    assert phone.standing(*only(phone)) == "unconfirmed"


def test_who_was_sent_one_since_the_draft_is_not_left_out(office: Office) -> None:
    office.house.step(1)
    _, first = office.enrolled()
    phone, second = office.enrolled()
    made = str(alert(office.first, "--to", first)["notice"])
    office.first.ok("notice", "approve", made, "--yes")
    released(office, second)
    said = office.first.no("notice", "seal", made, "--yes", code="left_out")
    assert second in said
    assert first not in said
    office.house.step(1)
    out(office.first, "--to", first)
    phone.fetch()
    assert [phone.standing(*key) for key in phone.notices] == ["information"], "the come was never fetched"


def test_a_desk_that_never_got_the_come_reaches_who_holds_it(fresh: Office) -> None:
    (phone, alias), (spared, _) = fresh.enrolled(), fresh.enrolled()
    released(fresh, alias)
    key = only(phone)
    late = Desk(fresh.house, fresh.house.folder / "desk-3")
    fresh.add(late, "C-03")
    assert late.state().notices == {}
    fresh.house.step(60)
    text = ("--kind", "threat", "--expires", "+9h", "--text", "en:message=Stay")
    late.no("notice", "draft", *text, "--route", "LAND-PK", code="usage", exit_code=2)
    out(late, "--route", "AIR")
    assert phone.fetch() == 1
    assert phone.standing(*key) == "warned"
    assert spared.fetch() == 0


def test_the_relay_hides_nobody_whose_come_is_at_this_desk(office: Office) -> None:
    office.house.step(1)
    phone, alias = office.enrolled()
    released(office, alias)
    key = only(phone)
    office.house.lie = lambda _, path, body: {"contacts": []} if path.endswith("/holders") else body
    office.house.step(60)
    out(office.first, "--route", "AIR")
    phone.fetch()
    assert phone.standing(*key) == "warned"


def test_a_late_change_asks_anew_and_the_desk_sees_who_has_not_answered(office: Office) -> None:
    office.house.step(1)  # after the alert of the test before
    phone, alias = office.enrolled()
    name, _ = released(office, alias)
    phone.answer(*only(phone), Reply.ACCEPT)
    assert office.first.ok("notice", "answers", name)["unacknowledged"] == []
    office.house.step(45 * HOUR)  # the report window begins in five hours
    office.first.ok("notice", "draft", "--replaces", name, "--answer-by", "+4h", "--place", "South gate")
    for desk in (office.first, office.second):
        desk.ok("notice", "approve", name, "--yes")
    office.first.ok("notice", "seal", name, "--yes")
    office.house.release()
    assert office.second.ok("notice", "answers", name)["unacknowledged"] == [alias]
    assert alias in office.second.human("notice", "answers", name)
    phone.answer(*only(phone), Reply.HELP)
    assert office.second.ok("notice", "answers", name)["unacknowledged"] == [alias]
    phone.answer(*only(phone), Reply.ACCEPT)
    assert office.second.ok("notice", "answers", name)["unacknowledged"] == []


def test_a_departure_says_the_route_of_its_movement(office: Office) -> None:
    office.house.step(1)
    _, alias = office.enrolled()
    name = approved(office, alias, route="LAND-PK")["notice"]
    assert "AIR" in office.first.no("notice", "seal", name, "--yes", code="refused")
    assert office.first.ok("notice", "show", name)["state"] == "draft"
