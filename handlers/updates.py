"""What is kept of a Telegram update: never what was typed, never who somebody is.

`strip` decides before anything is stored. A command keeps its name and arguments only when both have exactly the
form we gave them; everything else a person writes becomes the bare fact that something was typed. Armour, which is
sealed itself, is kept sealed once more until it was dealt with; of a document that may hold it, where Telegram has it.
"""

import re
from collections.abc import Mapping
from typing import Any

from telegram import Bot
from telegram import Update as TelegramUpdate

from relay import board, conditions, facts, movements, seats, verification
from relay.armour import MOST
from relay.inbox import Taken, Update

#: Asked of Telegram; leaving it out would keep whatever was asked for last.
ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")

#: An alias such as K-4821. A bare word is not one: it could be somebody's name.
ALIAS = r"[A-Z]{1,4}-[0-9]{1,6}"


#: A movement's code name that may be typed: AIR-07, LAND-PK-3. A bare word could be a place.
MOVEMENT = r"[A-Z]{1,4}(?:-[A-Z]{2})?-[0-9]{1,6}"
ROUTE = "(?:AIR|LAND-PK|LAND-UZ|LAND-TJ)"


def _any(*words: str) -> str:
    return f"(?:{'|'.join(words).upper()})"


#: A notice's number.
NUMBER = "[0-9]{10}"

_GRADE = _any(*board.GRADES)
_OUTCOME = _any(*(each.replace("_", "-") for each in seats.OUTCOMES))
_CONDITION = f"{_any(*conditions.CONDITIONS)} (?:RED {_GRADE}|GREEN {_GRADE} [0-9]{{1,2}}H)"

#: Known commands and the only arguments that may be stored with them.
COMMANDS = {
    "start": re.compile(r"(?:[is]_[A-Za-z0-9_-]{22}|o_[A-Za-z0-9_-]{1,62})?"),
    "language": re.compile(""),
    "help": re.compile(""),
    "verify": re.compile(f"(?:{NUMBER})?"),
    "stop": re.compile(""),
    "relative": re.compile(""),
    "offline": re.compile(""),
    "whoami": re.compile(""),
    "queue": re.compile(""),
    "case": re.compile(ALIAS),
    "invite": re.compile(""),
    "departures": re.compile(""),
    "departure": re.compile(f"{MOVEMENT}(?: {_any(*movements.STEPS)})?"),
    "quota": re.compile(MOVEMENT),
    "board": re.compile(MOVEMENT),
    "standby": re.compile(MOVEMENT),
    "notices": re.compile(""),
    "approve": re.compile(""),
    "lend": re.compile(f"{MOVEMENT} [1-9][0-9]{{0,4}}"),
    "offer": re.compile(f"{MOVEMENT} {ALIAS}"),
    "cancel": re.compile(f"{MOVEMENT}|{NUMBER}"),
    "threat": re.compile(NUMBER),
    "outcome": re.compile(f"{MOVEMENT} {ALIAS} {_OUTCOME}"),
    "conditions": re.compile(f"{MOVEMENT}(?: {_CONDITION})?"),
    "airport": re.compile(f"(?:{ROUTE} {_any(*board.STATUSES)} {_GRADE} [0-9]{{1,3}}H)?"),
    "threads": re.compile(""),
    "office": re.compile(""),
    "staff": re.compile(""),
    "audit": re.compile(f"(?:{ALIAS})?"),
    "household": re.compile(ALIAS),
    "fact": re.compile(f"{ALIAS} {_any(*facts.FACTS)} (?:(?:YES|NO)(?: ESTIMATED)?|UNKNOWN)"),
    "intent": re.compile(f"{ALIAS} {_any(*facts.INTENTS)}"),
    "duty": re.compile("(?:ON|OFF)?"),
    "report": re.compile(""),
    "notreached": re.compile(""),
    "consents": re.compile(""),
    "assign": re.compile(f"{ALIAS} {ALIAS}"),
    "offboard": re.compile(ALIAS),
    "vet": re.compile(f"{ALIAS}(?: {_any(*verification.REASONS['confirm'])})?"),
}
#: Those whose arguments are codes, however they were typed.
CODED = frozenset(
    {
        "case",
        "audit",
        "household",
        "fact",
        "intent",
        "vet",
        "duty",
        "assign",
        "offboard",
        "conditions",
        "airport",
        "departure",
        "quota",
        "board",
        "standby",
        "lend",
        "offer",
        "cancel",
        "outcome",
    }
)
#: Those whose argument may be a notice's number.
NUMBERED = frozenset({"verify", "cancel", "threat"})
#: Stands in for arguments that were dropped.
DROPPED = "…"
#: Ours for people, or one of relay.buttons.
DATA = re.compile(r"[a-z]{2,16}:[A-Za-z-]{1,16}|b:[A-Za-z0-9_-]{32,62}")
#: Copied codes bring invisible direction marks along.
MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
#: Armour, white space left out; and a further part of it, which is one long word: no name, no number, no sentence.
ARMOUR = re.compile(r"qasid1\.[A-Za-z0-9_-]*")
ARMOUR_PART = re.compile(r"[A-Za-z0-9_-]{24,4096}")
#: What a document of armour is called, and a size at which it is none, however much larger it is.
DOCUMENT = ".qasid"
TOO_LARGE = MOST + 1
#: Messages that nobody typed: no more than a sign that the person is there (and may be written to).
SERVICE = frozenset({"write_access_allowed", "pinned_message", "message_auto_delete_timer_changed"})

Json = Mapping[str, Any]


def strip(update: Json) -> Update | None:
    """The storable part, or None when there is nothing for us: groups, things we never asked for.

    Never raises: what is not shaped like an update is nothing.
    """
    try:
        number = update["update_id"]
        kind, body = next((name, update[name]) for name in ALLOWED if name in update)
        person = body.get("from") or {}
        chat = (body.get("message") if kind == "callback_query" else body)["chat"]
        if chat["type"] != "private" or not isinstance(number, int) or not isinstance(chat["id"], int):
            return None
        payload = _READERS[kind](body)
        callback_id = str(body["id"]) if kind == "callback_query" else ""
        enclosed = payload.pop("enclosed", "")
        language = str(person.get("language_code") or "")
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError, StopIteration):
        return None
    # What no database column holds must not come back with every poll.
    if not all(abs(each) < 2**63 for each in (number, chat["id"], payload.get("message", 0))):
        return None
    payload["language"] = language if re.fullmatch(r"[A-Za-z-]{2,12}", language) else ""
    return Update(
        update_id=number, chat=chat["id"], payload=payload, callback_id=callback_id, enclosed=enclosed
    )


def _message(body: Json) -> dict[str, Any]:
    if any(name in body for name in SERVICE):
        return {"kind": "member", "blocked": False}
    message = int(body["message_id"])
    if armour := _armour(body.get("text")):
        return {"kind": "armour", "message": message, "enclosed": armour}
    document = body.get("document") or {}
    if str(document.get("file_name", "")).lower().endswith(DOCUMENT):
        size = min(int(document.get("file_size", 0)), TOO_LARGE)
        return {"kind": "document", "message": message, "size": size, "enclosed": str(document["file_id"])}
    return {"kind": "message", "message": message, "text": _command(body.get("text"))}


def _edited(body: Json) -> dict[str, Any]:
    return {"kind": "message", "message": int(body["message_id"]), "text": ""}


def _press(body: Json) -> dict[str, Any]:
    data = str(body.get("data", ""))
    return {
        "kind": "press",
        "message": int(body["message"]["message_id"]),
        "data": data if DATA.fullmatch(data) else "",
    }


def _member(body: Json) -> dict[str, Any]:
    return {"kind": "member", "blocked": body["new_chat_member"]["status"] in {"kicked", "left"}}


_READERS = {
    "message": _message,
    "edited_message": _edited,
    "callback_query": _press,
    "my_chat_member": _member,
}


def _armour(text: object) -> str:
    """Armour or a part of it, without white space; else ""."""
    if not isinstance(text, str):
        return ""
    plain = MARKS.sub("", text).strip()
    bare = re.sub(r"\s", "", plain)
    if ARMOUR.fullmatch(bare):
        return bare
    return plain if ARMOUR_PART.fullmatch(plain) else ""


def _command(text: object) -> str:
    """ "/case K-4821" as typed when it fits our grammar, "/case …" when only its name does, else ""."""
    if not isinstance(text, str) or not text.startswith("/"):
        return ""
    words = MARKS.sub("", text).split()
    name = words[0][1:].partition("@")[0].lower()
    grammar = COMMANDS.get(name)
    if grammar is None:
        return ""
    arguments = " ".join(words[1:])
    if name in NUMBERED:
        arguments = _digits(arguments)
    if name in CODED:
        arguments = arguments.upper()
    if grammar.fullmatch(arguments):
        return f"/{name} {arguments}".strip()
    return f"/{name} {DROPPED}"


def _digits(text: str) -> str:
    """A number in ASCII digits, whatever script it was typed in and however it was grouped; other text as it is."""
    number = re.sub(r"[\s-]", "", text)
    return "".join(str(int(each)) for each in number) if number.isdecimal() else text


def rebuild(taken: Taken, bot: Bot) -> TelegramUpdate:
    """An update as python-telegram-bot's handlers expect it, made of what was kept."""
    payload = taken.payload
    person = {"id": taken.chat, "is_bot": False, "first_name": "-", "language_code": payload["language"]}
    chat = {"id": taken.chat, "type": "private"}
    body: dict[str, Any]
    written = {"message_id": payload.get("message"), "date": 0, "chat": chat, "from": person}
    match payload["kind"]:
        case "armour":
            body = {"message": {**written, "text": taken.enclosed}}
        case "document":
            document = {"file_id": taken.enclosed, "file_unique_id": "-", "file_size": payload["size"]}
            body = {"message": {**written, "document": document}}
        case "message":
            text = payload["text"]
            message = {**written, "text": text}
            if text:
                length = len(text.split()[0])
                message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
            body = {"message": message}
        case "press":
            message = {"message_id": payload["message"], "date": 1, "chat": chat}
            press = {"id": taken.callback_id, "from": person, "chat_instance": "-", "data": payload["data"]}
            body = {"callback_query": {**press, "message": message}}
        case _:
            members = {
                name: {"user": person, "status": "kicked" if blocked else "member", "until_date": 0}
                for name, blocked in (
                    ("old_chat_member", not payload["blocked"]),
                    ("new_chat_member", payload["blocked"]),
                )
            }
            body = {"my_chat_member": {"chat": chat, "from": person, "date": 0, **members}}
    return TelegramUpdate.de_json({"update_id": taken.update_id, **body}, bot)
