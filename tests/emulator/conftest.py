"""A bot, a person, and python-telegram-bot's own client pointing at the emulator."""

from collections.abc import AsyncIterator

import pytest
import telegram as client

from emulator import Bot, ManualClock, Telegram, User
from emulator.server import serve


@pytest.fixture(autouse=True)
def _timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    """python-telegram-bot warns of its coming retry_after type otherwise, and warnings are errors."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def telegram(clock: ManualClock) -> Telegram:
    return Telegram(clock, seed=1)


@pytest.fixture
def bot(telegram: Telegram) -> Bot:
    return telegram.add_bot("123456:ABC-DEF", "demo_bot")


@pytest.fixture
def sara(telegram: Telegram) -> User:
    return telegram.add_user("Sara", "fa")


@pytest.fixture
async def url(telegram: Telegram) -> AsyncIterator[str]:
    async with serve(telegram) as address:
        yield address


@pytest.fixture
async def ptb(bot: Bot, url: str) -> AsyncIterator[client.Bot]:
    async with client.Bot(bot.token, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot") as connected:
        yield connected
