"""An office for a measured phone; it speaks to the relay past whatever measures or slows the phone's line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, TypeVar

import httpx

from crypto.card import Card, CardBody, Evidence
from crypto.device import DeviceRecord, OwnerKind
from crypto.encoding import b64u, new_id, unb64u
from crypto.keys import DeviceKeys
from crypto.letter import Letter
from crypto.record import ZERO_32
from crypto.roster import Entry
from tests.flow.actors import DAY, ROLES, Office
from tests.story.stage import Stage

T = TypeVar("T")
OFFICERS, DEVICES_EACH = 20, 2


class LargeOffice(Office):
    """Twenty officers with two devices each."""

    def entries(self) -> tuple[Entry, ...]:
        now, entries = self.now(), list(super().entries())
        for number in range(1, OFFICERS + 1):
            officer = self.officer if number == 1 else new_id()
            while sum(entry.officer == officer for entry in entries) < DEVICES_EACH:
                keys = DeviceKeys.generate(self.id, OwnerKind.OFFICER, officer)
                entries.append(Entry(officer, f"C-{number:02}", ROLES, keys.record, now - 1, now + 300 * DAY))
        assert len(entries) == OFFICERS * DEVICES_EACH
        return tuple(sorted(entries, key=lambda entry: entry.device.device))


def aside(work: Coroutine[Any, Any, T]) -> T:
    """Run it on a thread: playwright keeps a loop of its own on this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


@asynccontextmanager
async def _straight(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    """To the relay itself, by the name under which people reach it: requests are signed over that."""
    there = f"http://127.0.0.1:{stage.relay_port}"
    async with httpx.AsyncClient(base_url=there, headers={"Host": _name(stage)}) as http:
        yield http


def _name(stage: Stage) -> str:
    return stage.url.removeprefix("http://")


async def found(stage: Stage, kind: type[Office]) -> tuple[Office, str]:
    """A new office, and a letter of introduction from it as text."""
    async with _straight(stage) as http:
        office = kind(http, stage.now, _name(stage))
        await office.found(stage.admit())
        phone = await office.invite()
        return office, Letter(phone.secret, office.id, 1, office.roster.hash).text()


async def certify(stage: Stage, office: Office) -> None:
    """The card for whoever enrolled."""
    async with _straight(stage) as http:
        office.client.http = http
        waiting: dict[str, Any] = (await office.client.ok("GET", "/v1/enrolments"))["enrolments"][0]
        record = DeviceRecord.parse(unb64u(waiting["device"]))
        body = CardBody(
            office.id,
            record.owner,
            1,
            ZERO_32,
            office.keys.record.device,
            1,
            (record,),
            Evidence.LETTER,
            stage.now(),
        )
        card = b64u(Card.issue(body, office.keys.sign_seed).encode())
        await office.client.ok("POST", "/v1/cards", {"card": card, "enrolment": waiting["invitation"]})


async def renew(stage: Stage, office: Office) -> None:
    """The office's next roster: the same people, a month longer."""
    async with _straight(stage) as http:
        office.client.http = http
        office.roster = replace(office.roster, version=office.roster.version + 1, prev=office.roster.hash)
        await office.client.ok("POST", "/v1/rosters", {"roster": b64u(office.roster.sign(office.root.seed))})
