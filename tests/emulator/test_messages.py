"""Sending, editing, deleting and button presses, by python-telegram-bot's own client."""

import pytest
import telegram as client
from telegram.error import BadRequest, Forbidden

from emulator import Bot, BotApiError, ManualClock, Telegram, User

HOUR = 3600


def keyboard(**button: object) -> client.InlineKeyboardMarkup:
    return client.InlineKeyboardMarkup([[client.InlineKeyboardButton("Open", **button)]])


async def test_round_trip(ptb: client.Bot, bot: Bot, sara: User) -> None:
    assert ptb.bot.is_bot
    assert ptb.bot.username == "demo_bot"
    sara.start(bot, "letter_1")
    (update,) = await ptb.get_updates()
    assert update.message.text == "/start letter_1"
    assert update.message.from_user.language_code == "fa"
    assert update.message.date.timestamp() == 1767225600
    assert [(e.type, e.offset, e.length) for e in update.message.entities] == [("bot_command", 0, 6)]
    sent = await ptb.send_message(sara.id, "سلام", disable_notification=True)
    assert (sent.text, sent.chat.type, sent.from_user.is_bot) == ("سلام", "private", True)
    assert [(m.text, m.from_bot, m.silent) for m in sara.chat(bot).visible()] == [
        ("/start letter_1", False, False),
        ("سلام", True, True),
    ]


async def test_entities_count_utf16_units(ptb: client.Bot, bot: Bot, sara: User) -> None:
    sara.say(bot, "😀 /help@demo_bot https://example.org/a/b 1/2")
    (update,) = await ptb.get_updates()
    assert update.message.parse_entities() == {
        update.message.entities[0]: "/help@demo_bot",
        update.message.entities[1]: "https://example.org/a/b",
    }
    assert update.message.entities[0].offset == 3
    sent = await ptb.send_message(sara.id, " 😀 <b>a &lt; <i>b</i></b> ", parse_mode="HTML")
    assert sent.text == "😀 a < b"
    assert sorted(sent.parse_entities().values()) == ["a < b", "b"]


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"text": " \n"}, "message text is empty"),
        ({}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "x", "chat_id": 5}, "chat not found"),
        ({"text": "x", "chat_id": "@sara"}, "chat not found"),
        ({"text": "x", "chat_id": ""}, "chat_id is empty"),
        ({"text": ["x"]}, 'parameter "text" has a wrong type'),
        ({"text": "x", "disable_notification": "perhaps"}, 'parameter "disable_notification" has a wrong type'),
        ({"text": "x", "reply_to_message_id": "one"}, 'parameter "reply_to_message_id" must be an integer'),
        ({"text": "x", "reply_markup": "{"}, "can't parse reply markup JSON object"),
        ({"text": "x", "reply_markup": "[]"}, "can't parse reply markup JSON object: expected an Object"),
        ({"text": "x", "reply_markup": {"odd": 1}}, "object expected as reply markup"),
        ({"text": "<b>x", "parse_mode": "HTML"},
         'can\'t parse entities: Can\'t find end tag corresponding to start tag "b"'),
        ({"text": "<b>x</i>", "parse_mode": "HTML"}, 'can\'t parse entities: Unexpected end tag "i"'),
        ({"text": "<p>x</p>", "parse_mode": "HTML"},
         'can\'t parse entities: Unsupported start tag "p"'),
        ({"text": "a < b", "parse_mode": "HTML"}, 'can\'t parse entities: Unsupported start tag ""'),
        ({"text": "<!-- x -->x", "parse_mode": "HTML"}, 'can\'t parse entities: Unsupported start tag " x "'),
        ({"text": "\ud800"}, "strings must be encoded in UTF-8"),
        ({"text": "x", "parse_mode": "TeX"}, "unsupported parse_mode"),
        ({"text": "x", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        ({"text": "x", "entities": [{"type": "bold", "offset": 0, "length": 2}]},
         "entity beginning at UTF-16 offset 0 ends after the end of the text"),
    ],
)  # fmt: skip
def test_refused_messages(telegram: Telegram, bot: Bot, sara: User, params: dict, description: str) -> None:
    sara.start(bot)
    with pytest.raises(BotApiError) as refusal:
        telegram.call(bot.token, "sendMessage", {"chat_id": sara.id, **params})
    assert (refusal.value.code, refusal.value.description) == (400, f"Bad Request: {description}")
    assert len(sara.chat(bot).visible()) == 1


@pytest.mark.parametrize(
    ("button", "description"),
    [
        ({"text": "x"}, "text buttons are unallowed in the inline keyboard"),
        ({"text": " ", "callback_data": "x"}, "inline keyboard button text must be non-empty"),
        ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": "ی" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": "a", "url": "https://a.org"},
         "inline keyboard button must have exactly one of its optional fields"),
        ({"text": "x", "url": "nothing"}, "inline keyboard button URL 'nothing' is invalid: Wrong HTTP URL"),
        ({"text": "x", "web_app": {"url": "http://example.org"}},
         "inline keyboard button Web App URL 'http://example.org' is invalid: Only HTTPS links are allowed"),
        ({"text": "x", "web_app": {"url": "app"}},
         "inline keyboard button Web App URL 'app' is invalid: Wrong HTTP URL"),
        ({"text": "x", "pay": True}, "the emulator has no inline keyboard button with pay"),
    ],
)  # fmt: skip
def test_refused_buttons(telegram: Telegram, bot: Bot, sara: User, button: dict, description: str) -> None:
    sara.start(bot)
    markup = {"inline_keyboard": [[button]]}
    with pytest.raises(BotApiError) as refusal:
        telegram.call(bot.token, "sendMessage", {"chat_id": sara.id, "text": "x", "reply_markup": markup})
    assert refusal.value.description == f"Bad Request: {description}"


def test_longest_text_and_callback_data_pass(telegram: Telegram, bot: Bot, sara: User) -> None:
    sara.start(bot)
    markup = {"inline_keyboard": [[{"text": "x", "callback_data": "ی" * 32}]]}
    params = {"chat_id": sara.id, "text": "x" * 4096, "reply_markup": markup}
    telegram.call(bot.token, "sendMessage", params)
    assert sara.press(bot, "ی" * 32)


async def test_who_cannot_be_written_to(ptb: client.Bot, telegram: Telegram, bot: Bot, sara: User) -> None:
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await ptb.send_message(sara.id, "x")
    sara.start(bot)
    sara.block(bot)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await ptb.send_message(sara.id, "x")
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await ptb.send_chat_action(sara.id, "typing")
    sara.unblock(bot)
    _, blocked, unblocked = await ptb.get_updates()
    for update, statuses in ((blocked, ("member", "kicked")), (unblocked, ("kicked", "member"))):
        change = update.my_chat_member
        assert (change.old_chat_member.status, change.new_chat_member.status) == statuses
        assert change.chat.id == change.from_user.id == sara.id
        assert change.new_chat_member.user.id == bot.id
    await ptb.send_message(sara.id, "x")
    sara.deactivated = True
    with pytest.raises(Forbidden, match="user is deactivated"):
        await ptb.send_message(sara.id, "x")
    other = telegram.add_bot(username="other_bot")
    with pytest.raises(Forbidden, match="bot can't send messages to bots"):
        await ptb.send_message(other.id, "x")


async def test_editing(ptb: client.Bot, bot: Bot, sara: User, clock: ManualClock) -> None:
    sara.start(bot)
    sent = await ptb.send_message(sara.id, "one", reply_markup=keyboard(callback_data="a"))
    with pytest.raises(BadRequest, match="Message is not modified"):
        await sent.edit_text("one", reply_markup=keyboard(callback_data="a"))
    clock.advance(5)
    changed = await sent.edit_text("two")
    assert changed.text == "two"
    assert changed.reply_markup is None
    assert (changed.edit_date - changed.date).total_seconds() == 5
    assert (await changed.edit_reply_markup(keyboard(callback_data="b"))).reply_markup == keyboard(
        callback_data="b"
    )
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await ptb.edit_message_text("x", sara.id, 99)
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await ptb.edit_message_text("x", sara.id, 1)
    with pytest.raises(BadRequest, match="Message_too_long"):
        await sent.edit_text("x" * 4097)


async def test_deleting(ptb: client.Bot, bot: Bot, sara: User, clock: ManualClock) -> None:
    said = sara.say(bot, "my name is …")
    assert await ptb.delete_message(sara.id, said.id)  # the person's own message, in a private chat
    assert sara.chat(bot).visible() == []
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await ptb.delete_message(sara.id, said.id)
    old = await ptb.send_message(sara.id, "old")
    clock.advance(48 * HOUR - 1)
    assert await ptb.delete_message(sara.id, old.id)
    old = await ptb.send_message(sara.id, "old")
    clock.advance(48 * HOUR)
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await ptb.delete_message(sara.id, old.id)
    new = await ptb.send_message(sara.id, "new")
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await ptb.delete_messages(sara.id, [new.id, old.id])
    assert sara.chat(bot).visible()[-1].text == "new"
    assert await ptb.delete_messages(sara.id, [new.id, new.id, 4000])  # missing ones are skipped
    assert [m.text for m in sara.chat(bot).visible()] == ["old"]
    for numbers in ([], list(range(101))):
        with pytest.raises(BadRequest):
            await ptb.delete_messages(sara.id, numbers)


async def test_button_press(ptb: client.Bot, bot: Bot, sara: User, clock: ManualClock) -> None:
    sara.start(bot)
    await ptb.send_message(sara.id, "?", reply_markup=keyboard(callback_data="yes"))
    with pytest.raises(LookupError):
        sara.press(bot, "no")
    sara.press(bot, "Open")
    query = (await ptb.get_updates(offset=-1))[0].callback_query
    assert (query.data, query.message.text, query.from_user.id) == ("yes", "?", sara.id)
    assert int(query.id) >> 32 == sara.id % 2**31  # as Telegram's own: whoever keeps it keeps the person's id
    with pytest.raises(BadRequest, match="too_long"):
        await query.answer("x" * 201)
    assert await query.answer("done", show_alert=True)
    assert sara.chat(bot).toasts[-1] == {"id": query.id, "text": "done", "alert": True}
    late = sara.press(bot, "yes")
    clock.advance(61)
    for number in (query.id, late, "1"):
        with pytest.raises(BadRequest, match="Query is too old"):
            await ptb.answer_callback_query(number)


async def test_reply_and_person_edit(ptb: client.Bot, bot: Bot, sara: User) -> None:
    said = sara.say(bot, "one")
    sent = await ptb.send_message(sara.id, "answer", reply_to_message_id=said.id)
    assert sent.reply_to_message.text == "one"
    sara.edit(bot, said, "uno")
    assert (await ptb.get_updates(offset=-1))[0].edited_message.text == "uno"
    with pytest.raises(LookupError):
        sara.edit(bot, sent.id, "not mine")


async def test_writing_first_when_allowed(ptb: client.Bot, bot: Bot, sara: User) -> None:
    sara.allow_writing(bot)
    sara.allow_writing(bot)
    (update,) = await ptb.get_updates()
    assert update.message.write_access_allowed.from_request
    await ptb.send_message(sara.id, "x")
