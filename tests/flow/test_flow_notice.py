"""A scheduled notice: hidden until its time, released by the clock's one job, rung, answered for by the ladder."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from crypto.encoding import b64u, new_id
from crypto.notice import Approval, Cancel
from handlers.texts import Texts
from tests.flow.actors import DAY, Office, Phone
from tests.flow.world import World, world

BELL = Texts().render("en", "doorbell")


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as found:
        yield found


async def people(town: World, office: Office) -> tuple:
    sara = town.person("Sara", "en")
    sara.start()
    phone = await office.invite()
    await phone.enrol(sara.init_data(None))
    await phone.consent("departures", given=True)
    await town.settle()
    return sara, phone


async def schedule(office: Office, phone: Phone, *, after: int) -> dict:
    """An advisory (one officer suffices); what is sealed in it is no matter to the relay."""
    notice, content_hash, now = new_id(), secrets.token_bytes(32), office.now()
    approval = Approval(office.id, notice, 1, content_hash, office.keys.record.device, now)
    body = {
        "notice": b64u(notice), "version": 1, "kind": 3, "movement": None, "content_hash": b64u(content_hash),
        "approvals": [b64u(approval.sign(office.keys.sign_seed))], "release_at": now + after,
        "answer_by": now + DAY, "expires": now + DAY,
        "offers": [{"contact": b64u(phone.contact), "offer": b64u(new_id()), "party": 0}],
        "envelope": b64u(office.letter(phone)),
    }  # fmt: skip
    assert (await office.client.ok("POST", "/v1/notices", body))["state"] == "scheduled"
    return {**body, "hash": content_hash, "id": notice}


async def state(office: Office) -> str:
    (notice,) = (await office.client.ok("GET", "/v1/notices"))["notices"]
    return str(notice["state"])


async def test_released_when_due_and_not_before(town: World) -> None:
    office = await town.found()
    sara, phone = await people(town, office)
    await schedule(office, phone, after=3600)
    town.manual.advance(timedelta(seconds=3599))
    await town.settle(horizon=0.5)
    assert await phone.fetch() == []
    assert BELL not in town.texts(sara)
    assert await state(office) == "scheduled"
    town.manual.advance(timedelta(seconds=1))
    async with asyncio.timeout(10):
        while await state(office) != "released":  # noqa: ASYNC110 - the relay tells nobody
            await asyncio.sleep(0.01)
    await town.settle(horizon=5)
    assert town.texts(sara)[-1] == BELL
    assert len(await phone.fetch()) == 1
    (notice,) = (await office.client.ok("GET", "/v1/notices"))["notices"]
    assert notice["state"] == "released"
    assert notice["counts"] == {
        "recipients": 1, "rung": 1, "fetched": 1, "answered": 0, "accepted": 0, "declined": 0, "help": 0,
    }  # fmt: skip


async def test_cancelled_before_its_time_it_is_never_seen(town: World) -> None:
    office = await town.found()
    sara, phone = await people(town, office)
    notice = await schedule(office, phone, after=3600)
    cancel = Cancel(office.id, notice["id"], 1, notice["hash"], 1, office.keys.record.device, office.now())
    body = {"cancel": b64u(cancel.sign(office.keys.sign_seed)), "envelope": None}
    await office.client.ok("POST", f"/v1/notices/{notice['notice']}/1/cancel", body)
    town.manual.advance(timedelta(hours=2))
    await asyncio.sleep(0.3)  # three looks at the schedule: nothing may come of them
    await town.settle(horizon=5)
    assert BELL not in town.texts(sara)
    assert await phone.fetch() == []
    assert await state(office) == "cancelled"


async def test_a_clock_set_back_does_not_hold_the_release_up(town: World) -> None:
    town.manual.advance(timedelta(hours=6))
    await town.beat("release")
    town.manual.advance(timedelta(hours=-6))
    office = await town.found()
    sara, phone = await people(town, office)
    await schedule(office, phone, after=60)
    town.manual.advance(timedelta(seconds=60))
    async with asyncio.timeout(10):
        while await state(office) != "released":  # noqa: ASYNC110 - the relay tells nobody
            await asyncio.sleep(0.01)
    await town.settle(horizon=5)
    assert town.texts(sara)[-1] == BELL
