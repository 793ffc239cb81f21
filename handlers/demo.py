"""`qasid run` without a token: relay, emulated Telegram and an office of two officers, on loopback only.

The office's keys are made by `qasid-desk` in its own process, as in earnest. State stands in one folder; the second
start finds it and goes on. The emulator forgets its chats, but the same people come back under the same ids.
"""

import asyncio
import socket
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr
from rich.console import Console
from rich.panel import Panel

from emulator.people import User
from emulator.server import serve
from emulator.telegram import Telegram
from handlers import log
from handlers.app import House, open_parts, prepare
from handlers.clock import Clock, clock_of
from handlers.config import ConfigError, Settings
from handlers.leaving import stop_on_signals
from handlers.office import DemoOffice
from handlers.server import listen

BOT = "qasid_demo_bot"
PERSON = ("Sara", "fa")
OFFICERS = (("Officer one", "en"), ("Officer two", "en"))

logger = log.get("demo")
out = Console(highlight=False, soft_wrap=True)


class EmulatedTime:
    """The relay's clock as the emulator wants it: one time for all of the demonstration."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def time(self) -> float:
        return self._clock.now().timestamp()

    async def sleep(self, seconds: float) -> None:
        until = self._clock.now() + timedelta(seconds=seconds)
        never = asyncio.Event()
        while self._clock.now() < until:
            await self._clock.until(until, never)


async def run(settings: Settings, state: Path) -> None:
    """Until SIGTERM or Ctrl-C. Raises ConfigError."""
    if settings.host not in {"127.0.0.1", "localhost", "::1"}:
        raise ConfigError(
            "the demonstration runs on this machine only: leave QASID_HOST unset, or set a bot token."
        )
    started = time.monotonic()
    folder = state / "demo"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with listen("127.0.0.1", settings.port) as bound:
        await _show(settings, folder, bound, started)


async def _show(settings: Settings, folder: Path, bound: socket.socket, started: float) -> None:
    port = bound.getsockname()[1]
    office = DemoOffice(folder, f"http://127.0.0.1:{port}", settings.clock_file)
    memory = office.memory
    clock = clock_of(settings.clock_file)
    telegram = Telegram(EmulatedTime(clock), seed=memory.seed)
    # The seed gave the ids their start; update ids must not come again, or the inbox takes them for repetitions.
    telegram.random.seed()
    bot = telegram.add_bot(memory.token, BOT, "Qasid (demonstration)", main_app_url=f"{office.url}/app/")
    sara, *officers = [telegram.add_user(*each) for each in (PERSON, *OFFICERS)]

    async with serve(telegram, port + 1) as page:
        own = settings.model_copy(
            update={
                "bot_token": SecretStr(bot.token),
                "bot_api_url": page,
                "polling": True,
                "public_url": office.url,
                "port": port,
                "host": "127.0.0.1",
                "database_url": f"sqlite:///{folder / 'qasid.db'}",
                "vault_key_file": folder / "vault.key",
            }
        )
        own.check()
        prepare(own)
        store, vault = open_parts(own)
        house = House(own, store, vault, clock, demo=True, frames=(page,))
        stop_on_signals(house.stop)
        serving = asyncio.create_task(house.run(bound))
        founding = asyncio.create_task(_found(house, office, officers))
        try:
            await asyncio.wait({serving, founding}, return_when=asyncio.FIRST_COMPLETED)
            if founding.done():
                founding.result()
                _banner(page, sara, office, time.monotonic() - started)
            await serving
        finally:
            founding.cancel()
            house.stop.set()
            with suppress(asyncio.CancelledError):
                await founding
            await serving


async def _found(house: House, office: DemoOffice, people: list[User]) -> None:
    """Make the office, or find it as it was left."""
    await office.found(house.store)
    for desk, person in zip(office.desks, people, strict=True):
        if not desk.linked:
            link = await desk.call("device", "link")
            person.start(None, str(link["link"]).rpartition("=")[2])
            desk.linked = True
    office.remember()


def _banner(page: str, sara: User, office: DemoOffice, seconds: float) -> None:
    first, second = office.desks
    out.print(
        Panel.fit(
            "[bold yellow]DEMONSTRATION, NOT REAL[/]\n"
            "An emulated Telegram, an invented office, weak keys:\n"
            "never use it for people. Nothing leaves this machine.",
            border_style="yellow",
        ),
        soft_wrap=False,
    )
    out.print(f"\nOpen [bold]{page}/?user={sara.id}[/]   Sara's phone: press Start, then Open\n")
    letter = office.memory.letter
    if letter:
        out.print("Sara's letter, if she has not used it yet (text or twelve words):")
        out.print(f"  {letter['text']}\n  {' '.join(letter['words'])}\n")
    out.print("At the office, in another terminal:")
    for command, meaning in (
        (f"{first.script} confirm --yes", "check enrolments by their letter"),
        (f"{first.script} inbox", "sealed messages that came"),
        (f"{first.script} reply ALIAS 'Stay where you are.'", "answer, sealed to the phone"),
        (f"{first.script} notice draft --help", "a departure notice, approved on both desks"),
        (f"{second.script} status", "the second officer's desk"),
        (f"{first.script} invite", "another letter"),
    ):
        out.print(f"  {command:<62} [dim]{meaning}[/]")
    out.print(
        f"\nStop with Ctrl-C. State stays in {office.folder}; the next start goes on. ({seconds:.1f} s)"
    )
