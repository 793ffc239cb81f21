"""What may keep a notice or its go from anybody, and what may not."""

from typing import Any

import pytest

from crypto.statement import Reply
from tests.desk.house import Office
from tests.desk.test_notices import HOUR, approved, only, released
from tests.phone import Phone

DAY = 86_400


def accepted(office: Office, count: int) -> tuple[str, list[tuple[Phone, str]]]:
    """A come that all of these phones have accepted."""
    people = [office.enrolled() for _ in range(count)]
    name, _ = released(office, *(alias for _, alias in people))
    for phone, _ in people:
        phone.answer(*only(phone), Reply.ACCEPT)
    return name, people


def tamper(office: Office, alias: str) -> None:
    """The relay shows a device of this contact's that nobody certified."""

    def swap(_method: str, path: str, body: Any) -> Any:
        for contact in body["contacts"] if path == "/v1/contacts" else []:
            if contact["alias"] == alias:
                contact["prekeys"].append({"device": "A" * 22, "record": "AAAA", "prekey": None})
        return body

    office.house.lie = swap


def test_one_alarm_keeps_the_go_from_nobody_else(office: Office) -> None:
    name, [(phone, alias), (other, told)] = accepted(office, 2)
    tamper(office, alias)
    said = office.first.no("notice", "go", name, "--yes", code="alarm")
    office.house.lie = None
    assert f"{alias}: " in said
    assert f"Told: {told}." in said
    assert other.standing(*only(other)) == "confirmed"
    assert phone.standing(*only(phone)) == "unconfirmed"
    assert sorted(office.first.ok("notice", "go", name, "--yes")["told"]) == sorted([alias, told])
    assert phone.standing(*only(phone)) == "confirmed"


def test_an_alarm_about_the_only_one_sends_nothing(office: Office) -> None:
    name, [(phone, alias)] = accepted(office, 1)
    tamper(office, alias)
    said = office.first.no("notice", "go", name, "--yes", code="alarm")
    office.house.lie = None
    assert "Nobody was told" in said
    assert phone.standing(*only(phone)) == "unconfirmed"


@pytest.mark.parametrize("everyone", [[], ["--everyone"]])
def test_who_gave_their_seat_back_is_sent_nowhere(office: Office, everyone: list[str]) -> None:
    """They accepted, and their answer still says so; but somebody else may sit there by now."""
    (phone, gone), (other, told), (third, no) = (office.enrolled() for _ in range(3))
    office.movement(f"AIR-7{len(everyone)}", "--seats", "6")
    name, _ = released(office, gone, told, no, movement=f"AIR-7{len(everyone)}")
    for person, reply in ((phone, Reply.ACCEPT), (other, Reply.ACCEPT), (third, Reply.DECLINE)):
        person.answer(*only(person), reply)
    phone.consent("departures", given=False)
    phone.consent("departures")
    assert office.first.ok("notice", "go", name, "--yes", *everyone)["told"] == [told]
    assert phone.standing(*only(phone)) == "unconfirmed"
    assert third.standing(*only(third)) == "unconfirmed"
    assert other.standing(*only(other)) == "confirmed"


@pytest.mark.parametrize("command", ["seal", "go"])
def test_under_an_expired_roster_nobody_is_sent_anywhere(fresh: Office, command: str) -> None:
    phone, alias = fresh.enrolled()
    fresh.house.step(29 * DAY)
    phone.renew_prekey()
    if command == "seal":
        name = approved(fresh, alias)["notice"]
    else:
        name, _ = released(fresh, alias)
        phone.answer(*only(phone), Reply.ACCEPT)
    fresh.house.step(30 * HOUR)
    said = fresh.first.no("notice", command, name, "--yes", code="roster_expired")
    assert "roster renew" in said
    (row,) = fresh.first.ok("notice", "list")["notices"]
    assert row["state"] == {"seal": "draft", "go": "released"}[command]
    fresh.first.ok("roster", "renew", "--medium", str(fresh.medium))
    fresh.first.ok("notice", command, name, "--yes")
    fresh.house.release()
    phone.follow()
    assert phone.standing(*only(phone)) == {"seal": "unconfirmed", "go": "confirmed"}[command]


def test_under_an_expired_roster_a_notice_is_still_called_off(fresh: Office) -> None:
    phone, alias = fresh.enrolled()
    fresh.house.step(29 * DAY)
    phone.renew_prekey()
    name, _ = released(fresh, alias)
    key = only(phone)
    fresh.house.step(30 * HOUR)
    assert fresh.first.ok("notice", "cancel", name, "--yes")["told"] == [alias]
    only(phone)
    assert phone.standing(*key) == "cancelled"
