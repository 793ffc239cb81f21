"""What is kept of an update: never typed text, never who somebody is."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handlers.updates import COMMANDS, TOO_LARGE, strip

CHAT = 7_041_234_567
PERSON = {
    "id": CHAT, "is_bot": False, "first_name": "MARKERFIRST", "last_name": "MARKERLAST", "username": "MARKERUSER",
    "language_code": "fa",
}  # fmt: skip
PRIVATE = {"id": CHAT, "type": "private", "first_name": "MARKERFIRST", "username": "MARKERUSER"}


def message(text: str | None = None, **fields: Any) -> dict[str, Any]:
    body = {"message_id": 12, "date": 1_764_000_000, "chat": PRIVATE, "from": PERSON, **fields}
    return {"update_id": 5, "message": {**body, "text": text} if text is not None else body}


def kept(update: dict[str, Any]) -> dict[str, Any]:
    found = strip(update)
    assert found is not None
    assert found.chat == CHAT
    shown = json.dumps(found.payload, ensure_ascii=False)
    assert "MARKER" not in shown
    assert str(CHAT) not in shown
    return found.payload


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("/start", "/start"),
        ("/start@qasid_bot", "/start"),
        ("/START", "/start"),
        ("/start i_AAAAAAAAAAAAAAAAAAAAAA", "/start i_AAAAAAAAAAAAAAAAAAAAAA"),
        ("/start o_AbC-9_", "/start o_AbC-9_"),
        ("/start s_AAAAAAAAAAAAAAAAAAAAAA", "/start s_AAAAAAAAAAAAAAAAAAAAAA"),
        ("/start s_tooshort", "/start …"),
        ("/relative MARKER", "/relative …"),
        ("/start i_tooshort", "/start …"),
        ("/start MARKER", "/start …"),
        ("/help MARKER me", "/help …"),
        ("/case K-4821", "/case K-4821"),
        ("/case k-4821", "/case K-4821"),
        ("/case \u2068K-4821\u2069", "/case K-4821"),
        ("/case", "/case …"),
        ("/case MARKER", "/case …"),
        ("/case K-4821 MARKER", "/case …"),
        ("/household h-4821", "/household H-4821"),
        ("/fact H-4821 ready yes", "/fact H-4821 READY YES"),
        ("/fact h-4821 Documents no ESTIMATED", "/fact H-4821 DOCUMENTS NO ESTIMATED"),
        ("/fact H-4821 ready unknown estimated", "/fact …"),
        ("/fact H-4821 ready MARKER", "/fact …"),
        ("/fact MARKER ready yes", "/fact …"),
        ("/intent H-4821 unsure", "/intent H-4821 UNSURE"),
        ("/intent H-4821", "/intent …"),
        ("/vet H-4821", "/vet H-4821"),
        ("/vet H-4821 voice", "/vet H-4821 VOICE"),
        ("/vet H-4821 MARKER", "/vet …"),
        ("/whoami", "/whoami"),
        ("/MARKER", ""),
        ("/", ""),
        ("/ MARKER", ""),
        ("MARKER", ""),
        ("MARKER /start", ""),
    ],
)
def test_text(text: str, stored: str) -> None:
    assert kept(message(text))["text"] == stored


@given(st.text(min_size=1, max_size=60))
@example("0" * 24)
def test_free_text_is_never_kept(text: str) -> None:
    """Whatever is typed behind a command or without one: only our own grammar's words remain."""
    for typed in (text, f"/case {text}", f"/start {text}", f"/{text}", f"/fact H-1 {text}"):
        payload = kept(message(typed))
        if (
            payload["kind"] == "armour"
        ):  # one long word may be a part of a letter: it is kept apart, and sealed
            assert payload == {"kind": "armour", "message": 12, "language": "fa"}
            continue
        stored = payload["text"]
        name, _, argument = stored.removeprefix("/").partition(" ")
        assert stored == "" or name in COMMANDS
        assert argument in {"", "…"} or COMMANDS[name].fullmatch(argument)


@pytest.mark.parametrize(
    "fields",
    [
        {
            "caption": "MARKER",
            "photo": [{"file_id": "MARKER", "file_unique_id": "x", "width": 1, "height": 1}],
        },
        {"voice": {"file_id": "MARKER"}},
        {"location": {"latitude": 34.5, "longitude": 69.2}},
        {"contact": {"phone_number": "MARKER", "first_name": "MARKER"}},
        {"sticker": {"file_id": "MARKER"}},
        {"venue": {"title": "MARKER"}},
    ],
)
def test_anything_else_that_a_person_sends_is_something_typed(fields: dict[str, Any]) -> None:
    assert kept(message(None, **fields)) == {"kind": "message", "message": 12, "text": "", "language": "fa"}


PART = "A-_9" * 6


@pytest.mark.parametrize(
    ("text", "enclosed"),
    [
        ("qasid1.AQAB", "qasid1.AQAB"),
        (" qasid1.AQ\n\tAB \r\n", "qasid1.AQAB"),
        ("\u2068qasid1.AQAB\u2069", "qasid1.AQAB"),
        ("qasid1.", "qasid1."),
        (PART, PART),
        (f" {PART}\n", PART),
    ],
)
def test_armour_is_kept_beside_the_payload_which_is_for_sealing(text: str, enclosed: str) -> None:
    assert kept(message(text)) == {"kind": "armour", "message": 12, "language": "fa"}
    found = strip(message(text))
    assert found is not None
    assert found.enclosed == enclosed


@pytest.mark.parametrize(
    "text",
    [
        *(
            PART[:-1],
            f"{PART} {PART}",
            f"{PART}\n{PART}",
            f"{PART}.",
            "MARKER well and at my uncles house in Herat",
        ),
        *("qasid1.MARKER?", "QASID1.AQAB", "see qasid1.AQAB", "qasid2.AQAB", "qasid1.\u0645"),
    ],
)
def test_what_reads_almost_like_armour_is_something_typed(text: str) -> None:
    assert kept(message(text)) == {"kind": "message", "message": 12, "text": "", "language": "fa"}


def test_of_a_document_only_where_telegram_has_it() -> None:
    document = {
        "file_id": "MARKERID",
        "file_unique_id": "MARKER",
        "file_name": "MARKER.Qasid",
        "file_size": 7,
    }
    update = message(None, document=document, caption="MARKER")
    assert kept(update) == {"kind": "document", "message": 12, "size": 7, "language": "fa"}
    found = strip(update)
    assert found is not None
    assert found.enclosed == "MARKERID"
    assert kept(message(None, document={**document, "file_size": 10**9}))["size"] == TOO_LARGE
    for other in ({**document, "file_name": "qasid.pdf"}, {"file_id": "MARKERID"}):
        assert kept(message(None, document=other))["kind"] == "message"
    assert strip(message(None, document={"file_name": "x.qasid"})) is None


def test_an_edit_is_something_typed_even_when_it_reads_like_a_command() -> None:
    update = message("/stop")
    update["edited_message"] = update.pop("message")
    assert kept(update)["text"] == ""


def test_press() -> None:
    press = {"id": "99887766", "from": PERSON, "chat_instance": "1", "data": "stop:silence"}
    shown = {"message_id": 12, "date": 1, "chat": PRIVATE, "text": "MARKER"}
    update = {"update_id": 6, "callback_query": {**press, "message": shown}}
    assert kept(update) == {"kind": "press", "message": 12, "data": "stop:silence", "language": "fa"}
    found = strip(update)
    assert found is not None
    assert found.callback_id == "99887766"  # beside the payload: it names the person, and is sealed
    forged = kept({"update_id": 6, "callback_query": {**press, "data": "MARKER MARKER", "message": shown}})
    assert forged["data"] == ""


@pytest.mark.parametrize(("status", "blocked"), [("kicked", True), ("member", False)])
def test_blocking(status: str, blocked: bool) -> None:
    member = {"user": PERSON, "status": status}
    body = {"chat": PRIVATE, "from": PERSON, "date": 1, "old_chat_member": member, "new_chat_member": member}
    assert kept({"update_id": 7, "my_chat_member": body}) == {
        "kind": "member",
        "blocked": blocked,
        "language": "fa",
    }


@pytest.mark.parametrize(
    "name", ["write_access_allowed", "pinned_message", "message_auto_delete_timer_changed"]
)
def test_what_nobody_typed_is_a_sign_that_they_are_there(name: str) -> None:
    stored = kept(message(None, **{name: {"web_app_name": "MARKER"}}))
    assert stored == {"kind": "member", "blocked": False, "language": "fa"}


@pytest.mark.parametrize(
    "update",
    [
        {},
        {"update_id": 1},
        {"update_id": "1", "message": message("x")["message"]},
        {"update_id": 1, "message": None},
        {"update_id": 1, "message": []},
        {"update_id": 1, "message": {"chat": {"id": 1}}},
        {"update_id": 1, "inline_query": {"id": "1"}},
        {**message("/help"), "update_id": 2**70},
        {"update_id": 1, "message": {**message("x")["message"], "message_id": float("inf")}},
        {"update_id": 1, "message": {**message("x")["message"], "message_id": "x"}},
        {"update_id": 1, "message": {**message("x")["message"], "from": [1]}},
        {"update_id": 1, "message": {**message("x")["message"], "chat": {"id": -5, "type": "group"}}},
        {"update_id": 1, "callback_query": {"message": message()["message"], "data": "a:b"}},
        {
            "update_id": 1,
            "callback_query": {"id": "1", "from": PERSON, "inline_message_id": "x", "data": "a:b"},
        },
    ],
)
def test_nothing_for_us(update: dict[str, Any]) -> None:
    assert strip(update) is None


def test_a_language_code_that_is_none_is_dropped() -> None:
    update = message("/start")
    update["message"]["from"] = {**PERSON, "language_code": "MARKER MARKER MARKER"}
    assert kept(update)["language"] == ""
