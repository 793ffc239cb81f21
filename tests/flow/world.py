"""A whole relay over the emulated Telegram, in this event loop, on a clock that moves only when told to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr

from crypto.roster import Role
from crypto.vault import Vault
from emulator.bots import Bot
from emulator.clock import ManualClock
from emulator.people import User
from emulator.server import serve
from emulator.telegram import Telegram
from emulator.waiting import listening
from handlers.app import House, open_parts, prepare
from handlers.config import Settings
from relay import delivery, inbox, offices
from relay.unit import Store
from tests import databases
from tests.flow.actors import ROLES, Office

TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz012345"


class StepClock:
    """The emulator's manual clock as the server's; whoever waits looks again at every step."""

    patience = timedelta(milliseconds=2)  # for the beats' scheduler, which counts the machine's time

    def __init__(self, manual: ManualClock) -> None:
        self._manual = manual

    def now(self) -> datetime:
        return self._manual.now()

    async def until(self, due: datetime, wake: asyncio.Event) -> None:
        if due <= self.now():
            await asyncio.sleep(0)
            return
        async with listening(self._manual.stepped) as stepped:
            waits = [asyncio.ensure_future(event.wait()) for event in (wake, stepped)]
            try:
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for each in waits:
                    each.cancel()


@dataclass
class World:
    """What a flow test needs."""

    folder: Path
    manual: ManualClock
    telegram: Telegram
    bot: Bot
    settings: Settings
    house: House
    http: httpx.AsyncClient

    def unix(self) -> int:
        return int(self.manual.time())

    @property
    def store(self) -> Store:
        return self.house.store

    def person(self, name: str = "Sara", language: str = "fa") -> User:
        return self.telegram.add_user(name, language)

    def texts(self, user: User) -> list[str]:
        """What the person sees in the chat, own messages left out."""
        return [each.text for each in user.chat().visible() if each.from_bot]

    async def found(self, roles: Role = ROLES) -> Office:
        """An office, registered; its one officer has these roles."""
        admission = await self.store.write(lambda tx: offices.admit(tx, self.manual.now()))
        office = Office(self.http, self.unix, roles=roles)
        await office.found(admission.code)
        return office

    async def beat(self, name: str) -> None:
        """Let a beat look at the clock now, as it would within its patience."""
        beat = self.house.beats.named(name)
        async with asyncio.timeout(10):
            while beat.last != self.manual.now() or beat.running:  # noqa: ASYNC110 - a beat has no event for it
                await asyncio.sleep(0.002)

    async def connected(self) -> None:
        await asyncio.wait_for(self.house.ready.wait(), 10)

    async def settle(self, *, horizon: float = 30.0, pending: bool = True) -> None:
        """Let everything happen that is due within `horizon` seconds, moving the clock as far as that needs.

        `pending` False where nobody fetches what the emulator still holds.
        """
        end = self.manual.now() + timedelta(seconds=horizon)
        async with asyncio.timeout(90):
            while True:
                await self.quiet(pending=pending)
                due = await self.store.read(delivery.next_due)
                if due is None or due > end or self.manual.now() > end:
                    return
                # Something due that does not go out waits for its chat's second.
                step = min(max(due - self.manual.now(), timedelta(seconds=0.51)), timedelta(seconds=1))
                self.manual.advance(step)

    async def quiet(self, *, pending: bool = True) -> None:
        """Until nothing happens any more at the present time; `pending` as for `settle`."""
        quiet = 0
        while quiet < 2:
            await asyncio.sleep(0.001)
            busy = (
                not self.house.intake.idle
                or self.house.delivery.busy
                or (pending and self.telegram.call(TOKEN, "getWebhookInfo", {})["pending_update_count"])
                or await self.store.read(lambda tx: len(inbox.pending(tx, self.house.vault)))
            )
            quiet = 0 if busy else quiet + 1


@asynccontextmanager
async def world(folder: Path, database_url: str = "", **settings: Any) -> AsyncIterator[World]:
    """A running relay; `folder` keeps its database and key, so a second world over it is a restart."""
    manual = ManualClock()
    telegram = Telegram(manual, seed=7)
    bot = telegram.add_bot(TOKEN, "qasid_test_bot")
    async with running(folder, manual, telegram, bot, database_url, **settings) as found:
        yield found


@asynccontextmanager
async def running(
    folder: Path,
    manual: ManualClock,
    telegram: Telegram,
    bot: Bot,
    database_url: str = "",
    *,
    connected: bool = True,
    api: str = "",
    **settings: Any,
) -> AsyncIterator[World]:
    """The relay over a Telegram that stays: stop and start it inside one test. `api`: where it is served already."""
    kept = folder / "qasid.db"
    if not database_url and not kept.exists():
        databases.empty(kept)
        Vault.create(folder / "vault.key")
    public_url = settings.pop("public_url", "http://127.0.0.1:8470")
    async with nullcontext(api) if api else serve(telegram) as url:
        chosen = Settings(
            bot_token=SecretStr(TOKEN),
            bot_api_url=url,
            polling=settings.pop("polling", True),
            public_url=public_url,
            database_url=database_url or databases.at(kept),
            vault_key_file=folder / "vault.key",
            **settings,
        )
        prepare(chosen)
        store, vault = open_parts(chosen)
        house = House(chosen, store, vault, StepClock(manual))
        transport = httpx.ASGITransport(house.web(), raise_app_exceptions=False)
        async with (
            httpx.AsyncClient(transport=transport, base_url=public_url) as http,
            house.open(),
        ):
            found = World(folder, manual, telegram, bot, chosen, house, http)
            if connected:
                await found.connected()
            yield found
