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
    RetryAfter,
    TelegramError,
    TimedOut,
)

from handlers.clock import RealClock
from handlers.courier import LAST_PAUSE, Courier
from handlers.texts import Texts
from handlers.wire import UnreachedError
from handlers.wording import Wording
from relay.delivery import Claim, Gone, Later, Outcome, Refused, Sent, Uncertain

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
RING = Claim(
    id=1, kind="ring", account=1, chat=5, key="", params={}, language="en", silent=False, urgent=True, replaces=None,
    message_id=None, callback_id="", priority=3, owner="o", fence=1, tries=1,
)  # fmt: skip


class Clock(RealClock):
    def now(self) -> datetime:
        return NOW


async def outcome(error: Exception, claim: Claim = RING) -> tuple[Outcome, list[timedelta]]:
    refused: list[timedelta] = []
    bot = AsyncMock()
    for method in ("send_message", "delete_message", "answer_callback_query"):
        getattr(bot, method).side_effect = error
    wording = Wording(Texts(), "https://relay.example/app/")
    return await Courier(bot, wording, Clock(), refused.append).deliver(claim), refused


@pytest.mark.parametrize(
    "error",
    [
        TelegramError("Invalid server response"),  # a 200 without JSON: a captive portal
        TelegramError("Unknown HTTPError {1}"),
        Conflict("terminated by other getUpdates request"),
        NetworkError("Bad Gateway (502)"),
        UnreachedError("ClientConnectorError"),
        InvalidToken(),
    ],
)
async def test_what_is_not_telegrams_decision_is_tried_again(error: Exception) -> None:
    for tries in (1, 40):
        later, refused = await outcome(error, replace(RING, tries=tries))
        assert isinstance(later, Later)
        assert NOW < later.at <= NOW + LAST_PAUSE
        assert refused == []


@pytest.mark.parametrize("error", [TimedOut("ServerTimeoutError"), NetworkError("ServerDisconnectedError")])
async def test_no_answer_is_uncertain(error: Exception) -> None:
    assert await outcome(error) == (Uncertain(), [])


async def test_a_refusal_for_now_is_passed_on() -> None:
    wait = timedelta(seconds=7)
    assert await outcome(RetryAfter(7)) == (Later(NOW + wait), [wait])


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
    assert await outcome(error) == (expected, [])


async def test_a_message_that_is_gone_already_counts_as_deleted() -> None:
    delete = replace(RING, kind="delete", message_id=9)
    assert await outcome(BadRequest("Message to delete not found"), delete) == (Sent(None), [])
