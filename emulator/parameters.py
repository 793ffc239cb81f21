"""Checks of parameters: python-telegram-bot's own method signatures are the schema.

Unknown names are ignored, as Telegram does. A value of the wrong kind is refused, also where Telegram would
quietly read it as nothing. Form and multipart bodies carry strings, objects and lists then being JSON.
"""

import inspect
import json
import re
from collections.abc import Callable, Mapping
from functools import cache

import telegram

from emulator.errors import bad_request
from emulator.wire import Json, Value

#: python-telegram-bot's own, unknown to Telegram.
_CLIENT_SIDE = {
    "self", "read_timeout", "write_timeout", "connect_timeout", "pool_timeout", "api_kwargs", "filename",
}  # fmt: skip
_WORDS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False, "": False}
_MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "document": "there is no document in the request",
    "file_id": "file_id not specified",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
    "action": "wrong parameter action in request",
}


@cache
def schema(method: str) -> dict[str, tuple[str, bool]]:
    """(wire kind, required) by parameter name; raises KeyError for an unknown method."""
    name = re.sub(r"[A-Z]", lambda letter: "_" + letter.group().lower(), method)
    function = getattr(telegram.Bot, name, None)
    if function is None:
        raise KeyError(method)
    return {
        parameter.name: (_kind(str(parameter.annotation)), parameter.default is parameter.empty)
        for parameter in inspect.signature(function).parameters.values()
        if parameter.name not in _CLIENT_SIDE
    }


def _kind(annotation: str) -> str:
    words = set(re.findall(r"\w+", annotation))
    if "Sequence" in words:
        return "array"
    if "FileInput" in words:
        return "file"
    if {"int", "str"} <= words:
        return "chat"
    for word, kind in (("bool", "boolean"), ("int", "integer"), ("str", "string")):
        if word in words:
            return kind
    return "object"


def check(method: str, raw: Mapping[str, Value], optional: frozenset[str] = frozenset()) -> Json:
    """Parameters of `method` from a request, converted; raises 400 for a wrong kind or a missing one."""
    params: Json = {}
    for name, (kind, required) in schema(method).items():
        value = raw.get(name)
        if value is None:
            if required and name not in optional:
                raise bad_request(_MISSING.get(name, f'parameter "{name}" is required'))
            continue
        params[name] = _convert(name, kind, value)
    return params


def _convert(name: str, kind: str, value: Value) -> Value:
    converted = _CONVERTERS[kind](name, value)
    if isinstance(converted, str) and any("\ud800" <= letter <= "\udfff" for letter in converted):
        raise bad_request("strings must be encoded in UTF-8")
    if converted is None:
        raise bad_request(f'parameter "{name}" has a wrong type')
    return converted


def _string(_name: str, value: Value) -> str | None:
    return str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else None


def _file(_name: str, value: Value) -> str | None:
    return value if isinstance(value, str) else None


def _boolean(_name: str, value: Value) -> bool | None:
    return _WORDS.get(str(value).lower()) if isinstance(value, (bool, int, str)) else None


def _integer(name: str, value: Value) -> int | None:
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,19}", value):
        return int(value)
    if isinstance(value, str):
        raise bad_request(f'parameter "{name}" must be an integer')
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _chat(name: str, value: Value) -> int | str | None:
    if value == "":
        raise bad_request("chat_id is empty")
    named = isinstance(value, str) and not re.fullmatch(r"-?\d{1,19}", value)
    return str(value) if named else _integer(name, value)


def _array(name: str, value: Value) -> Value:
    return _structure(name, list, value)


def _object(name: str, value: Value) -> Value:
    return _structure(name, dict, value)


def _structure(name: str, expected: type, value: Value) -> Value:
    if isinstance(value, str):
        try:
            value = json.loads(value) if value else expected()
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None
    if not isinstance(value, expected):
        noun = "Array" if expected is list else "Object"
        raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object: expected an {noun}")
    return value


_CONVERTERS: dict[str, Callable[[str, Value], Value]] = {
    "string": _string,
    "file": _file,
    "boolean": _boolean,
    "integer": _integer,
    "chat": _chat,
    "array": _array,
    "object": _object,
}
