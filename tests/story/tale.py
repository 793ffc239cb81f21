"""The steps of the story. Each does something as its person would and verifies what must be true after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import TimeoutError as Timeout
from playwright.sync_api import sync_playwright

from crypto.device import DeviceRecord
from crypto.prekey import Prekey
from crypto.roster import Roster
from crypto.signature import parse_signed
from tests import databases
from tests.browser.chromium import launcher
from tests.story import dump
from tests.story.evil import Liar, Lie
from tests.story.loss import Lossy, PatientPhone
from tests.story.page import Page
from tests.story.phone import Phone
from tests.story.stage import PASSPHRASE, Desk, Stage, StoryError, at_once, free_port, until
from tests.story.texts import BRING, MESSAGE, NOTE, PLACE, REPLY, SECRETS, TYPED

HOUR = 3600
PIN = "739164"
FILE_PIN = "80527149"  # of the second device's keys
DOORBELL = "There is something for you"

Say = Callable[[str], None]


@dataclass
class Tale:
    """The cast, and what they learn on the way."""

    stage: Stage
    phone: Phone
    say: Say
    twice: bool = False  # sabotage: one officer approves twice
    early: bool = False  # sabotage: the relay releases before its time
    leak: bool = False  # sabotage: a text stands in the relay's log
    drop: bool = False  # sabotage: what the bot took never comes to the office
    curious: bool = False  # sabotage: the offline page asks the network for something
    people: dict[str, int] = field(default_factory=dict)
    desks: dict[str, Desk] = field(default_factory=dict)
    letter: dict[str, Any] = field(default_factory=dict)
    number: str = ""
    notice: str = ""
    household: str = ""
    stranger: str = ""  # the alias of whoever came without a letter
    guest: Phone | None = None  # their phone
    page: Page | None = None  # the evacuee's second device
    offices: dict[str, str] = field(default_factory=dict)  # ids, by the desk each began at

    @property
    def first(self) -> Desk:
        return self.desks["desk-1"]

    @property
    def second(self) -> Desk:
        return self.desks["desk-2"]

    def must(self, true: object, what: str) -> None:
        """Say what was verified, or end the story."""
        if not true:
            raise StoryError(f"not so: {what}")
        self.say(what)

    # -- the office

    def the_office_begins(self) -> None:
        begun = self.found("desk-1", "C-01")
        self.must(begun["office"] == begun["root"], "the office is registered under its own root")
        self.must(begun["roster"]["version"] == 1, "roster 1 stands, with the first epoch")

    def a_second_officer_joins(self) -> None:
        desk, joined = self.join("desk-2", "C-02")
        self.must(joined["roles"] == ["coordinator", "caseworker"], "a second coordinator stands in roster 2")
        self.first.run("inbox")  # any command hands over what colleagues are owed
        desk.run("inbox")
        epochs = desk.run("roster", "show")["epochs"]
        self.must(all(epoch["held"] for epoch in epochs), "the second desk was granted the office's epoch")

    def officers_bind_their_accounts(self) -> None:
        self.bind(self.first, "officer-1")
        self.bind(self.second, "officer-2")
        self.say("both officers' Telegram accounts are bound by links their devices signed")

    # -- the person

    def a_letter_of_introduction(self) -> None:
        self.letter = self.first.run("invite", "--alias", "K-4821")
        self.must(len(self.letter["words"]) == 12, "a letter: text, code and twelve words")
        self.must(self.letter["text"] not in (self.letter["link"] or ""), "the link carries no secret")

    def the_phone_enrols(self) -> None:
        stage = self.stage
        person = self.people["evacuee"] = stage.person("evacuee", "en")
        stage.act(person, "start", payload=f"i_{self.letter['invitation']}")
        button = until("the bot's welcome with the open button", self._open_button)
        self.phone.open(stage.act(person, "press", button=button)["result"])
        self.number = self.phone.enrol(self.letter["text"], PIN)
        self.must(
            len(self.number.split()) == 12, "the phone pinned the office, signed its consents, and waits"
        )

    def the_office_confirms(self) -> None:
        checked = self.first.run("confirm", "--yes")
        outcomes = [each["outcome"] for each in checked["enrolments"]]
        self.must(outcomes == ["enrolled"], "the desk verified the letter's MAC and signed a contact card")
        shown = self.first.run("verify", "K-4821")["devices"][0]["number"]
        self.must(digits(shown) == digits(self.number), "desk and phone show the same comparison number")
        self.phone.see("screen-waiting") if self.phone.count("screen-waiting") else None
        self.phone_until("screen-home")
        self.say("the phone checked the card and opened its home")

    def a_status_travels(self) -> None:
        self.phone.send_status("safe", NOTE)
        self.say("the phone sealed a status to the office's epoch; the relay took it")
        message = self._received("status")
        read = self.first.run("read", str(message["id"]))
        self.must(read["status"] == "safe" and read["text"] == NOTE, "the desk opened it: safe, and the note")
        self.must(not read["gap"], "nothing is missing before it")

    def a_reply_travels(self) -> None:
        person = self.people["evacuee"]
        self.phone.put_away()
        sent = self.first.run("reply", "K-4821", REPLY)
        self.must(sent["state"] == "accepted", "the reply was sealed to the phone and the office's own epoch")
        until("the doorbell", lambda: len(self._rings(person)) == 1)
        chat = " ".join(message["body"] for message in self.stage.chat(person))
        self.must(
            not any(secret in chat for secret in SECRETS), "Telegram shows one neutral doorbell, no content"
        )
        self._open_the_app()
        self.phone_until_text(REPLY)
        self.say("the phone opened the reply, signed inside by an officer of roster 2")
        copy = self._received("text", self.second)
        self.must(
            self.second.run("read", str(copy["id"]))["text"] == REPLY, "the colleague's desk reads it too"
        )

    def typed_text_is_taken_away(self) -> None:
        person = self.people["evacuee"]
        self.write(person, TYPED)
        until(
            "typed text to be deleted", lambda: not any(TYPED in m["body"] for m in self.stage.chat(person))
        )
        self.say("what a person typed into the chat was deleted and answered with how to write safely")

    def officers_ask_by_command(self) -> None:
        officer = self.people["officer-1"]
        outsiders = [self.stage.person(name, "en") for name in ("outsider-1", "outsider-2")]
        self.must("C-01" in self.ask(officer, "/whoami"), "/whoami names the role code")
        self.must("K-4821" in self.ask(officer, "/case K-4821"), "/case shows a pseudonym's state")
        self.ask(officer, "/queue")
        self.ask(officer, "/departures")
        secretive = self.ask(officer, "/invite")
        self.must("QASID1" not in secretive, "/invite proposes, and shows no secret in a chat")
        proposals = self.first.run("confirm", "--yes")["proposals"]
        self.must([each["outcome"] for each in proposals] == ["confirmed"], "the desk confirmed the proposal")
        strange, unknown = (self.ask(*each) for each in zip(outsiders, ("/whoami", "/nonsense"), strict=True))
        self.must("C-01" not in strange and strange == unknown, "an outsider learns nothing from a command")

    # -- the departure

    def a_notice_is_sealed_ahead(self) -> None:
        now = self.stage.now()
        self.first.run(
            "movement",
            "new",
            "AIR-07",
            "--route",
            "AIR",
            "--departs-at",
            str(now + 48 * HOUR),
            "--seats",
            "2",
        )
        green = ("--source", "official", "--for", "72h")
        for condition in ("security", "airport", "permit", "carrier", "reception"):
            self.first.run("condition", "set", "AIR-07", condition, "green", *green)
        self.first.run("route", "set", "AIR", "limited", *green)
        drafted = self.first.run(
            "notice", "draft", "--kind", "come", "--movement", "AIR-07", "--route", "AIR",
            "--departs-at", str(now + 48 * HOUR), "--report-from", str(now + 44 * HOUR),
            "--report-until", str(now + 46 * HOUR), "--answer-by", str(now + 30 * HOUR),
            "--expires", str(now + 46 * HOUR), "--place", PLACE, "--text", f"en:bring={BRING}",
            "--text", f"en:message={MESSAGE}", "--text", "en:who=The two of you", "--to", "K-4821:2",
        )  # fmt: skip
        self.notice = drafted["notice"]
        self.first.run("notice", "approve", self.notice, "--yes")
        other = self.first if self.twice else self.second
        approved = other.run("notice", "approve", self.notice, "--yes")
        self.must(approved["complete"], "two different coordinators signed the same content hash")
        sealed = self.first.run("notice", "seal", self.notice, "--release-at", str(now + 6 * HOUR), "--yes")
        self.must(
            sealed["state"] == "scheduled" and sealed["recipients"] == 1,
            "sealed ahead, scheduled in six hours",
        )

    def it_waits_for_its_time(self) -> None:
        if self.early:
            self.stage.stop_relay()
            databases.behind(self.stage.database, "update notices set release_at = changed_at")
            self.stage.start_relay()
            until("the relay to have released early", lambda: self._state() == "released")
        self.stage.step(5 * HOUR)
        self.phone.home()
        self.phone.refresh()
        self.must(self._state() == "scheduled", "an hour before its time the notice is held")
        self.must(self.phone.count("latest-notice") == 0, "and the phone has nothing of it")
        self.phone.put_away()

    def the_clock_releases_it(self) -> None:
        person = self.people["evacuee"]
        self.stage.step(HOUR + 60)
        until("the release by the scheduled job", lambda: self._state() == "released")
        until("an urgent doorbell", lambda: any(not m["silent"] for m in self._rings(person)))
        self.must(len(self._rings(person)) == 1, "at its time it was released, and rang once, with sound")
        self._open_the_app()
        self.phone_until("latest-notice")
        self.phone.tap("latest-notice")
        self.phone.see("standing", '[data-standing="unconfirmed"]')
        shown = self.phone.text("screen-notice")
        self.must(
            MESSAGE in shown and BRING in shown, "the phone opened the notice, approved by two officers"
        )
        self.must(PLACE not in shown, "not confirmed, stay put: the place is still closed")

    def the_person_answers(self) -> None:
        self.phone.answer("accept")
        answers = self.first.run("notice", "answers", self.notice)["answers"]
        self.must([a["answer"] for a in answers] == ["accept"], "the desk verified the signed answer: accept")
        movement = self.first.run("movement", "list")["movements"][0]
        self.must(movement["confirmed"] == 2, "two of two seats are confirmed in the ledger")

    def the_go_opens_the_place(self) -> None:
        self.stage.step(34 * HOUR)
        self.first.run("notice", "go", self.notice, "--yes")
        self.phone.home()
        self.phone_until("latest-notice", '[data-standing="confirmed"]')
        self.phone.tap("latest-notice")
        self.phone.see("standing", '[data-standing="confirmed"]')
        self.must(PLACE in self.phone.text("screen-notice"), "the go, signed near the time, opened the place")

    def a_cancellation_voids_it(self) -> None:
        self.first.run("notice", "cancel", self.notice, "--reason", "safety", "--yes")
        self.phone.home()
        self.phone_until("latest-notice", '[data-standing="cancelled"]')
        self.phone.tap("latest-notice")
        self.phone.see("standing", '[data-standing="cancelled"]')
        self.must(
            PLACE not in self.phone.text("screen-notice"), "cancelled: no stale come is left on the phone"
        )

    # -- what the relay knows

    def the_relay_knows_nothing(self, *, everywhere: bool = False) -> None:
        stage = self.stage
        stage.stop_relay()
        if self.leak:
            with stage.log.open("a") as log:
                log.write(f"debug: accepted {NOTE!r}\n")
        kept = dump.files(stage)
        needles = {
            f"a text ({text[:6]}…)": list(dump.spellings(text.encode()))
            for text in (*SECRETS, PASSPHRASE, PIN, FILE_PIN)
        }
        needles |= {
            f"the Telegram id of {name}": list(dump.number_spellings(each))
            for name, each in self.people.items()
        }
        for name, bits in self._letter_bits().items():
            needles[name] = list(dump.spellings(bits))
        vault = (stage.folder / "relay" / "vault.key").read_bytes()
        needles["the vault key"] = list(dump.spellings(vault.strip()))
        dump.search(kept, needles)
        self.say(
            f"{sum(map(len, kept.values())):,} bytes of database and log: no text, no Telegram id, no secret"
        )
        chats = " ".join(message["body"] for person in self.people.values() for message in stage.chat(person))
        self.must(
            "🏠" in chats and not any(secret in chats for secret in SECRETS),
            "the chats with the bot show codes and counts, and no text",
        )
        found = dump.values(stage.database)
        publics = _public_keys(found)
        tried = dump.private_keys_of(publics, found, everywhere=everywhere)
        self.must(
            len(publics) >= 8 and tried >= len(publics),
            f"{tried:,} pieces tried: none is a private key of {len(publics)} public ones",
        )
        self.must(not self.phone.trouble, f"the phone logged no error {self.phone.trouble[:3]}")

    # -- helpers

    def found(self, name: str, role_code: str) -> Any:
        """Begin an office at a desk of this name, under a root of its own; what `init` says, with the `root`'s id."""
        stage = self.stage
        desk = self.desks[name] = stage.desk(name)
        made = desk.run("root", "init", "--medium", str(stage.medium(name)), "--quick-kdf")
        begun = desk.run(
            "init", "--relay", stage.url, "--code", stage.admit(), "--medium", str(stage.medium(name)),
            "--role-code", role_code, "--quick-kdf",
        )  # fmt: skip
        self.offices[name] = str(begun["office"])
        return begun | {"root": made["office"]}

    def share(self, *commands: tuple[str, ...]) -> list[Any]:
        """Run commands at the office's two desks, each doing its half; their documents in the order given."""
        halves = at_once(
            lambda: self.first.run_all(*commands[::2]), lambda: self.second.run_all(*commands[1::2])
        )
        return [halves[place % 2][place // 2] for place in range(len(commands))]

    def join(self, name: str, role_code: str) -> tuple[Desk, Any]:
        """Add a coordinator's desk to the first office; the desk, and what `join` says."""
        stage = self.stage
        desk = self.desks[name] = stage.desk(name)
        office = self.offices["desk-1"]
        asked = desk.run("device", "new", "--relay", stage.url, "--office", office, "--quick-kdf")
        added = self.first.run(
            "roster", "add", asked["request"], "--role-code", role_code, "--roles", "coordinator,caseworker",
            "--medium", str(stage.medium("desk-1")), "--yes",
        )  # fmt: skip
        return desk, desk.run("join", "--roster", added["join"])

    def bind(self, desk: Desk, name: str) -> int:
        """Bind a new Telegram account to a desk's officer, by the link it signed; the account."""
        person = self.people[name] = self.stage.person(name, "en")
        link = desk.run("device", "link")["link"]
        self.stage.act(person, "start", payload=link.partition("start=")[2])
        until(f"{name} to be bound", lambda: desk.run("status")["telegram_linked"])
        return person

    def _letter_bits(self) -> dict[str, bytes]:
        from crypto.letter import Letter  # noqa: PLC0415

        letter = Letter.from_text(self.letter["text"])
        return {"a letter's secret": letter.secret.value, "a letter's admit token": letter.secret.admit_token}

    def _open_button(self) -> str | None:
        for message in reversed(self.stage.chat(self.people["evacuee"])):
            for row in message.get("buttons") or []:
                for button in row if isinstance(row, list) else [row]:
                    if "web_app" in button:
                        return str(button["text"])
        return None

    def _open_the_app(self) -> None:
        """As a person does: by the button under what the bot wrote last, then the PIN."""
        button = until("an open button in the chat", self._open_button)
        self.phone.open(self.stage.act(self.people["evacuee"], "press", button=button)["result"])
        self.phone.unlock(PIN)
        self.phone.see("screen-home")

    def _rings(self, person: int) -> list[dict[str, Any]]:
        """Doorbells now visible in the chat: bot messages whose text is the fixed phrase."""
        return [m for m in self.stage.chat(person) if not m["mine"] and DOORBELL in m["body"]]

    def write(self, person: int, text: str) -> None:
        """Say something in the chat, a second after what was said before: it carries one message a second."""
        self.stage.step(1)
        self.stage.act(person, "say", text=text)

    def ask(self, person: int, command: str) -> str:
        """Say a command in the chat; the bot's answer, whatever else it rings meanwhile."""
        before = {m["message_id"] for m in self.stage.chat(person)}
        self.write(person, command)

        def answer() -> str:
            said = [m for m in self.stage.chat(person) if not m["mine"] and DOORBELL not in m["body"]]
            new = [m for m in said if m["message_id"] not in before]
            return str(new[-1]["body"]) if new else ""

        return str(until(f"an answer to {command.split(maxsplit=1)[0]}", answer))

    def _received(self, kind: str, desk: Desk | None = None) -> dict[str, Any]:
        def look() -> dict[str, Any] | None:
            messages = (desk or self.first).run("inbox", "--all")["messages"]
            return next((m for m in messages if m["kind"] == kind), None)

        found: dict[str, Any] = until(f"a {kind} in the inbox", look)
        return found

    def _state(self) -> str:
        notices = self.first.run("notice", "list")["notices"]
        return next((str(n["state"]) for n in notices if n["notice"] == self.notice), "")

    def phone_until(self, name: str, state: str = "") -> None:
        """Refresh as an impatient person would, until something shows."""
        found = f'[data-testid="{name}"]{state}'
        for _ in range(20):
            if self.phone.page.locator(found).count():
                return
            if self.phone.count("stop"):
                raise StoryError(
                    f"the phone stops: {self.phone.page.get_by_test_id('stop').get_attribute('data-reason')}"
                )
            if self.phone.count("refresh"):
                self.phone.refresh()
            try:
                self.phone.page.locator(f"{found}, [data-testid=stop]").first.wait_for(timeout=1500)
            except Timeout:
                continue
        self.phone.see(name, state)

    def phone_until_text(self, text: str) -> None:
        def shown() -> bool:
            self.phone.refresh()
            return text in self.phone.read_thread()

        until("the text on the phone", shown, pause=0.2)


@contextmanager
def staged(
    folder: Path, say: Say, lie: Lie | None = None, *, seed: int | None = None, **sabotage: bool
) -> Iterator[tuple[Tale, Liar | None]]:
    """Everything up: emulator, relay, Chromium; a proxy in between that tells `lie`, or loses by `seed`."""
    between = partial(Liar, lie=lie) if lie else partial(Lossy, seed=seed) if seed is not None else None
    # With something before it, the relay listens elsewhere than where people reach it.
    launcher()
    stage = Stage(folder, relay_port=free_port() if between else 0)
    try:
        stage.start_emulator()
        stage.start_relay()
        with sync_playwright() as playwright:
            phone = Phone(playwright, folder) if seed is None else PatientPhone(playwright, folder)
            tale = Tale(stage, phone, say, **sabotage)
            try:
                if between is None:
                    yield tale, None
                else:
                    with between(stage.public_port, stage.relay_port) as proxy:
                        yield tale, proxy
            finally:
                phone.close()
                for other in (tale.guest, tale.page):
                    if other:
                        other.close()
    finally:
        stage.close()


def digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


def _public_keys(found: list[bytes]) -> set[bytes]:
    """Public halves in device records, prekeys and rosters that the database holds."""
    publics: set[bytes] = set()
    for value in found:
        for read in (_of_device, _of_prekey, _of_roster):
            try:
                publics |= read(value)
            except ValueError:
                continue
    return publics


def _of_device(value: bytes) -> set[bytes]:
    record = DeviceRecord.parse(value)
    return {record.sign_pk, record.dh_pk}


def _of_prekey(value: bytes) -> set[bytes]:
    return {Prekey.parse(parse_signed(value)[0]).dh_pk}


def _of_roster(value: bytes) -> set[bytes]:
    roster = Roster.parse(parse_signed(value)[0])
    keys = {roster.first.root_pk, *(epoch.dh_pk for epoch in roster.epochs)}
    return keys | {key for entry in roster.entries for key in (entry.device.sign_pk, entry.device.dh_pk)}
