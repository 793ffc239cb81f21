"""Telegram's proof of who opened the Mini App (core.telegram.org/bots/webapps, "Validating data").

It binds an account once; afterwards the device's own signature admits. The `signature` field for third parties
stays in the string that the bot's HMAC covers.
"""

import hmac
import json
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, urlencode

from crypto.encoding import equal
from crypto.errors import Malformed, Refused

CLOCK_SLACK: Final = 60
LARGEST: Final = 8192
_MAX_ID: Final = 2**52


@dataclass(frozen=True, slots=True)
class InitData:
    """Who opened the app, and how. The Telegram id stays out of repr."""

    user_id: int = field(repr=False)
    auth_date: int
    start_param: str
    language_code: str
    query_id: str


def check(init_data: str, bot_token: str, *, now: int, max_age: int = 3600) -> InitData:
    """Verify `Telegram.WebApp.initData`. Raises Malformed, or Refused when forged or older than `max_age` s."""
    if len(init_data) > LARGEST:
        raise Malformed("initData is too long")
    try:
        init_data.encode()  # a lone surrogate would break the HMAC's input
        pairs = parse_qsl(init_data, keep_blank_values=True, strict_parsing=True, errors="strict")
    except ValueError:
        raise Malformed("initData is not a query string") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise Malformed("initData names a field twice")
    given = fields.pop("hash", "")
    try:
        tag = bytes.fromhex(given)
    except ValueError:
        raise Malformed("initData has no valid hash") from None
    if len(tag) != 32 or len(given) != 64:
        raise Malformed("initData has no valid hash")
    if not equal(tag, _tag(fields, bot_token)):
        raise Refused("initData was not made by Telegram for this bot")
    auth_date = _number(fields.get("auth_date", ""))
    if not now - max_age <= auth_date <= now + CLOCK_SLACK:
        raise Refused("initData is too old: close the app and open it anew")
    return _read(fields, auth_date)


def make(fields: dict[str, str], bot_token: str) -> str:
    """initData as Telegram would make it, for the emulator and tests."""
    return urlencode({**fields, "hash": _tag(fields, bot_token).hex()})


def _tag(fields: dict[str, str], bot_token: str) -> bytes:
    key = hmac.digest(b"WebAppData", bot_token.encode(), "sha256")
    text = "\n".join([f"{name}={value}" for name, value in sorted(fields.items())])
    return hmac.digest(key, text.encode(), "sha256")


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise Malformed("initData has no valid date")
    return int(text)


def _read(fields: dict[str, str], auth_date: int) -> InitData:
    try:
        user = json.loads(fields.get("user", ""))
    except (ValueError, RecursionError):
        raise Malformed("initData names no user") from None
    user_id = user.get("id") if isinstance(user, dict) else None
    if not isinstance(user_id, int) or isinstance(user_id, bool) or not 0 < user_id < _MAX_ID:
        raise Malformed("initData names no user")
    language = user.get("language_code", "")
    return InitData(
        user_id=user_id,
        auth_date=auth_date,
        start_param=fields.get("start_param", ""),
        language_code=language if isinstance(language, str) and language.isascii() else "",
        query_id=fields.get("query_id", ""),
    )
