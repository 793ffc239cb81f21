"""Injected faults as a real client meets them."""

import json
import time

import aiohttp
import pytest
import telegram as client
from telegram.error import NetworkError, RetryAfter, TimedOut

from emulator import Bot, ManualClock, Telegram, User
from emulator.faults import HUGE, KINDS


async def attempt(ptb: client.Bot, chat_id: int) -> str:
    try:
        await ptb.send_message(chat_id, "x", read_timeout=0.3)
    except RetryAfter:
        return "refuse"
    except TimedOut:
        return "hang"
    except NetworkError as error:
        return "fail" if "Internal Server Error" in str(error) else "drop"
    return "ok"


async def test_each_kind(
    ptb: client.Bot, telegram: Telegram, bot: Bot, sara: User, clock: ManualClock
) -> None:
    sara.start(bot)
    telegram.faults.set(script=["fail", "drop", "hang", "refuse"])
    assert [await attempt(ptb, sara.id) for _ in range(2)] == ["fail", "drop"]
    assert len(sara.chat(bot).visible()) == 1  # neither was accepted
    assert await attempt(ptb, sara.id) == "hang"
    assert len(sara.chat(bot).visible()) == 2  # accepted, though the client cannot know
    assert [(send.sent, send.fault) for send in telegram.sends] == [(False, ""), (True, "hang")]
    clock.advance(1)
    assert await attempt(ptb, sara.id) == "refuse"
    assert await attempt(ptb, sara.id) == "refuse"  # held to its retry_after
    clock.advance(1)
    assert await attempt(ptb, sara.id) == "ok"
    assert telegram.faults.happened == dict.fromkeys(("fail", "drop", "hang", "refuse"), 1)
    assert telegram.count_refusals() == {"bot": 0, "chat": 0, "wait": 1, "injected": 1}
    assert [send.outcome for send in telegram.sends] == [
        "Internal Server Error",
        "sent",
        "Too Many Requests: retry after 1",
        "Too Many Requests: retry after 1",
        "sent",
    ]


async def posted(url: str, bot: Bot, chat_id: int) -> tuple[int, bytes]:
    """Status and body of a sendMessage, as far as they come."""
    async with aiohttp.ClientSession() as session:
        body = {"chat_id": chat_id, "text": "x"}
        async with session.post(f"{url}/bot{bot.token}/sendMessage", json=body) as answer:
            try:
                return answer.status, await answer.read()
            except aiohttp.ClientPayloadError:
                return answer.status, b"half"


async def test_wrong_answers(url: str, telegram: Telegram, bot: Bot, sara: User, clock: ManualClock) -> None:
    sara.start(bot)
    telegram.faults.set(script=["stranger", "bare", "huge", "garbage", "half"], stranger_status=404)
    status, page = await posted(url, bot, sara.id)
    assert (status, page[:15]) == (404, b"<!DOCTYPE html>")
    status, bare = await posted(url, bot, sara.id)
    assert (status, "parameters" in json.loads(bare)) == (429, False)
    status, huge = await posted(url, bot, sara.id)
    assert (status, json.loads(huge)["parameters"]) == (429, {"retry_after": HUGE})
    assert len(sara.chat(bot).visible()) == 1, "none of them was accepted, or is held against the next"
    assert await posted(url, bot, sara.id) == (200, b'{"ok": true, "result": true}')
    clock.advance(1)
    assert await posted(url, bot, sara.id) == (200, b"half")
    assert len(sara.chat(bot).visible()) == 3, "these two were"
    assert set(telegram.faults.happened) | {"fail", "drop", "hang", "refuse"} == set(KINDS)


async def test_every_seventh(
    ptb: client.Bot, telegram: Telegram, bot: Bot, sara: User, clock: ManualClock
) -> None:
    sara.start(bot)
    telegram.faults.set(refuse_every=7, retry_after=3)
    outcomes = []
    for _ in range(15):
        outcomes.append(await attempt(ptb, sara.id))
        clock.advance(3)
    assert [number for number, outcome in enumerate(outcomes, 1) if outcome == "refuse"] == [7, 14]
    await ptb.get_me()  # other methods are spared
    telegram.faults.clear()
    assert await attempt(ptb, sara.id) == "ok"


async def test_other_methods_may_fail_too(ptb: client.Bot, telegram: Telegram) -> None:
    telegram.faults.set(methods=["getUpdates"], drop_every=1)
    with pytest.raises(NetworkError):
        await ptb.get_updates()


async def test_latency_is_real_time(ptb: client.Bot, telegram: Telegram) -> None:
    telegram.faults.set(latency=0.05, jitter=0.01)
    began = time.monotonic()
    await ptb.get_me()
    assert time.monotonic() - began >= 0.1  # both ways


@pytest.mark.parametrize("wrong", [{"refuse_evry": 7}, {"script": ["explode"]}])
def test_misspelt_faults_are_refused(telegram: Telegram, wrong: dict) -> None:
    with pytest.raises(ValueError, match="no such"):
        telegram.faults.set(**wrong)
