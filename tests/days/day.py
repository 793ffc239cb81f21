"""A working day of the whole relay in its own process, while something goes wrong around it.

Telegram (the emulator), offices and phones are outside of it and keep count of what they were promised; they repeat
what got no answer, as desks and phones do. `over` waits until the day's work is done and holds it against the promises.
"""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
from sqlalchemy import and_, func, or_, select

from crypto.encoding import unb64u
from crypto.vault import Vault
from emulator.people import User
from emulator.server import serve_in_thread
from emulator.telegram import Telegram
from handlers.app import open_parts, prepare
from handlers.texts import Texts
from relay import inbox, integrity, offices
from store.tables.delivery import outbox
from tests.flow.actors import Office, Phone
from tests.flow.kills import TOKEN, TURN, Relay
from tests.proofs import figures

TEXTS = Texts()
PEOPLE, WRITERS, COMMANDS = 6, 4, 4
#: Between two tries of what got no answer, and between two looks at what is awaited.
RETRY_SECONDS, LOOK_SECONDS = 0.25, 0.05
PATIENCE_SECONDS = 100
#: A phone waits as long for an answer.
CLIENT_SECONDS = 30
#: What an administrator's `systemctl stop` waits for.
STOP_SECONDS = 10
#: A second answer or ring would have come by then.
AGAIN_SECONDS = 1.5


class Day:
    """Promises made to an office, its people, and some who type commands."""

    def __init__(self, telegram: Telegram, relay: Relay, http: httpx.AsyncClient) -> None:
        self.telegram, self.relay = telegram, relay
        #: Seconds that the relay's clock, and everybody's, is ahead of the machine's.
        self.ahead = 0
        #: Answers of the relay's other than success, and none at all ("").
        self.refused: Counter[int | str] = Counter()
        #: What they said.
        self.told: set[str] = set()
        self._http = http
        self.office = Office(http, self.now, f"127.0.0.1:{relay.port}")
        self.people: list[tuple[User, Phone]] = []
        self._sent: dict[bytes, list[bytes]] = {}
        self._handed: set[bytes] = set()
        self._writers: list[User] = []
        self._flood: list[User] = []
        self._said: dict[int, list[str]] = {}
        self._rounds = 0

    def now(self) -> int:
        """Unix seconds."""
        return int(time.time()) + self.ahead

    async def begin(self) -> None:
        """The relay starts; an office with its people, who have read everything."""
        settings = self.relay.settings
        prepare(settings)
        store, _ = open_parts(settings)
        try:
            code = store.write_now(lambda tx: offices.admit(tx, datetime.now(UTC))).code
        finally:
            store.close()
        await self.relay.start()
        await self.office.found(code)
        self._writers = [self.telegram.add_user(f"writer {number}") for number in range(WRITERS)]
        for number in range(PEOPLE):
            person = self.telegram.add_user(f"person {number}", "en")
            person.start()
            phone = await self.office.invite()
            await phone.enrol(person.init_data(None))
            self.people.append((person, phone))
            self._sent[phone.contact] = []

    async def work(self) -> None:
        """Everybody is written to once, hands in one letter, and types; returns when the letters are accepted."""
        self._rounds += 1
        for writer in self._writers:
            for _ in range(COMMANDS):
                said = self._said.setdefault(writer.id, [])
                command, key = TURN[len(said) % len(TURN)]
                said.append(key)
                writer.say(None, command)
        for person, phone in self.people:
            own = phone.letter()
            self._handed.add(own[2:18])
            person.say(None, phone.upload(own))
        await asyncio.gather(*(self.write_to(phone) for _, phone in self.people))

    def flood(self, people: int) -> None:
        """So many newcomers say something at once."""
        command, key = TURN[0]
        for _ in range(people):
            user = self.telegram.add_user(f"newcomer {len(self._flood)}")
            self._flood.append(user)
            self._said[user.id] = [key]
            user.say(None, command)

    async def write_to(self, phone: Phone) -> None:
        """A letter, handed over until it is accepted."""
        letter = self.office.letter(phone)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not await self._accepts(letter):  # noqa: ASYNC110 - the relay is another process
                await asyncio.sleep(RETRY_SECONDS)
        self._sent[phone.contact].append(letter[2:18])

    async def until(self, *refusals: int | str) -> None:
        """Write letters until each of these answers came at least once; what was not accepted is not promised."""
        _, phone = self.people[0]
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not all(self.refused[refusal] for refusal in refusals):
                letter = self.office.letter(phone)
                if await self._accepts(letter):
                    self._sent[phone.contact].append(letter[2:18])

    async def _accepts(self, letter: bytes) -> bool:
        try:
            answer = await self.office.client.call("POST", "/v1/envelopes", letter)
        except httpx.TransportError:
            self.refused[""] += 1
            return False
        if not answer.is_success:
            self.refused[answer.status_code] += 1
            assert answer.status_code == 503, answer.text
            self.told.add(answer.json()["message"])
        return answer.is_success

    async def over(self, name: str, *, again: int = 0) -> None:
        """All promises are kept, and exactly; then the relay stops in time and leaves nothing undone.

        `again`: how many calls to Telegram may have been made twice, for their outcome could not be noted.
        """
        await self._until_done()
        took = await self.stopped()
        rung, answered = self._copies()
        assert rung + answered <= again, "more was said twice than could not be noted"
        await asyncio.to_thread(self._leaves_nothing)
        figures.note(
            f"bad day: {name}",
            f"{sum(map(len, self._sent.values()))} letters out, {len(self._handed)} in, "
            f"{sum(map(len, self._said.values()))} commands; 0 lost; {rung + answered} of at most {again} said twice; "
            f"refused meanwhile {sum(self.refused.values())}; SIGTERM to exit {took:.1f} s",
        )

    async def stopped(self) -> float:
        """SIGTERM, and the relay leaves in time, as one that was asked to; seconds from the one to the other."""
        took = await self.relay.end(signal.SIGTERM)
        assert took < STOP_SECONDS
        assert self.relay.code == 0
        return took

    def cut_off(self) -> int:
        """How many calls to Telegram were under way when the relay ended."""
        store, _ = open_parts(self.relay.settings)
        try:
            under_way = select(func.count()).where(outbox.c.state == "claimed")
            return store.read_now(lambda tx: tx.execute(under_way).scalar_one())
        finally:
            store.close()

    async def _until_done(self) -> None:
        people = [*self._writers, *self._flood]
        await self.happens(
            lambda: all(self._heard(each) == self._said.get(each.id, []) for each in people), "answers"
        )
        await self.happens(lambda: all(self._rings(person) for person, _ in self.people), "doorbells")
        await self.happens(
            lambda: all(self._taken(person) >= self._rounds for person, _ in self.people), "receipts"
        )
        for _, phone in self.people:
            mail = (await phone.client.ok("GET", "/v1/mail?limit=100"))["items"]
            held = Counter(unb64u(each["envelope"])[2:18] for each in mail)
            assert held == Counter(self._sent[phone.contact]), "not the letters that were accepted, each once"
        came = (await self.office.client.ok("GET", "/v1/mail?limit=100"))["items"]
        assert Counter(unb64u(each["envelope"])[2:18] for each in came) == Counter(self._handed)
        await asyncio.sleep(AGAIN_SECONDS)

    async def happens(self, true: Callable[[], object], what: str) -> None:
        """Returns once it is true."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not true():  # noqa: ASYNC110 - as above
                    await asyncio.sleep(LOOK_SECONDS)
        except TimeoutError:
            raise AssertionError(f"never came: {what}") from None

    def _copies(self) -> tuple[int, int]:
        """How many doorbells and how many answers were too many; one doorbell may stand for several letters."""
        rung = sum(max(0, self._rings(person) - self._rounds) for person, _ in self.people)
        people = [*self._writers, *self._flood]
        answers = sum(len(self._answers(each)) - len(self._said.get(each.id, [])) for each in people)
        answers += sum(self._taken(person) - self._rounds for person, _ in self.people)
        return rung, answers

    def _heard(self, writer: User) -> list[str]:
        """Its answers without immediate repetitions: TURN makes neighbours differ."""
        answers = self._answers(writer)
        return [each for number, each in enumerate(answers) if number == 0 or answers[number - 1] != each]

    def _answers(self, writer: User) -> list[str]:
        known = {TEXTS.render("en", key): key for _, key in TURN}
        return [known[text] for text in texts(writer) if text in known]

    def _rings(self, person: User) -> int:
        return texts(person).count(TEXTS.render("en", "doorbell"))

    def _taken(self, person: User) -> int:
        return texts(person).count(TEXTS.render("en", "armour-taken"))

    def _leaves_nothing(self) -> None:
        settings = self.relay.settings
        store, vault = open_parts(settings)
        try:
            assert store.read_now(integrity.check) == []
            assert store.read_now(lambda tx: inbox.pending(tx, vault)) == []
            now = datetime.fromtimestamp(self.now(), UTC)
            waits = and_(outbox.c.state == "waiting", outbox.c.not_before <= now)  # answers vanish in an hour
            due = select(func.count()).where(or_(outbox.c.state == "claimed", waits))
            assert store.read_now(lambda tx: tx.execute(due).scalar_one()) == 0
        finally:
            store.close()


def texts(user: User) -> list[str]:
    """All that a person was ever told."""
    return [message.text for message in user.chat().messages.values() if message.from_bot]


@asynccontextmanager
async def day(folder: Path, database_url: str = "", **environment: str) -> AsyncIterator[Day]:
    """Begun; `folder` keeps the log and, for want of another address, the database."""
    telegram = Telegram(seed=7)
    telegram.random.seed()
    telegram.add_bot(TOKEN, "qasid_test_bot")
    with serve_in_thread(telegram) as api:
        relay = Relay(folder, api)
        relay.environment |= environment
        if database_url:
            relay.environment["QASID_DATABASE_URL"] = database_url
            Vault.create(folder / "vault.key")
        async with httpx.AsyncClient(base_url=relay.url, timeout=CLIENT_SECONDS) as http:
            made = Day(telegram, relay, http)
            try:
                await made.begin()
                yield made
            finally:
                await relay.end(signal.SIGKILL)
