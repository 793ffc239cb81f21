"""Updates in: committed to the inbox first, confirmed to Telegram after, then handled from the inbox.

python-telegram-bot's Updater confirms from memory: a crash loses what it held.
"""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from telegram import Bot
from telegram.error import Conflict, TelegramError

from handlers import log
from handlers.chat.dispatch import Dispatch
from handlers.clock import Clock, rest
from handlers.courier import pause
from handlers.lanes import Lanes
from handlers.rival import Rival
from handlers.updates import ALLOWED, rebuild, strip
from relay import inbox
from relay.errors import Kind, RelayError, StoreError
from relay.inbox import Taken, Update, Waiting
from relay.pacing import doubled
from relay.unit import Store, Tx, Vault

#: getUpdates waits this long for news; the read timeout must be longer.
POLL_SECONDS = 25
PAGE = 200
#: Taken in and not yet handled; beyond it the inbox waits on disk.
MOST_IN_HAND = 1000
#: While another process asks for the same bot's updates: doubles from the first to the last.
CONFLICT, MOST_CONFLICT = timedelta(seconds=5), timedelta(seconds=40)

logger = log.get("intake")


def _passing(error: Exception) -> bool:
    """Whether it lies with the database, not with the update."""
    return isinstance(error, StoreError) or (isinstance(error, RelayError) and error.kind is Kind.UNAVAILABLE)


class Intake:
    """Takes updates from a webhook (`take`) or by `poll`, and feeds them to the lanes (`feed`)."""

    def __init__(self, store: Store, vault: Vault, clock: Clock, dispatch: Dispatch) -> None:
        self._store = store
        self._vault = vault
        self._clock = clock
        self._dispatch = dispatch
        self._lanes: Lanes[Taken] = Lanes(self._handle, self._put_aside, passing=_passing)
        self._in_hand: set[int] = set()
        #: Updates that do not open: kept, and told of once.
        self._unopened: set[int] = set()
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Updates may be there that another process took in."""
        self._wake.set()

    @property
    def idle(self) -> bool:
        """Whether everything taken in has been handled."""
        return self._lanes.idle and not self._in_hand and not self._wake.is_set()

    async def take(self, updates: Iterable[Mapping[str, Any]]) -> None:
        """Commit raw updates; once this returns they may be confirmed. Raises what the store raises."""
        kept = [stripped for update in updates if (stripped := strip(update)) is not None]
        if not kept:
            return
        try:
            await self._write(kept)
        except RelayError:
            # One of them must not hold up the rest for ever.
            for each in kept:
                try:
                    await self._write([each])
                except RelayError as error:
                    logger.warning("an update was left out", error=type(error).__name__)
        self._wake.set()

    async def _write(self, updates: list[Update]) -> None:
        now = self._clock.now()
        await self._store.write(lambda tx: inbox.take(tx, self._vault, updates, now))

    async def poll(self, bot: Bot, rival: Rival) -> None:
        """Long-poll until cancelled: the offset moves only past what is committed. `rival` is told of conflicts."""
        offset, tries = 0, 0
        while True:
            try:
                updates = await bot.do_api_request(
                    "getupdates",  # in this spelling, or PTB wants its own method, which builds objects
                    api_kwargs={"offset": offset, "timeout": POLL_SECONDS, "allowed_updates": list(ALLOWED)},
                    read_timeout=POLL_SECONDS + 10,
                )
                await self.take(updates)
                offset = updates[-1]["update_id"] + 1 if updates else offset
            except Conflict:
                rival.seen()
                wait = doubled(CONFLICT, tries, MOST_CONFLICT)
                logger.warning(
                    "another process uses this bot token: stop it",
                    tries=tries,
                    seconds=int(wait.total_seconds()),
                )
                await rest(self._clock, wait)
                tries += 1
            except TelegramError as error:
                logger.warning("Telegram does not answer", error=type(error).__name__, tries=tries)
                await asyncio.sleep(pause(tries, error).total_seconds())
                tries += 1
            except Exception:
                logger.exception("updates not taken in", tries=tries)
                await asyncio.sleep(pause(tries).total_seconds())
                tries += 1
            else:
                tries = 0

    async def feed(self) -> None:
        """Hand the inbox to the lanes, oldest first, until cancelled; starts with what an earlier run left.

        For one process at a time: a chat's order is kept by its lane, and each process has lanes of its own.
        """
        self._wake.set()
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                try:
                    await self._offer()
                except Exception:
                    logger.exception("inbox not read")
                    self._wake.set()
                    await asyncio.sleep(1)
        finally:
            await self._lanes.stop()
            self._in_hand.clear()

    async def _offer(self) -> None:
        if len(self._in_hand) >= MOST_IN_HAND:
            return

        def unit(tx: Tx) -> Waiting:
            return inbox.look(tx, self._vault, limit=len(self._in_hand) + PAGE)

        waiting = await self._store.read(unit)
        if waiting.unopened - self._unopened:
            logger.error(
                "updates do not open and are set aside: is this the vault key they were sealed with?",
                count=len(waiting.unopened),
            )
        self._unopened = waiting.unopened
        new = [taken for taken in waiting.taken if taken.update_id not in self._in_hand]
        for taken in new:
            self._in_hand.add(taken.update_id)
            self._lanes.offer(taken.chat, taken)

    async def _handle(self, taken: Taken) -> None:
        await self._dispatch.process_update(rebuild(taken, self._dispatch.bot))
        self._finished(taken)

    async def _put_aside(self, taken: Taken) -> None:
        now = self._clock.now()
        await self._store.write(lambda tx: inbox.done(tx, taken.update_id, now))
        self._finished(taken)

    def _finished(self, taken: Taken) -> None:
        self._in_hand.discard(taken.update_id)
        self._wake.set()
