"""Posting updates to webhooks: each chat in order, several chats at once, again until the answer is 2xx."""

import asyncio
import json

import aiohttp

from emulator.bots import Bot, Webhook
from emulator.telegram import Telegram
from emulator.updates import Update
from emulator.waiting import Signal, listening

#: Seconds in real time that a webhook may take to answer.
PATIENCE = 30.0
#: Seconds on the emulator's clock between tries: doubled from the first to the last.
FIRST_WAIT, LAST_WAIT = 1.0, 60.0


async def push_all(telegram: Telegram) -> None:
    """Serve the webhooks of all bots, also of those added later; runs until cancelled."""
    async with asyncio.TaskGroup() as tasks, aiohttp.ClientSession() as session:
        served: set[int] = set()
        async with listening(telegram.bots_changed) as event:
            while True:
                event.clear()
                for bot in list(telegram.bots.values()):
                    if bot.id not in served:
                        served.add(bot.id)
                        tasks.create_task(Pusher(telegram, bot, session).run())
                await event.wait()


class Pusher:
    """One bot's webhook."""

    def __init__(self, telegram: Telegram, bot: Bot, session: aiohttp.ClientSession) -> None:
        self._telegram = telegram
        self._bot = bot
        self._session = session
        self._busy: set[int] = set()

    async def run(self) -> None:
        """Post what is pending whenever there is a webhook; runs until cancelled."""
        self._done = Signal()
        async with (
            asyncio.TaskGroup() as tasks,
            listening(self._bot.queue.changed, self._bot.webhook_changed, self._done) as event,
        ):
            while True:
                event.clear()
                hook = self._bot.webhook
                if hook:
                    for update in self._ready(hook):
                        self._busy.add(update.chat_id)
                        tasks.create_task(self._deliver(hook, update))
                await event.wait()

    def _ready(self, hook: Webhook) -> list[Update]:
        """The first update of each chat that none is under way for."""
        with self._telegram.lock:
            queue = self._bot.queue
            queue.expire(self._telegram.clock.time())
            ready: dict[int, Update] = {}
            for update in (*queue.again, *queue.pending):
                if len(ready) + len(self._busy) >= hook.max_connections:
                    break
                if update.chat_id not in self._busy:
                    ready.setdefault(update.chat_id, update)
            for update in ready.values():
                if update in queue.again:
                    queue.again.remove(update)
            return list(ready.values())

    async def _deliver(self, hook: Webhook, update: Update) -> None:
        wait = FIRST_WAIT
        try:
            for each in self._telegram.faults.spoil([update]):
                while self._bot.webhook is hook and not await self._post(hook, each):
                    await self._wait(wait)
                    wait = min(wait * 2, LAST_WAIT)
            if self._bot.webhook is hook:
                with self._telegram.lock:
                    self._bot.queue.settle(update)
        finally:
            self._busy.discard(update.chat_id)
            self._done.fire()

    async def _wait(self, seconds: float) -> None:
        """Sleep on the clock, or until the webhook is changed."""
        async with listening(self._bot.webhook_changed) as changed:
            waits = [
                asyncio.ensure_future(each) for each in (self._telegram.clock.sleep(seconds), changed.wait())
            ]
            try:
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for each in waits:
                    each.cancel()
                await asyncio.gather(*waits, return_exceptions=True)

    async def _post(self, hook: Webhook, update: Update) -> bool:
        headers = {"Content-Type": "application/json"}
        if hook.secret_token:
            headers["X-Telegram-Bot-Api-Secret-Token"] = hook.secret_token
        try:
            await asyncio.sleep(self._telegram.faults.delay())
            timeout = aiohttp.ClientTimeout(total=PATIENCE)
            body = json.dumps(update.json())
            async with self._session.post(hook.url, data=body, headers=headers, timeout=timeout) as answer:
                if 200 <= answer.status < 300:
                    return True
                problem = f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except TimeoutError:
            problem = "Read timeout expired"
        except aiohttp.ClientConnectorError:
            problem = "Connection refused"
        except aiohttp.ClientError:
            problem = "Connection reset by peer"
        hook.last_error_date, hook.last_error_message = int(self._telegram.clock.time()), problem
        return False
