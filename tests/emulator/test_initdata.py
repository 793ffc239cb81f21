"""Signed initData and the addresses that Mini Apps are opened with."""

import hashlib
import hmac
import json
from urllib.parse import parse_qsl, urlsplit

import pytest

from emulator import Bot, ManualClock, Telegram, User


def verified(init_data: str, token: str) -> dict[str, str]:
    """Fields of initData that passes the check of the Bot API's documentation, written out once more."""
    fields = dict(parse_qsl(init_data, strict_parsing=True, keep_blank_values=True))
    given = fields.pop("hash")
    check_string = "\n".join(f"{key}={fields[key]}" for key in sorted(fields))
    secret = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    assert given == hmac.new(secret, check_string.encode(), hashlib.sha256).hexdigest()
    return fields


def launched(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).fragment.rpartition("?")[2], strict_parsing=True))


def app_button(telegram: Telegram, bot: Bot, sara: User, url: str) -> None:
    sara.start(bot)
    markup = {"inline_keyboard": [[{"text": "Open", "web_app": {"url": url}}]]}
    telegram.call(bot.token, "sendMessage", {"chat_id": sara.id, "text": "x", "reply_markup": markup})


def test_web_app_button(telegram: Telegram, bot: Bot, sara: User, clock: ManualClock) -> None:
    sara.last_name = "سارا / &="
    app_button(telegram, bot, sara, "http://127.0.0.1:8000/app?lang=fa#/thread")
    clock.advance(100)
    url = sara.press(bot, "Open")
    assert url.startswith("http://127.0.0.1:8000/app?lang=fa#/thread?tgWebAppData=")
    launch = launched(url)
    assert {*launch} == {"tgWebAppData", "tgWebAppVersion", "tgWebAppPlatform", "tgWebAppThemeParams"}
    fields = verified(launch["tgWebAppData"], bot.token)
    user = json.loads(fields["user"])
    assert (user["id"], user["last_name"], user["language_code"]) == (sara.id, "سارا / &=", "fa")
    assert user["allows_write_to_pm"]
    assert int(fields["auth_date"]) == clock.time()
    assert len(fields["signature"]) == 86
    assert fields["query_id"]
    with pytest.raises(AssertionError):
        verified(launch["tgWebAppData"], "123456:ANOTHER")
    with pytest.raises(AssertionError):
        verified(launch["tgWebAppData"].replace(str(sara.id), str(sara.id + 1)), bot.token)


def test_start_param(telegram: Telegram, bot: Bot, sara: User) -> None:
    with pytest.raises(LookupError):
        sara.open_link(bot, "letter")
    bot.main_app_url = "https://app.example.org/"
    url = sara.open_link(bot, "letter_1")
    assert url.startswith("https://app.example.org/?tgWebAppStartParam=letter_1#tgWebAppData=")
    assert verified(launched(url)["tgWebAppData"], bot.token)["start_param"] == "letter_1"
    for wrong in ("a b", "x" * 513):
        with pytest.raises(ValueError, match="startapp"):
            sara.open_link(bot, wrong)


def test_start_payload_is_checked(bot: Bot, sara: User) -> None:
    assert sara.start(bot, "A" * 64).text == f"/start {'A' * 64}"
    for wrong in ("A" * 65, "a.b", "سلام"):
        with pytest.raises(ValueError, match="64"):
            sara.start(bot, wrong)
