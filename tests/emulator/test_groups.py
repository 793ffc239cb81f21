"""Groups: privacy mode, migration, kicks, rights."""

import pytest
import telegram as client
from telegram.error import BadRequest, ChatMigrated, Forbidden

from emulator import Bot, Telegram, User


async def test_privacy_mode(ptb: client.Bot, telegram: Telegram, bot: Bot, sara: User) -> None:
    group = telegram.add_group("Staff", sara, bots=(bot,))
    sent = await ptb.send_message(group.id, "hello")
    assert (sent.chat.type, sent.chat.title) == ("group", "Staff")
    sara.say(bot, "chatter", group=group)
    sara.say(bot, "/queue", group=group)
    sara.say(bot, "answer", group=group, reply_to=group.find(sent.id))
    created, command, reply = await ptb.get_updates()
    assert created.message.group_chat_created
    assert command.message.text == "/queue"
    assert reply.message.reply_to_message.text == "hello"
    bot.reads_groups = True
    sara.say(bot, "chatter", group=group)
    assert (await ptb.get_updates(offset=-1))[0].message.text == "chatter"


async def test_migration(ptb: client.Bot, telegram: Telegram, bot: Bot, sara: User) -> None:
    group = telegram.add_group("Staff", sara, bots=(bot,))
    await ptb.get_updates(offset=-1)
    new = telegram.migrate(group)
    with pytest.raises(ChatMigrated) as refusal:
        await ptb.send_message(group.id, "x")
    assert refusal.value.new_chat_id == new.id
    sent = await ptb.send_message(new.id, "x")
    assert sent.chat.type == "supergroup"
    *_, to, from_ = await ptb.get_updates()
    assert (to.message.chat.id, to.message.migrate_to_chat_id) == (group.id, new.id)
    assert (from_.message.chat.id, from_.message.migrate_from_chat_id) == (new.id, group.id)


async def test_kick_and_rights(ptb: client.Bot, telegram: Telegram, bot: Bot, sara: User) -> None:
    group = telegram.add_group("Staff", sara, bots=(bot,))
    said = sara.say(bot, "/secret", group=group)
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await ptb.delete_message(group.id, said.id)
    app = client.WebAppInfo("https://example.org")
    markup = client.InlineKeyboardMarkup([[client.InlineKeyboardButton("x", web_app=app)]])
    with pytest.raises(BadRequest, match="Button_type_invalid"):
        await ptb.send_message(group.id, "x", reply_markup=markup)
    group.admins.add(bot.id)
    assert await ptb.delete_message(group.id, said.id)
    telegram.kick(group, bot)
    with pytest.raises(Forbidden, match="bot was kicked from the group chat"):
        await ptb.send_message(group.id, "x")
    assert (await ptb.get_updates(offset=-1))[0].my_chat_member.new_chat_member.status == "kicked"
    stranger = telegram.add_group("Others", sara)
    with pytest.raises(BadRequest, match="Chat not found"):
        await ptb.send_message(stranger.id, "x")
