"""Whatever a request carries, the answer is a result or a refusal, and never an error of the emulator's own."""

from typing import Any

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emulator import BotApiError, ManualClock, Telegram, botapi
from emulator.parameters import schema
from emulator.server import serve_in_thread

WORDS = st.sampled_from(
    ["", "1", "HTML", "<b>", "chat", "web_app", "{}", "[]", "http://[", "https://a.org", "attach://x"]
)
TEXT = WORDS | st.text(max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
BUTTON = st.fixed_dictionaries({"text": JSON}, optional={"callback_data": JSON, "url": JSON, "web_app": JSON})
KEYBOARD = st.fixed_dictionaries(
    {"inline_keyboard": JSON | st.lists(st.lists(BUTTON | JSON, max_size=2), max_size=2)}
)
NESTED = {
    "reply_markup": KEYBOARD,
    "entities": st.lists(st.fixed_dictionaries({"type": JSON, "offset": JSON, "length": JSON}), max_size=2),
    "menu_button": st.fixed_dictionaries({"type": JSON, "text": JSON, "web_app": JSON}),
    "scope": st.fixed_dictionaries({"type": JSON, "chat_id": JSON}),
    "commands": st.lists(st.fixed_dictionaries({"command": JSON, "description": JSON}) | JSON, max_size=2),
    "reply_parameters": st.fixed_dictionaries({"message_id": JSON}),
}


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    method = draw(st.sampled_from(sorted(set(botapi.METHODS) - {"logOut"})))
    names = draw(st.sets(st.sampled_from(sorted(schema(method)) or ["x"])))
    return method, {name: draw(NESTED.get(name, JSON) | JSON) for name in names}


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the first draw builds its tables
@given(request=requests(), in_chat=st.booleans())
def test_any_parameters(request: tuple[str, dict[str, Any]], in_chat: bool) -> None:
    method, params = request
    telegram = Telegram(ManualClock(), seed=1)
    bot, sara = telegram.add_bot(), telegram.add_user("Sara")
    message = sara.start(bot)
    telegram.call(bot.token, "sendMessage", {"chat_id": sara.id, "text": "first"})
    if in_chat and "chat_id" in schema(method):
        params |= {"chat_id": sara.id, "message_id": message.id + 1}
    code = 200
    try:
        telegram.call(bot.token, method, params)
    except BotApiError as error:
        code = error.code
    assert code == 200 or 400 <= code < 500


def test_any_body(telegram: Telegram, bot: Any) -> None:
    bodies = [b"", b"{", b"\xff", b"null", b"[" * 100_000, b"a=%ff&b", b"--x\r\n", b'{"chat_id": 1e999}']
    kinds = [
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain",
    ]
    with serve_in_thread(telegram) as url, httpx.Client(trust_env=False) as http:
        for body in bodies:
            for kind in kinds:
                answer = http.post(
                    f"{url}/bot{bot.token}/sendMessage", content=body, headers={"Content-Type": kind}
                )
                assert (answer.status_code, answer.json()["ok"]) == (400, False), (body, kind, answer.text)
        assert http.get(f"{url}/bot{bot.token}/getUpdates", params={"timeout": "\u00b2"}).status_code == 400
