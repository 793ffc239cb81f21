"""Documents: multipart upload, file_id, download, sizes."""

import pytest
import telegram as client
from telegram.error import BadRequest

from emulator import Bot, ManualClock, Telegram, User, botapi


async def test_round_trip(ptb: client.Bot, bot: Bot, sara: User, clock: ManualClock) -> None:
    sara.start(bot)
    content = bytes(range(256)) * 10
    sent = await ptb.send_document(sara.id, content, filename="نامه.bin", caption="letter /help")
    assert (sent.document.file_name, sent.document.file_size, sent.caption) == (
        "نامه.bin",
        2560,
        "letter /help",
    )
    assert [entity.type for entity in sent.caption_entities] == ["bot_command"]
    assert sara.chat(bot).last().document.content == content
    file = await ptb.get_file(sent.document.file_id)
    assert bytes(await file.download_as_bytearray()) == content
    clock.advance(1)
    again = await ptb.send_document(sara.id, sent.document.file_id)
    assert again.document == sent.document
    with pytest.raises(BadRequest, match="no text in the message to edit"):
        await again.edit_text("x")


async def test_a_persons_file(ptb: client.Bot, bot: Bot, sara: User) -> None:
    sara.send_document(bot, b"photo", "card.jpg", caption="who I am", mime_type="image/jpeg")
    (update,) = await ptb.get_updates()
    assert update.message.caption == "who I am"
    file = await update.message.document.get_file()
    assert bytes(await file.download_as_bytearray()) == b"photo"


async def test_refused(ptb: client.Bot, telegram: Telegram, bot: Bot, sara: User, monkeypatch) -> None:
    sara.start(bot)
    with pytest.raises(BadRequest, match="Wrong file identifier"):
        await ptb.send_document(sara.id, "nothing")
    with pytest.raises(BadRequest, match="File must be non-empty"):
        await ptb.send_document(sara.id, b"")
    with pytest.raises(BadRequest, match="caption is too long"):
        await ptb.send_document(sara.id, b"x", caption="x" * 1025)
    with pytest.raises(BadRequest, match="Invalid file_id"):
        await ptb.get_file("nothing")
    monkeypatch.setattr(botapi.files, "DOWNLOAD_LIMIT", 4)
    sara.send_document(bot, b"five!")
    with pytest.raises(BadRequest, match="File is too big"):
        await ptb.get_file(sara.chat(bot).last().document.file_id)
    monkeypatch.setattr(botapi.files, "UPLOAD_LIMIT", 4)
    with pytest.raises(client.error.NetworkError, match="Request Entity Too Large"):
        await ptb.send_document(sara.id, b"five!")
    assert len(sara.chat(bot).visible()) == 2


async def test_a_long_text_is_cut_into_messages_by_the_client(ptb: client.Bot, bot: Bot, sara: User) -> None:
    sara.paste(bot, "x" * 4096 + "y")
    assert [update.message.text for update in await ptb.get_updates()] == ["x" * 4096, "y"]


async def test_a_document_is_deleted_like_a_text(ptb: client.Bot, bot: Bot, sara: User) -> None:
    own = sara.send_document(bot, b"from Sara")
    theirs = await ptb.send_document(sara.id, b"to Sara", filename="a.txt")
    for number in (own.id, theirs.message_id):
        assert await ptb.delete_message(sara.id, number)
    assert sara.chat(bot).visible() == []
