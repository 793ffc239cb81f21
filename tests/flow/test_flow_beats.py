"""What the beats say and do, and what spam does to a ring, in a whole relay over the emulated Telegram."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import column, select, table, text

from relay import doorbells
from tests.flow.test_flow_delivery import bells, enrolled
from tests.flow.world import World, world

HOUR = timedelta(hours=1)


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as found:
        yield found


def heard(capfd) -> str:
    """What was logged since the last time."""
    return "".join(capfd.readouterr())


async def hours(town: World, count: int) -> None:
    for _ in range(count):
        town.manual.advance(HOUR)
        await town.beat("retention")


async def test_a_doubt_about_the_clock_is_said_once_per_change(town: World, capfd) -> None:
    def said() -> tuple[int, int]:
        shown = heard(capfd)
        return shown.count("is doubted"), shown.count("is believed")

    await town.connected()
    await hours(town, 1)
    said()
    town.telegram.faults.set(fail_every=1, methods={"getMe"})
    town.manual.advance(timedelta(days=40))
    await town.beat("retention")
    assert said() == (1, 0)
    await hours(town, 3)
    assert said() == (0, 1)
    town.telegram.faults.clear()
    town.manual.advance(timedelta(days=40))
    await town.beat("retention")
    assert said() == (0, 0)  # Telegram's clock went on, too


async def test_a_bell_for_mail_that_is_no_more_goes(town: World) -> None:
    office = await town.found()
    sara, phone = await enrolled(town, office)
    await office.send(phone)
    await town.settle()
    assert len(bells(sara)) == 1
    await town.store.write(lambda tx: tx.execute(text("DELETE FROM wraps")))
    town.manual.advance(timedelta(minutes=6))
    await town.beat("doorbells")
    await town.settle()
    assert bells(sara) == []


async def test_one_sealed_id_that_does_not_open_stops_nobody(town: World, capfd) -> None:
    omid = town.person("Omid", "en")
    omid.start()
    await town.settle()
    await town.store.write(
        lambda tx: tx.execute(text("UPDATE accounts SET sealed = :no").bindparams(no=b"\0"))
    )
    sara = town.person("Sara", "en")
    omid.say(None, "/help")
    sara.start()
    await town.settle(horizon=5)
    assert len(town.texts(sara)) == 1
    assert len(town.texts(omid)) == 1
    said = heard(capfd)
    assert "interrupted" not in said
    assert "not read" not in said
    assert said.count("do not open") == 1
    assert str(omid.id) not in said


@pytest.mark.prove
@pytest.mark.timeout(300)
async def test_forty_who_spam_hold_no_urgent_ring_back(town: World) -> None:
    office = await town.found()
    sara, phone = await enrolled(town, office)
    crowd = [town.person(f"spammer {number}", "en") for number in range(40)]
    for command in ("/help", "/verify", "/stop", "/language", "/help", "/verify", "/help", "/stop", "/help"):
        for person in crowd:
            person.say(None, command)
    await town.settle(horizon=0)
    await office.send(phone)
    asked = town.manual.now()
    everybody = select(table("accounts", column("id")).c.id).order_by(text("id"))
    first = await town.store.read(lambda tx: tx.execute(everybody).scalars().first())
    await town.store.write(lambda tx: doorbells.ring(tx, {first: True}, asked))
    town.house.delivery.wake()
    await town.settle(horizon=60)
    (bell,) = [
        each for each in town.telegram.sends if each.chat_id == sara.id and each.at >= asked.timestamp()
    ]
    assert bell.at - asked.timestamp() < 2
