"""Who is next, and that two officers are never sent to the same person."""

from crypto.content import Status
from desk.queue import waiting
from desk.state import Message
from tests.desk.house import Office


def message(
    number: int, contact: str, sent: int, *, status: str = "", urgent: bool = False, read: bool = False
) -> Message:
    return Message(
        number, b"e", b"s", contact, contact.encode(), False, "text", "t", status, b"t", b"h", sent, 100, read,
        urgent=urgent,
    )  # fmt: skip


def test_help_then_urgent_then_the_oldest() -> None:
    held = [
        message(1, "old", 1),
        message(2, "urgent", 50, urgent=True),
        message(3, "help", 90, status="need help"),
        message(4, "read", 0, status="need help", read=True),
        message(5, "older", 2, status="safe"),
        message(6, "older", 0),
        message(7, "future", 10_000),
        message(8, "seat", 80, status="help"),
    ]
    found = waiting(held)
    assert [each.alias for each in found] == ["seat", "help", "urgent", "older", "old", "future"]
    assert [each.id for each in found[3].unread] == [6, 5]
    assert found[-1].since == 100


def test_two_officers_take_turns(office: Office) -> None:
    first, second = office.first, office.second
    (one, alias), (other, later) = office.enrolled(), office.enrolled()
    one.write("how long?")
    other.report(Status.NEED_HELP, "at the gate")
    taken = first.ok("next")
    assert (taken["alias"], taken["why"], taken["messages"][0]["text"]) == (
        later,
        "asks for help",
        "at the gate",
    )
    assert first.ok("next")["alias"] == later
    theirs = second.ok("next")
    assert (theirs["alias"], theirs["why"]) == (alias, "waits")
    assert [(each["alias"], each["role_code"]) for each in theirs["colleagues"]] == [(later, "C-01")]
    assert second.ok("next", "--back") == {"given_back": alias}
    second.no("next", "--done", code="nobody_taken")
    other.write("and now?")  # after it was shown
    first.ok("reply", later, "We have read it.")
    assert first.ok("next", "--done")["read"] == 1
    again = first.ok("next")
    assert [each["text"] for each in again["messages"]] == ["how long?"]
    assert [each["text"] for each in second.ok("next")["messages"]] == ["and now?"]
    office.house.step(16 * 60)
    assert first.ok("next", "--back") == {"given_back": alias}
