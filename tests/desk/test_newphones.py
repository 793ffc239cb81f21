"""A new phone for a known contact: two officers, a number typed in, and a desk that says that the phone changed."""

from typing import Any

import pytest

from crypto.card import Card
from crypto.encoding import unb64u
from crypto.statement import Reply
from desk.errors import RelayError
from tests.desk.house import Desk, House, Office
from tests.desk.test_notices import approved, only, released
from tests.phone import Phone

#: As an Afghan phone shows it.
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
WRONG = " ".join(["12345"] * 12)


def renewed(office: Office, alias: str) -> tuple[Phone, str]:
    """A phone that holds a new letter for the contact and has asked, and the letter."""
    letter = office.first.ok("invite", "--again", alias, "--yes")
    phone = office.house.phone()
    phone.enrol(letter["text"])
    return phone, letter["text"]


def confirm(desk: Desk, alias: str, number: str) -> dict[str, Any]:
    """The phone's row of what `confirm` says, whatever its outcome."""
    done = desk.call("confirm", alias, *(["--number", number] if number else []))
    assert "enrolments" in (done.data or {}), done.output
    (row,) = done.data["enrolments"]
    assert done.code == (1 if row["outcome"] in ("refused", "alarm") else 0)
    return dict(row)


def contact(desk: Desk, alias: str) -> dict[str, Any]:
    return next(dict(row) for row in desk.ok("contacts")["contacts"] if row["alias"] == alias)


def test_from_the_old_phone_to_the_new_one(office: Office) -> None:
    first, second = office.first, office.second
    old, alias = office.enrolled()
    second.ok("verify", alias, "--matches")
    first.ok("reply", alias, "Only for the old phone")
    old.write("I fear they will take my phone")
    office.first.no("invite", "--again", alias, code="not_confirmed", exit_code=2)
    new, _ = renewed(office, alias)
    assert f"place of {alias}'s" in " ".join(first.ok("status")["warnings"])
    assert new.number.split()[0] not in first.human("confirm", alias)
    assert confirm(second, alias, new.number)["outcome"] == "elsewhere"

    row = confirm(first, alias, "")
    assert (row["outcome"], row["new_phone"], row["number"]) == ("skipped", True, "")
    assert confirm(first, alias, WRONG)["outcome"] == "refused"
    assert confirm(first, alias, "12345")["outcome"] == "refused"
    assert confirm(first, alias, new.number.translate(PERSIAN))["outcome"] == "waits for a second officer"
    assert confirm(first, alias, new.number)["outcome"] == "waits"
    assert (new.take_card(), old.take_card()) == ("pending", "enrolled")

    assert confirm(second, alias, WRONG)["outcome"] == "refused"
    row = confirm(second, alias, new.number)
    assert (row["outcome"], row["first"]) == ("enrolled", "C-01")
    assert new.take_card() == "enrolled"
    assert any("take my phone" in message.text for message in second.state().messages)
    for asks in (old.fetch, lambda: old.write("Still me"), old.take_card):
        with pytest.raises(RelayError) as told:
            asks()
        assert told.value.code == "unknown_device"  # by which the app knows that it was dropped
    assert new.fetch() == 0

    assert contact(second, alias)["new_phone"] is False
    assert contact(second, alias)["compared_at"]
    shown = contact(first, alias)
    assert (shown["serial"], shown["new_phone"], shown["compared_at"]) == (2, True, None)
    assert "two officers vouched" in first.no("reply", alias, "Welcome back", code="new_phone")
    assert "NEW PHONE" in first.human("contacts")
    said = first.ok("verify", alias)
    assert (said["new_phone"], said["devices"][0]["number"]) == (True, new.number)
    assert said["changed_at"] == shown["changed_at"]
    first.ok("reply", alias, "Welcome back")
    assert new.fetch() == 1
    assert [message.text for message in new.messages] == ["Welcome back"]
    new.write("Thank you")
    assert any(each["from"] == alias for each in first.ok("inbox")["messages"])


def test_a_notice_that_was_out_is_not_the_new_phones(office: Office) -> None:
    """What the old phone got and answered stays with it; whoever seals the next one is told."""
    first, second = office.first, office.second
    old, alias = office.enrolled()
    name, _ = released(office, alias)
    assert old.answer(*only(old), Reply.ACCEPT) == "accepted"
    new, _ = renewed(office, alias)
    confirm(first, alias, new.number)
    confirm(second, alias, new.number)
    new.take_card()
    assert new.fetch() == 0
    answers = first.call("notice", "answers", name).data
    assert (answers["answers"], [row["alias"] for row in answers["refused"]]) == ([], [alias])
    made = approved(office, alias)
    assert f"New phones: {alias}" in first.call("notice", "seal", made["notice"]).output
    first.ok("verify", alias)
    assert "New phones" not in first.call("notice", "seal", made["notice"]).output
    first.ok("notice", "seal", made["notice"], "--yes")
    office.house.release()
    assert only(new)[0] == unb64u(made["notice"])


def test_the_case_shows_that_a_members_phone_changed(office: Office) -> None:
    _, alias = office.enrolled()
    household = office.first.ok("case", "open", alias)["alias"]
    assert office.first.ok("case", "show", household)["members"][0]["new_phone_at"] is None
    new, _ = renewed(office, alias)
    confirm(office.first, alias, new.number)
    confirm(office.second, alias, new.number)
    changed = contact(office.first, alias)["changed_at"]
    assert office.first.ok("case", "show", household)["members"][0]["new_phone_at"] == changed
    assert "NEW PHONE" in office.first.human("case", "show", household)


def test_a_thief_with_the_letter_while_the_old_phone_lives(office: Office) -> None:
    """Nobody whom the office calls can read a number from the thief's screen."""
    old, alias = office.enrolled()
    thief, text = renewed(office, alias)
    assert confirm(office.first, alias, old.number)["outcome"] == "refused"
    assert confirm(office.first, alias, "")["outcome"] == "skipped"
    own = office.house.phone()
    assert own.enrol(text) == "frozen"
    assert confirm(office.first, alias, own.number)["outcome"] == "alarm"
    office.first.ok("confirm", alias, "--reject", "--yes")
    assert (thief.take_card(), own.take_card(), old.take_card()) == ("refused", "refused", "enrolled")
    office.first.ok("reply", alias, "Was that you?")
    assert old.fetch() == 1


def test_a_letter_is_used_once_and_half_a_card_is_stale_after_a_change(office: Office) -> None:
    first, second = office.first, office.second
    _, alias = office.enrolled()
    one, used = renewed(office, alias)
    confirm(first, alias, one.number)
    letter = second.ok("invite", "--again", alias, "--yes")
    two = office.house.phone()
    two.enrol(letter["text"])
    second.ok("confirm", letter["invitation"], "--number", two.number)
    done = first.ok("confirm", letter["invitation"], "--number", two.number)["enrolments"]
    assert [row["outcome"] for row in done] == ["enrolled"]
    assert two.take_card() == "enrolled"
    assert (
        confirm(second, alias, one.number)["outcome"] == "elsewhere"
    )  # what C-01 signed follows the card before
    assert one.take_card() == "pending"
    with pytest.raises(RelayError) as told:
        office.house.phone().enrol(letter["text"])
    assert told.value.code == "letter_not_found"
    name = next(row["invitation"] for row in first.ok("invitations")["invitations"] if row["state"] == "open"
                and row["alias"] == alias)  # fmt: skip
    first.ok("invitations", "--void", name, "--yes")
    with pytest.raises(RelayError):
        office.house.phone().enrol(used)


def test_one_officer_with_two_desks_is_one_officer(fresh: Office) -> None:
    _, alias = fresh.enrolled()
    new, _ = renewed(fresh, alias)
    confirm(fresh.first, alias, new.number)
    other = Desk(fresh.house, fresh.house.folder / "desk-1b")
    fresh.add(other, "C-01", officer=fresh.first.ok("device", "show")["officer"])
    assert confirm(other, alias, new.number)["outcome"] == "waits"
    assert new.take_card() == "pending"
    assert confirm(fresh.second, alias, new.number)["outcome"] == "enrolled"


def test_a_letter_outlives_a_new_roster(fresh: Office) -> None:
    _, alias = fresh.enrolled()
    letter = fresh.first.ok("invite", "--again", alias, "--yes")
    fresh.first.ok("roster", "renew", "--medium", str(fresh.medium))
    fresh.first.ok("contacts")
    new = fresh.house.phone()
    new.enrol(letter["text"])
    joined, later = (Desk(fresh.house, fresh.house.folder / name) for name in ("desk-3", "desk-5"))
    fresh.add(joined, "C-03")
    assert confirm(fresh.first, alias, new.number)["outcome"] == "waits for a second officer"
    fresh.house.step(1)
    fresh.add(later, "C-05")
    # Both count for when the first signed; whoever came later is told so, and what else there is to do.
    later.no("confirm", alias, "--number", new.number, code="not_officer_then")
    assert confirm(joined, alias, new.number)["outcome"] == "enrolled"  # who has only just met the contact
    assert contact(joined, alias)["new_phone"] is False
    late = Desk(fresh.house, fresh.house.folder / "desk-4")
    fresh.add(late, "C-04")
    met = contact(late, alias)  # what the old phone said nobody can check here: no alarm, and no consent
    assert (met["serial"], met["new_phone"], met["consents"]) == (2, False, {})
    late.no("reply", alias, "Hello", code="no_consent")
    new.take_card()
    new.consent("messages")
    late.ok("reply", alias, "Hello")
    assert new.fetch() == 1


def test_a_relay_that_lies_about_who_asks_is_found_out(office: Office, house: House) -> None:
    old, alias = office.enrolled()
    _, other = office.enrolled()
    new, _ = renewed(office, alias)
    thief = office.house.phone()
    thief.enrol(office.first.ok("invite")["text"])
    confirm(office.first, alias, new.number)

    def exchanged(_method: str, path: str, body: dict[str, Any]) -> object:
        """A colleague's true signature, for the thief's keys."""
        if path == "/v1/enrolments":
            rows = {row["alias"]: row for row in body["enrolments"]}
            mine = next(row for row in body["enrolments"] if row["card"])
            mine["device"] = next(row["device"] for name, row in rows.items() if name != alias)
        return body

    house.lie = exchanged
    row = confirm(office.second, alias, thief.number)
    assert (row["outcome"], "other keys" in row["why"]) == ("refused", True)

    def renamed(_method: str, path: str, body: dict[str, Any]) -> object:
        """As if it were another contact's phone: the officer would call the wrong person."""
        if path == "/v1/enrolments":
            for row in body["enrolments"]:
                if row["card"]:
                    row["alias"] = other
        return body

    house.lie = renamed
    done = office.second.ok("confirm", "--yes")
    assert {row["alias"] for row in done["enrolments"] if row["new_phone"]} == {alias}
    house.lie = None
    assert old.take_card() == "enrolled"
    row = confirm(office.second, alias, new.number)
    assert row["outcome"] == "enrolled"
    card = Card.parse(unb64u(new.relay.get("/me")["card"]))
    assert (card.body.serial, card.body.devices) == (2, (new.record,))
    office.first.ok("confirm", "--reject", "--yes")


def test_only_for_a_contact_who_has_a_phone(office: Office) -> None:
    alias = office.first.ok("invite")["alias"]
    office.first.no("invite", "--again", alias, "--yes", code="no_contact")
    office.first.no("invite", "--again", alias, "--alias", "K-1", "--yes", code="usage", exit_code=2)
    phone, gone = office.enrolled()
    new, _ = renewed(office, gone)
    phone.wipe()
    office.first.no("confirm", gone, "--number", new.number, code="not_enrolled")
    office.first.no("invite", "--again", gone, "--yes", code="not_enrolled")
