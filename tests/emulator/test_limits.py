"""Sending limits: strict sliding windows, held retry_after, and a property over random schedules."""

import pytest
import telegram as client
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram.error import RetryAfter

from emulator import Bot, BotApiError, Limits, ManualClock, Rate, Telegram, User
from emulator.telegram import worst_window


def send(telegram: Telegram, bot: Bot, chat_id: int) -> int:
    """0 when sent, else the retry_after."""
    try:
        telegram.call(bot.token, "sendMessage", {"chat_id": chat_id, "text": "x"})
    except BotApiError as error:
        return error.parameters["retry_after"]
    return 0


def people(telegram: Telegram, bot: Bot, count: int) -> list[int]:
    found = [telegram.add_user(f"Person {number}") for number in range(count)]
    for each in found:
        each.start(bot)
    return [each.id for each in found]


def test_refusal_as_telegram_words_it(telegram: Telegram, bot: Bot, sara: User) -> None:
    sara.start(bot)
    send(telegram, bot, sara.id)
    with pytest.raises(BotApiError) as refusal:
        telegram.call(bot.token, "sendMessage", {"chat_id": sara.id, "text": "x"})
    assert refusal.value.json() == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }


async def test_one_a_second_in_a_private_chat(
    ptb: client.Bot, bot: Bot, sara: User, clock: ManualClock
) -> None:
    sara.start(bot)
    await ptb.send_message(sara.id, "one")
    clock.advance(0.5)
    with pytest.raises(RetryAfter) as refusal:
        await ptb.send_message(sara.id, "two")
    assert refusal.value.retry_after.total_seconds() == 1
    clock.advance(0.9)  # the window is free, but retry_after has not ended
    with pytest.raises(RetryAfter):
        await ptb.send_message(sara.id, "two")
    clock.advance(0.1)
    await ptb.send_message(sara.id, "two")
    assert bot.limits.refused == {"chat": 1, "wait": 1}


def test_thirty_a_second_over_all(telegram: Telegram, bot: Bot, clock: ManualClock) -> None:
    chats = people(telegram, bot, 40)
    assert [send(telegram, bot, chat) for chat in chats[:31]] == [0] * 30 + [1]
    clock.advance(1)
    assert send(telegram, bot, chats[31]) == 0
    assert telegram.count_refusals() == {"bot": 1, "chat": 0, "wait": 0, "injected": 0}
    bot.limits.set(overall=Rate(1000, 1.0))  # the paid rate
    assert [send(telegram, bot, chat) for chat in chats[32:]] == [0] * 8
    assert worst_window(telegram.sends) == 30
    assert len(telegram.sends) == 40
    assert [each.sent for each in telegram.sends].count(False) == 1


def broadcast(telegram: Telegram, bot: Bot, chats: list[int]) -> list[int]:
    """How many were accepted of those with allow_paid_broadcast, and the others' retry_after."""
    waits = []
    for chat in chats:
        try:
            telegram.call(
                bot.token, "sendMessage", {"chat_id": chat, "text": "x", "allow_paid_broadcast": True}
            )
        except BotApiError as error:
            waits.append(error.parameters["retry_after"])
    return [len(chats) - len(waits), *waits]


def test_a_paid_broadcast_is_counted_apart_and_paid_over_the_free_count(
    telegram: Telegram, bot: Bot, clock: ManualClock
) -> None:
    chats = people(telegram, bot, 100)
    telegram.set_rates(paid=(60, 1.0))
    assert broadcast(telegram, bot, chats[:31]) == [30, 1], "without Stars as any other"
    clock.advance(1)
    telegram.give_stars(4)
    assert broadcast(telegram, bot, chats[:61]) == [60, 1]
    assert bot.limits.payable == 10, "30 of them were free"
    assert send(telegram, bot, chats[61]) == 1, "the free amount is used up"
    clock.advance(1)
    assert broadcast(telegram, bot, chats[:60]) == [40, *[1] * 20]
    assert bot.limits.payable == 0


def test_twenty_a_minute_in_a_group(telegram: Telegram, bot: Bot, sara: User, clock: ManualClock) -> None:
    group = telegram.add_group("Staff", sara, bots=(bot,))
    for _ in range(20):
        assert send(telegram, bot, group.id) == 0
        clock.advance(1)
    assert send(telegram, bot, group.id) == 40
    clock.advance(39.5)
    assert send(telegram, bot, group.id) == 1
    sara.start(bot)
    assert send(telegram, bot, sara.id) == 0  # one chat's refusal is not the bot's
    clock.advance(0.5)
    assert send(telegram, bot, group.id) == 0


def test_refused_sends_leave_no_message(telegram: Telegram, bot: Bot, sara: User) -> None:
    sara.start(bot)
    send(telegram, bot, sara.id)
    assert send(telegram, bot, sara.id) == 1
    with pytest.raises(BotApiError):
        telegram.call(bot.token, "sendMessage", {"chat_id": sara.id, "text": ""})
    assert len(sara.chat(bot).visible()) == 2


def test_failed_sends_are_not_counted(telegram: Telegram, bot: Bot, sara: User) -> None:
    sara.start(bot)
    with pytest.raises(BotApiError, match="replied"):
        telegram.call(bot.token, "sendMessage", {"chat_id": sara.id, "text": "x", "reply_to_message_id": 99})
    assert send(telegram, bot, sara.id) == 0


@settings(deadline=None)
@given(
    overall=st.tuples(st.integers(1, 6), st.integers(1, 3)),
    private=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    steps=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1500)), max_size=80),
)
def test_no_window_ever_holds_more(
    overall: tuple[int, int], private: tuple[int, int], steps: list[tuple[int, int]]
) -> None:
    limits = Limits(Rate(*overall), Rate(*private))
    accepted: list[tuple[float, int]] = []
    free = dict.fromkeys(range(4), 0.0)  # when the last refusal's retry_after ends, for each chat
    now = 1000.0
    for chat, milliseconds in steps:
        now += milliseconds / 1000
        held = len([at for at, _ in accepted if now - at < overall[1]])
        held_here = len([at for at, each in accepted if each == chat and now - at < private[1]])
        before = limits.refused.copy()
        try:
            limits.admit(chat, now)()
        except BotApiError as error:
            (reason,) = limits.refused - before
            ends = now + error.parameters["retry_after"]
            if reason == "wait":
                assert now < free[chat] <= ends
            elif reason == "chat":
                assert held_here == private[0]
                free[chat] = ends
            else:
                assert held == overall[0]
                free = {each: max(until, ends) for each, until in free.items()}
        else:
            accepted.append((now, chat))
            assert now >= free[chat]
            assert held < overall[0]
            assert held_here < private[0]


@settings(deadline=None)
@given(steps=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 400)), max_size=60))
def test_who_obeys_retry_after_is_sent(steps: list[tuple[int, int]]) -> None:
    limits = Limits(Rate(3, 1.0), Rate(1, 1.0))
    now = 1000.0
    for chat, milliseconds in steps:
        now += milliseconds / 1000
        for _ in range(3):
            try:
                limits.admit(chat, now)()
                break
            except BotApiError as error:
                now += error.parameters["retry_after"]
        else:
            raise AssertionError("refused although retry_after was obeyed")
