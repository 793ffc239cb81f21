"""What a bot is and shows: getMe, commands, menu button, names and descriptions, getChat."""

import re
from collections.abc import Callable

from emulator import keyboards
from emulator.botapi.call import Call
from emulator.bots import CommandsKey
from emulator.chats import Chat
from emulator.errors import bad_request
from emulator.wire import Json, Value

COMMAND = re.compile(r"/?([a-z0-9_]{1,32})")
LANGUAGE = re.compile(r"([a-z]{2})?")
SCOPES = {
    "default": (), "all_private_chats": (), "all_group_chats": (), "all_chat_administrators": (),
    "chat": ("chat_id",), "chat_administrators": ("chat_id",), "chat_member": ("chat_id", "user_id"),
}  # fmt: skip
#: Longest name, description and short description.
PROFILE = {"name": 64, "description": 512, "short_description": 120}


def get_me(call: Call) -> Json:
    return {
        **call.bot.json(),
        "can_join_groups": True,
        "can_read_all_group_messages": call.bot.reads_groups,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": bool(call.bot.main_app_url),
    }


def _scope(call: Call) -> CommandsKey:
    scope = call.params.get("scope") or {"type": "default"}
    names = SCOPES.get(str(scope.get("type")))
    if names is None:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    kept: Json = {"type": scope["type"]}
    for name in names:
        if not re.fullmatch(r"-?\d+", str(scope.get(name, ""))):
            raise bad_request(f"can't parse BotCommandScope: {name} is required")
        kept[name] = int(scope[name])
    if "chat_id" in kept:
        call.chat(kept["chat_id"])
    return tuple(sorted(kept.items())), _language(call)


def _language(call: Call) -> str:
    language = call.params.get("language_code", "")
    if not LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    return str(language)


def set_commands(call: Call) -> bool:
    """Set up to 100 commands for a scope and a two-letter language."""
    commands = [_command(each) for each in call.params["commands"]]
    if len(commands) > 100:
        raise bad_request("too many commands specified")
    key = _scope(call)
    if commands:
        call.bot.commands[key] = commands
    else:
        call.bot.commands.pop(key, None)
    call.telegram.changed.fire()
    return True


def _command(each: Value) -> Json:
    if not isinstance(each, dict) or not all(
        isinstance(each.get(k), str) for k in ("command", "description")
    ):
        raise bad_request("can't parse BotCommand: expected an Object with command and description")
    match = COMMAND.fullmatch(each["command"])
    if match is None:
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(each["description"].strip()) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": match[1], "description": each["description"].strip()}


def get_commands(call: Call) -> list[Json]:
    return call.bot.commands.get(_scope(call), [])


def delete_commands(call: Call) -> bool:
    call.bot.commands.pop(_scope(call), None)
    call.telegram.changed.fire()
    return True


def set_menu_button(call: Call) -> bool:
    """Set the menu button of one private chat or, without chat_id, of all; "default" goes back."""
    button = call.params.get("menu_button") or {"type": "default"}
    kind = str(button.get("type"))
    if kind not in {"default", "commands", "web_app"}:
        raise bad_request("can't parse MenuButton: unsupported type specified")
    kept: Json | None = {"type": "commands"} if kind == "commands" else None
    if kind == "web_app":
        text, app = button.get("text"), button.get("web_app")
        if not isinstance(text, str) or not text.strip() or not isinstance(app, dict):
            raise bad_request("can't parse MenuButton: text and web_app are required")
        url = keyboards.web_app_url(app.get("url"), "menu button")
        kept = {"type": "web_app", "text": text, "web_app": {"url": url}}
    if "chat_id" in call.params:
        _private(call).menu_button = kept
    else:
        call.bot.menu_button = kept or {"type": "commands"}
    call.telegram.changed.fire()
    return True


def get_menu_button(call: Call) -> Json:
    if "chat_id" in call.params:
        return _private(call).menu_button or {"type": "default"}
    return call.bot.menu_button


def _private(call: Call) -> Chat:
    chat = call.chat()
    if not chat.private:
        raise bad_request("chat is not a private chat")
    return chat


def _setter(field: str) -> Callable[[Call], bool]:
    def setter(call: Call) -> bool:
        text = call.params.get(field, "")
        if len(text) > PROFILE[field]:
            raise bad_request(f"{field.replace('_', ' ')} is too long")
        call.bot.profile.setdefault(field, {})[_language(call)] = text
        call.telegram.changed.fire()
        return True

    return setter


def _getter(field: str) -> Callable[[Call], Json]:
    def getter(call: Call) -> Json:
        return {field: call.bot.text(field, _language(call))}

    return getter


def get_chat(call: Call) -> Json:
    """ChatFullInfo with the fields that are always there."""
    chat = call.chat()
    if not chat.known_to(call.bot.id):
        raise bad_request("chat not found")
    gifts = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    return {
        **chat.json(),
        "accent_color_id": chat.id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, chat.private),
    }


def close(_call: Call) -> bool:
    return True


def log_out(call: Call) -> bool:
    """After this the token is refused ("Logged out"), as on Telegram's own server for ten minutes."""
    call.bot.logged_out = True
    return True


METHODS = {
    "getMe": get_me,
    "getChat": get_chat,
    "setMyCommands": set_commands,
    "getMyCommands": get_commands,
    "deleteMyCommands": delete_commands,
    "setChatMenuButton": set_menu_button,
    "getChatMenuButton": get_menu_button,
    "setMyName": _setter("name"),
    "getMyName": _getter("name"),
    "setMyDescription": _setter("description"),
    "getMyDescription": _getter("description"),
    "setMyShortDescription": _setter("short_description"),
    "getMyShortDescription": _getter("short_description"),
    "close": close,
    "logOut": log_out,
}
