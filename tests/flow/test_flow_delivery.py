"""Doorbells, refusals, bursts, blocked people, lost answers, restarts: nothing lost, order kept, one bell visible."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from unittest.mock import AsyncMock

import pytest
from telegram.error import BadRequest

from crypto.vault import Vault
from emulator.clock import ManualClock
from emulator.people import User
from emulator.telegram import Telegram, worst_window
from handlers import wire
from handlers.texts import Texts
from tests.flow.actors import Office, Phone
from tests.flow.world import TOKEN, World, running, world
from tests.proofs import figures

TEXTS = Texts()
BELL = TEXTS.render("en", "doorbell")
BURST = (
    ("/help", "help"),
    ("/language", "language-question"),
    ("/stop", "stop-question"),
    ("/verify", "verify"),
)


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as found:
        yield found


async def enrolled(town: World, office: Office, name: str = "Sara") -> tuple[User, Phone]:
    person = town.person(name, "en")
    person.start()
    phone = await office.invite()
    await phone.enrol(person.init_data(None))
    await town.settle()
    return person, phone


def bells(person: User) -> list:
    return [m for m in person.chat().visible() if m.text == BELL]


class TestDoorbell:
    async def test_says_the_same_whatever_came(self, town: World) -> None:
        office = await town.found()
        sara, phone = await enrolled(town, office)
        await office.send(phone, "MARKER: your bus leaves at nine")
        await town.settle()
        assert town.texts(sara)[-1] == BELL
        assert [b["text"] for b in bells(sara)[0].buttons] == ["📱 Open"]
        assert all("MARKER" not in m.text for m in sara.chat().messages.values())

    async def test_one_is_visible_however_much_comes(self, town: World) -> None:
        office = await town.found()
        sara, phone = await enrolled(town, office)
        for number in range(4):
            await office.send(phone, f"letter {number}")
            await town.settle()
        assert len(bells(sara)) == 1
        assert len(await phone.fetch()) == 4

    async def test_goes_when_everything_arrived_and_rings_for_the_next(self, town: World) -> None:
        office = await town.found()
        sara, phone = await enrolled(town, office)
        await office.send(phone)
        await town.settle()
        await phone.fetch()
        await town.settle()
        assert len(bells(sara)) == 1, "served, but perhaps never arrived"
        await phone.read()
        await town.settle()
        assert bells(sara) == []
        await office.send(phone, "another")
        await town.settle()
        assert len(bells(sara)) == 1

    async def test_an_unread_one_is_replaced_before_telegram_keeps_it_for_good(self, town: World) -> None:
        office = await town.found()
        sara, phone = await enrolled(town, office)
        await office.send(phone)
        await town.settle()
        (first,) = bells(sara)
        town.manual.advance(timedelta(hours=47))
        await town.beat("doorbells")
        await town.settle()
        (second,) = bells(sara)
        assert second.id != first.id

    async def test_withdrawn_consent_stops_a_ring_that_waits(self, town: World) -> None:
        office = await town.found()
        sara, phone = await enrolled(town, office)
        town.telegram.faults.set(refuse_every=1, retry_after=20)
        await office.send(phone)
        await town.settle(horizon=5)
        assert bells(sara) == []
        town.telegram.faults.clear()
        await phone.consent("messages", given=False)
        await town.settle(horizon=60)
        assert bells(sara) == []

    @pytest.mark.parametrize("started", [True, False])
    async def test_speaks_the_language_chosen_in_the_app(self, town: World, started: bool) -> None:
        """Whether Telegram's guess came before or after it."""
        office = await town.found()
        sara = town.person("Sara", "en")
        if started:
            sara.start()
            await town.settle()
        phone = await office.invite()
        await phone.enrol(sara.init_data(None), "fa-AF")
        sara.start()
        await town.settle()
        await office.send(phone)
        await town.settle()
        assert town.texts(sara)[-1] == TEXTS.render("fa-AF", "doorbell")

    async def test_the_desk_is_rung_too(self, town: World) -> None:
        """A bound officer's account rings when sealed mail comes for the office."""
        office = await town.found()
        officer = town.person("Officer", "en")
        link = (await office.client.ok("POST", "/v1/telegram-links", {}))["link"]
        officer.start(payload=link.partition("=")[2])
        _, phone = await enrolled(town, office)
        await phone.client.ok("POST", "/v1/envelopes", phone.letter())
        await town.settle()
        assert len(bells(officer)) == 1


async def burst(town: World, people: list[User]) -> None:
    for command, _ in (*BURST, BURST[0]):
        for person in people:
            person.say(None, command)


def expected(town: World) -> list[str]:
    keys = [key for _, key in (*BURST, BURST[0])]
    return [TEXTS.render("en", key, {"bot": "@qasid_test_bot"}) for key in keys]


class TestTrouble:
    @pytest.mark.parametrize("count", [20, pytest.param(100, marks=pytest.mark.prove)])
    async def test_bursts_of_five_with_every_seventh_send_refused(self, town: World, count: int) -> None:
        people = [town.person(f"person {number}", "en") for number in range(count)]
        town.telegram.faults.set(refuse_every=7, retry_after=1)
        await burst(town, people)
        await town.settle(horizon=400)
        wanted = expected(town)
        wrong = [person.first_name for person in people if town.texts(person) != wanted]
        assert wrong == []
        refused = town.telegram.count_refusals()
        figures.note(
            f"bursts of 5 from {count} people, every 7th send refused",
            f"{5 * count} answered in order, {refused['injected']} refusals, 0 lost",
        )
        # "wait": what had left together with the refused one. Pacing itself runs into nothing.
        assert refused["injected"] > count // 2
        assert refused["bot"] == refused["chat"] == 0

    async def test_pacing_alone_meets_no_refusal(self, town: World) -> None:
        people = [town.person(f"person {number}", "en") for number in range(60)]
        for person in people:
            person.start()
        await town.settle(horizon=60)
        assert all(len(town.texts(person)) == 1 for person in people)
        assert not any(town.telegram.count_refusals().values())
        assert worst_window(town.telegram.sends) <= 30

    async def test_nothing_goes_out_while_telegram_says_wait(self, town: World) -> None:
        people = [town.person(f"person {number}", "en") for number in range(10)]
        for person in people:
            person.start()
        town.telegram.faults.set(script=["refuse"], retry_after=5)
        await town.settle(horizon=60)
        outcomes = [each.sent for each in town.telegram.sends]
        refusal = town.telegram.sends[outcomes.index(False)]
        after = [each.at for each in town.telegram.sends if each.at > refusal.at]
        assert min(after) >= refusal.at + 5
        # At most what had left at the same instant was refused with it.
        assert {each.at for each in town.telegram.sends if not each.sent} == {refusal.at}
        assert all(len(town.texts(person)) == 1 for person in people)

    async def test_a_blocked_person_holds_up_nobody_and_hears_again_later(self, town: World) -> None:
        office = await town.found()
        sara, phone = await enrolled(town, office)
        omid, other = await enrolled(town, office, "Omid")
        sara.block(None)
        await town.settle()
        await office.send(phone)
        await office.send(other)
        await town.settle()
        assert len(bells(omid)) == 1
        sends = [each for each in town.telegram.sends if each.chat_id == sara.id and not each.sent]
        assert len(sends) <= 1
        sara.unblock(None)
        await town.settle()
        assert len(bells(sara)) == 1

    async def test_blocked_without_a_word_is_found_out_once(self, town: World) -> None:
        office = await town.found()
        sara, phone = await enrolled(town, office)
        sara.deactivated = True
        await office.send(phone)
        await office.send(phone, "more")
        await town.settle()
        await office.send(phone, "and more")
        await town.settle()
        bells_sent = [each for each in town.telegram.sends if each.chat_id == sara.id]
        assert len(bells_sent) <= 2
        assert len(await phone.fetch()) == 3

    async def test_enrolled_before_start_is_rung_once_the_bot_may_write(self, town: World) -> None:
        """Opened by link: Telegram forbids writing first, and no news of an "unblocking" ever comes."""
        office = await town.found()
        starts, allows = town.person("Sara", "en"), town.person("Omid", "en")
        for person in (starts, allows):
            phone = await office.invite()
            await phone.enrol(person.init_data(None), "fa-AF")
            await office.send(phone)
        await town.settle()
        assert town.texts(starts) == town.texts(allows) == []
        starts.start()
        allows.allow_writing()
        await town.settle()
        welcome, bell = (
            TEXTS.render("fa-AF", key) for key in ("welcome", "doorbell")
        )  # as the app enrolled them
        assert sorted(town.texts(starts)) == sorted([welcome, bell])
        assert town.texts(allows) == [bell]

    @pytest.mark.parametrize("sign", ["/help", "typed", "press"])
    async def test_any_sign_of_life_ends_a_blocking_whose_end_was_missed(
        self, town: World, sign: str
    ) -> None:
        office = await town.found()
        sara, phone = await enrolled(town, office)
        sara.say(None, "/language")
        await town.settle()
        sara.block(None)
        await town.settle()
        await office.send(phone)
        await town.settle()
        assert bells(sara) == []
        sara.chat().blocked = False  # and the update of it never comes
        if sign == "press":
            sara.press(None, "English")
        else:
            sara.say(None, sign)
        await town.settle()
        assert len(bells(sara)) == 1
        answers = {"/help": "help", "typed": "typed", "press": "language-set"}
        assert TEXTS.render("en", answers[sign]) in town.texts(sara)

    async def test_a_ring_that_telegram_refused_is_made_good_by_the_beat(
        self, town: World, monkeypatch
    ) -> None:
        office = await town.found()
        sara, phone = await enrolled(town, office)
        refuse = AsyncMock(side_effect=BadRequest("Too strange for words"))
        with monkeypatch.context() as patched:
            patched.setattr(town.house.courier, "_send", refuse)
            await office.send(phone)
            await town.settle()
        assert refuse.await_count == 1
        assert bells(sara) == []
        town.manual.advance(timedelta(minutes=6))
        await town.beat("doorbells")
        await town.settle()
        assert len(bells(sara)) == 1

    async def test_forty_seconds_of_silence_end_no_ring(self, town: World) -> None:
        office = await town.found()
        usual = town.house.dispatch.bot.request._read_seconds
        town.house.dispatch.bot.request._read_seconds = 0.05
        people = [await enrolled(town, office, f"person {number}") for number in range(3)]
        town.telegram.faults.set(hang_every=1)
        for _, phone in people:
            await office.send(phone)
        await town.settle(horizon=40)
        assert town.telegram.faults.happened["hang"] >= 6
        for person, _ in people:  # what hung had arrived; take it out of sight to see what is sent later
            for message in bells(person):
                message.deleted = True
        town.telegram.faults.clear()
        town.house.dispatch.bot.request._read_seconds = usual
        await town.settle(horizon=600)  # a ring that hung often rests for up to five minutes
        assert [len(bells(person)) for person, _ in people] == [1, 1, 1]

    async def test_an_answer_lost_after_accepting(self, town: World, monkeypatch) -> None:
        monkeypatch.setattr(wire, "READ_SECONDS", 0.1)
        town.house.dispatch.bot.request._read_seconds = 0.1
        people = [town.person(f"person {number}", "en") for number in range(5)]
        for person in people:
            person.start()
        town.telegram.faults.set(script=["hang", "ok", "hang"])
        await town.settle(horizon=60)
        copies = Counter(len(town.texts(person)) for person in people)
        assert sum(copies.values()) == 5
        assert copies[0] == 0
        assert sum(count - 1 for count in copies.elements()) <= 2

    async def test_telegram_in_trouble(self, town: World) -> None:
        people = [town.person(f"person {number}", "en") for number in range(12)]
        for person in people:
            person.start()
        town.telegram.faults.set(fail_every=3)
        await town.settle(horizon=120)
        assert all(len(town.texts(person)) == 1 for person in people)

    async def test_updates_twice_and_out_of_order_between_chats(self, town: World) -> None:
        people = [town.person(f"person {number}", "en") for number in range(20)]
        town.telegram.faults.set(duplicate_every=2, redeliver_every=3)
        await burst(town, people)
        await town.settle(horizon=120)
        assert [person.first_name for person in people if town.texts(person) != expected(town)] == []


class TestRestart:
    async def test_what_waits_goes_out_after_it(self, tmp_path: Path) -> None:
        manual = ManualClock()
        telegram = Telegram(manual, seed=7)
        bot = telegram.add_bot(TOKEN, "qasid_test_bot")
        async with running(tmp_path, manual, telegram, bot) as town:
            office = await town.found()
            sara, phone = await enrolled(town, office)
            telegram.faults.set(refuse_every=1, retry_after=30)
            sara.say(None, "/help")
            await office.send(phone)
            await town.settle(horizon=3)
            before = town.texts(sara)
        telegram.faults.clear()
        refused = telegram.sends[-1]
        sara.say(None, "/verify")
        async with running(tmp_path, manual, telegram, bot) as town:
            await town.settle(horizon=60)
            new = town.texts(sara)[len(before) :]
        after = [each.at for each in telegram.sends if each.at > refused.at]
        assert min(after) >= refused.at + 30, "what Telegram asked the process before for holds for this one"
        assert sorted(new) == sorted(
            [TEXTS.render("en", "help"), BELL, TEXTS.render("en", "verify", {"bot": "@qasid_test_bot"})]
        )

    async def test_what_the_process_before_sent_within_the_second_counts(self, tmp_path: Path) -> None:
        manual = ManualClock()
        telegram = Telegram(manual, seed=7)
        bot = telegram.add_bot(TOKEN, "qasid_test_bot")
        for number in range(50):
            telegram.add_user(f"person {number}", "en").start()
        async with running(tmp_path, manual, telegram, bot) as town:
            await town.quiet()
            left = len(telegram.sends)
        async with running(tmp_path, manual, telegram, bot) as town:
            await town.quiet()
            assert len(telegram.sends) == left, "all that Telegram allows in this second had left"
            await town.settle(horizon=60)
        assert left == 30
        assert len(telegram.sends) == 50
        assert not any(telegram.count_refusals().values())
        assert worst_window(telegram.sends) <= 30

    @pytest.mark.parametrize("kind", ["fail", "stranger", "garbage", "bare"])
    async def test_the_web_stays_up_while_telegram_is_out_of_reach(self, tmp_path: Path, kind: str) -> None:
        manual = ManualClock()
        telegram = Telegram(manual, seed=7)
        bot = telegram.add_bot(TOKEN, "qasid_test_bot")
        telegram.faults.set(**{f"{kind}_every": 1}, stranger_status=404, methods={"getMe"})
        async with running(tmp_path, manual, telegram, bot, connected=False) as town:
            assert (await town.http.get("/v1/info")).json()["bot"] is None
            office = await town.found()
            assert (await office.client.call("POST", "/v1/telegram-links", {})).status_code == 503
            telegram.faults.clear()
            await town.connected()
            assert (await town.http.get("/v1/info")).json()["bot"] == "qasid_test_bot"


class TestPostgres:
    async def test_the_same_over_postgresql(self, tmp_path: Path, postgres_url: str) -> None:
        Vault.create(tmp_path / "vault.key")
        async with world(tmp_path, postgres_url) as town:
            office = await town.found()
            sara, phone = await enrolled(town, office)
            people = [town.person(f"person {number}", "en") for number in range(10)]
            town.telegram.faults.set(refuse_every=7, retry_after=1)
            await burst(town, people)
            await office.send(phone)
            await town.settle(horizon=120)
            assert [person.first_name for person in people if town.texts(person) != expected(town)] == []
            assert len(bells(sara)) == 1
            await phone.client.ok("POST", "/v1/envelopes", phone.letter())
            assert len((await office.client.ok("GET", "/v1/mail"))["items"]) == 1
