"""The main job at the desk: a letter, a phone, a status, a reply; and what the network does to them."""

import json
from typing import Any

import httpx
import pytest

from crypto.content import Kind, Status, TextMessage
from crypto.encoding import b64u
from tests.desk.house import Office


def test_a_status_and_its_reply(office: Office) -> None:
    phone, alias = office.enrolled()
    phone.report(Status.NEED_HELP, "The road is closed.")
    inbox = office.first.ok("inbox")
    assert (inbox["new"], inbox["unread"], inbox["warnings"]) == (1, 1, [])
    assert inbox["messages"][0]["from"] == alias
    message = office.first.ok("read", str(inbox["messages"][0]["id"]))
    assert (message["status"], message["text"]) == ("need help", "The road is closed.")
    sent = office.first.ok("reply", alias, stdin="Stay where you are.")
    assert (sent["state"], sent["devices"]) == ("accepted", 1)
    assert phone.fetch() == 2
    assert [(m.sender, m.text, m.gap) for m in phone.messages] == [("C-01", "Stay where you are.", False)]
    assert phone.refused == []
    phone.acknowledge()
    office.first.ok("inbox")
    mine = [m for m in office.first.ok("inbox", "--all")["messages"] if m["envelope"] == sent["envelope"]]
    assert mine[0]["receipt_state"] == "opened"


def test_the_colleague_reads_the_same_mail_and_sees_the_reply(office: Office) -> None:
    phone, alias = office.enrolled()
    phone.write("Is anybody there?")
    for desk in (office.first, office.second):
        row = next(m for m in desk.ok("inbox")["messages"] if m["from"] == alias)
        assert row["gap"] is False
    first = next(m for m in office.first.ok("inbox")["messages"] if m["from"] == alias)
    office.first.ok("read", str(first["id"]))
    office.first.ok("reply", alias, "We are.")
    seen = office.second.ok("inbox", "--all")["messages"]
    mine = next(m for m in seen if m["from"] == alias)
    assert mine["read"] is True
    assert mine["receipt_state"] == "C-01"
    reply = next(m for m in seen if m["from"] == f"C-01 to {alias}")
    assert office.second.ok("read", str(reply["id"]), "--no-receipt")["text"] == "We are."


def test_what_comes_late_or_never_is_shown(office: Office) -> None:
    phone, alias = office.enrolled()
    withheld = phone.seal(Kind.TEXT, TextMessage("first").encode())
    phone.write("second")
    inbox = office.first.ok("inbox")
    assert [w["code"] for w in inbox["warnings"]] == ["gap"]
    assert next(m for m in inbox["messages"] if m["from"] == alias)["gap"] is True
    phone.post(withheld)
    late = [m for m in office.first.ok("inbox")["messages"] if m["from"] == alias]
    assert [(m["gap"], m["late"]) for m in late] == [(True, False), (False, True)]


def test_mail_that_was_acknowledged_is_opened_once_even_if_shown_again(office: Office) -> None:
    phone, alias = office.enrolled()
    phone.write("once")
    kept: list[object] = []

    def replay(method: str, path: str, body: Any) -> Any:
        if path == "/v1/mail":
            if body["items"]:
                kept[:] = [body]
            elif kept:
                return json.loads(json.dumps(kept[0]))
        return body

    office.house.lie = replay
    assert office.first.ok("inbox")["new"] == 1
    assert office.first.ok("inbox")["new"] == 0
    office.house.lie = None
    assert len([m for m in office.first.ok("inbox", "--all")["messages"] if m["from"] == alias]) == 1


def test_a_reply_waits_sealed_while_the_relay_is_down(office: Office) -> None:
    phone, alias = office.enrolled()
    office.first.ok("contacts")
    port = office.house.port
    with office.first.unreachable():
        queued = office.first.ok("reply", alias, stdin="Wait for us.")
        assert queued["state"] == "queued"
        office.first.no("inbox", code="unreachable")
        assert office.first.ok("device", "show")["stands"] is True
    assert port == office.house.port
    assert office.first.ok("inbox")["sent"] == 1
    phone.fetch()
    assert [m.text for m in phone.messages] == ["Wait for us."]


def test_what_waited_long_is_sealed_anew(fresh: Office) -> None:
    phone, alias = fresh.enrolled()
    fresh.first.ok("contacts")
    with fresh.first.unreachable():
        fresh.first.ok("reply", alias, stdin="one")
        fresh.first.ok("reply", alias, stdin="two")
    fresh.house.step(3 * 3600)
    assert fresh.first.ok("inbox")["sent"] == 2
    phone.fetch()
    assert [(m.text, m.gap) for m in phone.messages] == [("one", False), ("two", False)]
    assert phone.refused == []


def test_an_answer_lost_on_the_way_makes_no_second_message(fresh: Office) -> None:
    """Sealed anew an hour later under its old id, it is known at the relay; and the receipt still finds it."""
    phone, alias = fresh.enrolled()
    real = httpx.HTTPTransport.handle_request

    def lossy(self: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        answer = real(self, request)
        if request.url.path == "/v1/envelopes":
            raise httpx.ReadError("gone")
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx.HTTPTransport, "handle_request", lossy)
        assert fresh.first.ok("reply", alias, "Stay where you are.")["state"] == "queued"
    fresh.house.step(2 * 3600)
    assert fresh.first.ok("inbox")["sent"] == 1
    phone.fetch()
    assert [(m.text, m.gap) for m in phone.messages] == [("Stay where you are.", False)]
    assert phone.refused == []
    phone.acknowledge()
    (own,) = [m for m in fresh.first.ok("inbox", "--all")["messages"] if m["to"] == alias]
    assert own["receipt_state"] == "opened"


def test_without_consent_nothing_is_sealed(office: Office) -> None:
    phone, alias = office.enrolled()
    phone.consent("messages", given=False)
    assert "has not consented" in office.first.no("reply", alias, "hello", code="no_consent")
    phone.consent("messages")
    assert office.first.ok("reply", alias, "hello")["state"] == "accepted"


def asked(office: Office, *words: str) -> list[str]:
    """The addresses of contacts that the second desk asks for in this command."""
    paths: list[str] = []

    def note(_method: str, path: str, body: Any) -> Any:
        paths.append(path)
        return body

    office.house.lie = note
    office.second.ok(*words)
    office.house.lie = None
    return [path for path in paths if path.startswith("/v1/contacts")]


def test_a_reply_fetches_the_one_it_goes_to_and_a_look_never_says_who(office: Office) -> None:
    phone, alias = office.enrolled()
    assert asked(office, "reply", alias, "met just now") == ["/v1/contacts"]
    alone = f"/v1/contacts/{b64u(phone.record.owner)}"
    assert asked(office, "reply", alias, "known") == [alone]
    assert asked(office, "reply", b64u(phone.record.owner), "by its id") == [alone]
    assert asked(office, "verify", alias) == ["/v1/contacts"]
    assert asked(office, "file", "show", alias) == ["/v1/contacts"]
    phone.renew_prekey()
    office.second.ok("reply", alias, "to the new key")
    phone.fetch()
    assert phone.messages[-1].text == "to the new key"


def test_whom_a_colleague_erased_gets_nothing(office: Office) -> None:
    _, alias = office.enrolled()
    office.first.ok("reply", alias, "known")
    office.second.ok("erase", alias, "--yes")
    office.first.no("reply", alias, "gone", code="no_contact")


def test_an_empty_reply_and_an_unknown_alias_are_refused(office: Office) -> None:
    office.first.no("reply", "K-0", "hello", code="no_contact")
    _, alias = office.enrolled()
    office.first.no("reply", alias, " ", code="usage", exit_code=2)
    office.first.no("read", "99999", code="usage", exit_code=2)


def test_people_see_tables(office: Office) -> None:
    phone, alias = office.enrolled()
    phone.report(Status.SAFE)
    assert alias in office.first.human("contacts")
    shown = office.first.human("inbox")
    assert "status: safe" in shown
    assert "C-01" in office.first.human("roster", "show")
    assert "unread" in office.first.human("status")
    assert "not compared yet" in office.first.human("verify", alias)
    letter = office.first.human("invite")
    assert "QASID1." in letter
    assert "█" in letter or "▀" in letter
