"""Households at the desk."""

from collections.abc import Callable
from typing import Any

import pytest

from crypto.encoding import unb64u
from desk import cases as words
from relay import cases, facts, proposals, verification
from relay.auth import OfficerDevice, device_of
from tests.desk.house import Desk, House, Office


@pytest.fixture
def alias(office: Office) -> str:
    return str(office.first.ok("case", "open", office.first.ok("invite")["alias"])["alias"])


def fact(data: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in data["facts"] if each["fact"] == name)


def propose(house: House, desk: Desk, kind: str, subject: str, said: str) -> None:
    """What a command in the chat does."""
    device = unb64u(desk.ok("status")["device"])

    def unit(tx: Any) -> None:
        who = device_of(tx, device, house.clock.now())
        assert isinstance(who, OfficerDevice)
        proposals.propose(tx, who, house.clock.now(), kind=kind, subject=subject, words=said)

    house.store.write_now(unit)


def test_desk_and_relay_know_the_same_words() -> None:
    assert words.FACTS == facts.FACTS
    assert words.ANSWERS == facts.ANSWERS
    assert words.GRADES == facts.GRADES
    assert words.INTENTS == facts.INTENTS
    assert words.NEEDS == cases.NEEDS
    assert words.OFFICERS == cases.OFFICERS
    assert ("", *words.LANGUAGES) == cases.LANGUAGES
    assert words.CLOSINGS == cases.REASONS
    assert words.REASONS == verification.REASONS
    assert set(words.CHECKS) == set(verification.EVENTS)


def test_a_household_from_opening_to_closing(office: Office) -> None:
    first, second = office.first, office.second
    contact, other = (first.ok("invite")["alias"] for _ in range(2))
    alias = first.ok("case", "open", contact.lower(), "--claim", "partner")["alias"]
    assert first.ok("case", "member", "add", alias, "--contact", other)["member"] == 2
    assert first.ok("case", "member", "add", alias.lower(), "--guardian", "2")["member"] == 3
    assert first.ok("case", "member", "add", alias)["member"] == 4
    first.ok("case", "member", "remove", alias, "4", "--yes")
    first.ok("case", "needs", alias, "--need", "infant", "--need", "escort", "--officer", "female")
    first.ok("case", "needs", alias, "--language", "ps-AF")
    first.ok("case", "fact", alias, "ready", "yes", "--estimated", "--as-of", str(office.house.now() - 60))
    second.ok("case", "fact", alias, "documents", "no")
    second.ok("case", "intent", alias, "unsure")
    assert first.ok("case", "verify", alias, "--because", "papers")["state"] == "once"
    assert "another" in first.no("case", "verify", alias, "--because", "voice", code="same_officer")
    assert second.ok("case", "verify", alias, "--because", "voice")["state"] == "verified"
    shown = second.ok("case", "show", alias)
    assert [(m["kind"], m["guardian"], m["contact"]) for m in shown["members"]] == [
        ("adult", None, contact),
        ("adult", None, other),
        ("minor", 2, None),
    ]
    assert (shown["needs"], shown["preferred_officer"], shown["language"]) == (
        ["escort", "infant"],
        "female",
        "ps-AF",
    )
    assert (fact(shown, "ready")["answer"], fact(shown, "ready")["grade"]) == ("yes", "estimated")
    assert (fact(shown, "requested")["answer"], fact(shown, "requested")["as_of"]) == ("unknown", None)
    assert [(c["state"], c["reason"], c["role_code"]) for c in shown["checks"]] == [
        ("claimed", "partner", "C-01"),
        ("once", "papers", "C-01"),
        ("verified", "voice", "C-02"),
    ]
    text = second.human("case", "show", alias)
    assert "verified by two officers" in text
    assert "yes (estimated)" in text
    assert "unknown" in text
    row = next(line for line in first.human("case", "list").splitlines() if alias in line)
    assert "yes~" in row
    assert "?" in row
    first.no("case", "close", alias, "arrived", code="not_confirmed", exit_code=2)
    first.ok("case", "close", alias, "arrived", "--yes")
    assert alias not in [each["alias"] for each in first.ok("case", "list")["cases"]]
    (closed,) = [each for each in first.ok("case", "list", "--all")["cases"] if each["alias"] == alias]
    assert (closed["state"], closed["reason"]) == ("closed", "arrived")
    logged = [row["event"] for row in first.ok("audit", alias, "--last", "0")["entries"]]
    assert logged[:3] == ["case_opened", "case_claimed", "member_added"]
    assert {"case_read", "case_verified", "case_closed"} <= set(logged)


def test_erased_leaves_an_alias(office: Office, alias: str) -> None:
    office.first.ok("case", "intent", alias, "wants")
    office.first.ok("case", "close", alias, "erased", "--yes")
    shown = office.first.ok("case", "show", alias)
    assert (shown["reason"], shown["members"], shown["intents"], shown["checks"]) == ("erased", [], [], [])
    assert "erased" in office.first.human("case", "show", alias)


@pytest.mark.parametrize(
    "arguments",
    [
        ("open", "K 4821"),
        ("open", "K-4821", "--claim", "rumour"),
        ("show", "../contacts"),
        ("member", "add", "*", "--guardian", "1", "--contact", "K-1"),
        ("needs", "*"),
        ("needs", "*", "--none", "--need", "infant"),
        ("needs", "*", "--need", "insulin"),
        ("needs", "*", "--officer", "Sara"),
        ("needs", "*", "--language", "prs"),
        ("fact", "*", "rich", "yes"),
        ("fact", "*", "ready", "0"),
        ("fact", "*", "ready", "unknown", "--estimated"),
        ("fact", "*", "ready", "yes", "--as-of", "yesterday"),
        ("intent", "*", "maybe"),
        ("verify", "*"),
        ("verify", "*", "--because", "papers", "--refuse", "impostor"),
        ("verify", "*", "--because", "impostor"),
        ("close", "*", "lost", "--yes"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_it_is_asked(
    office: Office, alias: str, arguments: tuple[str, ...]
) -> None:
    given = [each.replace("*", alias) for each in arguments]
    assert office.first.no("case", *given, code="usage", exit_code=2)
    shown = office.first.ok("case", "show", alias)
    assert (shown["state"], len(shown["members"]), shown["needs"], shown["facts_before"]) == (
        "open",
        1,
        [],
        [],
    )


def test_what_the_relay_refuses_is_said(office: Office, alias: str) -> None:
    office.first.no("case", "show", "H-0", code="case_not_found")
    office.first.no("case", "open", "K-0", code="contact_not_found")
    office.first.no("case", "member", "remove", alias, "1", "--yes", code="last_adult")
    office.first.no("case", "fact", alias, "ready", "yes", "--as-of", "+2d", code="as_of_ahead")


def test_auditors_have_no_cases(fresh: Office) -> None:
    alias = fresh.first.ok("case", "open", fresh.first.ok("invite")["alias"])["alias"]
    auditor = Desk(fresh.house, fresh.house.folder / "desk-3")
    fresh.add(auditor, "A-01", "auditor")
    for command in (("list",), ("show", alias), ("close", alias, "erased", "--yes")):
        assert "may not" in auditor.no("case", *command, code="role")


def test_a_proposal_counts_once_a_desk_confirms(office: Office, alias: str) -> None:
    house, desk = office.house, office.first
    propose(house, desk, "fact", alias, "ready yes estimated")
    propose(house, desk, "intent", alias, "wants")
    propose(house, desk, "vet", alias, "")
    shown = desk.ok("case", "show", alias)
    assert (shown["facts_before"], shown["intent"], shown["verification"]["state"]) == ([], None, "claimed")
    said = {row["kind"]: row for row in desk.ok("confirm", alias, "--yes")["proposals"]}
    assert {kind: row["outcome"] for kind, row in said.items()} == {
        "fact": "confirmed",
        "intent": "confirmed",
        "vet": "skipped",
    }
    assert "--reason" in said["vet"]["why"]
    office.second.no("confirm", alias, "--reason", "hunch", code="usage", exit_code=2)
    (vet,) = office.second.ok("confirm", alias, "--reason", "interview", "--yes")["proposals"]
    assert (vet["outcome"], vet["letter"]) == ("confirmed", None)
    shown = desk.ok("case", "show", alias)
    assert (fact(shown, "ready")["grade"], shown["intent"]) == ("estimated", "wants")
    assert (shown["checks"][-1]["reason"], shown["checks"][-1]["role_code"]) == ("interview", "C-02")


def test_a_stale_proposal_is_refused_and_turned_down(office: Office, alias: str) -> None:
    propose(office.house, office.first, "fact", alias, "ready yes")
    office.first.ok("case", "close", alias, "withdrew", "--yes")
    done = office.first.call("confirm", alias, "--yes")
    assert (done.code, done.data["proposals"][0]["outcome"]) == (1, "refused")
    assert "closed" in done.data["proposals"][0]["why"]
    (row,) = office.first.ok("confirm", alias, "--reject")["proposals"]
    assert row["outcome"] == "rejected"


def spoil(name: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(body: dict[str, Any]) -> None:
        body[name] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        spoil("alias", "H-1\x1b[2J"),
        spoil("alias", None),
        spoil("state", "[red]open"),
        spoil("reason", "lost"),
        spoil("intent", "gone"),
        spoil("adults", "2"),
        spoil("needs", ["insulin"]),
        spoil("needs", None),
        spoil("verification", None),
        spoil("language", "\x1b"),
        spoil("facts", [{"fact": "ready", "answer": "0"}]),
        spoil("members", [{"member": 1, "kind": "adult", "contact": "Sara"}]),
        spoil("checks", [{"state": "verified", "reason": "papers", "role_code": "[red]", "at": 1}]),
    ],
)
def test_a_relay_that_answers_nonsense_is_not_shown(office: Office, alias: str, change: Any) -> None:
    def lie(method: str, path: str, body: Any) -> Any:
        if path == f"/v1/cases/{alias}":
            change(body)
        return body

    office.house.lie = lie
    office.first.no("case", "show", alias, code="bad_answer")


def test_a_list_that_never_ends_is_not_followed(office: Office, alias: str) -> None:
    def lie(method: str, path: str, body: Any) -> Any:
        return {"cases": body["cases"][:1] * 500} if path == "/v1/cases" else body

    office.house.lie = lie
    office.first.no("case", "list", code="bad_answer")


def test_a_list_of_several_pages_comes_whole(
    office: Office, alias: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = office.first.ok("case", "list", "--all")["cases"]
    assert alias in [row["alias"] for row in whole]
    monkeypatch.setattr(words, "PAGE", 2)
    assert len(whole) > 4
    assert office.first.ok("case", "list", "--all")["cases"] == whole


@pytest.mark.parametrize(
    ("kind", "said"),
    [("fact", "ready"), ("fact", "ready maybe"), ("intent", ""), ("vet", "impostor"), ("wire", "money")],
)
def test_a_proposal_this_desk_does_not_know_is_not_confirmed(
    office: Office, alias: str, kind: str, said: str
) -> None:
    propose(office.house, office.first, "intent", alias, "wants")

    def lie(method: str, path: str, body: Any) -> Any:
        if (method, path) == ("GET", "/v1/proposals"):
            for row in body["proposals"]:
                row["kind"], row["words"] = kind, said
        return body

    office.house.lie = lie
    office.first.no("confirm", alias, "--yes", code="bad_answer")
    office.house.lie = None
    assert office.first.ok("case", "show", alias)["intent"] is None


def test_every_command_has_an_example(office: Office) -> None:
    for command in ("open", "show", "list", "needs", "fact", "intent", "verify", "close"):
        assert "Example: qasid-desk case" in office.first.human("case", command, "--help")
    for command in ("add", "remove"):
        assert "Example: qasid-desk case member" in office.first.human("case", "member", command, "--help")
