"""Who is next, and that two officers are never sent to the same person."""

from msgspec.structs import replace

from crypto.content import Status
from crypto.encoding import b64u
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
    found = waiting(held, {})
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


def test_overdue_comes_first_though_it_was_read() -> None:
    held = [
        message(1, "help", 90, status="need help"),
        message(2, "late", 5, read=True),
        message(3, "late", 50, read=True),
        replace(message(4, "late", 20, read=True), own=True),
        replace(message(5, "late", 60, read=True), own=True, receipt="failed"),
        replace(message(6, "answered", 1, read=True), party="answered"),
        replace(message(7, "answered", 2, read=True), party="C-02 to answered"),
    ]
    found = waiting(held, {b64u(b"late"): 70, b64u(b"answered"): 70})
    assert [(each.alias, each.rank) for each in found] == [("late", 0), ("help", 1)]
    assert [each.id for each in found[0].unread] == [3]


def test_who_was_read_and_not_answered_is_next_again(office: Office) -> None:
    first, second = office.first, office.second
    phone, alias = office.enrolled()
    phone.write("and then?")
    first.ok("inbox")
    first.ok("read", str(first.state().messages[-1].id))
    second.ok("inbox")
    for desk in (first, second):
        while desk.ok("next")["alias"]:  # whoever waits from other tests
            desk.ok("next", "--done")
    office.house.step(25 * 3600)
    taken = first.ok("next")
    assert (taken["alias"], taken["why"]) == (alias, "waits too long for an answer")
    assert [each["text"] for each in taken["messages"]] == ["and then?"]
    assert first.ok("next", "--done")["waiting"] == 0
    assert first.ok("next")["alias"] is None
