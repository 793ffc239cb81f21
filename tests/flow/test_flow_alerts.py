"""Alerts: once when it begins, each hour, once when it is over; codes alone; whatever the receiver does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from emulator.clock import ManualClock
from handlers import alerts, vitals
from handlers.alerts import AGAIN, LOOK, Alerts
from handlers.config import ConfigError, Settings
from handlers.vitals import TROUBLES, Disk, Vitals
from relay.backlog import Backlog, Group
from relay.beats import Job
from store.errors import UnavailableError
from tests.flow.world import StepClock

MINUTE = timedelta(minutes=1)


@dataclass
class Receiver:
    """A service that is told; answers with `status`, or not at all while it hangs."""

    told: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200
    hangs: bool = False
    last: dict[str, Any] = field(default_factory=dict)

    async def take(self, request: web.Request) -> web.Response:
        self.last = await request.json()
        self.told.append(self.last)
        if self.hangs:
            await asyncio.sleep(3600)
        return web.Response(status=self.status, headers={"Location": "/elsewhere"})

    def news(self) -> list[tuple[str, str]]:
        """(code, state) of what came since it was last asked."""
        came = [(each["code"], each["state"]) for each in self.told]
        self.told.clear()
        return came


class Waiting(StepClock):
    """Says when somebody has begun to wait for it."""

    def __init__(self, manual: ManualClock) -> None:
        super().__init__(manual)
        self.begun = asyncio.Event()

    async def until(self, due: datetime, wake: asyncio.Event) -> None:
        self.begun.set()
        await super().until(due, wake)


class Scene:
    """A relay that is as it is told to be."""

    def __init__(self, url: str) -> None:
        self.manual = ManualClock()
        now = self.manual.now()
        waits = Backlog((), True, 0, 0, None, None)
        self.vitals = Vitals(now, waits, [Job("release")], now, "seen", now, Disk(50 << 30, 100 << 30))
        self.fails = False
        self.clock = Waiting(self.manual)
        self.alerts = Alerts(url, self.look, self.clock)

    async def look(self) -> Vitals:
        if self.fails:
            raise UnavailableError("the database could not do it now")
        return replace(self.vitals, now=self.manual.now())

    def be(self, **changes: Any) -> None:
        self.vitals = replace(self.vitals, **changes)


@pytest.fixture
async def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
async def scene(receiver: Receiver) -> AsyncIterator[Scene]:
    async with serving(receiver) as url:
        yield Scene(url)


@asynccontextmanager
async def serving(receiver: Receiver) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/hook", receiver.take)
    app.router.add_post("/elsewhere", receiver.take)
    async with TestServer(app, host="127.0.0.1") as server:
        yield str(server.make_url("/hook"))


async def test_once_each_hour_and_when_it_is_over(scene: Scene, receiver: Receiver) -> None:
    """By its own clock: nobody calls it."""
    keeping = asyncio.create_task(scene.alerts.keep())

    async def passes(span: timedelta) -> list[tuple[str, str]]:
        for _ in range(span // LOOK):
            await asyncio.wait_for(scene.clock.begun.wait(), 5)
            scene.clock.begun.clear()
            scene.manual.advance(LOOK)
        await asyncio.wait_for(scene.clock.begun.wait(), 5)
        return receiver.news()

    assert await passes(5 * MINUTE) == []
    scene.be(telegram="unseen")
    begun = scene.manual.now() + LOOK
    assert await passes(LOOK) == [("telegram_unreached", "began")]
    told = receiver.last
    assert set(told) == {"code", "state", "since", "text"}
    assert (told["since"], told["text"]) == (
        begun.isoformat(timespec="seconds"),
        f"Qasid: telegram_unreached began ({begun:%Y-%m-%d %H:%M} UTC)",
    )
    assert await passes(AGAIN - LOOK) == []
    assert await passes(LOOK) == [("telegram_unreached", "lasts")]
    scene.be(telegram="seen")
    assert await passes(LOOK) == [("telegram_unreached", "over")]
    assert await passes(2 * AGAIN) == []
    keeping.cancel()


async def test_what_was_not_taken_is_told_again_and_what_is_over_by_then_is_not(
    scene: Scene, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alerts, "SECONDS", 0.05)
    scene.be(telegram="token_refused")
    for state in ({"status": 500}, {"status": 302}, {"hangs": True}):
        vars(receiver).update(state)
        await scene.alerts.look()
        assert receiver.news() == [("token_refused", "began")], state
    scene.be(telegram="seen")
    await scene.alerts.look()
    assert receiver.news() == []
    receiver.hangs, receiver.status = False, 204
    scene.be(telegram="token_refused")
    await scene.alerts.look()
    assert receiver.news() == [("token_refused", "began")]


def waits(scene: Scene, reason: str, since: timedelta, sent: int = 0) -> dict[str, Any]:
    group = Group(reason, "ring", 9, scene.manual.now() - since)
    return {"backlog": Backlog((group,), True, sent, 0, None, None)}


def cases(scene: Scene) -> dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]]:
    """By code, what is a reason to tell and what is just none yet."""
    now = scene.manual.now()
    second = timedelta(seconds=1)
    late = Job("release", now - 5 * MINUTE - second, now, now, 0, "done", 0)
    stuck = vitals.STUCK
    return {
        "telegram_unreached": ([{"telegram": "unseen"}], [{"telegram": "seen"}]),
        "token_refused": ([{"telegram": "token_refused"}], []),
        "outbox_old": (
            [waits(scene, "tried_again", stuck + second), waits(scene, "in_turn", stuck + second)],
            [
                waits(scene, "tried_again", stuck),
                waits(scene, "in_turn", 5 * stuck, sent=1),  # a long queue that moves
                waits(scene, "blocked", 50 * stuck),
            ],
        ),
        "job_late": (
            [{"jobs": [late]}, {"jobs": [replace(late, next_at=now, outcome="failed")]}],
            [{"jobs": [replace(late, next_at=now - 5 * MINUTE)]}],
        ),
        "disk_full": (
            [{"disk": Disk((1 << 30) - 1, 1 << 40)}, {"disk": Disk(99, 1000)}],
            [{"disk": Disk(1 << 30, 1 << 40)}, {"disk": Disk(100, 1000)}],
        ),
        "backup_old": (
            [{"backup_at": now - vitals.BACKUP_OLD - second}],
            [{"backup_at": now - vitals.BACKUP_OLD}, {"backup_at": None}],
        ),
    }


async def test_each_trouble_from_its_own_measure_on(scene: Scene, receiver: Receiver) -> None:
    well = scene.vitals
    table = cases(scene)
    assert {*table, "database_unreached"} == set(TROUBLES)
    for code, (wrong, right) in table.items():
        for change in wrong:
            scene.vitals = replace(well, **change)
            await scene.alerts.look()
            assert receiver.news() == [(code, "began")], change
            scene.vitals = well
            await scene.alerts.look()
            assert receiver.news() == [(code, "over")]
        for change in right:
            scene.vitals = replace(well, **change)
            await scene.alerts.look()
            assert receiver.news() == [], change
    scene.vitals, scene.fails = well, True
    await scene.alerts.look()
    assert receiver.news() == [("database_unreached", "began")]


@pytest.mark.parametrize(
    "url", ["http://alerts.example/hook", "ftp://alerts.example", "https://", "alerts.example"]
)
def test_nobody_on_the_way_reads_it(url: str) -> None:
    with pytest.raises(ConfigError, match="QASID_ALERT_URL") as refused:
        Settings(alert_url=url).check()
    assert url not in str(refused.value) or url == "https://"
