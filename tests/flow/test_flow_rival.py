"""Two relays with one token: each gets a part of what is said, both tell so, and the one that stays gets all again."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from emulator.bots import Bot
from emulator.clock import ManualClock
from emulator.people import User
from emulator.server import serve
from emulator.telegram import Telegram
from handlers.profile import address
from handlers.rival import GONE, LOOK, SIGNS, Rival
from handlers.server import listen, serve_until
from relay import inbox
from tests.flow.world import TOKEN, StepClock, World, running

SECOND = timedelta(seconds=1)
#: In the clock's time: so long at most until something comes about.
PATIENCE = timedelta(minutes=10)
#: Of updates, for each relay.
SHARE = 3


@dataclass
class Street:
    """One Telegram, and what is asked of it."""

    folder: Path
    manual: ManualClock
    telegram: Telegram
    bot: Bot
    api: str
    asked: Counter[str]
    towns: list[World] = field(default_factory=list)

    @asynccontextmanager
    async def relay(self, name: str, mode: str) -> AsyncIterator[World]:
        """One that lives in a folder of its own, and is reached at an address of its own."""
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        bound = listen("127.0.0.1", 0)
        url = f"http://127.0.0.1:{bound.getsockname()[1]}"
        stop = asyncio.Event()
        async with running(
            folder,
            self.manual,
            self.telegram,
            self.bot,
            api=self.api,
            polling=mode == "poll",
            public_url=url,
        ) as town:
            web = asyncio.create_task(serve_until(town.house.web(), bound, stop, proxies=""))
            self.towns.append(town)
            try:
                yield town
            finally:
                self.towns.remove(town)
                stop.set()
                await web

    def someone(self) -> User:
        """Says one thing, which has one answer."""
        person = self.telegram.add_user("Somebody", "en")
        person.start()
        return person

    @property
    def pending(self) -> int:
        return len(self.bot.queue.pending)

    @property
    def confirmed(self) -> set[int]:
        """What Telegram hands out no more, for somebody said that it is safe."""
        return {update.id for update in self.bot.queue.confirmed}

    async def until(
        self, holds: Callable[[], object], each: Callable[[], object] = lambda: None, step: timedelta = SECOND
    ) -> None:
        """Step by step on the clock; `each` is done in every one."""
        end = self.manual.now() + PATIENCE
        async with asyncio.timeout(60):
            while not holds():
                assert self.manual.now() < end, "it never came about"
                each()
                await self.pass_(step, step)

    async def pass_(self, span: timedelta, step: timedelta = SECOND) -> None:
        for _ in range(span // step):
            self.manual.advance(step)
            for town in self.towns:
                await town.quiet(pending=False)


@pytest.fixture
async def street(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Street]:
    manual = ManualClock()
    telegram = Telegram(manual, seed=7)
    bot = telegram.add_bot(TOKEN, "qasid_test_bot")
    asked: Counter[str] = Counter()
    call = telegram.call

    def counted(token: str, method: str, *given: Any) -> object:
        asked[method.lower()] += 1
        return call(token, method, *given)

    monkeypatch.setattr(telegram, "call", counted)
    async with serve(telegram) as api:
        yield Street(tmp_path, manual, telegram, bot, api, asked)


def taken(town: World) -> set[int]:
    """The updates that the relay accepted."""
    return set(town.store.read_now(lambda tx: tx.scalars(text("SELECT update_id FROM inbox")).all()))


async def waits(town: World) -> int:
    return len(await town.store.read(lambda tx: inbox.pending(tx, town.house.vault)))


def answers(street: Street, people: Iterable[User]) -> list[int]:
    return [len([each for each in person.chat().visible() if each.from_bot]) for person in people]


async def alerted(town: World) -> bool:
    return (await town.house.watch.look()).judged["token_shared"]


MODES = [
    ("poll", "poll"),
    ("webhook", "poll"),
    pytest.param("poll", "webhook", marks=pytest.mark.prove),
    pytest.param("webhook", "webhook", marks=pytest.mark.prove),
]


@pytest.mark.parametrize(("mine", "theirs"), MODES)
async def test_the_one_that_stays_gets_all_again_and_nothing_accepted_is_lost(
    street: Street, mine: str, theirs: str
) -> None:
    people: list[User] = []

    def talk() -> None:
        people.append(street.someone())

    async with street.relay("one", mine) as first:
        await street.until(lambda: taken(first), talk)
        assert not await alerted(first)
        # The poller has its turn between its own look at the webhook and the other's.
        await street.pass_(LOOK // 3 if mine == "webhook" else 2 * LOOK // 3, 5 * SECOND)
        async with street.relay("two", theirs) as second:
            rivals = [first.house.rival, second.house.rival]
            begun, before = street.manual.now(), street.asked.copy()
            await street.until(lambda: all(rival.there for rival in rivals), talk)
            assert [await alerted(town) for town in street.towns] == [True, True]
            told = taken(first), taken(second)

            # Now Telegram takes no answers, so that each relay has some left when the second one is stopped.
            street.telegram.faults.set(refuse_every=1, retry_after=30)
            await street.until(
                lambda: (
                    min(len(taken(town) - old) for town, old in zip(street.towns, told, strict=True)) >= SHARE
                ),
                talk,
            )
            looks = (street.manual.now() - begun) // LOOK + 1
            changed = {name: street.asked[name] - before[name] for name in ("setwebhook", "deletewebhook")}
            assert sum(changed.values()) <= 2 * looks, "each puts it right once a minute at most"
            assert 0 in answers(street, people)
            kept = taken(second)
        street.telegram.faults.clear()

        await street.until(lambda: street.pending == 0 and not first.house.rival.there, step=5 * SECOND)
        assert not await alerted(first)
        assert (street.bot.webhook.url if street.bot.webhook else "") == address(
            first.settings.public_url, first.house.hook
        )
        own = taken(first)
        later = []
        for _ in range(20):
            later.append(street.someone())
            await street.pass_(SECOND)
        await street.until(lambda: street.pending == 0)
        await street.pass_(5 * SECOND)
        assert answers(street, later) == [1] * 20
        assert len(taken(first) - own) == 20
        assert await waits(first) == 0
        mine_in_all = taken(first)
    assert street.confirmed <= mine_in_all | kept, "what Telegram forgets, somebody has"

    async with street.relay("two", theirs) as second:
        assert taken(second) == kept
        await street.until(lambda: 0 not in answers(street, people))
        assert await waits(second) == 0
        assert max(answers(street, people)) <= 2, "once by each of them at most"
        assert answers(street, later) == [1] * 20


async def test_whoever_polls_in_vain_asks_ever_less_often(
    street: Street, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another relay's webhook, which this one may not take away within the minute."""
    async with street.relay("one", "poll") as first:
        await street.until(lambda: taken(first), street.someone)
        hook = {"url": "http://127.0.0.1:9/elsewhere"}
        street.telegram.call(TOKEN, "setWebhook", hook)
        capsys.readouterr()
        seen = street.asked["getupdates"]
        await street.pass_(LOOK - 2 * SECOND)
        assert 2 <= street.asked["getupdates"] - seen <= 5
        assert "another process uses this bot token: stop it" in capsys.readouterr().err
        await street.until(lambda: street.bot.webhook is None)
        person = street.someone()
        await street.until(lambda: answers(street, [person]) == [1])


async def test_out_of_sight_of_telegram_nobody_is_suspected(street: Street) -> None:
    async with street.relay("one", "webhook") as first:
        street.telegram.faults.set(drop_every=2, garbage_every=1, methods={"getWebhookInfo"})
        await street.pass_(4 * LOOK, 5 * SECOND)
        assert street.telegram.faults.happened.keys() >= {"drop", "garbage"}
        assert not first.house.rival.there
        street.bot.webhook = None
        street.telegram.faults.clear()
        await street.until(lambda: first.house.rival.there)
        assert street.bot.webhook is not None


def test_one_conflict_is_none_and_what_was_long_ago_is_over() -> None:
    manual = ManualClock()
    rival = Rival(StepClock(manual))
    for _ in range(3):
        rival.seen()
        assert not rival.there
        manual.advance(GONE)
    rival.seen()
    manual.advance(GONE - SECOND)
    rival.seen()
    assert rival.there
    manual.advance(-timedelta(days=1))
    assert not rival.there
    rival.seen(SIGNS)
    assert rival.there
