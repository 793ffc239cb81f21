"""Officers' buttons in the chat: a menu, the next page, and what a button does that does not count."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from crypto.vault import Vault
from handlers.chat.turn import LETTERS
from relay import attempts, buttons, cases, enrolments, facts, links, offices, post, proposals
from store.engine import open_store
from store.tables import metadata
from tests.databases import empty
from tests.relay.house import START, House
from tests.roles.chatline import Answer, Line

OFFICER, COLLEAGUE, STRANGER = 5_000_000_001, 5_000_000_002, 5_000_000_003
OUTBOX = metadata.tables["outbox"]


class Chat:
    def __init__(self, house: House, line: Line) -> None:
        self.house, self.line = house, line

    async def bind(self, who: int, code: str) -> None:
        link = self.house.as_(self.house.by(code), links.issue, self.house.now)
        await self.line.say(who, f"/start o_{link.code}")

    async def press(self, who: int, answer: Answer, label: str) -> list[Answer]:
        return await self.line.press(who, answer.buttons[answer.labels.index(label)])

    def toasts(self) -> list[str]:
        """What the pressed buttons were acknowledged with."""
        rows = self.line.store.read_now(lambda tx: list(tx.execute(OUTBOX.select())))
        return [row.key for row in rows if row.kind == "answer_callback"]

    def deleted(self) -> int:
        rows = self.line.store.read_now(lambda tx: list(tx.execute(OUTBOX.select())))
        return sum(row.kind == "delete" for row in rows)


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Chat]:
    store, vault = open_store(empty(tmp_path / "qasid.db")), Vault(bytes(32))
    try:
        house = House(store, vault).register()
        made = Chat(house, await Line(store, vault, START).open())
        await made.bind(OFFICER, "C-01")
        await made.bind(COLLEAGUE, "C-02")
        await made.line.say(STRANGER, "/start")
        yield made
    finally:
        store.close()


def codes(answer: Answer) -> list[str]:
    return [label.removeprefix("📁 ") for label in answer.labels if label.startswith("📁")]


async def waiting(chat: Chat, count: int) -> list[str]:
    """So many contacts with a letter, the first one's the oldest; their codes."""
    found = []
    for number in range(count):
        alias = f"K-{900 - number}"
        phone = chat.house.invite(alias=alias)
        phone.enrol()
        chat.house.as_(
            chat.house.chief,
            enrolments.card,
            chat.house.card(phone),
            phone.secret.invitation,
            chat.house.now,
        )
        phone.consent("messages")
        phone.send()
        chat.house.pass_(minutes=1)
        found.append(alias)
    return found


async def test_help_shows_an_officer_what_they_may_ask(chat: Chat) -> None:
    await chat.bind(COLLEAGUE, "A-01")
    for_all, mine = await chat.line.say(OFFICER, "/help")
    assert mine.labels[:2] == ["📥 What waits", "🧭 Departures"]
    _, auditors = await chat.line.say(COLLEAGUE, "/help")
    assert auditors.labels == ["📜 Log", "🪪 Who am I"]
    assert (mine.opens, auditors.opens) == (["https://relay.example/app/officer.html"], [])
    assert await chat.line.say(STRANGER, "/help") == [for_all]
    (queue,) = await chat.press(OFFICER, mine, "📥 What waits")
    assert queue == (await chat.line.say(OFFICER, "/queue"))[0]


async def test_the_queue_by_who_waits_longest_page_by_page(chat: Chat) -> None:
    aliases = await waiting(chat, 14)
    (first,) = await chat.line.say(OFFICER, "/queue")
    assert codes(first) == aliases[:6]
    line = "⏳ Waits for: 0 min\n📥 Unread: 1\n⏰ Answer overdue for: –\n👔 Looked after by: –"
    assert first.text.split("\n\n")[1] == f"📁 {aliases[0]}\n{line}"
    (case,) = await chat.press(OFFICER, first, f"📁 {aliases[2]}")
    assert (case.key, case.text.splitlines()[0], chat.deleted()) == ("officer-case", f"📁 {aliases[2]}", 0)
    (second,) = await chat.press(OFFICER, first, "⏩ Next")
    assert (codes(second), chat.deleted()) == (aliases[6:12], 1)  # it takes the place of the first
    (third,) = await chat.press(OFFICER, second, "⏩ Next")
    assert (codes(third), third.labels[-1]) == (aliases[12:], f"📁 {aliases[13]}")


async def test_whoever_waits_too_long_for_an_answer_stands_there_though_it_was_fetched(chat: Chat) -> None:
    aliases = await waiting(chat, 2)
    chat.house.as_(chat.house.chief, post.mail, 0, 6, chat.house.now)
    (nobody,) = await chat.line.say(OFFICER, "/queue")
    assert codes(nobody) == []
    chat.line.clock.at = chat.house.pass_(hours=25)
    (shown,) = await chat.line.say(OFFICER, "/queue")
    assert codes(shown) == aliases
    assert shown.text.count("⏳ Waits for: –\n📥 Unread: 0\n⏰ Answer overdue for: 1 h") == 2


async def test_a_page_whose_beginning_is_gone_begins_anew(chat: Chat) -> None:
    aliases = await waiting(chat, 8)
    (first,) = await chat.line.say(OFFICER, "/queue")
    chat.house.as_(chat.house.chief, post.mail, 0, 6, chat.house.now)
    (rest,) = await chat.press(OFFICER, first, "⏩ Next")
    assert codes(rest) == aliases[6:]


@pytest.mark.parametrize("how", ["twice", "colleague", "stranger", "moved", "late", "off-boarded", "made up"])
async def test_a_button_that_does_not_count_does_nothing_and_says_so(
    chat: Chat, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    *_, duty = await chat.line.say(OFFICER, "/duty")
    assert duty.labels == ["🔕 Off duty"]
    who = {"colleague": COLLEAGUE, "stranger": STRANGER, "moved": STRANGER}.get(how, OFFICER)
    match how:
        case "twice":
            await chat.press(OFFICER, duty, "🔕 Off duty")
            assert chat.toasts() == [""]
        case "moved":
            await chat.bind(STRANGER, "C-01")  # the officer's account is another now
        case "late":
            monkeypatch.setattr(chat.line.clock, "at", chat.house.pass_(minutes=10))
        case "off-boarded":
            roster = chat.house.next_roster(remove=["C-01"])
            chat.house.as_(chat.house.by("C-02"), offices.follow, roster, chat.house.now)
        case "made up":
            duty.buttons[0] = duty.buttons[0][:-4] + "AAAA"
    before = chat.line.store.read_now(lambda tx: list(tx.execute(metadata.tables["off_duty"].select())))
    assert await chat.press(who, duty, "🔕 Off duty") == []
    assert chat.toasts() == ["button-over"]
    assert (
        chat.line.store.read_now(lambda tx: list(tx.execute(metadata.tables["off_duty"].select()))) == before
    )


async def test_duty_in_the_chat(chat: Chat) -> None:
    (shown,) = await chat.line.say(OFFICER, "/duty")
    assert shown.text == "🔔 You are on duty: your bell rings.\n👥 Others on duty: 1"
    (off,) = await chat.line.say(OFFICER, "/duty Off")
    assert off.text.splitlines()[:2] == ["🔕 You are off duty.", "⏳ For: 0 min"]
    (on,) = await chat.press(OFFICER, off, "🔔 On duty")
    assert on == shown
    (wrong,) = await chat.line.say(OFFICER, "/duty never")
    assert wrong.key == "officer-codes-only"
    await chat.bind(COLLEAGUE, "A-01")
    assert [each.key for each in await chat.line.say(COLLEAGUE, "/duty off")] == ["officer-not-allowed"]


async def test_the_report_in_the_chat(chat: Chat) -> None:
    (few,) = await chat.line.say(OFFICER, "/report")
    assert few.text.splitlines()[0] == "📊 Open households: not shown"
    for number in range(6):
        chat.house.invite(alias=f"K-{number}")
        alias = chat.house.as_(chat.house.chief, cases.open_, contact=f"K-{number}", now=chat.house.now)
        said = {"fact": "ready", "answer": "yes" if number else "no", "now": chat.house.now}
        chat.house.as_(chat.house.chief, facts.record, alias, **said)
    (view,) = await chat.line.say(OFFICER, "/report")
    head, requested, _, ready, *_, intent = view.text.split("\n\n")
    assert head.splitlines()[0] == "📊 Open households: 6"
    assert requested.splitlines()[-1] == "💬 not known: 6"
    assert ready.splitlines() == [
        "📎 ready",
        "💬 yes: not shown",
        "💬 yes, estimated: not shown",
        "💬 no: not shown",
        "💬 no, estimated: not shown",
        "💬 not known: not shown",
    ]
    assert intent.splitlines()[0] == "📎 wants to leave"
    (wrong,) = await chat.line.say(OFFICER, "/report everybody")
    assert wrong.key == "officer-codes-only"


async def test_to_assign_and_to_off_board_are_proposed(chat: Chat) -> None:
    chat.house.invite(alias="K-1")
    (noted,) = await chat.line.say(OFFICER, "/assign k-1 w-01")
    assert (noted.key, noted.text.splitlines()[-1]) == ("officer-proposed", "🔒 Nothing has changed yet.")
    (noted,) = await chat.line.say(OFFICER, "/offboard W-01")
    assert noted.key == "officer-to-sign"
    (case,) = await chat.line.say(OFFICER, "/case K-1")
    assert "👔 Looked after by: –" in case.text
    for wish in chat.house.as_(chat.house.chief, proposals.listed, chat.house.now):
        chat.house.as_(chat.house.chief, proposals.decide, wish.proposal, True, chat.house.now)
    (case,) = await chat.line.say(OFFICER, "/case K-1")
    assert "👔 Looked after by: W-01" in case.text
    for wrong in ("/assign K-2 W-01", "/assign K-1 W-99", "/assign K-1 A-01", "/offboard W-99"):
        assert [each.key for each in await chat.line.say(OFFICER, wrong)] == ["officer-case-unknown"]
    for wrong in ("/assign K-1", "/assign K-1 AHMAD", "/offboard AHMAD", "/offboard"):
        assert [each.key for each in await chat.line.say(OFFICER, wrong)] == ["officer-codes-only"]
    await chat.bind(COLLEAGUE, "W-01")
    assert [each.key for each in await chat.line.say(COLLEAGUE, "/offboard C-01")] == ["officer-not-allowed"]


async def test_those_not_reached_in_the_chat(chat: Chat) -> None:
    for number in range(7):
        chat.house.invite(alias=f"K-{number}")
        said = {"way": "relative", "outcome": "wrong", "now": chat.house.now}
        chat.house.as_(chat.house.chief, attempts.record, f"K-{number}", **said)
    (first,) = await chat.line.say(OFFICER, "/notreached")
    head, longest, *_ = first.text.split("\n\n")
    assert (head, longest.splitlines()[0]) == ("📵 Not reached: 7", "📁 K-0")
    (rest,) = await chat.press(OFFICER, first, "⏩ Next")
    assert rest.text.split("\n\n")[1].splitlines()[::3] == ["📁 K-6", "🔁 Tries: 1"]


def test_every_button_says_little_enough_for_telegram() -> None:
    assert len(set(LETTERS.values())) == len(LETTERS)
    assert {len(letter) for letter in LETTERS.values()} == {1}
    longest = [LETTERS["audit"] + "ABCD-123456" + ">" + "zzzzzzz", LETTERS["queue"] + ">" + "f" * 16]
    assert max(map(len, longest)) <= buttons.LONGEST
