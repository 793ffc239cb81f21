"""The Bot API: one function for each method, `(call) -> result`, raising BotApiError."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import telegram as client

from emulator.botapi import files, messages, settings, updates
from emulator.botapi.call import Call
from emulator.bots import Bot
from emulator.chats import Document
from emulator.errors import BotApiError
from emulator.parameters import check
from emulator.wire import Value

if TYPE_CHECKING:
    from emulator.telegram import Telegram

__all__ = ["METHODS", "SENDING", "Call", "find", "prepare"]

Method = Callable[[Call], Value]
METHODS: dict[str, Method] = {**updates.METHODS, **messages.METHODS, **files.METHODS, **settings.METHODS}
#: Methods that the sending limits count.
SENDING = {"sendMessage", "sendDocument"}
_BY_LOWER = {name.lower(): name for name in METHODS}
_CLIENT_METHODS = {name.replace("_", "") for name in dir(client.Bot)}
#: Required by python-telegram-bot, optional at Telegram.
_OPTIONAL = {"setWebhook": frozenset({"url"})}


def find(method: str) -> tuple[str, Method]:
    """A method under any spelling of its case; raises 404."""
    name = _BY_LOWER.get(method.lower())
    if name is None:
        known = method.lower() in _CLIENT_METHODS
        raise BotApiError(404, f"Not Found: the emulator does not have {method}" if known else "Not Found")
    return name, METHODS[name]


def prepare(
    telegram: "Telegram", bot: Bot, name: str, raw: Mapping[str, Value], uploads: Mapping[str, Document]
) -> Call:
    """The call with its parameters checked and converted; raises 400."""
    attached = {field: f"attach://{field}" for field in uploads}
    params = check(name, {**attached, **raw}, _OPTIONAL.get(name, frozenset()))
    return Call(telegram, bot, params, uploads)
