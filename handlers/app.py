"""The composition root: the only file that knows everyone, and the only one here that opens the store."""

import asyncio
import platform
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from fastapi import FastAPI
from telegram.error import InvalidToken, TelegramError
from telegram.ext import ApplicationBuilder

from crypto.errors import CryptoError
from crypto.vault import Vault
from handlers import log
from handlers.api import hook as hooks
from handlers.api.build import build, build_watched
from handlers.api.context import Context
from handlers.api.rates import Rates
from handlers.beats import Beats
from handlers.chat.dispatch import Chat, Dispatch
from handlers.clock import Clock, RealClock
from handlers.config import ConfigError, Settings, origin
from handlers.courier import Courier, pause
from handlers.delivery import Delivery
from handlers.intake import POLL_SECONDS, Intake
from handlers.offline import OfflinePage
from handlers.profile import Hook, address, present, route
from handlers.server import serve_until
from handlers.sight import Sight
from handlers.texts import Texts
from handlers.watch import Watch
from handlers.wire import AiohttpRequest
from handlers.wording import Wording
from relay import leader
from relay.pacing import Pacer
from store import migrate
from store.engine import Store, open_store
from store.errors import StoreError

logger = log.get("app")


def prepare(settings: Settings) -> None:
    """Bring the database up to date; for a new one, make the vault key. Raises ConfigError, changing nothing else."""
    url, key = settings.database_url, settings.vault_key_file
    try:
        if migrate.is_new(url) and not key.exists():
            # First the key: killed between the two, the next start finds both as it needs them.
            Vault.create(key)
        if url.startswith("sqlite:///"):
            Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
        migrate.upgrade(url)
    except (StoreError, CryptoError) as error:
        raise ConfigError(str(error)) from None


def check(settings: Settings) -> None:
    """Raises ConfigError unless the database is of this version and the vault key can be used."""
    try:
        migrate.check(settings.database_url)
        Vault.load(settings.vault_key_file)
    except (StoreError, CryptoError) as error:
        raise ConfigError(str(error)) from None


class Parts(NamedTuple):
    """What every process of the relay works on."""

    store: Store
    vault: Vault


def open_parts(settings: Settings) -> Parts:
    """The open store and the vault; raises ConfigError."""
    store = open_database(settings)  # first: without a database, a missing key is no loss
    try:
        return Parts(store, Vault.load(settings.vault_key_file))
    except CryptoError as error:
        store.close()
        raise ConfigError(str(error)) from None


def open_database(settings: Settings) -> Store:
    """The open store; raises ConfigError."""
    try:
        return open_store(settings.database_url)
    except StoreError as error:
        raise ConfigError(str(error)) from None


@dataclass
class House:
    """A relay, or the part of it that `settings.role` names: web, bot, delivery and clock on one event loop.

    Make it inside the loop, `run` it, set `stop` to end it.
    """

    settings: Settings
    store: Store
    vault: Vault
    clock: Clock = field(default_factory=RealClock)
    rates: Rates = field(default_factory=Rates)
    demo: bool = False
    #: Origins besides Telegram's that may show the phone app in a frame.
    frames: tuple[str, ...] = ()
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    #: Set once Telegram knows where to send updates.
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        token = self.settings.bot_token
        if token is None:
            raise ConfigError(
                "QASID_BOT_TOKEN is missing: get one from @BotFather in Telegram (or use `qasid run`)."
            )
        secret = token.get_secret_value()
        self.texts = Texts()
        self.wording = Wording(self.texts, self.settings.app_url)
        self.watch = Watch(self.settings, self.store, self.clock)
        self.sight, self.rival, metrics = self.watch.sight, self.watch.rival, self.watch.metrics
        self.dispatch = _dispatch(self.settings, secret, self.sight)
        self.bot = self.dispatch.bot
        page = OfflinePage(self.settings.app_dir)
        self.pacer = Pacer(self.settings.broadcast_rate)
        self.courier = Courier(self.bot, self.wording, self.clock, self.pacer, page)
        self.delivery = Delivery(
            self.store,
            self.vault,
            self.courier,
            self.clock,
            self.pacer,
            owner=leader.instance(f"{platform.node()}:{self.settings.port}"),
            settled=metrics.settled if metrics else None,
        )
        self.intake = Intake(self.store, self.vault, self.clock, self.dispatch)
        self.beats = Beats(
            self.store,
            self.vault,
            self.clock,
            self.delivery.wake,
            self._telegrams_time,
            ran=metrics.ran if metrics else None,
            keep=self.settings.retention,
        )
        Chat(self.store, self.vault, self.clock, self.delivery.wake, rates=self.rates, page=page).register(
            self.dispatch
        )
        self.hook = None if self.settings.polling else Hook.of(secret)
        self.context = Context(
            store=self.store,
            vault=self.vault,
            clock=self.clock,
            rates=self.rates,
            authorities=self.settings.authorities,
            bot_token=token,
            demo=self.demo,
            bot_name=None,
            wake=self.delivery.wake,
            rescheduled=self.beats.release_soon,
            telegram_seen=lambda: self.sight.state == "seen",
        )

    def web(self) -> FastAPI:
        """The HTTP edge."""
        app = self._answering()
        if self.watch.metrics is not None:
            app.add_middleware(self.watch.metrics.measuring)
        return app

    def _answering(self) -> FastAPI:
        if not self.settings.serves:
            return build_watched(self.context)
        return build(
            self.context,
            app_dir=self.settings.app_dir,
            app_origin=origin(self.settings.app_origin),
            frames=self.frames,
            extra=[hooks.router(self.hook, self.intake.take)] if self.hook else [],
            https=self.settings.public_url.startswith("https:"),
        )

    @asynccontextmanager
    async def open(self) -> AsyncIterator[asyncio.Task[None]]:
        """Everything but the web, running while inside; yields the task that ends only by failing."""
        if self.settings.works:
            self._listen()
            self.beats.start()
        telegram = asyncio.create_task(self._telegram(), name="telegram")
        watching = asyncio.create_task(self.watch.run(self.bot.get_me), name="watching")
        try:
            yield telegram
        finally:
            watching.cancel()
            if self.settings.works:
                await self.beats.stop()
            telegram.cancel()
            await asyncio.wait({telegram, watching})
            await self.bot.shutdown()
            await self.store.aclose()

    async def run(self, bound: socket.socket) -> None:
        """Serve on the socket until `stop` is set; leaves nothing behind but rows. Raises ConfigError."""
        async with self.open() as telegram:
            web = asyncio.create_task(
                serve_until(self.web(), bound, self.stop, proxies=self.settings.trusted_proxies), name="web"
            )
            await asyncio.wait({web, telegram}, return_when=asyncio.FIRST_COMPLETED)
            self.stop.set()
            await web
            if telegram.done():
                telegram.result()  # raises what ended it

    async def _telegram(self) -> None:
        """Everything that needs Telegram; the web side stays up while it is out of reach."""
        await self._insist(self.dispatch.initialize)
        self.context.bot_name = self.bot.username
        logger.info("connected to Telegram")
        if not self.settings.works:
            self.ready.set()
            await self.stop.wait()
            return
        async with asyncio.TaskGroup() as group:
            group.create_task(self.delivery.run())
            group.create_task(self.delivery.leading.during(self.intake.feed))
            group.create_task(self.delivery.leading.during(self._hear))

    async def _hear(self) -> None:
        """Have Telegram tell this relay what people say, until cancelled."""
        await self._insist(self._route)
        await self._insist(lambda: present(self.bot, self.wording))
        self.ready.set()
        async with asyncio.TaskGroup() as group:
            ours = address(self.settings.public_url, self.hook)
            group.create_task(self.rival.keep(self.bot, ours, self._route))
            if self.hook is None:
                group.create_task(self.intake.poll(self.bot, self.rival))

    async def _route(self) -> None:
        await route(self.bot, public_url=self.settings.public_url, hook=self.hook)

    async def _telegrams_time(self) -> datetime | None:
        """By Telegram's own clock; None while it does not answer."""
        try:
            await self.bot.get_me()
        except Exception:  # noqa: BLE001 - whatever was wrong with the answer, it is not believed
            return None
        return None if self.sight.ahead is None else self.clock.now() + self.sight.ahead

    def _listen(self) -> None:
        """Have the other processes' hints act as this one's own."""
        loop = asyncio.get_running_loop()
        looks = {
            "outbox": self.delivery.wake,
            "inbox": self.intake.wake,
            "schedule": self.beats.release_soon,
        }
        self.store.listen(self.delivery.owner, lambda noun: loop.call_soon_threadsafe(looks[noun]))

    async def _insist(self, attempt: Callable[[], Coroutine[Any, Any, None]]) -> None:
        tries = 0
        while True:
            try:
                await attempt()
            except InvalidToken:
                raise ConfigError(
                    "Telegram refuses QASID_BOT_TOKEN: copy it again from @BotFather."
                ) from None
            except TelegramError as error:
                wait = pause(tries, error)
                logger.warning("Telegram is out of reach", error=type(error).__name__, tries=tries)
            except Exception:
                wait = pause(tries)
                logger.exception("an answer of Telegram's could not be read", tries=tries)
            else:
                return
            await asyncio.sleep(wait.total_seconds())
            tries += 1


def _dispatch(settings: Settings, token: str, sight: Sight) -> Dispatch:
    api = settings.bot_api_url.rstrip("/")
    builder = (
        ApplicationBuilder()
        .application_class(Dispatch)
        .token(token)
        .base_url(f"{api}/bot")
        .base_file_url(f"{api}/file/bot")
        .request(AiohttpRequest(sight=sight))
        .get_updates_request(AiohttpRequest(connections=1, read_seconds=POLL_SECONDS + 10, sight=sight))
        .updater(None)
        .job_queue(None)
    )
    application = builder.build()
    assert isinstance(application, Dispatch)  # noqa: S101 - application_class says so
    return application
