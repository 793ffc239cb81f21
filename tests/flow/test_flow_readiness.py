"""/readyz: the database's version, a leader, an answer of Telegram's within minutes; each of them missing is named."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from handlers.sight import LOST, QUIET
from relay import leader
from relay.unit import Tx
from tests.flow.world import World, world


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path, polling=False) as found:
        yield found


async def missing(town: World) -> str:
    """What is not there; empty when all is."""
    answer = await town.http.get("/readyz")
    assert (answer.status_code == 503) == ("code" in answer.json())
    assert (await town.http.get("/healthz")).status_code == 200
    return str(answer.json().get("message", ""))


async def becomes(town: World, wanted: str) -> None:
    """Within what it takes to answer a request, without the time going on."""
    async with asyncio.timeout(10):
        while await missing(town) != wanted:
            await town.quiet(pending=False)


async def test_telegram_out_of_sight_and_back(town: World) -> None:
    await becomes(town, "")
    for _ in range(3):  # nobody has anything to say, and it is looked for all the same
        town.manual.advance(QUIET)
        await becomes(town, "")
    assert timedelta() <= town.manual.now() - (town.house.sight.seen_at or town.manual.now()) < QUIET
    town.telegram.faults.set(drop_every=1, methods={"getMe", "getWebhookInfo"})
    town.manual.advance(LOST - timedelta(seconds=1))
    await becomes(town, "")
    town.manual.advance(timedelta(seconds=1))
    await becomes(town, "Missing: telegram.")
    town.telegram.faults.clear()
    town.manual.advance(QUIET)
    await becomes(town, "")
    town.telegram.bots.clear()
    town.manual.advance(QUIET)
    await becomes(town, "Missing: telegram.")
    assert town.house.sight.state == "token_refused"


async def test_no_leader_and_another_version(town: World) -> None:
    await town.quiet(pending=False)

    def elsewhere(tx: Tx) -> None:
        tx.execute(text("UPDATE alembic_version SET version_num = 'another'"))
        lead = leader.standing(tx, town.manual.now())
        assert lead is not None
        leader.resign(tx, lead, town.manual.now())

    await town.store.write(elsewhere)
    assert await missing(town) == "Missing: schema, leader."
