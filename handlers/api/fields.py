"""How values look in JSON and URLs: binary as base64url without padding, times as unix seconds."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

from crypto.encoding import b64u, moment, unb64u, unix

#: A signed object; the largest is a roster.
MOST_BYTES = 256 * 1024
#: The sealed notice to everybody of an office.
MOST_LARGE = 48 * 1024 * 1024
LAST_SECOND = 253_402_300_799


def _binary(least: int, most: int) -> Any:  # noqa: ANN401 - an annotation, built
    def read(value: object) -> bytes:
        if isinstance(value, bytes):
            return value
        if not isinstance(value, str):
            raise ValueError("base64url text is wanted")  # noqa: TRY004 - pydantic turns only ValueError into an answer
        data = unb64u(value)
        if not least <= len(data) <= most:
            raise ValueError(f"{least} to {most} bytes are wanted")
        return data

    schema = {
        "type": "string",
        "format": "base64url",
        "minLength": -(-least * 4 // 3),
        "maxLength": -(-most * 4 // 3),
    }
    return (BeforeValidator(read), PlainSerializer(b64u, when_used="json"), WithJsonSchema(schema))


def _moment(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LAST_SECOND:
        return value if isinstance(value, datetime) else _refuse_time()
    return moment(value)


def _refuse_time() -> object:
    raise ValueError("unix seconds are wanted")


Id = Annotated[bytes, *_binary(16, 16)]
Hash = Annotated[bytes, *_binary(32, 32)]
Blob = Annotated[bytes, *_binary(1, MOST_BYTES)]
Time = Annotated[
    datetime,
    BeforeValidator(_moment),
    PlainSerializer(unix, when_used="json"),
    WithJsonSchema({"type": "integer", "minimum": 0, "maximum": LAST_SECOND, "description": "unix seconds"}),
]
Large = Annotated[bytes, *_binary(1, MOST_LARGE)]
Blobs = Annotated[list[Blob], Field(max_length=100)]
#: As Telegram gave it to the app, unchecked; empty where there is none.
InitData = Annotated[str, Field(max_length=4096)]
LanguageTag = Annotated[str, Field(max_length=12, pattern=r"^[A-Za-z-]*$")]


def word(*allowed: str) -> object:
    """A word of a list; the rule refuses others, and says which there are."""
    return Field(max_length=24, json_schema_extra={"enum": list(allowed)})


class Body(BaseModel):
    """What a client sends: unknown fields are refused, so that a misspelt one cannot be lost."""

    model_config = ConfigDict(extra="forbid", strict=False, hide_input_in_errors=True)


class View(BaseModel):
    """What the relay answers, read off a rule's result."""

    model_config = ConfigDict(from_attributes=True)


class Head(View):
    """A roster's place in its chain."""

    version: int
    hash: Hash
