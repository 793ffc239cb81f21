"""What each answer of Telegram, and of whoever answers in its place, means for a row."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from unittest.mock import AsyncMock

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)

from handlers.clock import RealClock
from handlers.courier import LAST_PAUSE, Courier
from handlers.texts import Texts
from handlers.wire import FailedError, TooManyError, UnreachedError
from handlers.wording import Wording
from relay.delivery import Claim, Gone, Later, Outcome, Refused, Sent, Uncertain
from relay.pacing import PAID, Pacer

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
RING = Claim(
    id=1, kind="ring", account=1, chat=5, key="", params={}, language="en", silent=False, urgent=True, replaces=None,
    message_id=None, callback_id="", priority=3, owner="o", fence=1, tries=1,
    until=datetime.max.replace(tzinfo=UTC),
)  # fmt: skip


class Clock(RealClock):
    def now(self) -> datetime:
        return NOW


def leads() -> bool:
    return True


async def outcome(error: Exception, claim: Claim = RING, pacer: Pacer | None = None) -> Outcome:
    return await courier(pacer or Pacer(), error).deliver(claim, leads)


def courier(pacer: Pacer, error: Exception | None = None) -> Courier:
    bot = AsyncMock()
    for method in ("send_message", "send_document", "delete_message", "answer_callback_query"):
        getattr(bot, method).side_effect = error
    return Courier(bot, Wording(Texts(), "https://relay.example/app/"), Clock(), pacer)


@pytest.mark.parametrize("error", [Conflict("terminated"), UnreachedError("Status503"), InvalidToken()])
async def test_what_is_not_telegrams_decision_is_tried_again(error: Exception) -> None:
    for tries in (1, 40):
        later = await outcome(error, replace(RING, tries=tries))
        assert isinstance(later, Later)
        assert NOW < later.at <= NOW + LAST_PAUSE


@pytest.mark.parametrize("kind", ["delete", "answer_callback"])
async def test_what_is_no_message_is_tried_again_at_once_when_the_server_failed(kind: str) -> None:
    """Twice does no more than once, and an answer to a press is worth nothing later."""
    assert isinstance(await outcome(FailedError("Status504"), replace(RING, kind=kind, message_id=9)), Later)


@pytest.mark.parametrize(
    "error",
    [
        FailedError("Status504"),
        TimedOut("ServerTimeoutError"),
        NetworkError("ServerDisconnectedError"),
        TelegramError("what there may be one day"),
        TypeError("an answer of a wrong shape"),
        OverflowError("another"),
    ],
)
async def test_no_answer_is_uncertain_and_so_is_one_that_cannot_be_read(error: Exception) -> None:
    assert await outcome(error) == Uncertain()


@pytest.mark.parametrize(
    ("seconds", "wait"),
    [(7, timedelta(seconds=7)), (10**18, timedelta(days=1)), (None, timedelta(seconds=1))],
)
async def test_a_refusal_for_now_holds_for_all(seconds: int | None, wait: timedelta, capsys) -> None:
    pacer = Pacer()
    assert await outcome(TooManyError(seconds), pacer=pacer) == Later(NOW + wait, everyone=True)
    assert pacer.when(NOW, "anybody") == NOW + wait
    assert ("more than a day" in capsys.readouterr().err) == (seconds == 10**18)


@pytest.mark.parametrize(
    ("error", "calls"),
    [
        (UnreachedError("x"), 5),
        (FailedError("x"), 5),
        (TimedOut("x"), 5),
        (KeyError("x"), 5),
        (InvalidToken(), 1),
    ],
)
async def test_delivery_rests_as_a_whole_once_telegram_is_out_of_reach(error: Exception, calls: int) -> None:
    pacer = Pacer()
    for _ in range(calls):
        assert pacer.room(NOW) == 30
        await outcome(error, pacer=pacer)
    assert pacer.room(NOW) == 0
    await outcome(BadRequest("Chat not found"), pacer=pacer)
    assert pacer.room(NOW) == 30, "whatever it says, it is Telegram"


@pytest.mark.parametrize("error", [TimedOut("x"), UnreachedError("x"), KeyError("x")])
async def test_out_of_reach_it_is_tried_by_a_call_that_changes_nothing(error: Exception) -> None:
    pacer = Pacer()
    sends = courier(pacer)
    pacer.failed(NOW, at_once=True)
    sends._bot.get_me.side_effect = error
    assert isinstance(await sends.deliver(RING, leads), Later), "certainly not sent: no uncertain one more"
    sends._bot.send_message.assert_not_awaited()
    sends._bot.get_me.side_effect = None
    assert isinstance(await sends.deliver(RING, leads), Sent)
    assert pacer.room(NOW) == 30


@pytest.mark.parametrize("rate", [30, PAID])
async def test_only_what_is_faster_than_the_free_rate_may_cost_stars(rate: int) -> None:
    sends = courier(Pacer(rate))
    letters = [replace(RING, kind="reply", key="help", enclosed="a" * length) for length in (0, 9, 5000)]
    for claim in (RING, *letters):
        assert isinstance(await sends.deliver(claim, leads), Sent)
    calls = [*sends._bot.send_message.call_args_list, *sends._bot.send_document.call_args_list]
    assert [call.kwargs["allow_paid_broadcast"] for call in calls] == [True if rate > 30 else None] * 4


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (Forbidden("Forbidden: bot can't initiate conversation with a user"), Gone()),
        (BadRequest("Chat not found"), Gone()),
        (BadRequest("Message is too long"), Refused("bad_request")),
        (ChatMigrated(-100), Refused("bad_request")),
    ],
)
async def test_what_telegram_decided_is_over(error: Exception, expected: Outcome) -> None:
    assert await outcome(error) == expected


async def test_a_message_that_is_gone_already_counts_as_deleted() -> None:
    delete = replace(RING, kind="delete", message_id=9)
    assert await outcome(BadRequest("Message to delete not found"), delete) == Sent(None)


async def test_a_lead_that_ends_between_two_requests_sends_nothing_more() -> None:
    """Telegram's answer to the first may take as long as the lease, or the process may be stopped meanwhile."""
    sends = courier(Pacer())
    stood = iter([True, False])
    assert await sends.deliver(replace(RING, replaces=7), lambda: next(stood)) == Later(NOW)
    sends._bot.delete_message.assert_awaited_once()
    sends._bot.send_message.assert_not_awaited()
