"""Webhooks: the secret, order and retries on the clock."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import telegram as client
from aiohttp import web
from telegram.error import BadRequest

from emulator import Bot, ManualClock, Telegram, User
from tests.emulator.waiting import eventually


class Hook:
    """A webhook that answers what it is told to, 200 by default."""

    def __init__(self) -> None:
        self.url = ""
        self.heard: list[str] = []
        self.secrets: set[str | None] = set()
        self.answers: list[int] = []
        self.changed = asyncio.Event()

    async def answer(self, request: web.Request) -> web.Response:
        update = await request.json()
        status = self.answers.pop(0) if self.answers else 200
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.heard.append(f"{update['message']['text']} {status}")
        self.changed.set()
        return web.Response(status=status)

    async def until(self, count: int) -> None:
        while len(self.heard) < count:
            self.changed.clear()
            await asyncio.wait_for(self.changed.wait(), 5)


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    made = Hook()
    app = web.Application()
    app.router.add_post("/hook", made.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield made
    await runner.cleanup()


async def test_delivery_in_order_with_secret(ptb: client.Bot, bot: Bot, sara: User, hook: Hook) -> None:
    sara.say(bot, "waiting")
    await ptb.set_webhook(hook.url, secret_token="s3-_", allowed_updates=["message"], max_connections=7)
    for number in range(20):
        sara.say(bot, f"{number}")
    await hook.until(21)
    assert hook.heard == ["waiting 200", *(f"{number} 200" for number in range(20))]
    assert hook.secrets == {"s3-_"}
    info = await ptb.get_webhook_info()
    assert (info.url, info.max_connections, info.allowed_updates) == (hook.url, 7, ("message",))
    await eventually(lambda: not bot.queue.pending)
    assert (await ptb.get_webhook_info()).pending_update_count == 0


async def test_retries_on_the_clock(
    ptb: client.Bot, bot: Bot, sara: User, hook: Hook, clock: ManualClock
) -> None:
    hook.answers = [500, 404, 302]
    await ptb.set_webhook(hook.url)
    sara.say(bot, "one")
    sara.say(bot, "two")
    for count, wait in ((1, 1), (2, 2), (3, 4)):
        await hook.until(count)
        await eventually(lambda: clock.sleepers)
        info = await ptb.get_webhook_info()
        assert info.pending_update_count == 2
        assert info.last_error_message.startswith("Wrong response from the webhook: ")
        assert info.last_error_date.timestamp() == int(clock.time())
        clock.advance(wait)
    await hook.until(5)
    assert hook.heard == ["one 500", "one 404", "one 302", "one 200", "two 200"]


async def test_one_chat_does_not_wait_for_another(
    ptb: client.Bot, telegram: Telegram, bot: Bot, sara: User, hook: Hook, clock: ManualClock
) -> None:
    hook.answers = [500]
    await ptb.set_webhook(hook.url)
    sara.say(bot, "refused")
    await eventually(lambda: clock.sleepers)
    telegram.add_user("Omid").say(bot, "another chat")
    await hook.until(2)
    assert hook.heard == ["refused 500", "another chat 200"]
    clock.advance(1)
    await hook.until(3)
    assert hook.heard[2:] == ["refused 200"]


async def test_a_changed_webhook_gets_what_the_old_refused(
    ptb: client.Bot, bot: Bot, sara: User, hook: Hook
) -> None:
    await ptb.set_webhook("http://127.0.0.1:9/nobody")
    sara.say(bot, "one")
    await eventually(lambda: bot.webhook.last_error_message == "Connection refused")
    await ptb.set_webhook(hook.url)
    await hook.until(1)
    assert hook.heard == ["one 200"]
    assert hook.secrets == {None}


async def test_dropping_and_refusing(ptb: client.Bot, bot: Bot, sara: User) -> None:
    sara.say(bot, "one")
    await ptb.set_webhook("http://127.0.0.1:9/nobody", drop_pending_updates=True)
    assert (await ptb.get_webhook_info()).pending_update_count == 0
    with pytest.raises(BadRequest, match="unallowed characters"):
        await ptb.set_webhook("http://127.0.0.1:9/nobody", secret_token="a b")


async def test_duplicates_reach_the_webhook(
    ptb: client.Bot, telegram: Telegram, bot: Bot, sara: User, hook: Hook
) -> None:
    telegram.faults.set(duplicate_every=1)
    await ptb.set_webhook(hook.url)
    sara.say(bot, "one")
    await hook.until(2)
    assert hook.heard == ["one 200", "one 200"]
