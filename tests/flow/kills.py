"""kill -9 of the real relay process at random moments, with the emulated Telegram and the clients outside of it.

Each round: one new person is written to by the office, and hands in a letter of their own through the chat, while
several people type commands in bursts; the process dies somewhere between taking an update, answering it, accepting
an envelope and ringing, with later answers of each chat waiting behind the one that is on its way. Clients repeat what
got no answer, as phones and desks do. At the end nothing may be missing, and every chat must read in the order it was
typed, across all kills.
"""

import asyncio
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx

from crypto.encoding import unb64u
from emulator.people import User
from emulator.server import serve_in_thread
from emulator.telegram import Telegram
from handlers.app import open_parts, prepare
from handlers.config import Settings
from handlers.server import listen
from handlers.texts import Texts
from relay import offices
from tests import databases
from tests.flow.actors import Office, Phone

TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz012345"
#: Commands in turn, so that neighbours differ and an answer twice in a row is a repetition.
TURN = (("/help", "help"), ("/language", "language-question"), ("/stop", "stop-question"))
WRITERS = 6
#: Commands of one writer in a round: a chat hears one answer a second, so the kill meets answers that wait.
BURST = 3
#: From the first command of a round to the kill, in seconds: a round's work takes most of it.
WINDOW = 2.5


@dataclass
class Report:
    """What happened, in counts."""

    kills: int = 0
    commands: int = 0
    unanswered: int = 0
    answered_again: int = 0
    out_of_order: int = 0
    envelopes: int = 0
    not_in_mail: int = 0
    handed_in_lost: int = 0
    never_rung: int = 0
    most_rings: int = 0
    rung_again: int = 0
    rings_per_person: Counter[int] = field(default_factory=Counter)
    #: Calls that the dead processes had claimed and not settled: each of these, and no other, may be made again.
    in_flight: int = 0
    #: Kills that hit the process before the round's work was done.
    hit: int = 0
    seconds: float = 0.0
    #: Kills after which answers to commands taken before them were still to come.
    behind: int = 0
    #: From the last restart until nothing was missing, and the most answers that one chat then still had to hear.
    drained_seconds: float = 0.0
    backlog: int = 0
    #: From SIGTERM to exit.
    exit_seconds: float = 0.0

    def line(self) -> str:
        return (
            f"{self.kills} kills ({self.hit} amid work, {self.behind} with answers waiting in a chat) "
            f"in {self.seconds:.0f} s: {self.commands} commands, "
            f"{self.unanswered} lost, {self.answered_again} answered again, {self.out_of_order} out of order; "
            f"{self.envelopes} envelopes, {self.not_in_mail} lost; as many through the chat, "
            f"{self.handed_in_lost} lost; {self.never_rung} not rung, "
            f"{self.in_flight} calls cut off; "
            f"{self.rung_again} rung again (at most {self.most_rings} for one person); "
            f"all there {self.drained_seconds:.1f} s after the last restart "
            f"({self.backlog} answers for one chat); SIGTERM to exit {self.exit_seconds:.2f} s"
        )


class Relay:
    """The real `qasid run` in its own process."""

    def __init__(self, folder: Path, api: str) -> None:
        with listen("127.0.0.1", 0) as bound:
            self.port = bound.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "relay.log"
        self.database = folder / "qasid.db"
        self.environment = {
            "QASID_BOT_TOKEN": TOKEN,
            "QASID_BOT_API_URL": api,
            "QASID_POLLING": "1",
            "QASID_PUBLIC_URL": self.url,
            "QASID_DATABASE_URL": databases.bare(self.database),
            "QASID_VAULT_KEY_FILE": str(folder / "vault.key"),
            "QASID_PORT": str(self.port),
        }
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        """Of the process that was started last."""
        assert self._process is not None
        return self._process.pid

    @property
    def settings(self) -> Settings:
        named = {name.removeprefix("QASID_").lower(): value for name, value in self.environment.items()}
        return Settings.load(**named)

    @property
    def code(self) -> int | None:
        """What the process that was started last ended with; None while it runs."""
        assert self._process is not None
        return self._process.returncode

    async def start(self) -> None:
        await self.spawn()
        await self.serves()

    async def spawn(self) -> None:
        """The process is there; what it does is not awaited."""
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "handlers.cli",
                "run",
                env={**os.environ, **self.environment},
                stdout=log,
                stderr=log,
            )

    async def serves(self) -> None:
        """Returns once it answers."""
        async with httpx.AsyncClient(base_url=self.url) as http, asyncio.timeout(30):
            while True:
                try:
                    if (await http.get("/healthz")).is_success:
                        return
                except httpx.TransportError:
                    await asyncio.sleep(0.02)

    def most_memory(self) -> int:
        """The most that the process ever had in memory, in bytes."""
        assert self._process is not None
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024

    async def end(self, number: signal.Signals) -> float:
        """Signal it and wait; seconds from signal to exit."""
        if self._process is None or self._process.returncode is not None:
            return 0.0
        started = time.monotonic()
        self._process.send_signal(number)
        await self._process.wait()
        return time.monotonic() - started


class Trial:
    """One run of rounds and kills."""

    def __init__(self, folder: Path, telegram: Telegram, relay: Relay, seed: int, burst: int) -> None:
        self._telegram = telegram
        self._burst = burst
        self._relay = relay
        self._random = random.Random(seed)
        self._http = httpx.AsyncClient(base_url=relay.url, timeout=10)
        self._texts = Texts()
        self._said: dict[int, list[str]] = {}
        self._sent: list[tuple[User, Phone, bytes]] = []
        #: Ids of envelopes that phones handed in through the chat.
        self._handed: set[bytes] = set()
        self._restarted = 0.0
        self.report = Report()

    async def run(self, kills: int) -> Report:
        started = time.monotonic()
        try:
            await self._rounds(kills)
        finally:
            await self._relay.end(signal.SIGKILL)
            await self._http.aclose()
        self.report.seconds = time.monotonic() - started
        return self.report

    async def _rounds(self, kills: int) -> None:
        code = self._admit()
        await self._relay.start()
        office = Office(self._http, lambda: int(time.time()), f"127.0.0.1:{self._relay.port}")
        await office.found(code)
        writers = [self._telegram.add_user(f"writer {number}") for number in range(WRITERS)]
        for _ in range(kills):
            await self._round(office, writers)
        await self._judge(office, writers)
        self.report.exit_seconds = await self._relay.end(signal.SIGTERM)

    def _admit(self) -> str:
        settings = self._relay.settings
        prepare(settings)
        store, _ = open_parts(settings)
        try:
            return store.write_now(lambda tx: offices.admit(tx, datetime.now(UTC))).code
        finally:
            store.close()

    async def _round(self, office: Office, writers: list[User]) -> None:
        person, phone = await self._newcomer(office)
        letter = office.letter(phone)
        own = phone.letter()
        self._handed.add(own[2:18])
        person.say(None, phone.upload(own))
        posting = asyncio.create_task(office.client.call("POST", "/v1/envelopes", letter))
        for _ in range(self._burst):
            for writer in writers:
                said = self._said.setdefault(writer.id, [])
                command, key = TURN[len(said) % len(TURN)]
                said.append(key)
                writer.say(None, command)
        self.report.commands += self._burst * len(writers)
        await asyncio.sleep(self._random.uniform(0, WINDOW))
        await self._relay.end(signal.SIGKILL)
        self.report.kills += 1
        self.report.in_flight += self._claimed()
        self.report.hit += not self._round_done(writers, person)
        self.report.behind += any(len(self._said[w.id]) - len(self._answers(w)) > 1 for w in writers)
        await self._relay.start()
        self._restarted = time.monotonic()
        self.report.backlog = max(len(self._said[w.id]) - len(self._answers(w)) for w in writers)
        try:
            accepted = (await posting).is_success
        except httpx.TransportError:
            accepted = False
        if not accepted:
            await office.client.ok("POST", "/v1/envelopes", letter)
        self._sent.append((person, phone, letter[2:18]))
        self.report.envelopes += 1

    async def _newcomer(self, office: Office) -> tuple[User, Phone]:
        person = self._telegram.add_user("Sara", "fa")
        person.start()
        phone = await office.invite()
        await phone.enrol(person.init_data(None), "fa-AF")
        return person, phone

    def _claimed(self) -> int:
        claimed = "SELECT count(*) FROM outbox WHERE state = 'claimed'"
        ((found,),) = databases.behind(self._relay.database, claimed)
        return int(found)

    def _round_done(self, writers: list[User], person: User) -> bool:
        answered = all(len(self._answers(writer)) >= len(self._said[writer.id]) for writer in writers)
        return answered and self._rings(person) > 0

    async def _judge(self, office: Office, writers: list[User]) -> None:
        """Wait until nothing is missing or 150 s (what waits, a lease and its retry) are over; repetitions get 1 s."""
        deadline = time.monotonic() + 150
        while time.monotonic() < deadline:
            complete = all(_collapsed(self._answers(w)) == self._said[w.id] for w in writers)
            if complete and all(self._rings(person) and self._taken(person) for person, _, _ in self._sent):
                break
            await asyncio.sleep(0.1)
        report = self.report
        report.drained_seconds = time.monotonic() - self._restarted
        await asyncio.sleep(1)
        for writer in writers:
            answers, said = self._answers(writer), self._said[writer.id]
            report.unanswered += sum((Counter(said) - Counter(answers)).values())
            report.answered_again += len(answers) - len(said)
            report.out_of_order += _collapsed(answers) != said
        came = (await office.client.ok("GET", "/v1/mail?limit=100"))["items"]
        report.handed_in_lost = len(self._handed - {unb64u(each["envelope"])[2:18] for each in came})
        for person, phone, envelope in self._sent:
            mail = (await phone.client.ok("GET", "/v1/mail"))["items"]
            report.not_in_mail += [unb64u(each["envelope"])[2:18] for each in mail] != [envelope]
            rings = self._rings(person)
            report.rings_per_person[rings] += 1
            report.never_rung += rings == 0
            report.rung_again += max(0, rings - 1)
            report.most_rings = max(report.most_rings, rings)

    def _answers(self, writer: User) -> list[str]:
        known = {self._texts.render("en", key): key for _, key in TURN}
        return [known[m.text] for m in writer.chat().messages.values() if m.from_bot and m.text in known]

    def _taken(self, person: User) -> bool:
        taken = self._texts.render("fa-AF", "armour-taken")
        return any(m.from_bot and m.text == taken for m in person.chat().messages.values())

    def _rings(self, person: User) -> int:
        doorbell = self._texts.render("fa-AF", "doorbell")
        return sum(m.from_bot and m.text == doorbell for m in person.chat().messages.values())


def _collapsed(answers: list[str]) -> list[str]:
    """Without immediate repetitions."""
    return [each for number, each in enumerate(answers) if number == 0 or answers[number - 1] != each]


@contextmanager
def trial(folder: Path, seed: int, burst: int = BURST) -> Iterator[Trial]:
    """Emulator in a thread with the paid rate, so that rounds are short; the relay's own pacing stays as it is."""
    telegram = Telegram(seed=seed)
    telegram.random.seed()
    telegram.add_bot(TOKEN, "qasid_test_bot")
    with serve_in_thread(telegram) as api:
        yield Trial(folder, telegram, Relay(folder, api), seed, burst)
