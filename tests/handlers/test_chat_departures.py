"""Officers' commands about departures: numbers and codes of one's own office, by typing and by button."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from crypto.encoding import new_id
from crypto.keys import RootKeys
from crypto.notice import NoticeKind, Route, verification_code
from crypto.statement import Reply
from crypto.vault import Vault
from handlers.chat.officers import page
from handlers.chat.turn import join
from handlers.updates import MOVEMENT
from relay import answers, audit, buttons, links, movements, notices, offices, proposals
from relay.notices import Seat
from store.engine import open_store
from store.tables import offices as tables
from tests.databases import empty
from tests.relay.house import START, House
from tests.relay.lending import Lending, befriend
from tests.relay.test_rule_cases import alias_of
from tests.relay.test_rule_delivery import Courier, officer_account
from tests.roles.chatline import Answer, Line

OFFICER, CASEWORKER, GUEST = 5_000_000_001, 5_000_000_002, 5_000_000_003


class Chat:
    """AIR-07 of 9 seats, 2 of them lent: 2 people accepted, 3 are asked, a party of 5 waits."""

    def __init__(self, house: House, line: Line) -> None:
        self.house, self.line = house, line
        self.guest = House(
            house.store, house.vault, house.now, root=RootKeys(bytes(32), bytes(32))
        ).register()
        befriend(house, self.guest)
        self.movement = house.movement(9, "AIR-07")
        Lending(house, self.guest, self.movement, 2, house.now + timedelta(hours=40)).offer().take_up()
        phones = [house.enrolled("messages", "departures") for _ in range(3)]
        seated = [Seat(phones[0].contact, new_id(), 2), Seat(phones[1].contact, new_id(), 3)]
        seats = [*seated, Seat(phones[2].contact, new_id(), 5, standby=1)]
        self.draft = house.draft(self.movement, phones, offers=seats, release_at=house.now)
        house.schedule(self.draft)
        house.write(notices.release_due, house.now)
        house.as_(phones[0], answers.answer, phones[0].answer(self.draft, Reply.ACCEPT, party=2), house.now)
        self.seated, _, self.waiting = (alias_of(house, phone) for phone in phones)

    async def ask(self, text: str, who: int = OFFICER) -> Answer:
        (answer,) = await self.line.say(who, text)
        return answer

    async def press(self, answer: Answer, label: str, who: int = OFFICER) -> Answer:
        (shown,) = await self.line.press(who, answer.buttons[answer.labels.index(label)])
        return shown

    def open(self) -> list[tuple[str, str, str]]:
        rows = self.house.as_(self.house.chief, proposals.listed, self.house.now)
        return [(row.kind, row.subject, row.words) for row in rows]


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Chat]:
    store, vault = open_store(empty(tmp_path / "qasid.db")), Vault(bytes(32))
    try:
        made = Chat(House(store, vault).register(), await Line(store, vault, START).open())
        for who, house, code in (
            (OFFICER, made.house, "C-01"),
            (CASEWORKER, made.house, "W-01"),
            (GUEST, made.guest, "C-01"),
        ):
            link = house.as_(house.by(code), links.issue, house.now)
            await made.line.say(who, f"/start o_{link.code}")
        yield made
    finally:
        store.close()


async def test_a_departure_in_numbers_and_what_leads_on(chat: Chat) -> None:
    shown = await chat.press(await chat.ask("/departures"), "🧭 AIR-07")
    assert shown.text.splitlines() == [
        "🧭 AIR-07",
        "📌 State: open",
        "🛣 Route: AIR",
        "🕰 Tuesday, 3 Qaws 1405 (24 November 2026), 13:30 Kabul time",
        "🌐 UTC: 2026-11-24 09:00",
        "🏛 Whose: our office",
        "💺 Seats: 7",
        "🤝 Lent: 2",
        "✋ Held: 3",
        "✅ Confirmed: 2",
        "🎫 Boarded: 0",
        "⏳ Waiting for a seat: 1",
        "✉️ Notices: 1 out · 0 to go out · 0 held back",
        "✅ Go",
    ]
    found = {}
    for label in shown.labels:
        found[label] = (await chat.press(shown, label)).key
    assert found == {
        "📋 Go or no go": "officer-conditions",
        "💺 Seats by office": "officer-quota",
        "🎫 Boarding": "officer-board",
        "⏳ Who waits": "officer-standby",
    }
    assert (await chat.ask("/departure AIR-08")).key == "officer-movement-unknown"
    assert (await chat.ask("/departure Kabul")).text.endswith("/departure AIR-07")


async def test_seats_by_office_for_the_owner_and_its_guest(chat: Chat) -> None:
    _, own, theirs = (await chat.ask("/quota air-07")).text.split("\n\n")
    assert own == "🏛 our office\n💺 Seats: 7\n✋ Held: 3\n✅ Confirmed: 2\n🆓 Left: 2"
    assert theirs.splitlines()[:2] == [f"🏛 {audit.short(chat.guest.office)}", "💺 Seats: 2"]
    guests = (await chat.ask("/quota AIR-07", GUEST)).text.split("\n\n")[1:]
    assert guests == ["🏛 our office\n💺 Seats: 2\n✋ Held: 0\n✅ Confirmed: 0\n🆓 Left: 2"]
    _, own, theirs = (await chat.ask("/board AIR-07")).text.split("\n\n")
    assert own.splitlines()[1:] == [
        "💺 Planned: 7",
        "✋ Held: 3",
        "✅ Accepted: 2",
        "🎫 Boarded: 0",
        "🚫 Did not come: 0",
        "⚠️ Not taken along: 0",
    ]
    assert "Boarded" not in theirs
    assert len((await chat.ask("/board AIR-07", GUEST)).text.split("\n\n")) == 2


def test_the_longest_code_with_a_next_page_fits_behind_a_button() -> None:
    code = "LAND-PK-123456"
    assert re.fullmatch(MOVEMENT, code)
    rows = [str(number) for number in range(9)]
    _, more = page(rows, str, "", 3)
    assert page(rows, str, more, 3)[0] == rows[3:6]
    assert len(join("standby", code, more)) <= buttons.LONGEST


async def test_who_waits_in_the_order_of_calling_page_by_page(chat: Chat) -> None:
    house = chat.house
    phones = [house.enrolled("messages", "departures") for _ in range(7)]
    seats = [Seat(phone.contact, new_id(), 5, standby=9 - n) for n, phone in enumerate(phones)]
    house.schedule(house.draft(chat.movement, phones, offers=seats))
    order = [chat.waiting, *(alias_of(house, phone) for phone in reversed(phones))]
    first = await chat.ask("/standby AIR-07", CASEWORKER)
    second = await chat.press(first, "⏩ Next", CASEWORKER)
    lines = [line for text in (first.text, second.text) for line in text.splitlines()]
    assert [line for line in lines if line.startswith("📁")] == [f"📁 {alias}" for alias in order]
    assert "🔢 Place: 8" in second.text
    assert [line.partition(": ")[2] for line in lines if line.startswith("✉️")] == ["out"] + ["to go out"] * 7


async def test_notices_what_waits_for_somebody_first(chat: Chat) -> None:
    house = chat.house
    phone = house.enrolled("messages", "departures")
    warning = house.draft(None, [phone], kind=NoticeKind.THREAT, route=Route.LAND_PK)
    house.approve(house.by("C-02"), warning)
    held = house.draft(
        house.movement(2, "LAND-1"), [phone], approved_by=["C-01", "C-03"], release_at=house.now
    )
    house.schedule(held)
    house.as_(house.chief, offices.follow, house.next_roster(remove=["C-03"]), house.now)
    house.write(notices.release_due, house.now)
    shown = await chat.ask("/approve")
    number = verification_code(warning.content_hash)
    assert shown.text.split("\n\n")[1] == f"🔢 {number}\n👔 Approved by: C-02\n🕰 Last approval, ago: 0 min"
    assert (await chat.ask("/approve", CASEWORKER)).key == "officer-not-allowed"
    assert (await chat.ask(f"/threat {number[:3]} {number[3:]}")).key == "officer-to-sign"
    house.schedule(warning)
    assert (await chat.ask(f"/threat {number}")).key == "officer-movement-unknown"
    head, *lines = (await chat.ask("/notices", CASEWORKER)).text.split("\n\n")
    assert head == "✉️ Notices: 3"
    assert [line.splitlines()[0][2:] for line in lines] == [
        verification_code(each.content_hash) for each in (held, warning, chat.draft)
    ]
    assert lines[0].splitlines()[-1] == "⚠️ Why: an approval does not stand any more"
    assert lines[1].splitlines()[1:4] == ["✉️ warning, version 1", "🧭 –", "📌 State: to go out"]
    assert lines[2].splitlines()[3:] == [
        "📌 State: out",
        "👥 For: 3",
        "📥 Arrived at: 0",
        "💬 Yes: 1 · no: 0 · help: 0",
    ]


async def test_the_other_coordinators_hear_of_what_stops_people(chat: Chat) -> None:
    house, courier = chat.house, Courier(chat.house)
    other = officer_account(house, "C-02", 5_000_000_004)

    async def told(text: str, who: int = OFFICER) -> list[tuple[str, dict[str, str]]]:
        await chat.ask(text, who)
        return [(each.key, each.params) for each in courier.run() if each.account == other]

    asked = ("officer-asks-cancel", {"subject": "AIR-07", "role": "C-01"})
    assert await told("/cancel AIR-07") == [asked]
    for text in ("/cancel AIR-07", "/lend AIR-07 2", "/departure AIR-07 call"):
        assert await told(text) == []
    warning = house.draft(None, [house.enrolled("messages")], kind=NoticeKind.THREAT)
    house.approve(house.by("C-02"), warning)
    number = verification_code(warning.content_hash)
    assert await told(f"/threat {number}", CASEWORKER) == [
        ("officer-asks-threat", {"subject": number, "role": "W-01"})
    ]


async def test_what_is_to_be_sealed_again_is_counted(chat: Chat) -> None:
    house = chat.house
    phones = [house.enrolled("messages", "departures") for _ in range(3)]
    for code, asked in (("LAND-1", phones), ("LAND-2", phones[:2]), ("LAND-3", phones[2:])):
        house.schedule(house.draft(house.movement(3, code), asked))
    house.invite(alias="K-9999").enrol()  # nobody's copy
    assert "sealed again" not in (await chat.ask("/notices", CASEWORKER)).text
    gone = tables.prekeys.update().where(tables.prekeys.c.device.in_([each.device for each in phones[:2]]))
    house.write(lambda tx: tx.execute(gone.values(delete_at=house.now)))
    block = (await chat.ask("/notices", CASEWORKER)).text.split("\n\n")[1]
    assert block.splitlines()[:2] == ["🔁 To be sealed again: 2", "📱 Copies that could not be opened: 4"]


async def test_what_changes_something_waits_for_a_device(chat: Chat) -> None:
    number = verification_code(chat.draft.content_hash)
    said = {
        "/departure AIR-07 CALL": ("step", "AIR-07", "call"),
        f"/outcome air-07 {chat.seated} no-show": ("outcome", chat.seated, "AIR-07 no-show"),
        f"/offer AIR-07 {chat.waiting}": ("offer", chat.waiting, "AIR-07"),
        "/lend AIR-07 2": ("lend", "AIR-07", "2"),
        "/cancel air-07": ("cancel", "AIR-07", ""),
        f"/cancel {number}": ("cancel", number, ""),
    }
    keys = [(await chat.ask(text)).key for text in said]
    assert keys == ["officer-proposed"] * 2 + ["officer-to-sign"] * 4
    assert sorted(chat.open()) == sorted(said.values())
    (view,) = [
        each for each in chat.house.as_(chat.house.chief, movements.listed) if each.movement == chat.movement
    ]
    assert (view.state, view.seats, view.confirmed) == ("open", 7, 2)


@pytest.mark.parametrize(
    "text",
    [
        "/departure AIR-07 cancel",
        "/departure Bagram",
        "/quota",
        "/board AIR-07 north gate",
        "/standby Sara",
        "/notices today",
        "/approve 4821733905",
        "/lend AIR-07",
        "/lend AIR-07 0",
        "/lend AIR-07 Abdullah 12",
        "/offer AIR-07 Ahmad",
        "/cancel everything",
        "/cancel 12345",
        "/threat AIR-07",
        "/outcome AIR-07 K-1 lost",
        "/outcome AIR-07 K-1",
    ],
)
async def test_anything_but_codes_is_dropped(chat: Chat, text: str) -> None:
    answer = await chat.ask(text)
    assert (answer.key, chat.open()) == ("officer-codes-only", [])
