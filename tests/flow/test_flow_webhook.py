"""Updates by webhook: committed before 200, sent again after anything else, and only from Telegram."""

import asyncio
import random
import signal
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from emulator.people import User
from emulator.server import serve_in_thread
from emulator.telegram import Telegram
from handlers.app import open_parts, prepare
from handlers.connection import most_open
from handlers.profile import Hook
from handlers.texts import Texts
from relay import accounts, inbox
from store.errors import StoreError
from store.inbox import known
from tests.flow.kills import Relay
from tests.flow.world import TOKEN, World, world
from tests.proofs import figures

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


Post = Callable[[dict], Awaitable[int]]
FIRST = 7_100_000_000
#: What a relay of a few requests holds, and what a flood of 2,500 connections may add.
MOST_MEMORY = 400 << 20


def member(number: int, person: int, *, blocked: bool) -> dict:
    chat = {"id": person, "type": "private"}
    who = {"id": person, "is_bot": False, "first_name": MARKER}
    change = {"user": who, "status": "kicked" if blocked else "member"}
    return {"update_id": number, "my_chat_member": {"chat": chat, "from": who, "new_chat_member": change}}


async def flood(post: Post, updates: list[dict]) -> int:
    """Post as Telegram does: each chat's in order, all chats at once, again until 200. How many had to come again."""
    again = 0
    lanes = defaultdict(list)
    for each in updates:
        lanes[each["my_chat_member"]["chat"]["id"]].append(each)

    async def lane(mine: list[dict]) -> None:
        nonlocal again
        for each in mine:
            while (status := await post(each)) != 200:
                assert status in {429, 503}, status
                again += 1

    await asyncio.gather(*map(lane, lanes.values()))
    return again


async def test_many_at_once_are_each_taken_once_in_their_chats_order(
    town: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though the database fails for one in five, and Telegram did not hear that some were taken."""
    seen: list[int] = []
    dice = random.Random(1)
    take = inbox.take

    async def handle(found: object) -> None:
        if await town.store.write(lambda tx: inbox.done(tx, found.update_id, town.manual.now())):
            seen.append(found.update_id)

    def sometimes(*given: object) -> int:
        if dice.random() < 0.2:
            raise StoreError("the disk is full; nothing was kept")
        return take(*given)

    async def post(each: dict) -> int:
        for _ in range(1 + (dice.random() < 0.2)):
            answer = await town.http.post(PATH, json=each, headers=SECRET)
        return answer.status_code

    monkeypatch.setattr(town.house.dispatch, "process_update", handle)
    monkeypatch.setattr(inbox, "take", sometimes)
    updates = [member(number, FIRST + number % 40, blocked=False) for number in range(400)]
    assert await flood(post, updates) > 0
    await town.quiet(pending=False)
    assert sorted(seen) == list(range(400))
    assert [n for chat in range(40) for n in seen if n % 40 == chat] == [
        n for chat in range(40) for n in range(chat, 400, 40)
    ]


@pytest.mark.prove
@pytest.mark.timeout(600)
async def test_ten_thousand_posts_at_once(tmp_path: Path) -> None:
    """At the real process, from 2,500 connections, which is more than it keeps open; one in ten comes twice."""
    most_open(6_000)  # asks for the file handles
    telegram = Telegram(seed=1)
    telegram.add_bot(TOKEN, "qasid_test_bot")
    dice = random.Random(1)
    updates = [member(n + 1, FIRST + n % 2_500, blocked=dice.random() < 0.5) for n in range(10_000)]
    last = {each["my_chat_member"]["chat"]["id"]: each for each in updates}
    with serve_in_thread(telegram) as api:
        relay = Relay(tmp_path, api)
        relay.environment["QASID_POLLING"] = "0"
        prepare(relay.settings)
        await relay.start()
        began = time.monotonic()
        try:
            connector = aiohttp.TCPConnector(limit=0, force_close=True)
            async with aiohttp.ClientSession(relay.url, connector=connector, headers=SECRET) as http:

                async def post(each: dict) -> int:
                    try:
                        for _ in range(1 + (each["update_id"] % 10 == 0)):
                            async with http.post(PATH, json=each) as answer:
                                status = answer.status
                    except aiohttp.ClientError:  # hung up on, to make room: Telegram comes again then, too
                        status = 503
                    if status != 200:
                        await asyncio.sleep(0.2)
                    return status

                again = await flood(post, updates)
            taken = time.monotonic() - began
            memory = relay.most_memory()
            store, vault = open_parts(relay.settings)
            with closing(store):
                async with asyncio.timeout(300):
                    while store.read_now(lambda tx: inbox.pending(tx, vault, 1)):  # noqa: ASYNC110
                        await asyncio.sleep(0.1)
                handled = time.monotonic() - began
                now = datetime.now(UTC)
                blocked = store.write_now(
                    lambda tx: {chat: accounts.known(tx, vault, chat, now).blocked for chat in last}
                )
                ids = store.read_now(lambda tx: known(tx, {each["update_id"] for each in updates}))
        finally:
            await relay.end(signal.SIGKILL)
    assert len(ids) == 10_000
    wanted = {
        chat: each["my_chat_member"]["new_chat_member"]["status"] == "kicked" for chat, each in last.items()
    }
    assert blocked == wanted
    assert memory < MOST_MEMORY
    figures.note(
        "10,000 webhook posts from 2,500 connections",
        f"taken in {taken:.0f} s, handled in {handled:.0f} s, {again} asked to come again, "
        f"{memory >> 20} MiB at most",
    )
