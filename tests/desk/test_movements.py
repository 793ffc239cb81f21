"""A movement at the desk: its way, who waits for a seat, who is silent."""

from typing import Any

from crypto.statement import Reply
from tests.desk.house import Office
from tests.desk.test_notices import HOUR, approved, only


def movement(office: Office, code: str) -> dict[str, Any]:
    return next(row for row in office.first.ok("movement", "list")["movements"] if row["code"] == code)


def test_a_movement_goes_its_way_step_by_step(office: Office) -> None:
    desk = office.first
    made = desk.ok(
        "movement", "new", "LAND-1", "--route", "LAND-PK", "--departs-at", "+60h", "--seats", "9", "--planned"
    )
    assert (made["state"], made["total"], made["seats"], made["allotments"]) == ("planned", 9, 9, [])
    desk.no("movement", "call", "LAND-1", code="movement_state")
    said = [
        desk.ok("movement", word, "LAND-1", *more)["state"]
        for word, more in (("open", ()), ("call", ()), ("depart", ("--yes",)), ("arrive", ()))
    ]
    assert (
        said == ["open", "called", "departed", "arrived"] == [*said[:3], movement(office, "LAND-1")["state"]]
    )
    desk.no("movement", "cancel", "LAND-1", "--yes", code="movement_state")
    desk.no("movement", "open", "NOWHERE", code="refused")
    desk.ok("movement", "new", "LAND-2", "--route", "LAND-PK", "--departs-at", "+60h", "--seats", "9")
    desk.ok("movement", "cancel", "LAND-2", "--yes")
    assert movement(office, "LAND-2")["state"] == "cancelled"


def test_who_waits_gets_the_seat_of_who_declines_and_the_go(office: Office) -> None:
    (seated, one), (waiting, two), (late, three) = (office.enrolled() for _ in range(3))
    to = [
        {"alias": one, "party": 4},
        {"alias": two, "party": 3, "standby": 2},
        {"alias": three, "standby": 9},
    ]
    made = approved(office, to=to)
    shown = office.second.ok("notice", "show", made["notice"])
    assert [(row["alias"], row["standby"]) for row in shown["to"]] == [(one, None), (two, 2), (three, 9)]
    code = shown["movement"]
    office.first.ok("notice", "seal", made["notice"], "--yes")
    office.house.release()
    rows = office.second.ok("movement", "standby", code)["standby"]
    assert [(row["place"], row["alias"], row["rank"], row["party"], row["out"]) for row in rows] == [
        (1, two, 2, 3, True), (2, three, 9, 1, True),
    ]  # fmt: skip
    silent = office.first.ok("movement", "silent", code)["silent"]
    assert [(row["alias"], row["tried_at"]) for row in silent] == [(one, None)]
    assert office.first.ok("notice", "answers", made["notice"])["waiting"] == [one]
    key = only(seated)
    assert waiting.fetch() == 0
    seated.answer(*key, Reply.DECLINE)
    assert waiting.fetch() == late.fetch() == 1
    own = waiting.notices[key].own
    assert own is not None
    assert own.answer_by == waiting.notices[key].notice.expires
    office.house.step(37 * HOUR)  # past the others' time to answer
    assert waiting.answer(*key, Reply.ACCEPT) == "accepted"
    assert office.first.ok("notice", "go", made["notice"], "--yes")["told"] == [two]
    row = movement(office, code)
    assert (row["held"], row["confirmed"]) == (1, 3)


def test_seats_are_held_for_as_long_as_the_draft_says(office: Office) -> None:
    (phone, one), (_, two) = (office.enrolled() for _ in range(2))
    wrong = office.first.call("notice", "draft", "--kind", "advisory", "--expires", "+9h", "--to", one,
                              "--hold-until", "+8h", "--text", "en:message=Stay")  # fmt: skip
    assert (wrong.code, wrong.data["error"]["code"]) == (2, "usage")
    to = [{"alias": one, "party": 4}, {"alias": two, "standby": 1}]
    made = approved(office, to=to, hold_until="+40h")
    beyond = ("notice", "draft", "--replaces", made["notice"], "--hold-until")
    for bad in ("+55h", "2020-01-01T10:00Z"):
        assert "held" in office.first.no(*beyond, bad, code="usage", exit_code=2)
    shown = office.second.ok("notice", "show", made["notice"])
    held_until = {row["alias"]: row["hold_until"] for row in shown["to"]}
    assert shown["answer_by"] < held_until[one] < shown["expires"]
    assert held_until[two] is None
    said = [line for line in shown["previews"][0]["lines"] if line.startswith("Answer before")]
    assert len(said) == 2, "one's own time, and that of who waits"
    assert "held until" in office.second.human("notice", "show", made["notice"])
    office.second.ok("notice", "seal", made["notice"], "--yes")  # at a desk that did not draft it
    office.house.release()
    (silent,) = office.first.ok("movement", "silent", shown["movement"])["silent"]
    assert (silent["alias"], silent["hold_until"]) == (one, held_until[one])
    key = only(phone)
    own = phone.notices[key].own
    assert own is not None
    assert own.answer_by == held_until[one]
    office.house.step(39 * HOUR)
    assert phone.answer(*key, Reply.ACCEPT) == "accepted"


def test_nobody_is_told_that_off_is_what_they_never_heard_of(office: Office) -> None:
    (phone, one), (waiting, two) = (office.enrolled() for _ in range(2))
    made = approved(office, to=[{"alias": one, "party": 4}, {"alias": two, "standby": 1}])
    office.first.ok("notice", "seal", made["notice"], "--yes")
    office.house.release()
    assert phone.fetch() == 1
    assert office.first.ok("notice", "cancel", made["notice"], "--yes")["told"] == [one]
    assert waiting.fetch() == 0


def test_what_became_of_a_party_and_what_follows(office: Office) -> None:
    (phone, one), (other, two) = (office.enrolled() for _ in range(2))
    made = approved(office, one, two)
    desk, code = office.first, office.second.ok("notice", "show", made["notice"])["movement"]
    desk.ok("notice", "seal", made["notice"], "--yes")
    office.house.release()
    for person in (phone, other):
        person.answer(*only(person), Reply.ACCEPT)
    desk.no("movement", "outcome", one, code, "boarded", "--yes", code="movement_state")
    desk.ok("movement", "call", code)
    desk.no("movement", "outcome", one, code, "gone", "--yes", code="usage", exit_code=2)
    desk.no("movement", "outcome", one, code, "boarded", code="not_confirmed", exit_code=2)
    desk.ok("movement", "outcome", one, code, "boarded", "--boarded", "1", "--not-lifted", "1", "--yes")
    desk.ok("movement", "outcome", two, code, "no-show", "--yes")
    (row,) = desk.ok("movement", "board", code)["offices"]
    assert (row["accepted"], row["boarded"], row["no_show"], row["not_lifted"]) == (4, 1, 2, 1)
    (again,) = desk.ok("movement", "rollovers")["rollovers"]
    assert (again["alias"], again["code"], again["travellers"]) == (one, code, 1)
    assert [check["alias"] for check in desk.ok("safety", "list")["checks"]] == [two]
    desk.no("safety", "close", two, "--yes", code="not_reached")
    office.second.ok("attempt", two, "telephone", "reached")
    desk.ok("safety", "close", two, "--yes")
    assert desk.ok("safety", "list")["checks"] == []
    for words in (("movement", "board", code), ("movement", "rollovers"), ("movement", "standby", code)):
        assert desk.human(*words)
