"""Several processes on one PostgreSQL: each does its part, one leads, and the database may go and come back."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count
from pathlib import Path

import httpx
import pytest

from crypto.vault import Vault
from emulator.bots import Poll
from emulator.people import User
from handlers.app import House, open_parts
from handlers.config import Role
from handlers.delivery import RENEW
from handlers.profile import Hook
from handlers.texts import Texts
from relay import delivery
from store import hints, listener
from tests.flow.test_flow_webhook import update
from tests.flow.world import TOKEN, StepClock, World, world
from tests.store.cutter import Cutter

HELP = Texts().render("en", "help")
HOOK = Hook.of(TOKEN)
PORTS = count(9000)  # nothing listens there; they are a part of each process's name
SECRET = {"X-Telegram-Bot-Api-Secret-Token": HOOK.secret}


@asynccontextmanager
async def process(town: World, role: Role) -> AsyncIterator[tuple[House, httpx.AsyncClient]]:
    """One more process of the same relay."""
    settings = town.settings.model_copy(update={"role": role, "port": next(PORTS)})
    store, vault = open_parts(settings)
    house = House(settings, store, vault, StepClock(town.manual))
    transport = httpx.ASGITransport(house.web(), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8470") as http, house.open():
        yield house, http


async def until(holds: Callable[[], object]) -> None:
    """The clock of the relay stands meanwhile, so that nothing happens but what somebody was told to do."""
    async with asyncio.timeout(8):
        while not holds():  # noqa: ASYNC110 - it is another process's doing, as far as this one knows
            await asyncio.sleep(0.005)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Vault.create(tmp_path / "vault.key")
    return tmp_path


@pytest.fixture
async def worker(folder: Path, postgres_url: str) -> AsyncIterator[World]:
    async with world(folder, postgres_url, polling=False, role="worker") as found:
        yield found


def newcomer(town: World) -> User:
    sara = town.person("Sara", "en")
    sara.start()
    return sara


async def test_what_the_web_takes_in_the_worker_answers_at_once(worker: World) -> None:
    sara = newcomer(worker)
    async with process(worker, "web") as (web, http):
        await until(web.ready.is_set)
        assert (await http.get("/v1/info")).json()["bot"] == "qasid_test_bot"
        path = f"/telegram/{HOOK.path}"
        assert (await http.post(path, json=update(person=sara.id), headers=SECRET)).is_success
        await until(lambda: worker.texts(sara))
        assert worker.texts(sara) == [HELP]
        assert not web.delivery.leading.held
        assert (await http.get("/healthz")).is_success
    for path, status in (
        ("/healthz", 200),
        ("/v1/info", 404),
        ("/app/", 404),
        (f"/telegram/{HOOK.path}", 404),
    ):
        assert (await worker.http.get(path)).status_code == status
    assert (await worker.http.post(f"/telegram/{HOOK.path}", json={}, headers=SECRET)).status_code == 404


async def test_a_lost_hint_costs_time_and_nothing_else(
    folder: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hints, "tell", lambda _tx, _noun: None)
    monkeypatch.setattr(listener, "LOOK_SECONDS", 0.1)
    async with world(folder, postgres_url, polling=False, role="worker") as worker:
        sara = newcomer(worker)
        async with process(worker, "web") as (_, http):
            await http.post(f"/telegram/{HOOK.path}", json=update(person=sara.id), headers=SECRET)
            await until(lambda: worker.texts(sara))


async def test_one_polls_and_the_next_goes_on_where_it_stopped(
    folder: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    conflicts: list[str] = []
    monkeypatch.setattr(Poll, "end", lambda _poll, by: conflicts.append(by))
    async with world(folder, postgres_url, role="web") as web, AsyncExitStack() as rest:
        sara = newcomer(web)
        async with process(web, "worker") as (first, _):
            await until(lambda: web.texts(sara))  # the welcome
            second, _ = await rest.enter_async_context(process(web, "both"))
            await until(lambda: second.context.bot_name)
            web.manual.advance(2)  # a chat hears one message a second
            sara.say(None, "/help")
            await until(lambda: web.texts(sara)[-1] == HELP)
            assert (first.delivery.leading.held, second.delivery.leading.held) == (True, False)
            said = len(web.texts(sara))
        sara.say(None, "/help")
        assert not second.delivery.leading.held
        web.manual.advance(RENEW)
        await until(lambda: len(web.texts(sara)) > said)
        assert web.texts(sara)[said:] == [HELP]
        assert second.delivery.leading.held
    assert conflicts == []


async def test_who_leads_no_more_polls_and_feeds_no_more(
    folder: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after SIGSTOP, or cut off from the database: the lead ends by the process's own count of seconds."""
    async with world(folder, postgres_url, role="web") as web, process(web, "worker") as (house, _):
        sara = newcomer(web)
        await until(lambda: web.texts(sara))
        said = web.texts(sara)
        monkeypatch.setattr(delivery, "lead", lambda *_args, **_named: None)  # somebody else does
        web.manual.advance(2)
        house.delivery.leading.hold(0)
        await until(lambda: not house.delivery.leading.held)
        await until(lambda: web.bot.poll is None)
        monkeypatch.undo()
        sara.say(None, "/help")
        assert web.texts(sara) == said
        web.manual.advance(RENEW)  # and again, once it leads again
        await until(lambda: web.texts(sara)[len(said) :] == [HELP])


async def test_the_database_gone_and_back(folder: Path, postgres_url: str) -> None:
    with Cutter(postgres_url) as line:
        async with world(folder, line.url) as town:
            sara = newcomer(town)
            await town.settle()
            said = len(town.texts(sara))
            town.manual.advance(2)
            line.go_away()
            sara.say(None, "/help")
            for _ in range(2):
                assert (await town.http.get("/healthz")).is_success, "a restart would not bring it back"
                answer = await town.http.get("/readyz")
                assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (
                    503,
                    "unavailable",
                    "5",
                )
            line.away = False
            await until(lambda: len(town.texts(sara)) > said)
            assert town.texts(sara)[said:] == [HELP]
            assert (await town.http.get("/readyz")).is_success
