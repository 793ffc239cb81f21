"""Updates by webhook: committed before 200, sent again after anything else, and only from Telegram."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from emulator.people import User
from handlers.profile import Hook
from handlers.texts import Texts
from relay import inbox
from store.errors import StoreError
from tests.flow.world import TOKEN, World, world

TEXTS = Texts()
HOOK = Hook.of(TOKEN)
PATH = f"/telegram/{HOOK.path}"
SECRET = {"X-Telegram-Bot-Api-Secret-Token": HOOK.secret}
MARKER = "MARKERTEXT"


def update(number: int = 1, text: str = "/help", person: int = 7_000_000_009) -> dict:
    who = {"id": person, "is_bot": False, "first_name": MARKER, "language_code": "en"}
    message = {
        "message_id": 5,
        "date": 1,
        "chat": {"id": person, "type": "private"},
        "from": who,
        "text": text,
    }
    return {"update_id": number, "message": message}


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path, polling=False) as found:
        yield found


def newcomer(town: World) -> User:
    """Somebody the bot may write to; nothing listens at the webhook's address, so that only the test delivers."""
    sara = town.person("Sara", "en")
    sara.start()
    return sara


async def kept(town: World) -> int:
    return len(await town.store.read(lambda tx: inbox.pending(tx, town.house.vault)))


async def test_set_by_itself_with_a_secret(town: World) -> None:
    info = town.telegram.call(TOKEN, "getWebhookInfo", {})
    assert info["url"] == f"http://127.0.0.1:8470{PATH}"
    assert sorted(info["allowed_updates"]) == [
        "callback_query",
        "edited_message",
        "message",
        "my_chat_member",
    ]
    assert town.bot.webhook.secret_token == HOOK.secret
    assert TOKEN not in info["url"] + HOOK.secret


async def test_an_update_is_answered_once_however_often_it_comes(town: World) -> None:
    sara = newcomer(town)
    for _ in range(3):
        answer = await town.http.post(PATH, json=update(person=sara.id), headers=SECRET)
        assert (answer.status_code, answer.content) == (200, b"")
        await town.settle(pending=False)
    assert town.texts(sara) == [TEXTS.render("en", "help")]


@pytest.mark.parametrize("secret", [None, "", "wrong", HOOK.secret[:-1], HOOK.secret + "x", "é"])
async def test_without_the_secret_nothing_is_taken(town: World, secret: str | None) -> None:
    headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret.encode()}
    answer = await town.http.post(PATH, json=update(), headers=headers)
    assert answer.status_code == 403
    assert await kept(town) == 0


async def test_another_path_is_none(town: World) -> None:
    assert (await town.http.post("/telegram/guess", json=update(), headers=SECRET)).status_code == 404


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
async def test_what_is_no_json_is_refused(town: World, body: bytes) -> None:
    assert (await town.http.post(PATH, content=body, headers=SECRET)).status_code == 400


@pytest.mark.parametrize(
    "body", [[], "x", 1, {}, {"update_id": "x"}, {"update_id": 1, "message": {"chat": MARKER}}]
)
async def test_what_is_no_update_is_taken_and_forgotten(town: World, body: object) -> None:
    """Telegram would send it again for ever."""
    assert (await town.http.post(PATH, json=body, headers=SECRET)).status_code == 200
    assert await kept(town) == 0


async def test_too_large(town: World) -> None:
    answer = await town.http.post(PATH, content=bytes(1024 * 1024 + 1), headers=SECRET)
    assert answer.status_code == 413


async def test_while_the_database_is_down_telegram_is_asked_to_come_again(
    town: World, monkeypatch, capsys
) -> None:
    def full(*_args: object) -> None:
        raise StoreError("the disk is full; nothing was kept")

    sara = newcomer(town)
    with monkeypatch.context() as broken:
        broken.setattr(inbox, "take", full)
        answer = await town.http.post(PATH, json=update(text=MARKER, person=sara.id), headers=SECRET)
        assert answer.status_code == 503
        assert MARKER not in answer.text
    again = await town.http.post(PATH, json=update(text=MARKER, person=sara.id), headers=SECRET)
    assert again.status_code == 200
    await town.settle(pending=False)
    assert town.texts(sara) == [TEXTS.render("en", "typed")]
    shown = capsys.readouterr()
    assert MARKER not in shown.out + shown.err
