"""Three offices on one relay: direct, and by a mediator who passes on, paraphrases, holds and returns."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from crypto.encoding import unb64u
from crypto.missive import Original, Request, SignedMissive
from desk import mediation
from desk import threads as rules
from desk.client import Relay
from desk.errors import UnreachableError
from tests.desk.house import Desk, House, Office
from tests.desk.test_offices import befriend, found


@dataclass
class Three:
    """A and B speak to M and not to each other; B has pinned A, whose card came by another channel."""

    house: House
    a: Desk
    m: Desk
    b: Desk
    offices: dict[str, Office]

    def ask(self, text: str) -> int:
        """A asks M to pass it on to B; its number at M."""
        self.a.ok("thread", "start", "M", text, "--pass-to", self.offices["B"].id)
        return int(self.m.ok("mediate", "list")["messages"][-1]["id"])


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Three]:
    with House(tmp_path_factory.mktemp("three")) as house:
        a, m, b = (found(house, name) for name in "AMB")
        befriend(a, m, ("A", "M"))
        befriend(b, m, ("B", "M"))
        yield Three(house, a.first, m.first, b.first, {"A": a, "M": m, "B": b})


def last(desk: Desk) -> dict[str, Any]:
    """The newest message that came or went."""
    newest = max(desk.ok("thread", "list")["threads"], key=lambda row: row["last_id"])
    return dict(desk.ok("thread", "read", str(newest["thread"]))["messages"][-1])


def asked(desk: Desk) -> dict[str, Any]:
    """A's newest request: each began a thread."""
    newest = desk.ok("thread", "list")["threads"][-1]
    return dict(desk.ok("thread", "read", str(newest["thread"]))["messages"][0])


def test_direct_there_and_back(three: Three) -> None:
    (sent,) = three.a.ok("thread", "start", "M", "Salaam. Who is on duty?")["messages"]
    assert sent["state"] == "accepted"
    listed = three.m.ok("thread", "list")["threads"]
    (thread,) = [row for row in listed if row["unread"]]
    assert thread["office"] == "A"
    (row,) = three.m.ok("thread", "read", str(thread["thread"]))["messages"]
    assert (row["text"], row["from"], row["to"], row["role_code"], row["kind"]) == (
        "Salaam. Who is on duty?",
        "A",
        "us",
        "A-01",
        "text",
    )
    three.m.ok("thread", "send", str(thread["thread"]), "-", stdin="M-01 is.\x1b[2J")
    assert last(three.a)["text"] == "M-01 is.\x1b[2J"
    human = three.a.human("thread", "read", str(sent["thread"]))
    assert "M-01 of M to us" in human
    assert "\x1b[2J" not in human


def test_passed_on_with_the_original(three: Three) -> None:
    number = three.ask("Six by land.")
    three.m.ok("mediate", "pass", str(number))
    came = last(three.b)
    assert (came["text"], came["from"], came["author_office"]) == ("Six by land.", "M", three.offices["A"].id)
    assert came["origin"] == rules.UNVERIFIABLE
    assert asked(three.a)["outcome"] == "passed on"
    # What the mediator wrote to one side leaves no gap on the other.
    assert (came["gap"], last(three.a)["kind"], last(three.a)["gap"]) == (False, "outcome", False)
    assert number not in [row["id"] for row in three.m.ok("mediate", "list")["messages"]]
    three.m.no("mediate", "hold", str(number), code="usage", exit_code=2)
    card = three.a.ok("office", "card")["card"]
    three.b.ok("office", "pin", card, "--name", "A", "--yes")
    assert last(three.b)["origin"] == rules.VERIFIED
    three.m.ok("mediate", "pass", str(three.ask("Seven by land.")))
    assert last(three.b)["origin"] == rules.VERIFIED
    assert "the signed original: verified" in three.b.human("thread", "list")


def test_paraphrased_held_and_returned_are_told_apart(three: Three) -> None:
    number = str(three.ask("You owe us an answer!"))
    assert three.m.ok("mediate", "hold", number)["messages"][0]["state"] == "accepted"
    assert asked(three.a)["outcome"] == "held"
    three.m.no("mediate", "hold", number, code="already_decided")
    three.m.no("mediate", "paraphrase", number, " ", code="usage", exit_code=2)
    three.m.ok("mediate", "paraphrase", number, "They would welcome an answer.")
    came = last(three.b)
    assert (came["text"], came["kind"], came["origin"]) == (
        "They would welcome an answer.",
        "paraphrase",
        "paraphrase",
    )
    assert "PARAPHRASED" in three.b.human("thread", "list")
    assert asked(three.a)["outcome"] == "paraphrased"
    number = str(three.ask("Or else."))
    three.m.no("mediate", "return", number, "--reason", "rude", code="usage", exit_code=2)
    three.m.ok("mediate", "return", number, "--reason", "wording")
    row = asked(three.a)
    assert (row["outcome"], row["reason"]) == ("returned (wording)", "wording")
    assert last(three.b) == came
    events = [row["event"] for row in three.m.ok("audit", "--last", "0")["entries"]]
    assert [each for each in events if each in {"missive_held", "missive_returned"}] == [
        "missive_held",
        "missive_returned",
    ]


def test_a_colleague_knows_what_was_written(three: Three) -> None:
    second = Desk(three.house, three.house.folder / "desk-M2")
    three.offices["M"].add(second, "M-02")
    for name in ("A", "B"):
        second.ok(
            "office", "pin", three.offices[name].first.ok("office", "card")["card"], "--name", name, "--yes"
        )
    number = three.ask("Eight by air.")
    theirs = second.ok("mediate", "list")["messages"][-1]
    assert theirs["text"] == "Eight by air."
    three.m.ok("mediate", "hold", str(number))
    (row,) = second.ok("mediate", "list")["messages"]
    assert row["outcome"] == "held"
    second.ok("mediate", "pass", str(row["id"]))
    assert last(three.b)["role_code"] == "M-02"
    assert three.m.ok("mediate", "list")["messages"] == []


def test_two_officers_pass_on_once(three: Three) -> None:
    """Each may not know yet what the other did; the relay decides who was first."""
    number = str(three.ask("Nine."))
    three.m.ok("mediate", "pass", number)
    came = last(three.b)["id"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mediation, "outcome", lambda _desk, _missive: None)
        three.m.no("mediate", "pass", number, code="already_decided")
    assert last(three.b)["id"] == came
    assert [held.state for held in three.m.state().missives[-2:]] == ["failed", "failed"]
    assert asked(three.a)["outcome"] == "passed on"


def test_an_original_that_was_tampered_with_is_refused(three: Three) -> None:
    three.b.ok("office", "pin", three.a.ok("office", "card")["card"], "--name", "A", "--yes")
    number = three.ask("Ten.")
    before = last(three.b)
    real = Original.__init__

    def forged(self: Original, envelope: bytes, commitment: bytes, signed: SignedMissive) -> None:
        request = Request(unb64u(three.offices["B"].id), "Sixty.")
        missive = replace(signed.missive, payload=request.encode())
        real(self, envelope, commitment, SignedMissive(missive, signed.proof))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Original, "__init__", forged)
        three.m.ok("mediate", "pass", str(number))
    warnings = three.b.ok("thread", "list")["warnings"]
    assert "the original it encloses is not A's" in warnings[-1]["message"]
    assert last(three.b) == before


def test_who_is_not_pinned_or_not_accepted_gets_and_learns_nothing(three: Three) -> None:
    stranger = found(three.house, "S")
    stranger.first.ok("office", "pin", three.b.ok("office", "card")["card"], "--name", "B", "--yes")
    stranger.first.no("thread", "start", "B", "Hello?", code="no_partner")
    assert stranger.first.ok("office", "list")["offices"][0]["mutual"] is False
    (failed,) = stranger.first.state().missives
    assert (failed.state, stranger.first.state().missives_due) == ("failed", [])
    assert "FAILED" in stranger.first.human("thread", "list")
    stranger.first.no("thread", "start", "Nobody", "Hello?", code="usage", exit_code=2)
    card = stranger.first.ok("office", "card")["card"]
    three.b.ok("office", "pin", card, "--name", "S", "--yes")
    stranger.first.ok("thread", "start", "B", "Now?")
    with pytest.MonkeyPatch.context() as patch:  # as at a colleague's desk that has not pinned it
        patch.setattr("desk.partners.sender", lambda _desk, _device: None)
        warnings = three.b.ok("thread", "list")["warnings"]
    assert "of a pinned office sent it" in warnings[-1]["message"]
    assert last(three.b)["text"] == "Now?"  # it stayed at the relay


def test_what_cannot_go_now_is_queued_and_goes_later(three: Three) -> None:

    def down(_relay: Relay, *_: object, **__: object) -> None:
        raise UnreachableError("https://relay.example.org")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Relay, "post_bytes", down)
        (sent,) = three.a.ok("thread", "start", "M", "Later.")["messages"]
    assert (sent["state"], len(three.a.state().missives_due)) == ("queued", 2)
    assert asked(three.a)["state"] == "accepted"
    assert three.a.state().missives_due == []
    assert last(three.m)["text"] == "Later."


def test_what_the_relay_withholds_or_shows_under_another_roster(three: Three) -> None:
    """A gap is shown; and a partner whose roster is rolled back is not believed, while others' mail comes through."""
    three.m.ok("thread", "list")  # whatever waits from before
    (first,) = three.a.ok("thread", "start", "M", "One.")["messages"]
    three.a.ok("thread", "send", str(first["thread"]), "Two.")

    def withhold(method: str, path: str, body: Any) -> Any:
        if (method, path) == ("GET", "/v1/mail"):
            body["items"] = body["items"][1:]
        return body

    three.house.lie = withhold
    try:
        listed = three.m.ok("thread", "list")
    finally:
        three.house.lie = None
    assert [warning["code"] for warning in listed["warnings"]] == ["gap"]
    assert last(three.m)["text"] == "One."  # it comes late
    three.a.ok("thread", "send", str(first["thread"]), "Three.")

    def roll_back(_method: str, path: str, body: Any) -> Any:
        return {"head": 0, "rosters": []} if path == f"/v1/offices/{three.offices['M'].id}/rosters" else body

    three.house.lie = roll_back
    try:
        three.a.no("thread", "send", str(first["thread"]), "Four.", code="rollback")
    finally:
        three.house.lie = None
    three.a.ok("thread", "send", str(first["thread"]), "Five.")
    assert last(three.m)["gap"] is False


def test_every_command_has_an_example(three: Three) -> None:
    for group, commands in (
        ("thread", ("list", "start", "send", "read")),
        ("mediate", ("list", "pass", "paraphrase", "hold", "return")),
    ):
        for command in commands:
            assert f"Example: qasid-desk {group} {command}" in three.a.human(group, command, "--help")
