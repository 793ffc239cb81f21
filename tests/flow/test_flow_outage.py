"""Telegram down for an hour, its token revoked, somebody else's answers: nothing is lost, nobody silenced."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from emulator.people import User
from handlers.texts import Texts
from relay import delivery
from relay.delivery import UNCERTAIN_REPLIES
from tests.flow.actors import Office, Phone
from tests.flow.world import TOKEN, World, world

TEXTS = Texts()
BELL = TEXTS.render("en", "doorbell")
METHODS = {"sendMessage", "deleteMessage", "getMe"}
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as found:
        yield found


async def enrolled(town: World, office: Office) -> tuple[User, Phone]:
    person = town.person("Sara", "en")
    person.start()
    phone = await office.invite()
    await phone.enrol(person.init_data(None))
    await town.settle()
    return person, phone


async def pass_time(town: World, span: timedelta) -> None:
    """Step from one moment at which a call may leave to the next."""
    end = town.manual.now() + span
    while True:
        await town.quiet(pending=False)
        now = town.manual.now()
        due = await town.store.read(delivery.next_due)
        step = max(town.house.pacer.when(now, None), due or end, now + timedelta(milliseconds=100)) - now
        if now + step >= end:
            town.manual.advance(end - now)
            return
        town.manual.advance(step)


@pytest.mark.parametrize("kind", ["drop", pytest.param("fail", marks=pytest.mark.prove)])
async def test_an_hour_without_telegram(town: World, kind: str) -> None:
    office = await town.found()
    sara, phone = await enrolled(town, office)
    town.telegram.faults.set(**{f"{kind}_every": 1}, methods=METHODS)
    await office.send(phone)
    await pass_time(town, HOUR / 2)
    others = [town.person(f"person {number}", "en") for number in range(25)]
    for person in others:
        person.start()
    await town.quiet()
    await pass_time(town, HOUR / 2)
    assert 50 < town.telegram.faults.happened[kind] < 80, "one call at a time, at most a minute apart"
    before = len(town.telegram.sends)
    town.telegram.faults.clear()
    await town.settle(horizon=90)
    sends = town.telegram.sends[before:]
    assert sends[-1].at - sends[0].at < 35, "at once from the first that came through, but for what rests"
    assert town.texts(sara).count(BELL) == 1
    assert [len(town.texts(person)) for person in others] == [1] * 25


async def test_a_token_revoked_while_running(town: World, capsys) -> None:
    office = await town.found()
    sara, phone = await enrolled(town, office)
    chat, bot = sara.chat(), town.telegram.bots.pop(TOKEN)
    for number in range(8):
        await office.send(phone, f"letter {number}")
    await pass_time(town, HOUR / 6)
    told = capsys.readouterr().err.count("set QASID_BOT_TOKEN anew")
    assert 8 < told < 20, "one try at a time"
    assert (await town.http.get("/v1/info")).status_code == 200
    assert BELL not in [message.text for message in chat.visible()]
    town.telegram.bots[TOKEN] = bot
    await town.settle(horizon=90)
    assert town.texts(sara).count(BELL) == 1


async def test_no_answer_of_somebody_else_silences_anybody(town: World) -> None:
    office = await town.found()
    sara, phone = await enrolled(town, office)
    for number, kind in enumerate(("stranger", "bare", "garbage", "half", "stranger")):
        await phone.read()
        town.telegram.faults.set(script=[kind] * 4, stranger_status=(403, 400, 404, 401, 429)[number])
        await office.send(phone, kind)
        sara.say(None, "/help")
        asked = town.texts(sara).count(TEXTS.render("en", "help"))
        await town.settle(horizon=200)
        assert not town.telegram.faults.script
        assert BELL in town.texts(sara), kind
        assert town.texts(sara).count(TEXTS.render("en", "help")) > asked, kind


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (504, "<html><head><title>504 Gateway Time-out</title></head></html>"),
        (502, '{"ok": false, "error_code": 502, "description": "Bad Gateway"}'),
    ],
)
async def test_a_gateway_that_does_not_wait_has_a_reply_repeated_five_times_at_most(
    town: World, status: int, body: str
) -> None:
    """Each was sent, and anything but a send is answered: nothing breaks the circuit for long."""
    office = await town.found()
    sara, phone = await enrolled(town, office)
    town.telegram.faults.set(garbage_every=1, garbage_status=status, garbage=body)
    sara.say(None, "/help")
    await town.quiet()
    await pass_time(town, HOUR)
    assert town.texts(sara).count(TEXTS.render("en", "help")) == UNCERTAIN_REPLIES
    await office.send(phone)
    await pass_time(town, HOUR)
    assert town.texts(sara).count(BELL) > UNCERTAIN_REPLIES, (
        "a ring goes on: it may be the one that nobody heard"
    )
    town.telegram.faults.clear()
    await town.settle(horizon=600)
    town.manual.advance(1)
    sara.say(None, "/help")
    await town.settle()
    assert town.texts(sara).count(TEXTS.render("en", "help")) == UNCERTAIN_REPLIES + 1


async def test_an_absurd_retry_after_is_obeyed_for_a_day(town: World, capsys) -> None:
    office = await town.found()
    sara, phone = await enrolled(town, office)
    town.telegram.faults.set(script=["huge"])
    await office.send(phone)
    await town.settle()
    await pass_time(town, DAY - timedelta(minutes=1))
    assert BELL not in town.texts(sara)
    assert len([each for each in town.telegram.sends if "Too Many" in each.outcome]) == 1
    assert "more than a day" in capsys.readouterr().err
    await town.settle(horizon=120)
    assert BELL in town.texts(sara)
