"""What was proposed in chat about departures: a desk carries it out, or says which command signs it."""

from crypto.statement import Reply
from tests.desk.house import Office
from tests.desk.test_cases import propose
from tests.desk.test_movements import movement
from tests.desk.test_notices import approved, only


def test_steps_and_outcomes_happen_here_and_what_takes_keys_is_told(office: Office) -> None:
    phone, alias = office.enrolled()
    made = approved(office, alias)
    desk, house = office.first, office.house
    shown = desk.ok("notice", "show", made["notice"])
    code, number = shown["movement"], shown["code"]
    for kind, subject, words in (("lend", code, "2"), ("threat", number, ""), ("offer", alias, code)):
        propose(house, desk, kind, subject, words)
    done = {row["kind"]: row for row in desk.ok("confirm", "--yes")["proposals"]}
    assert f"qasid-desk movement lend {code} OFFICE 2" in done["lend"]["why"]
    assert f"qasid-desk notice draft --movement {code} --to {alias}" in done["offer"]["why"]
    assert done["threat"]["why"].endswith(f"qasid-desk notice seal {number}")
    desk.ok("notice", "seal", number, "--yes")  # as it was told
    house.release()
    phone.answer(*only(phone), Reply.ACCEPT)
    propose(house, desk, "step", code, "call")
    propose(house, desk, "cancel", number, "")
    propose(house, desk, "cancel", code, "")
    done = {
        row["subject"]: row for row in desk.ok("confirm", "--yes")["proposals"] if row["kind"] == "cancel"
    }
    assert done[number]["why"].endswith(f"qasid-desk notice cancel {number}")
    assert f"qasid-desk movement cancel {code}" in done[code]["why"]
    assert movement(office, code)["state"] == "called"
    propose(house, desk, "outcome", alias, f"{code} no-show")
    assert f"outcome {alias} {code} no-show proposed by" in desk.human("confirm", "--yes")
    assert [check["alias"] for check in desk.ok("safety", "list")["checks"]] == [alias]


def test_words_that_this_desk_does_not_know_are_not_confirmed(office: Office) -> None:
    office.first.ok("movement", "new", "LAND-9", "--route", "LAND-PK", "--departs-at", "+60h", "--seats", "9")
    propose(office.house, office.first, "step", "LAND-9", "vanish")
    office.first.no("confirm", "--yes", code="bad_answer")
    office.first.ok("confirm", "--reject", "--yes")
    assert movement(office, "LAND-9")["state"] == "open"
