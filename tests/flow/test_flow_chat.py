"""People and officers in the chat, over the emulated Telegram."""

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from crypto.encoding import b64u, new_id
from crypto.roster import Role
from emulator.people import User
from handlers import log
from handlers.chat.dispatch import OFFICERS
from handlers.texts import Texts
from relay import inbox
from store import tables
from tests.databases import content
from tests.flow.actors import ROLES
from tests.flow.world import TOKEN, World, world

MARKER = "MARKERTEXT"
TEXTS = Texts()


def en(key: str, **params: str) -> str:
    return TEXTS.render("en", key, params)


def fa(key: str, **params: str) -> str:
    return TEXTS.render("fa-AF", key, params)


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as found:
        yield found


def labels(user: User) -> list[str]:
    return [button["text"] for button in user.chat().last().buttons]


class TestStart:
    async def test_without_a_letter(self, town: World) -> None:
        sara = town.person()
        sara.start()
        await town.settle()
        assert town.texts(sara) == [fa("welcome")]
        assert labels(sara) == [fa("button-open"), "دری", "پښتو", "English", fa("button-help")]

    async def test_with_an_invitation_the_app_opens_on_it(self, town: World) -> None:
        sara = town.person("Sara", "en")
        invitation = b64u(new_id())
        sara.start(payload=f"i_{invitation}")
        await town.settle()
        assert town.texts(sara) == [en("welcome-letter")]
        assert [m.from_bot for m in sara.chat().visible()] == [True]  # which letter it was stands nowhere
        url = sara.press(None, "📱 Open")
        assert url.startswith(f"http://127.0.0.1:8470/app/#?tgWebAppStartParam=i_{invitation}&tgWebAppData=")

    async def test_a_payload_that_is_none_of_ours_is_taken_away(self, town: World) -> None:
        sara = town.person()
        sara.start(payload=MARKER)
        await town.settle()
        assert [m.text for m in sara.chat().visible()] == [fa("welcome")]

    async def test_menu_and_commands_are_set(self, town: World) -> None:
        sara = town.person()
        await town.settle()
        assert sara.open_menu().startswith("http://127.0.0.1:8470/app/")
        assert [each["command"] for each in sara.commands()] == [
            "start",
            "language",
            "help",
            "verify",
            "stop",
            "offline",
        ]
        assert sara.commands()[2]["description"] == fa("command-help")

    async def test_the_same_update_again_is_answered_once(self, town: World) -> None:
        sara = town.person()
        sara.start()
        await town.settle()
        town.bot.queue.redeliver(1)
        await town.settle()
        assert town.texts(sara) == [fa("welcome")]


class TestLanguage:
    async def test_chosen_by_button_and_kept(self, town: World) -> None:
        sara = town.person("Sara", "en")
        sara.say(None, "/language")
        await town.settle()
        sara.press(None, "دری")
        await town.settle()
        sara.say(None, "/help")
        await town.settle()
        assert town.texts(sara) == [en("language-question"), fa("language-set"), fa("help")]
        assert [toast["text"] for toast in sara.chat().toasts] == [""]

    async def test_what_stands_on_the_screen_when_enrolling_is_spoken_in_chat_too(self, town: World) -> None:
        office = await town.found()
        sara, omid = town.person("Sara", "ps"), town.person("Omid", "en")
        for person, language in ((sara, "ps-AF"), (omid, "fa-AF")):
            person.start()
            await town.settle()
            phone = await office.invite()
            await phone.enrol(person.init_data(None), language)
            await office.send(phone)
            await town.settle()
        assert town.texts(sara)[-1] == TEXTS.render("ps-AF", "doorbell")
        assert town.texts(omid)[-1] == fa("doorbell")

    async def test_an_unknown_language_is_english(self, town: World) -> None:
        sara = town.person("Sara", "de")
        sara.start()
        await town.settle()
        assert town.texts(sara) == [en("welcome")]


class TestHelp:
    async def test_everything_is_reached_by_buttons(self, town: World) -> None:
        sara = town.person("Sara", "en")
        sara.start()
        await town.settle()
        sara.press(None, en("button-help"))
        await town.settle()
        for button, answer in (
            ("language", en("language-question")),
            ("verify", en("verify", bot="@qasid_test_bot")),
            ("stop", en("stop-question")),
            ("silence", en("stop-silence")),
        ):
            sara.press(
                None, en(f"button-{button}"), next(m for m in sara.chat().visible() if m.text == en("help"))
            )
            await town.settle()
            assert town.texts(sara)[-1] == answer
        sara.press(None, en("button-help"))
        await town.settle()
        assert labels(sara) == [
            en(f"button-{each}") for each in ("open", "permissions", "language", "verify", "signals", "stop")
        ]
        opened = sara.press(None, en("button-permissions"))
        assert opened.startswith("http://127.0.0.1:8470/app/#?tgWebAppStartParam=settings&tgWebAppData=")
        assert {toast["text"] for toast in sara.chat().toasts} == {""}

    async def test_what_was_asked_and_answered_does_not_stay(self, town: World) -> None:
        sara = town.person("Sara", "en")
        sara.start()
        await town.settle()
        for command in ("/help", "/verify", "/language", "/stop"):
            sara.say(None, command)
        await town.settle()
        sara.press(None, en("button-withdraw"))
        sara.press(None, "English")
        await town.settle()
        assert [m.text for m in sara.chat().visible() if not m.from_bot] == ["/start"]
        assert len(town.texts(sara)) == 7
        town.manual.advance(timedelta(minutes=61))
        await town.settle()
        assert town.texts(sara) == [en("welcome")]


class TestTyped:
    async def test_deleted_answered_nowhere_kept(self, town: World, capsys) -> None:
        root = logging.getLogger()
        before, level = root.handlers[:], root.level
        log.configure(as_json=True)
        try:
            sara = town.person()
            sara.start()
            sara.say(None, f"{MARKER} is my name, I am at the gate")
            sara.send_document(None, MARKER.encode(), f"{MARKER}.pdf", caption=MARKER)
            sara.say(None, f"/{MARKER}")
            sara.say(None, f"/help {MARKER}")
            await town.settle()
        finally:
            root.handlers[:] = before
            root.setLevel(level)
        assert not [m for m in sara.chat().visible() if MARKER in (m.text or "") or m.document]
        assert town.texts(sara) == [fa("welcome"), fa("typed"), fa("help")]
        shown = capsys.readouterr()
        assert MARKER not in shown.err + shown.out
        assert str(sara.id) not in shown.err + shown.out
        assert MARKER.encode() not in _bytes(town)
        assert str(sara.id).encode() not in _bytes(town)

    async def test_an_edited_message_goes_too(self, town: World) -> None:
        sara = town.person()
        said = sara.say(None, "/start")
        await town.settle()
        sara.edit(None, said, f"/start {MARKER}")
        await town.settle()
        assert [m for m in sara.chat().visible() if MARKER in m.text] == []

    async def test_groups_are_left_alone(self, town: World) -> None:
        sara = town.person()
        town.telegram.add_group("Staff", sara, bots=(town.bot,))
        group = next(iter(town.telegram.groups.values()))
        sara.say(None, "/start", group=group)
        await town.settle()
        assert [m for m in group.visible() if m.from_bot] == []


class TestPress:
    async def test_no_pressed_button_leaves_its_persons_id_in_the_database(
        self, town: World, monkeypatch
    ) -> None:
        """Telegram's callback ids hold it: looked for while the press waits in the inbox, in the outbox, and after."""
        sara = town.person("Sara", "en")
        sara.say(None, "/language")
        await town.settle()
        lanes = town.house.intake._lanes
        with monkeypatch.context() as patched:
            patched.setattr(lanes, "offer", lambda _key, _item: None)
            pressed = sara.press(None, "English")
            assert int(pressed) >> 32 == sara.id % 2**31
            while not await town.store.read(lambda tx: inbox.pending(tx, town.house.vault)):  # noqa: ASYNC110 - no event
                await asyncio.sleep(0.001)
            assert _telling(_bytes(town), sara) == []
        town.house.intake._in_hand.clear()
        town.telegram.faults.set(script=["fail"] * 3, methods={"answerCallbackQuery"})
        town.house.intake._wake.set()
        await town.settle(horizon=0.1)
        assert sara.chat().toasts == []
        assert _telling(_bytes(town), sara) == []
        await town.settle()
        assert [toast["id"] for toast in sara.chat().toasts] == [pressed]
        assert town.texts(sara)[-1] == en("language-set")
        assert _telling(_bytes(town), sara) == []


class TestVerify:
    async def test_names_itself_and_says_that_it_proves_nothing(self, town: World) -> None:
        sara = town.person("Sara", "en")
        sara.say(None, "/verify")
        await town.settle()
        assert town.texts(sara) == [en("verify", bot="@qasid_test_bot")]
        assert "cannot prove" in town.texts(sara)[0]


class TestStop:
    @pytest.mark.parametrize("choice", ["silence", "withdraw", "erase"])
    async def test_each_way_silences_the_doorbell(self, town: World, choice: str) -> None:
        office = await town.found()
        sara = town.person("Sara", "en")
        sara.start()
        phone = await office.invite()
        await phone.enrol(sara.init_data(None))
        sara.say(None, "/stop")
        await town.settle()
        assert labels(sara) == [en("button-silence"), en("button-withdraw"), en("button-erase")]
        sara.press(None, en(f"button-{choice}"))
        await town.settle()
        assert town.texts(sara)[-1] == en(f"stop-{choice}")
        await office.send(phone)
        await town.settle()
        assert "✉️ There is something for you." not in "".join(town.texts(sara))
        assert len(await phone.fetch()) == 1

    async def test_signals_on_again_rings_for_what_waits(self, town: World) -> None:
        office = await town.found()
        sara = town.person("Sara", "en")
        sara.start()
        phone = await office.invite()
        await phone.enrol(sara.init_data(None))
        sara.say(None, "/stop")
        await town.settle()
        sara.press(None, en("button-silence"))
        await town.settle()
        await office.send(phone)
        await town.settle()
        sara.press(None, en("button-signals"))
        await town.settle()
        assert set(town.texts(sara)[-2:]) == {en("signals-on"), en("doorbell")}


class TestOfficers:
    async def officer(self, town: World, roles: Role = ROLES) -> tuple:
        office = await town.found(roles)
        officer = town.person("Officer", "en")
        link = (await office.client.ok("POST", "/v1/telegram-links", {}))["link"]
        assert link.startswith("https://t.me/qasid_test_bot?start=o_")
        officer.start(payload=link.partition("=")[2])
        await town.settle(horizon=5)
        return office, officer

    async def test_binding(self, town: World) -> None:
        office, officer = await self.officer(town)
        assert town.texts(officer) == [en("officer-bound", role="C-01")]
        assert (await office.client.ok("GET", "/v1/me"))["telegram_linked"] is True
        assert not [m for m in officer.chat().visible() if "o_" in m.text]

    async def test_a_link_works_once_and_ten_minutes(self, town: World) -> None:
        office = await town.found()
        first, second, late = (town.person(name, "en") for name in ("one", "two", "late"))
        payload = (await office.client.ok("POST", "/v1/telegram-links", {}))["link"].partition("=")[2]
        first.start(payload=payload)
        await town.settle(horizon=5)
        second.start(payload=payload)
        payload = (await office.client.ok("POST", "/v1/telegram-links", {}))["link"].partition("=")[2]
        town.manual.advance(timedelta(minutes=11))
        late.start(payload=payload)
        await town.settle(horizon=5)
        # A wrong code is answered like no code.
        assert town.texts(second) == town.texts(late) == [en("welcome")]

    async def test_commands(self, town: World) -> None:
        office, officer = await self.officer(town)
        phone = await office.invite()
        await phone.client.ok("POST", "/v1/enrolments", phone.enrolment())
        town.manual.advance(timedelta(minutes=90))
        officer.say(None, "/whoami")
        officer.say(None, "/queue")
        officer.say(None, f"/case {phone.alias.lower()}")
        officer.say(None, "/case X-1")
        officer.say(None, "/departures")
        await town.settle(horizon=20)
        whoami, queue, case, unknown, departures = town.texts(officer)
        assert "C-01" in whoami
        assert "coordinator\ncaseworker" in whoami
        assert "👤 Enrolments to check:\n1\n" in queue
        assert phone.alias in case
        assert "State: to be checked" in case
        assert "Known for: 1 h 30 min" in case
        assert unknown == en("officer-case-unknown")
        assert departures == en("officer-departures", count="0")
        # What the officer typed is gone as well.
        assert [m for m in officer.chat().visible() if not m.from_bot] == []

    async def test_departures_and_their_seats(self, town: World) -> None:
        office, officer = await self.officer(town)
        for number in range(9):
            body = {
                "code": f"AIR-{number:02}",
                "route": 1,
                "departs_at": town.unix() + 99_000,
                "seats": 40 + number,
            }
            await office.client.ok("POST", "/v1/movements", body)
        officer.say(None, "/departures")
        await town.settle(horizon=5)
        text = town.texts(officer)[-1]
        assert "🏷 AIR-00\n📌 State: open\n💺 Seats: 40\n✋ Held: 0\n✅ Confirmed: 0" in text
        assert "AIR-06" not in text
        for _ in range(2):  # a double tap
            officer.press(None, en("button-next"))
        await town.settle(horizon=5)
        (more,) = [each for each in town.texts(officer) if "AIR-06" in each]
        assert [line for line in more.splitlines() if "🏷" in line] == ["🏷 AIR-06", "🏷 AIR-07", "🏷 AIR-08"]
        assert text not in [message.text for message in officer.chat().visible()]  # the page took its place
        assert labels(officer) == ["🧭 AIR-06", "🧭 AIR-07", "🧭 AIR-08"]
        assert [toast.get("text") for toast in officer.chat().toasts] == ["", en("button-over")]

    async def test_the_office_and_its_staff_and_its_log(self, town: World) -> None:
        office, officer = await self.officer(town)
        phone = await office.invite()
        officer.say(None, f"/case {phone.alias}")
        await town.settle(horizon=5)
        town.manual.advance(timedelta(minutes=5))
        for command in ("/office", "/staff", "/audit", f"/audit {phone.alias.lower()}", "/audit X-9"):
            officer.say(None, command)
        await town.settle(horizon=20)
        ours, staff, log, about, none = town.texts(officer)[-5:]
        assert "📖 Roster: 1\n" in ours
        assert "👥 Officers: 1\n💻 Devices: 1\n📁 Cases: 1" in ours
        assert (
            "🪪 C-01\n👔 coordinator + caseworker\n💻 Devices: 1\n⏳ Until the end of duty: 299 d 23 h"
            in staff
        )
        newest, *_ = log.split("\n\n")[1:]
        assert newest == f"🕰 5 min\n✏️ case looked at\n👔 C-01\n📁 {phone.alias}"
        assert [line for line in about.splitlines() if line.startswith("✏️")] == [
            "✏️ case looked at",
            "✏️ letter made",
        ]
        assert none == en("officer-audit-none")
        await office.client.ok("POST", "/v1/erasures", {"contact": phone.alias})
        officer.say(None, "/audit")
        officer.say(None, f"/audit {phone.alias}")
        await town.settle(horizon=20)
        log, about = town.texts(officer)[-2:]
        assert re.search(r"✏️ letter made\n👔 C-01\n📁 erased ~[A-Za-z0-9_-]{11}$", log, re.MULTILINE)
        assert about == none

    @pytest.mark.parametrize(
        ("role", "allowed"),
        [
            (Role.COORDINATOR, {"/office", "/staff", "/audit", "/queue", "/departures"}),
            (Role.CASEWORKER, {"/queue", "/departures"}),
            (Role.LIAISON, {"/departures"}),
            (Role.AUDITOR, {"/audit"}),
            (Role.HOST, {"/office", "/staff"}),
        ],
    )
    async def test_each_role_sees_its_part(self, town: World, role: Role, allowed: set[str]) -> None:
        _, officer = await self.officer(town, role)
        commands = ["/office", "/staff", "/audit", "/queue", "/departures"]
        for command in commands:
            officer.say(None, command)
        await town.settle(horizon=20)
        refused = en("officer-not-allowed")
        answers = dict(zip(commands, town.texts(officer)[-5:], strict=True))
        assert {command for command, answer in answers.items() if answer != refused} == allowed
        if role is Role.HOST:  # who runs the relay learns nothing of cases, not even how many
            assert "📁 Cases: –" in answers["/office"]

    async def test_invite_proposes_and_the_desk_decides(self, town: World) -> None:
        office, officer = await self.officer(town)
        officer.say(None, "/invite")
        await town.settle(horizon=5)
        assert "qasid-desk confirm" in town.texts(officer)[-1]
        (proposal,) = (await office.client.ok("GET", "/v1/proposals"))["proposals"]
        assert proposal["by"] == "C-01"
        assert proposal["proposal"][:8] in town.texts(officer)[-1]
        await office.client.ok("POST", f"/v1/proposals/{proposal['proposal']}", {"decision": "confirm"})
        assert (await office.client.ok("GET", "/v1/proposals"))["proposals"] == []

    async def test_free_text_behind_a_command_is_refused_and_deleted(self, town: World) -> None:
        _, officer = await self.officer(town)
        officer.say(None, f"/case {MARKER}")
        officer.say(None, f"/invite {MARKER}")
        await town.settle(horizon=5)
        assert town.texts(officer)[-2:] == [
            en("officer-codes-only", example="/case K-4821"),
            en("officer-codes-only", example="/invite"),
        ]
        assert [m for m in officer.chat().visible() if MARKER in m.text] == []

    async def test_answers_vanish_after_ten_minutes(self, town: World) -> None:
        _, officer = await self.officer(town)
        officer.say(None, "/whoami")
        await town.settle(horizon=5)
        assert len(town.texts(officer)) == 2
        town.manual.advance(timedelta(minutes=11))
        await town.settle(horizon=5)
        assert town.texts(officer) == []

    @pytest.mark.parametrize("command", ["/case K-4821", *[f"/{name}" for name in OFFICERS]])
    async def test_others_learn_nothing(self, town: World, command: str) -> None:
        """A bound officer exists; everybody else sees what an unknown command shows, message for message."""
        await self.officer(town)
        curious, lost = town.person("curious", "en"), town.person("lost", "en")
        curious.say(None, command)
        lost.say(None, "/nosuchcommand")
        await town.settle(horizon=5)
        assert (
            [m.text for m in curious.chat().visible()]
            == [m.text for m in lost.chat().visible()]
            == [en("typed")]
        )
        assert [len(each.chat().messages) for each in (curious, lost)] == [2, 2]


def _telling(content: bytes, person: User) -> list[bytes]:
    """What in it tells who the person is: the id as text or bytes, or a number with it (31 bits) above 32 others."""
    numbers = re.findall(rb"[0-9]{5,20}", content)
    found = [each for each in numbers if person.id == int(each) or person.id % 2**31 == int(each) >> 32]
    return found + [
        each for each in (person.id.to_bytes(8, "big"), person.id.to_bytes(5, "big")) if each in content
    ]


def _bytes(town: World) -> bytes:
    """The whole database, with what SQLite has not folded in yet."""
    rows = town.store.read_now(
        lambda tx: {
            name: [list(row) for row in tx.exec_driver_sql(f'SELECT * FROM "{name}"')]
            for name in tables.NAMES
        }
    )
    assert len(rows["outbox"]) > 0
    text = json.dumps(
        rows, default=lambda value: value.decode("latin-1") if isinstance(value, bytes) else str(value)
    )
    files = content(town.folder / "qasid.db")
    assert TOKEN.encode() not in files
    return text.encode() + files
