"""One broadcast, from its release until nothing is left to be done, with kill -9 about once a second and a Telegram
that refuses, fails, falls silent and talks nonsense; at any hour of the day, for each has jobs of its own. What is
judged afterwards (verdict.py) is what Telegram saw.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

import httpx

from bench.progress import step
from crypto.encoding import b64u, unix
from crypto.keys import DeviceKeys
from crypto.notice import Cancel
from crypto.statement import Reply
from emulator.limits import MESSAGES_A_STAR
from emulator.server import serve_in_thread
from emulator.telegram import Telegram
from handlers.clock import Clock, OffsetClock
from handlers.wording import DOORBELL
from relay.doorbells import KABUL
from relay.pacing import FREE
from tests.chaos.book import Book, Claim
from tests.chaos.cast import Cast, gather
from tests.chaos.child import TEXTS
from tests.chaos.crew import Crew
from tests.flow.actors import Client
from tests.relay.house import Phone

TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz012345"
BELL = TEXTS.render("fa-AF", DOORBELL)
#: On PostgreSQL two lead by turns, and a third serves phones and desks.
ROLES = {"sqlite": ("both",), "postgresql": ("worker", "worker", "web")}
#: From the moment that all processes serve, and a doorbell has come since, to the next kill; and how long at most one
#: is waited for.
LIFE_SECONDS, SIGN_SECONDS = (0.1, 0.9), 5.0
#: One in so many is asked to end (SIGTERM) instead.
ASKED = 5
#: Kills end after so many times what the broadcast would take without them: on a slow machine it must end, too.
STORM = 3.0
#: From the start to the release.
START_SECONDS = 3.0
#: When what expires does, in parts of the time that the broadcast would take without any kill.
EXPIRY = 0.4
#: What of the calls to send goes wrong, each at least once. A 429 and a bare one hold everybody up for a second.
WEATHER = {
    "fail": 0.015, "drop": 0.015, "stranger": 0.01, "garbage": 0.01, "half": 0.01, "hang": 0.004, "refuse": 0.0015,
    "bare": 0.001,
}  # fmt: skip
#: Seconds on the wire each way.
LATENCY, JITTER = 0.02, 0.06
#: A claim made just before may be committed just after: what leaves within that time was in flight.
GRACE_SECONDS = 0.3
LOOK_SECONDS, RETRY_SECONDS = 0.05, 0.2
DAY_SECONDS = 86_400
#: Without a doorbell for anybody who misses one; a claim of who vanished stands half as long (relay/delivery.py).
PATIENCE_SECONDS = 120
#: A second ring would have come by then.
AGAIN_SECONDS = 1.5
SAY_EACH = 0.1


@dataclass(frozen=True)
class Ring:
    """A doorbell that Telegram took. `unanswered`: its sender was not told."""

    at: float
    message: int
    unanswered: bool


@dataclass(frozen=True)
class Stop:
    """From `at` on nobody is to be rung, but for who was `flying` then."""

    why: str
    at: float
    flying: bool


@dataclass
class Record:
    """What happened. People are named by their chats."""

    cast: Cast
    rings: dict[int, list[Ring]] = field(default_factory=dict)
    #: Everything else that was sent.
    strays: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    #: How many of those who are promised a doorbell had it when the last kill was over.
    amid: float = 0.0
    #: Claims on rings that an end cut off: each may have left, and is made again.
    cut: set[Claim] = field(default_factory=set)
    stops: dict[int, Stop] = field(default_factory=dict)
    returned: dict[int, float] = field(default_factory=dict)
    accepting: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    leaders: int = 0
    unsettled: int = 0
    #: Doorbells as the relay knows them, and those that stand in the chats.
    bells: dict[int, int] = field(default_factory=dict)
    standing: dict[int, set[int]] = field(default_factory=dict)
    blocked: set[int] = field(default_factory=set)
    exits: list[int | None] = field(default_factory=list)
    seconds: float = 0.0

    def rung(self, chat: int) -> list[Ring]:
        return self.rings.get(chat, [])

    def kept(self, chat: int) -> bool:
        """Whether the promise to ring was kept; to who was away, after they came back."""
        since = self.returned.get(chat, 0.0)
        return any(ring.at > since for ring in self.rung(chat))


class Storm:
    def __init__(
        self, telegram: Telegram, cast: Cast, crew: Crew, dice: Random, *, rate: int, clock: Clock
    ) -> None:
        self._telegram = telegram
        self._clock = clock
        self._cast = cast
        self._crew = crew
        self._dice = dice
        self._rate = rate
        self._book = Book(cast.url)
        self._http = httpx.AsyncClient(base_url=crew.url, timeout=10)
        #: Who was promised a doorbell that has not come yet.
        self._missing = set(cast.promised)
        self._seen = 0
        self._heard = 0.0
        #: No further kill; and nothing further at all.
        self._calm = self._over = False
        self.record = Record(cast)

    async def run(self, most_kills: int | None = None) -> Record:
        """Until nothing is left to be done, or nothing has moved for PATIENCE_SECONDS; at most so many kills."""
        began = time.monotonic()
        size = len(self._cast.everybody)
        release = self._clock.now() + timedelta(seconds=START_SECONDS)
        expiry = release + timedelta(seconds=EXPIRY * size / self._rate)
        self._cast.schedule(release, expiry)
        try:
            await self._crew.start()
            self._heard = time.monotonic()
            async with asyncio.TaskGroup() as group:
                killing = group.create_task(self._kill(most_kills))
                group.create_task(self._watch())
                plans = [group.create_task(self._expire(expiry)), group.create_task(self._act())]
                await asyncio.wait(plans)
                await self._until(lambda: not self._missing)
                self._calm = True
                await asyncio.wait([killing])
                await self._crew.serve()
                self._heard = time.monotonic()
                await self._until(lambda: not self._book.unsettled())
                self.record.exits += await self._crew.stop()
                # What rings for nothing any more is found at every start, and every five minutes.
                await self._crew.start()
                self._heard = time.monotonic()
                await self._until(lambda: not self._book.unsettled() and not self._idle())
                await asyncio.sleep(AGAIN_SECONDS)
                self._over = True
        finally:
            self.record.exits += await self._crew.stop()
            await self._http.aclose()
        self._look()
        self._close()
        self.record.seconds = time.monotonic() - began
        return self.record

    async def _kill(self, most: int | None) -> None:
        """SIGKILL whoever it hits, or now and then SIGTERM, and start it anew."""
        end = time.monotonic() + START_SECONDS + STORM * len(self._cast.everybody) / self._rate
        while most is None or self.record.kills.total() < most:
            await self._crew.serve()
            await self._sign()
            await asyncio.sleep(self._dice.uniform(*LIFE_SECONDS))
            if self._calm or time.monotonic() > end:
                break
            victim = self._crew.victim(self._dice)
            if self._dice.randrange(ASKED):
                await victim.kill()
                self.record.kills[victim.role] += 1
            else:
                self.record.exits.append(await victim.stop())
            own = f":{victim.port}/"
            self.record.cut |= {claim for claim in self._book.flying() if own in claim.owner}
            self._crew.again(victim)
        self.record.amid = self._progress()

    async def _sign(self) -> None:
        """Returns once a doorbell comes: a relay that is killed before it can do anything shows nothing."""
        before = self._seen
        with suppress(TimeoutError):
            async with asyncio.timeout(SIGN_SECONDS):
                while self._seen == before:  # noqa: ASYNC110 - Telegram tells nobody
                    await asyncio.sleep(LOOK_SECONDS)

    async def _watch(self) -> None:
        said = 0.0
        while not self._over:
            self._look()
            progress = self._progress()
            if progress >= said:
                kills, cut = self.record.kills.total(), len(self.record.cut)
                step(
                    f"{progress:.0%} of {len(self._cast.promised):,} rung, {kills} kills, {cut} rings cut off"
                )
                said = progress + SAY_EACH
            await asyncio.sleep(LOOK_SECONDS)

    def _look(self) -> None:
        """Take down what Telegram has noted since."""
        sends = self._telegram.sends
        for send in sends[self._seen :]:
            self._seen += 1
            if not send.sent:
                continue
            chat = int(send.chat_id)
            assert send.message_id is not None
            if self._telegram.user(chat).chat().messages[send.message_id].text != BELL:
                self.record.strays += 1
                continue
            ring = Ring(send.at, send.message_id, bool(send.fault))
            self.record.rings.setdefault(chat, []).append(ring)
            if chat in self._missing and self.record.kept(chat):
                self._missing.discard(chat)
                self._heard = time.monotonic()

    def _progress(self) -> float:
        """How many of those who are promised a doorbell have it."""
        return 1 - len(self._missing) / len(self._cast.promised)

    async def _until(self, true: Callable[[], object]) -> None:
        """Returns once it is true, or when nothing has moved for too long: what is missing then is lost."""
        while not true() and time.monotonic() - self._heard < PATIENCE_SECONDS:  # noqa: ASYNC110 - other processes
            await asyncio.sleep(LOOK_SECONDS)

    def _idle(self) -> bool:
        """Whether a doorbell stands for nothing."""
        return any(self._cast.chats[account] in self.record.stops for account in self._book.bells())

    # --- what people and the office do meanwhile

    async def _act(self) -> None:
        """Each at its time: when so many have been rung."""
        cast = self._cast
        acts: list[tuple[float, Callable[[], Awaitable[None]]]] = [(0.3, self._call_off)]
        acts += [(self._turn(), partial(self._block, chat)) for chat in sorted(cast.returning | cast.leaving)]
        acts += [(self._turn(), partial(self._withdraw, *each)) for each in sorted(cast.withdrawing.items())]
        for number, (chat, phone) in enumerate(sorted(cast.answering.items())):
            reply = Reply.ACCEPT if number % 2 else Reply.DECLINE
            acts.append((0.0, partial(self._answer, chat, phone, reply)))
        async with asyncio.TaskGroup() as group:
            for due, act in sorted(acts, key=lambda each: each[0]):
                await self._until(lambda: self._progress() >= due)  # noqa: B023 - called before it changes
                group.create_task(act())

    def _turn(self) -> float:
        return self._dice.uniform(0, 0.9)

    async def _call_off(self) -> None:
        house = self._cast.house
        chief = house.chief
        said = Cancel(house.office, self._cast.notice, 1, bytes(32), 1, chief.device, unix(self._clock.now()))
        body = {"cancel": b64u(said.sign(chief.keys.sign_seed)), "envelope": None}
        await self._ask(chief.keys, f"/v1/notices/{b64u(self._cast.notice)}/1/cancel", body)
        await self._stop(self._cast.called_off, "called off")

    async def _withdraw(self, chat: int, phone: Phone) -> None:
        phone.house.now = self._clock.now()
        body = {"consent": b64u(phone.statement("messages", False))}
        await self._ask(phone.keys, "/v1/consents", body)
        await self._stop({chat}, "consent taken back")

    async def _answer(self, chat: int, phone: Phone, reply: Reply) -> None:
        await self._until(lambda: chat in self.record.rings)
        phone.house.now = self._clock.now()
        body = {"answer": b64u(phone.answer(self._cast.draft, reply))}
        await self._ask(phone.keys, "/v1/answers", body)
        self.record.accepting += reply is Reply.ACCEPT

    async def _block(self, chat: int) -> None:
        user = self._telegram.user(chat)
        user.block()
        if chat in self._cast.returning:
            await asyncio.sleep(self._dice.uniform(0, 5))
            with self._telegram.lock:
                self.record.returned[chat] = self._telegram.clock.time()
                self._missing.add(chat)
                user.unblock()

    async def _expire(self, at: datetime) -> None:
        await asyncio.sleep((at - self._clock.now()).total_seconds())
        await self._stop(self._cast.expiring, "expired")

    async def _stop(self, chats: set[int], why: str) -> None:
        """It is committed, or past, that nobody is to ring them any more."""
        await asyncio.sleep(GRACE_SECONDS)
        flying = {self._cast.chats[claim.account] for claim in self._book.flying()}
        now = self._telegram.clock.time()
        self.record.stops |= {chat: Stop(why, now, chat in flying) for chat in chats}

    async def _ask(self, keys: DeviceKeys, path: str, body: dict[str, str | None]) -> None:
        """Until it is answered, as phones and desks do; raises RuntimeError for a refusal."""
        client = Client(self._http, keys, lambda: unix(self._clock.now()), self._crew.authority)
        while True:
            try:
                answer = await client.call("POST", path, body)
            except httpx.TransportError:
                await asyncio.sleep(RETRY_SECONDS)
                continue
            if answer.is_success:
                return
            if answer.status_code not in (429, 503):
                raise RuntimeError(f"{path.split('/')[2]} refused: {answer.text}")
            await asyncio.sleep(RETRY_SECONDS)

    def _close(self) -> None:
        """What is left, of the database and in the chats."""
        record, book, chats = self.record, self._book, self._cast.chats
        record.faults = self._telegram.faults.happened
        record.leaders, record.unsettled = book.leaders(), book.unsettled()
        record.bells = {chats[account]: message for account, message in book.bells().items()}
        record.blocked = {chats[account] for account in book.blocked()}
        for chat, rings in record.rings.items():
            find = self._telegram.user(chat).chat().find
            record.standing[chat] = {ring.message for ring in rings if find(ring.message) is not None}


@dataclass(frozen=True)
class Plan:
    """`rate`: QASID_BROADCAST_RATE; beyond Telegram's free 30 a second the emulated one is paid for."""

    database: str
    people: int
    rate: int
    seed: int
    #: In Kabul, when everybody has come.
    hour: int
    kills: int | None = None
    sabotage: Callable[[], None] | None = None


def weather(size: int, dice: Random) -> list[str]:
    """What each of the first calls to send runs into."""
    script = ["ok"] * size
    for kind, share in WEATHER.items():
        for _ in range(max(1, round(size * share))):
            script[dice.randrange(size)] = kind
    return script


def _until_hour(hour: int) -> int:
    """Seconds until it is that hour in Kabul."""
    now = datetime.now(KABUL)
    then = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    return int((then - now).total_seconds()) % DAY_SECONDS


def blow(plan: Plan, folder: Path, address: str = "") -> Record:
    """The whole of it; on the empty PostgreSQL at `address`, up to date, if that is the plan's database."""
    dice = Random(plan.seed)
    ahead = _until_hour(plan.hour)
    telegram = Telegram(seed=plan.seed)
    telegram.clock.advance(ahead)
    offset = folder / "clock"
    offset.write_text(str(ahead))
    clock = OffsetClock(offset)
    bot = telegram.add_bot(TOKEN, "qasid_chaos_bot")
    step(f"{plan.people:,} people (seed {plan.seed}, {plan.hour} o'clock)")
    cast = gather(telegram, plan.people, folder, dice, clock, address)
    if plan.rate > FREE:
        bot.limits.payable = 1000 * plan.people * MESSAGES_A_STAR
    telegram.faults.set(
        script=weather(plan.people, dice),
        stranger_status=502,
        latency=LATENCY,
        jitter=JITTER,
        duplicate_every=7,
        redeliver_every=11,
        reorder=True,
    )
    with serve_in_thread(telegram) as api:
        environment = {
            "QASID_BOT_TOKEN": TOKEN,
            "QASID_BOT_API_URL": api,
            "QASID_POLLING": "1",
            "QASID_DATABASE_URL": cast.url,
            "QASID_VAULT_KEY_FILE": str(cast.key),
            "QASID_BROADCAST_RATE": str(plan.rate),
            "QASID_CLOCK_FILE": str(offset),
        }
        crew = Crew(folder, environment, ROLES[plan.database], plan.sabotage)

        async def storm() -> Record:
            return await Storm(telegram, cast, crew, dice, rate=plan.rate, clock=clock).run(plan.kills)

        return asyncio.run(storm())
