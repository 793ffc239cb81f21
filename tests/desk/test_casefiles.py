"""Case files: told by the person alone, passed on by their consent alone, and destroyed when they take it back."""

from collections.abc import Iterator
from typing import Any

import pytest

from crypto.encoding import b64u, unb64u
from crypto.missive import Missive
from crypto.statement import Child
from tests.desk.house import Desk, House, Office
from tests.desk.test_offices import befriend, found

NAME, KIN, ILL = "Farida, tazkira 4471", "a sister and two boys", "insulin"


class Two:
    """The office of somebody who told about themselves, and another one that the office works with."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.home, self.north = Office.found(house), found(house, "N")
        befriend(self.home, self.north, ("Home", "North"))
        self.phone, self.alias = self.home.enrolled("messages")
        self.office = unb64u(self.north.id)
        self.phone.tell(identity_name=NAME, family_members=KIN, needs_health=ILL)

    def permit(self, group: str, *, given: bool = True) -> None:
        self.phone.share(self.office, group, given=given)

    def pass_on(self, *groups: str) -> dict[str, Any]:
        return dict(self.home.first.ok("file", "pass", self.alias, *fields(*groups), "--yes"))

    def received(self) -> dict[str, str]:
        """What the other office holds of the newest thing that was passed on."""
        thread = self.north.first.ok("thread", "list")["threads"][-1]["thread"]
        return dict(self.north.first.ok("thread", "read", str(thread))["messages"][-1].get("fields", {}))


def fields(*groups: str) -> list[str]:
    return ["--office", "North", "--fields", ",".join(groups)]


def held(desk: Desk) -> bytes:
    """All that a desk has on its disk, unsealed: what was said between offices."""
    return b"".join(Missive.parse(each.missive).encode() for each in desk.state().missives)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    with House(tmp_path_factory.mktemp("files")) as house:
        yield Two(house)


def test_what_a_person_tells_and_takes_back(two: Two) -> None:
    phone, alias = two.home.enrolled("messages")
    phone.tell(identity_name="old", risk_grounds="worked for them")
    phone.tell(identity_name="new", risk_grounds="")
    shown = two.home.first.ok("file", "show", alias)
    assert {code: each["text"] for code, each in shown["fields"].items()} == {"identity-name": "new"}
    messages = [row for row in two.home.first.ok("inbox")["messages"] if row["from"] == alias]
    texts = [two.home.first.ok("read", str(row["id"]))["text"] for row in messages]
    assert texts == [
        "case file: told identity-name, risk-grounds",
        "case file: told identity-name; took back risk-grounds",
    ]
    assert "new" in two.home.second.human("file", "show", alias)


def test_the_office_asks_and_the_person_decides(two: Two) -> None:
    ask = ("file", "ask", two.alias, *fields("identity", "family"), "--called", "Embassy of Northland")
    assert two.home.first.ok(*ask)["state"] == "accepted"
    two.phone.fetch()
    (asked,) = two.phone.asks
    assert (asked.recipient, asked.name, asked.fields) == (
        two.office, "Embassy of Northland", ("family", "identity"),
    )  # fmt: skip
    assert two.phone.refused == []
    two.home.second.ok("inbox")
    kinds = [row["kind"] for row in two.home.second.ok("inbox", "--all")["messages"]]
    assert "ask" in kinds  # colleagues know what was asked
    for bad in (["--fields", "names"], ["--fields", ","], ["--office", "South", "--fields", "family"]):
        two.home.first.no("file", "ask", two.alias, "--office", "North", *bad, code="usage", exit_code=2)


def test_nothing_goes_without_consent(two: Two) -> None:
    refused = two.home.first.no("file", "pass", two.alias, *fields("identity"), "--yes", code="no_consent")
    assert "qasid-desk file ask" in refused
    two.permit("risk")
    two.home.first.no("file", "pass", two.alias, *fields("risk"), "--yes", code="not_told")
    two.home.first.no("file", "pass", two.alias, *fields("risk"), code="not_confirmed", exit_code=2)
    assert two.north.first.ok("thread", "list")["threads"] == []


def test_passed_on_taken_back_destroyed_and_acknowledged(two: Two) -> None:
    for group in ("identity", "family"):
        two.permit(group)
    assert two.pass_on("identity", "family")["state"] == "accepted"
    assert two.received() == {"identity-name": NAME, "family-members": KIN}
    assert ILL.encode() not in held(two.north.first)
    assert "by their own consent" in two.north.first.human("thread", "list")
    colleague = Desk(two.house, two.house.folder / "desk-N2")
    two.north.add(colleague, "N-02", "caseworker")
    two.north.first.ok("inbox")
    two.permit("identity", given=False)
    warned = two.north.first.ok("inbox")["warnings"]
    assert [each["code"] for each in warned] == ["taken_back"]
    assert NAME.encode() not in held(two.north.first)  # at once, before anybody confirms
    assert two.received() == {"family-members": KIN}
    (row,) = [
        each for each in two.home.first.ok("file", "passed")["disclosures"] if each["fields"] == "identity"
    ]
    assert (row["state"], row["alias"], row["office"]) == ("withdrawn", two.alias, "North")
    assert "not confirmed" in two.home.first.human("file", "passed")
    two.north.first.no("file", "taken-back", code="not_confirmed", exit_code=2)
    done = two.north.first.ok("file", "taken-back", "--yes")
    assert (done["acknowledged"], done["withdrawals"][0]["office"]) == (1, "Home")
    assert two.north.first.ok("file", "taken-back", "--yes")["acknowledged"] == 0
    after = two.home.first.ok("file", "passed")
    (row,) = [each for each in after["disclosures"] if each["fields"] == "identity"]
    assert (row["state"], row["proof"], after["outstanding"]) == (
        "acknowledged", "signed by N-01 of North", 0,
    )  # fmt: skip
    # The thread goes on from what was destroyed.
    two.home.first.ok("thread", "start", "North", "We have taken note.")
    assert two.north.first.ok("thread", "list")["warnings"] == []


def test_a_child_has_a_say(two: Two) -> None:
    """Nothing of the family goes without it; a later no destroys it there by the guardian's own signature."""
    desk, (phone, alias) = two.home.first, two.home.enrolled("messages")
    phone.tell(family_members=KIN)
    phone.share(two.office, "family")
    case = str(desk.ok("case", "open", alias)["alias"])
    desk.ok("case", "member", "add", case, "--guardian", "1")
    order = ("file", "pass", alias, *fields("family"), "--yes")
    assert "voice" in desk.no(*order, code="assent_missing")
    assert phone.assent(2, child=Child.DECLINES) == "declined"
    assert "leave the family out" in desk.no(*order, code="assent_refused")
    assert "did not agree" in desk.human("case", "show", case)
    assert phone.assent(2) == "agreed"
    assert desk.ok(*order)["state"] == "accepted"
    assert two.received() == {"family-members": KIN}
    assert [each["assent"] for each in desk.ok("case", "show", case)["members"]] == [None, "agreed"]
    phone.assent(2, given=False)
    assert [each["code"] for each in two.north.first.ok("inbox")["warnings"]] == ["taken_back"]
    assert two.received() == {}
    two.north.first.ok("file", "taken-back", "--yes")


def test_a_lying_relay(two: Two) -> None:
    """It can neither pass on by itself, nor have anything destroyed, nor say that something was."""
    two.permit("needs")
    two.pass_on("needs")
    assert two.received() == {"needs-health": ILL}

    envelope = b64u(two.home.first.state().missives[-1].envelope)

    def invent(_method: str, path: str, body: Any) -> Any:
        if path == "/v1/withdrawals":
            told = {"envelope": envelope, "fields": "needs", "office": two.home.id, "state": "withdrawn"}
            body["disclosures"].append(told | {"reason": "withdrawn", "withdrawn_at": 1, "statement": None})
        if path == "/v1/disclosures":
            body["disclosures"][-1] |= {"state": "acknowledged", "acknowledgement": b64u(rec_of_nothing())}
        return body

    two.house.lie = invent
    try:
        two.north.first.ok("inbox")
        assert ILL.encode() in held(two.north.first)
        shown = two.home.first.ok("file", "passed")["disclosures"][-1]
        assert shown["proof"].startswith("NOT THEIRS")
    finally:
        two.house.lie = None


def rec_of_nothing() -> bytes:
    return bytes(4) + (64).to_bytes(4, "big") + bytes(64)


def test_erased_everywhere(two: Two) -> None:
    phone, alias = two.home.enrolled("messages")
    phone.tell(identity_name="Gul, the tailor")
    phone.share(two.office, "identity")
    two.home.first.ok("file", "pass", alias, *fields("identity"), "--yes")
    assert two.received() == {"identity-name": "Gul, the tailor"}
    two.home.first.ok("erase", alias, "--yes")
    assert b"tailor" not in held(two.home.first)
    assert alias not in str(two.home.first.state().files)
    warned = two.north.first.ok("inbox")["warnings"]
    assert [each["code"] for each in warned] == ["taken_back"]
    assert b"tailor" in held(two.north.first)  # the relay alone says so: somebody is to confirm
    row = two.north.first.ok("file", "taken-back", "--yes")["withdrawals"][-1]
    assert (row["fields"], row["reason"], row["word"]) == ("all", "erased", "the relay says so")
    assert b"tailor" not in held(two.north.first)
    last = two.home.first.ok("file", "passed")["disclosures"][-1]
    assert (last["alias"], last["state"], last["proof"]) == ("", "acknowledged", "signed by N-01 of North")


def test_every_command_has_an_example(two: Two) -> None:
    for command in ("show", "ask", "pass", "passed", "taken-back"):
        assert f"Example: qasid-desk file {command}" in two.home.first.human("file", command, "--help")
