"""The HTTP edge over a real store, without Telegram."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from crypto.vault import Vault
from handlers.api.build import build
from handlers.api.context import Context
from handlers.api.rates import Rates
from handlers.clock import RealClock
from handlers.config import Settings
from relay import offices
from relay.unit import Store
from tests import databases
from tests.flow.actors import Office

TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz012345"


class SetClock(RealClock):
    """Stands where it is set."""

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


@dataclass
class Api:
    """A client of the relay, its clock, and what the edge signalled."""

    http: httpx.AsyncClient
    store: Store
    clock: SetClock
    context: Context
    woken: list[str] = field(default_factory=list)

    def unix(self) -> int:
        return int(self.clock.at.timestamp())

    def advance(self, **step: float) -> None:
        self.clock.at += timedelta(**step)

    async def office(self) -> Office:
        admission = await self.store.write(lambda tx: offices.admit(tx, self.clock.now()))
        office = Office(self.http, self.unix)
        await office.found(admission.code)
        return office


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Any:
    """The edge is the same whatever lies behind it."""
    return request.getfixturevalue("postgres_url" if databases.ON_POSTGRES else "sqlite_url")


@pytest.fixture
def app_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "app"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>phone</title>")
    (folder / "assets" / "index-abc.js").write_text("export {};")
    return folder


@pytest.fixture
async def api(store: Store, app_dir: Path) -> AsyncIterator[Api]:
    clock = SetClock()
    woken: list[str] = []
    context = Context(
        store=store,
        vault=Vault(bytes(32)),
        clock=clock,
        rates=Rates(),
        authorities=Settings().authorities,
        bot_token=SecretStr(TOKEN),
        demo=False,
        bot_name="qasid_test_bot",
        wake=lambda: woken.append("wake"),
        rescheduled=lambda: woken.append("rescheduled"),
    )
    transport = httpx.ASGITransport(build(context, app_dir=app_dir), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8470") as http:
        yield Api(http, store, clock, context, woken)
