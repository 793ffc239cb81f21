"""getUpdates: offsets, waiting, conflicts, kinds, ids, and faults in delivery."""

import asyncio

import pytest
import telegram as client
from telegram.error import BadRequest, Conflict

from emulator import Bot, BotApiError, ManualClock, Telegram, User
from emulator.updates import DAY, WEEK
from tests.emulator.waiting import eventually


def texts(telegram: Telegram, bot: Bot, **params: object) -> list[str]:
    updates = telegram.call(bot.token, "getUpdates", params)
    return [update["message"]["text"] for update in updates if "message" in update]


def ids(telegram: Telegram, bot: Bot, **params: object) -> list[int]:
    return [update["update_id"] for update in telegram.call(bot.token, "getUpdates", params)]


def test_offsets(telegram: Telegram, bot: Bot, sara: User) -> None:
    for number in range(5):
        sara.say(bot, f"{number}")
    assert texts(telegram, bot) == texts(telegram, bot) == ["0", "1", "2", "3", "4"]
    first, *_ = ids(telegram, bot)
    assert ids(telegram, bot) == list(range(first, first + 5))
    assert texts(telegram, bot, limit=2) == ["0", "1"]
    assert texts(telegram, bot, offset=first + 2) == ["2", "3", "4"]
    assert texts(telegram, bot) == ["2", "3", "4"]  # what was confirmed is gone
    assert texts(telegram, bot, offset=first) == ["2", "3", "4"]
    assert texts(telegram, bot, offset=-2) == ["3", "4"]
    assert texts(telegram, bot) == ["3", "4"]  # and so is what a negative offset skipped
    assert texts(telegram, bot, offset=first + 5) == []


def test_kinds_are_remembered(telegram: Telegram, bot: Bot, sara: User) -> None:
    telegram.call(bot.token, "getUpdates", {"allowed_updates": '["my_chat_member"]'})
    sara.say(bot, "unheard")
    telegram.call(bot.token, "getUpdates")  # leaving it out keeps the old set
    sara.block(bot)
    assert [set(update) - {"update_id"} for update in telegram.call(bot.token, "getUpdates")] == [
        {"my_chat_member"}
    ]
    telegram.call(bot.token, "getUpdates", {"allowed_updates": []})
    sara.say(bot, "heard")
    assert texts(telegram, bot) == ["heard"]
    with pytest.raises(BotApiError, match="allowed updates"):
        telegram.call(bot.token, "getUpdates", {"allowed_updates": [1]})


def test_updates_are_kept_a_day_and_ids_restart_after_a_week(
    telegram: Telegram, bot: Bot, sara: User, clock: ManualClock
) -> None:
    sara.say(bot, "old")
    (before,) = ids(telegram, bot)
    clock.advance(DAY)
    assert texts(telegram, bot) == []
    sara.say(bot, "next")
    assert ids(telegram, bot) == [before + 1]
    clock.advance(WEEK)
    sara.say(bot, "new")
    (after,) = ids(telegram, bot)
    assert after != before + 2
    telegram.random.seed(5)
    smaller = None
    while smaller is None or smaller > after:  # a bot's old offset may now lie ahead of every id
        telegram.call(bot.token, "getUpdates", {"offset": after + 1})
        clock.advance(WEEK)
        sara.say(bot, "again")
        (smaller,) = ids(telegram, bot)
    assert texts(telegram, bot, offset=after + 1) == ["again"]


async def test_long_poll_wakes(ptb: client.Bot, bot: Bot, sara: User, clock: ManualClock) -> None:
    waiting = asyncio.create_task(ptb.get_updates(timeout=50))
    await eventually(lambda: bot.poll is not None)
    sara.say(bot, "hello")
    assert [update.message.text for update in await waiting] == ["hello"]
    assert bot.poll is None


async def test_long_poll_ends_on_the_clock(ptb: client.Bot, bot: Bot, clock: ManualClock) -> None:
    waiting = asyncio.create_task(ptb.get_updates(timeout=50))
    await eventually(lambda: bot.poll is not None and clock.sleepers)
    clock.advance(50)
    assert await waiting == ()


async def test_two_pollers_conflict(ptb: client.Bot, bot: Bot, sara: User, url: str) -> None:
    first = asyncio.create_task(ptb.get_updates(timeout=50))
    await eventually(lambda: bot.poll is not None)
    async with client.Bot(bot.token, base_url=f"{url}/bot") as other:
        second = asyncio.create_task(other.get_updates(timeout=50))
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await first
        sara.say(bot, "for the second")
        assert [update.message.text for update in await second] == ["for the second"]


async def test_poll_and_webhook_conflict(ptb: client.Bot, bot: Bot) -> None:
    waiting = asyncio.create_task(ptb.get_updates(timeout=50))
    await eventually(lambda: bot.poll is not None)
    await ptb.set_webhook("http://127.0.0.1:9/hook")
    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await waiting
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await ptb.get_updates()
    await ptb.delete_webhook()
    assert await ptb.get_updates() == ()
    with pytest.raises(BadRequest, match="Bad webhook"):
        await ptb.set_webhook("https://example.org/hook")


def test_redelivery_keeps_the_id(telegram: Telegram, bot: Bot, sara: User) -> None:
    for number in range(3):
        sara.say(bot, f"{number}")
    first = ids(telegram, bot)[0]
    assert ids(telegram, bot, offset=first + 3) == []
    assert bot.queue.redeliver(2) == 2
    assert texts(telegram, bot, offset=first + 3) == ["1", "2"]
    assert ids(telegram, bot, offset=first + 3) == []


def test_duplicates_and_redelivery_at_will(telegram: Telegram, bot: Bot, sara: User) -> None:
    telegram.faults.set(duplicate_every=2, redeliver_every=3)
    for number in range(3):
        sara.say(bot, f"{number}")
    updates = telegram.call(bot.token, "getUpdates")
    assert [update["message"]["text"] for update in updates] == ["0", "1", "1", "2"]
    assert updates[1] == updates[2]
    telegram.faults.set(duplicate_every=0)
    offset = updates[-1]["update_id"] + 1
    assert telegram.call(bot.token, "getUpdates", {"offset": offset}) == [updates[-1]]
    assert texts(telegram, bot, offset=offset) == []
    assert telegram.faults.happened == {"duplicate": 1, "redeliver": 1}


def test_reordering_keeps_each_chat_in_order(telegram: Telegram, bot: Bot) -> None:
    telegram.faults.set(reorder=True)
    people = [telegram.add_user(f"Person {number}") for number in range(5)]
    for number in range(10):
        for person in people:
            person.say(bot, f"{number}")
    updates = telegram.call(bot.token, "getUpdates")
    numbers = [update["update_id"] for update in updates]
    assert sorted(numbers) == list(range(min(numbers), min(numbers) + 50))
    assert numbers != sorted(numbers)
    for person in people:
        heard = [u["message"]["text"] for u in updates if u["message"]["chat"]["id"] == person.id]
        assert heard == [str(number) for number in range(10)]
