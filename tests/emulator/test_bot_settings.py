"""getMe, commands, menu button, names, getChat, and how requests may be written."""

import pytest
import telegram as client
from aiohttp import ClientSession, FormData
from telegram.error import BadRequest, InvalidToken

from emulator import Bot, Telegram, User


async def test_commands_by_scope_and_language(
    ptb: client.Bot, bot: Bot, sara: User, telegram: Telegram
) -> None:
    await ptb.set_my_commands([("start", "Begin")])
    await ptb.set_my_commands([("start", "شروع"), ("stop", "بس")], language_code="fa")
    omid = telegram.add_user("Omid", "ps")
    assert [c["description"] for c in sara.commands(bot)] == ["شروع", "بس"]
    assert [c["description"] for c in omid.commands(bot)] == ["Begin"]
    omid.start(bot)
    await ptb.set_my_commands([("queue", "Queue")], scope=client.BotCommandScopeChat(omid.id))
    assert [c["command"] for c in omid.commands(bot)] == ["queue"]
    (kept,) = await ptb.get_my_commands(scope=client.BotCommandScopeChat(omid.id))
    assert (kept.command, kept.description) == ("queue", "Queue")
    await ptb.delete_my_commands(scope=client.BotCommandScopeChat(omid.id))
    assert [c["command"] for c in omid.commands(bot)] == ["start"]


@pytest.mark.parametrize(
    ("commands", "language", "refusal"),
    [
        ([("Start", "x")], None, "Bot_command_invalid"),
        ([("a" * 33, "x")], None, "Bot_command_invalid"),
        ([("start", " ")], None, "Bot_command_description_invalid"),
        ([("start", "x")], "fa-AF", "Invalid language code specified"),
        ([(f"c{number}", "x") for number in range(101)], None, "Too many commands specified"),
    ],
)
async def test_refused_commands(
    ptb: client.Bot, commands: list[tuple[str, str]], language: str | None, refusal: str
) -> None:
    with pytest.raises(BadRequest, match=refusal):
        await ptb.set_my_commands(commands, language_code=language)
    assert await ptb.get_my_commands() == ()


async def test_menu_button(ptb: client.Bot, bot: Bot, sara: User) -> None:
    assert isinstance(await ptb.get_chat_menu_button(), client.MenuButtonCommands)
    app = client.MenuButtonWebApp("Open", client.WebAppInfo("http://127.0.0.1:8000/app"))
    await ptb.set_chat_menu_button(menu_button=app)
    assert await ptb.get_chat_menu_button() == app
    assert sara.open_menu(bot).startswith("http://127.0.0.1:8000/app#tgWebAppData=")
    await ptb.set_chat_menu_button(chat_id=sara.id, menu_button=client.MenuButtonCommands())
    with pytest.raises(LookupError):
        sara.open_menu(bot)
    outside = client.MenuButtonWebApp("Open", client.WebAppInfo("http://example.org"))
    with pytest.raises(BadRequest, match="only https links are allowed"):
        await ptb.set_chat_menu_button(menu_button=outside)


async def test_profile(ptb: client.Bot) -> None:
    await ptb.set_my_description("Carries sealed letters.")
    await ptb.set_my_description("نامه‌های مهر شده", language_code="fa")
    await ptb.set_my_short_description("Letters")
    await ptb.set_my_name("Qasid")
    assert (await ptb.get_my_description("fa")).description == "نامه‌های مهر شده"
    assert (await ptb.get_my_description("ps")).description == "Carries sealed letters."
    assert (await ptb.get_my_short_description()).short_description == "Letters"
    assert (await ptb.get_me()).first_name == (await ptb.get_my_name()).name == "Qasid"
    with pytest.raises(BadRequest, match="too long"):
        await ptb.set_my_short_description("x" * 121)


async def test_get_chat(ptb: client.Bot, bot: Bot, sara: User) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await ptb.get_chat(sara.id)
    sara.start(bot)
    chat = await ptb.get_chat(sara.id)
    assert (chat.id, chat.type, chat.first_name) == (sara.id, "private", "Sara")


async def test_log_out(ptb: client.Bot) -> None:
    assert await ptb.close()
    assert await ptb.log_out()
    with pytest.raises(BadRequest, match="Logged out"):
        await ptb.get_me()


async def test_wrong_tokens_and_methods(bot: Bot, url: str) -> None:
    with pytest.raises(InvalidToken):
        async with client.Bot("123456:WRONG-ONE", base_url=f"{url}/bot"):
            pass
    async with ClientSession() as session:
        for path, status, description in (
            ("bot1:x/getMe", 401, "Unauthorized"),
            (f"bot{bot.token}/getMee", 404, "Not Found"),
            (f"bot{bot.token}/sendPhoto", 404, "Not Found: the emulator does not have sendPhoto"),
        ):
            async with session.get(f"{url}/{path}") as answer:
                assert answer.status == status
                assert await answer.json() == {"ok": False, "error_code": status, "description": description}


async def test_every_way_to_write_a_request(bot: Bot, sara: User, url: str, telegram: Telegram) -> None:
    telegram.set_rates(private=(100, 1.0))
    sara.start(bot)
    form = FormData({"chat_id": str(sara.id), "text": "multipart"}, default_to_multipart=True)
    async with ClientSession() as session:
        send = f"{url}/bot{bot.token}/SENDmessage"
        for request in (
            session.post(send, json={"chat_id": sara.id, "text": "json", "unknown": [1]}),
            session.post(send, data={"chat_id": sara.id, "text": "form"}),
            session.post(send, data=form),
            session.get(send, params={"chat_id": sara.id, "text": "query", "disable_notification": "true"}),
            session.post(send, params={"chat_id": sara.id}, json={"text": "both"}),
        ):
            async with request as answer:
                assert (await answer.json())["ok"], await answer.text()
        async with session.post(send, data="{", headers={"Content-Type": "application/json"}) as answer:
            assert answer.status == 400
            assert (await answer.json())["description"] == "Bad Request: can't parse JSON object"
    assert [m.text for m in sara.chat(bot).visible()[1:]] == ["json", "form", "multipart", "query", "both"]
