"""Checks of reply_markup."""

from urllib.parse import SplitResult, urlsplit

from emulator.botapi.updates import loopback
from emulator.errors import bad_request
from emulator.wire import Json, Value

_ACTIONS = {
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay",
}  # fmt: skip
_EMULATED = {"url", "callback_data", "web_app", "copy_text"}
_LOOKS = {"text", "icon_custom_emoji_id", "style"}


def check(markup: Json | None, *, private: bool) -> Json | None:
    """The markup as Telegram keeps it (None for an empty keyboard); raises 400."""
    if not markup:
        return None
    if "inline_keyboard" in markup:
        rows = [
            [_inline(button, private=private) for button in row] for row in _rows(markup["inline_keyboard"])
        ]
        rows = [row for row in rows if row]
        if sum(map(len, rows)) > 100:
            raise bad_request("reply markup is too long")
        return {"inline_keyboard": rows} if rows else None
    if "keyboard" in markup:
        for button in (button for row in _rows(markup["keyboard"]) for button in row):
            _text(button if isinstance(button, dict) else {"text": button}, "keyboard")
        return markup
    if markup.get("remove_keyboard") is True or markup.get("force_reply") is True:
        return markup
    raise bad_request("object expected as reply markup")


def web_app_url(url: Value, place: str) -> str:
    """The address of a Mini App; raises 400. Telegram wants https; http on this machine is the emulator's leniency."""
    parts = _split(url)
    if not parts.hostname:
        raise bad_request(f"{place} Web App URL '{url}' is invalid: Wrong HTTP URL")
    if parts.scheme != "https" and not loopback(url):
        raise bad_request(f"{place} Web App URL '{url}' is invalid: Only HTTPS links are allowed")
    return str(url)


def _split(url: Value) -> SplitResult:
    try:
        return urlsplit(url if isinstance(url, str) else "")
    except ValueError:
        return urlsplit("")


def _rows(value: Value) -> list[list[Value]]:
    if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
        raise bad_request("can't parse reply keyboard markup JSON object: expected an Array of Array")
    return value


def _text(button: Value, place: str) -> str:
    if not isinstance(button, dict):
        raise bad_request(f"can't parse {place} button: expected an Object")
    text = button.get("text")
    if not isinstance(text, str) or not text.strip():
        raise bad_request(f"{place} button text must be non-empty")
    return text


def _inline(button: Value, *, private: bool) -> Json:
    text = _text(button, "inline keyboard")
    actions = set(button) & _ACTIONS
    if not actions:
        raise bad_request("text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request("inline keyboard button must have exactly one of its optional fields")
    action = actions.pop()
    if action not in _EMULATED:
        raise bad_request(f"the emulator has no inline keyboard button with {action}")
    return {
        **{name: button[name] for name in _LOOKS & set(button)},
        "text": text,
        **_target(action, button[action], private=private),
    }


def _target(action: str, value: Value, *, private: bool) -> Json:
    if action == "callback_data" and not (isinstance(value, str) and 1 <= len(value.encode()) <= 64):
        raise bad_request("BUTTON_DATA_INVALID")
    if action == "url" and _split(value).scheme not in {"http", "https", "tg"}:
        raise bad_request(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
    if action == "web_app":
        if not private:
            raise bad_request("BUTTON_TYPE_INVALID")
        if not isinstance(value, dict):
            raise bad_request('can\'t parse inline keyboard button: field "web_app" must be of type Object')
        value = {"url": web_app_url(value.get("url"), "inline keyboard button")}
    return {action: value}
