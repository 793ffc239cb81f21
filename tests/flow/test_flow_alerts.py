"""Alerts: once when it begins, each hour, once when it is over; codes alone; whatever the receiver does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any, cast

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from emulator.clock import ManualClock
from handlers import alerts, vitals
from handlers.alerts import AGAIN, LOOK, Alerts
from handlers.config import ConfigError, Settings
from handlers.rival import Rival
from handlers.sight import Sight
from handlers.vitals import TROUBLES, Disk, Kept, Vitals
from relay.backlog import Backlog, Group
from relay.beats import Job
from relay.unit import Store
from store.errors import UnavailableError
from tests.flow.world import StepClock, world

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
        kept = Kept(waits, [Job("release")], now, clock_doubted=False)
        self.vitals = Vitals(now, kept, "seen", now, token_shared=False, disk=Disk(50 << 30, 100 << 30))
        self.clock = Waiting(self.manual)
        self.alerts = Alerts(url, self.look, self.clock)

    async def look(self) -> Vitals:
        return replace(self.vitals, now=self.manual.now())

    def be(self, **changes: Any) -> None:
        """`changes` to what the database tells, or to the rest."""
        self.vitals = changed(self.vitals, **changes)


def changed(well: Vitals, **changes: Any) -> Vitals:
    of_database = {name: change for name, change in changes.items() if name in Kept.__slots__}
    rest = {name: change for name, change in changes.items() if name not in of_database}
    if of_database and well.kept is not None:
        rest["kept"] = replace(well.kept, **of_database)
    return replace(well, **rest)


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
        "token_shared": ([{"token_shared": True}], []),
        "clock_doubted": ([{"clock_doubted": True}], []),
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
            scene.vitals = changed(well, **change)
            await scene.alerts.look()
            assert receiver.news() == [(code, "began")], change
            scene.vitals = well
            await scene.alerts.look()
            assert receiver.news() == [(code, "over")]
        for change in right:
            scene.vitals = changed(well, **change)
            await scene.alerts.look()
            assert receiver.news() == [], change
    scene.be(kept=None)
    await scene.alerts.look()
    assert receiver.news() == [("database_unreached", "began")]


def troubled(scene: Scene) -> Vitals:
    """Everything is wrong at once, but for the database, which says so."""
    table = cases(scene)
    every: dict[str, Any] = {}
    for code in set(table) - {"telegram_unreached"}:
        every |= table[code][0][0]
    return changed(scene.vitals, **every)


OF_DATABASE = {"outbox_old", "job_late", "backup_old", "clock_doubted"}
ELSEWHERE = {"token_refused", "token_shared"}


@pytest.mark.parametrize("disk", [True, False])
@pytest.mark.parametrize("database", [True, False])
async def test_what_cannot_be_looked_at_neither_begins_nor_is_over(
    scene: Scene, receiver: Receiver, capsys: pytest.CaptureFixture[str], *, database: bool, disk: bool
) -> None:
    """A full disk takes the database down: nobody reads that the disk is well again, or the backup."""
    well, wrong = scene.vitals, troubled(scene)
    hidden = ({} if database else {"kept": None}) | ({} if disk else {"disk": None})
    unseen = (set() if database else OF_DATABASE) | (set() if disk else {"disk_full"})
    down = {"database_unreached"} - ({"database_unreached"} if database else set())

    scene.vitals = changed(wrong, **hidden)  # it begins while it cannot be seen
    await scene.alerts.look()
    seen = (OF_DATABASE | ELSEWHERE | {"disk_full"}) - unseen
    assert receiver.news() == [(code, "began") for code in sorted(seen | down)]
    assert capsys.readouterr().err.count("not everything can be looked at") == bool(unseen)
    scene.vitals = wrong
    await scene.alerts.look()
    came = receiver.news()
    assert came == [(code, "began") for code in sorted(unseen)] + [(code, "over") for code in sorted(down)]

    scene.vitals = changed(well, **hidden)  # it is over while it cannot be seen
    await scene.alerts.look()
    seen = (OF_DATABASE | ELSEWHERE | {"disk_full"}) - unseen
    assert receiver.news() == [(code, "began") for code in sorted(down)] + [
        (code, "over") for code in sorted(seen)
    ]
    scene.manual.advance(AGAIN)
    await scene.alerts.look()
    assert receiver.news() == [(code, "lasts") for code in sorted(down)], "nobody knows whether the others do"
    scene.vitals = well
    await scene.alerts.look()
    assert receiver.news() == [(code, "over") for code in sorted(unseen | down)]


class Broken:
    """A store that fails, and counts for nothing else."""

    async def read(self, _unit: object) -> object:
        raise UnavailableError("the database could not do it now")


async def test_each_look_fails_by_itself(tmp_path: Path) -> None:
    clock = Waiting(ManualClock())
    sight, rival = Sight(clock), Rival(clock)
    folder, gone = tmp_path, tmp_path / "gone"
    async with world(tmp_path) as town:
        for store, where in product((town.store, Broken()), (folder, gone)):
            found = await vitals.look(cast("Store", store), clock, sight, rival, where)
            assert (found.kept is None) == isinstance(store, Broken)
            assert (found.disk is None) == (where == gone)
            assert found.judged["database_unreached"] == isinstance(store, Broken)
            assert ("disk_full" in found.judged) == (where == folder)
            assert found.judged["telegram_unreached"] is False


async def test_a_doubted_clock_is_told_until_it_is_believed(receiver: Receiver, tmp_path: Path) -> None:
    """A whole relay whose clock leaps while Telegram does not tell the time: what is due waits, and somebody hears."""
    async with serving(receiver) as url, world(tmp_path) as town:
        alerts = Alerts(url, town.house.watch.look, town.house.clock)

        async def told() -> list[tuple[str, str]]:
            await alerts.look()
            return [(code, state) for code, state in receiver.news() if code == "clock_doubted"]

        await town.beat("retention")
        assert await told() == []
        town.telegram.faults.set(drop_every=1, methods={"getMe"})
        town.manual.advance(timedelta(days=40))
        await town.beat("retention")
        assert await told() == [("clock_doubted", "began")]
        town.manual.advance(MINUTE)
        await town.beat("retention")
        assert await told() == []
        town.telegram.faults.clear()
        town.manual.advance(MINUTE)
        await town.beat("retention")
        assert await told() == [("clock_doubted", "over")]


@pytest.mark.parametrize(
    "url", ["http://alerts.example/hook", "ftp://alerts.example", "https://", "alerts.example"]
)
def test_nobody_on_the_way_reads_it(url: str) -> None:
    with pytest.raises(ConfigError, match="QASID_ALERT_URL") as refused:
        Settings(alert_url=url).check()
    assert url not in str(refused.value) or url == "https://"
