"""What is certain about a request that failed, and that no error shows the token."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest
from telegram import Bot, Message
from telegram.error import Forbidden, InvalidToken, NetworkError, TimedOut

from emulator.server import serve
from emulator.telegram import Telegram
from handlers.server import listen
from handlers.wire import AiohttpRequest, FailedError, TooManyError, UnreachedError, _judge

TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz012345"


def client(url: str, seconds: float = 5.0) -> Bot:
    return Bot(TOKEN, base_url=f"{url}/bot", request=AiohttpRequest(read_seconds=seconds))


def chain(error: BaseException | None) -> str:
    """All that a traceback would show of an exception and its causes."""
    shown = []
    while error is not None:
        shown.append(f"{error!r} {error}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return " ".join(shown)


@pytest.fixture
def telegram() -> Telegram:
    found = Telegram()
    found.add_bot(TOKEN, "qasid_test_bot")
    return found


async def test_sends_through_the_emulator(telegram: Telegram) -> None:
    sara = telegram.add_user("Sara")
    sara.start()
    async with serve(telegram) as url, client(url) as bot:
        message = await bot.send_message(sara.id, "✉️ سلام")
        assert bot.username == "qasid_test_bot"
    assert sara.chat().last().text == "✉️ سلام"
    assert message.message_id == sara.chat().last().id


async def test_no_connection_means_certainly_not_sent() -> None:
    with listen("127.0.0.1", 0) as bound:
        port = bound.getsockname()[1]
    bot = client(f"http://127.0.0.1:{port}")
    with pytest.raises(UnreachedError) as caught:
        await bot.initialize()
    await bot.shutdown()
    assert TOKEN not in chain(caught.value)


async def test_a_read_timeout_after_accepting_is_uncertain(telegram: Telegram) -> None:
    sara = telegram.add_user("Sara")
    sara.start()
    async with serve(telegram) as url, client(url, 0.2) as bot:
        telegram.faults.set(hang_every=1)
        with pytest.raises(TimedOut) as caught:
            await bot.send_message(sara.id, "hello")
        telegram.faults.clear()
    assert sara.chat().last().text == "hello"
    assert TOKEN not in chain(caught.value)


async def test_a_broken_connection_is_uncertain(telegram: Telegram) -> None:
    sara = telegram.add_user("Sara")
    sara.start()
    async with serve(telegram) as url, client(url) as bot:
        telegram.faults.set(drop_every=1)
        with pytest.raises(NetworkError) as caught:
            await bot.send_message(sara.id, "hello")
    assert not isinstance(caught.value, UnreachedError)
    assert TOKEN not in chain(caught.value)


@pytest.fixture
async def sending(telegram: Telegram) -> AsyncIterator[Callable[[], Awaitable[Message]]]:
    """Sends one message to somebody who started the bot."""
    sara = telegram.add_user("Sara")
    sara.start()
    async with serve(telegram) as url, client(url) as bot:
        yield lambda: bot.send_message(sara.id, "hello")


@pytest.mark.parametrize("status", [200, 302, 400, 401, 403, 404, 409, 451, 500, 503])
async def test_a_strangers_page_decides_nothing(telegram: Telegram, sending, status: int) -> None:
    telegram.faults.set(stranger_every=1, stranger_status=status)
    with pytest.raises(UnreachedError) as caught:
        await sending()
    assert "address" not in chain(caught.value)


async def test_telegrams_own_refusals_stay_what_they_are(telegram: Telegram, sending) -> None:
    (sara,) = telegram.users.values()
    sara.block(None)
    with pytest.raises(Forbidden, match="blocked"):
        await sending()
    telegram.bots.clear()
    with pytest.raises(InvalidToken):
        await sending()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "null",
        "Zugriff verweigert",
        '{"ok": true}',
        '{"error": "forbidden"}',
        '{"ok": true, "result": {"messa',
        "[" * 100_000,
    ],
)
async def test_a_200_that_is_not_telegrams_answer_is_uncertain(
    telegram: Telegram, sending, body: str, caplog
) -> None:
    telegram.faults.set(garbage_every=1, garbage=body)
    with pytest.raises(NetworkError) as caught:
        await sending()
    assert not isinstance(caught.value, UnreachedError)
    assert caplog.text == "", "PTB writes such answers into the log"


GATEWAY = "<html><head><title>Gateway</title></head><body><center><h1>Gateway</h1></center></body></html>"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, '{"ok": false, "error_code": 500, "description": "Internal Server Error"}'),
        (502, '{"ok": false, "error_code": 502, "description": "Bad Gateway"}'),
        (503, ""),
        (504, '{"ok": false, "error_code": 504, "description": "Gateway Timeout"}'),
        (502, GATEWAY),
        (504, GATEWAY),
    ],
)
async def test_after_a_fault_of_the_server_it_is_unknown_what_was_done(
    telegram: Telegram, sending, status: int, body: str
) -> None:
    telegram.faults.set(garbage_every=1, garbage_status=status, garbage=body)
    with pytest.raises(FailedError):
        await sending()
    (sara,) = telegram.users.values()
    assert sara.chat().last().text == "hello", "it was accepted all the same"


async def test_half_a_body_is_uncertain(telegram: Telegram, sending) -> None:
    telegram.faults.set(half_every=1)
    with pytest.raises(NetworkError) as caught:
        await sending()
    assert not isinstance(caught.value, UnreachedError)


@pytest.mark.parametrize(
    ("fault", "seconds"), [("refuse", 3), ("bare", None), ("huge", 10**18), ("stranger", None)]
)
async def test_every_429_is_one_whatever_it_asks(
    telegram: Telegram, sending, fault: str, seconds: int | None
) -> None:
    telegram.faults.set(script=[fault], retry_after=3, stranger_status=429)
    with pytest.raises(TooManyError) as caught:
        await sending()
    assert caught.value.seconds == seconds
    assert (caught.value.wait or timedelta()) <= timedelta(days=1)


@pytest.mark.parametrize("asked", ["7", -1, 0, True, 1.5, None, [], {"a": 1}])
async def test_a_429_that_asks_for_nonsense_gives_no_time(asked: object) -> None:
    answer = {"ok": False, "error_code": 429, "parameters": {"retry_after": asked}}
    with pytest.raises(TooManyError) as caught:
        _judge(429, json.dumps(answer).encode())
    assert caught.value.seconds is None


async def test_a_redirect_is_not_followed(telegram: Telegram) -> None:
    """The token in the path would go wherever it points."""
    seen = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.readline())
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        bot = client(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        with pytest.raises(NetworkError):
            await bot.initialize()
        await bot.shutdown()
    assert len(seen) == 1
