"""What a person on a slow line pays: one status to a large office, and the first load of the app."""

from __future__ import annotations

import asyncio
import re
import subprocess
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from playwright.sync_api import sync_playwright

from crypto.card import Card, CardBody, Evidence
from crypto.device import DeviceRecord, OwnerKind
from crypto.encoding import b64u, new_id, unb64u
from crypto.keys import DeviceKeys
from crypto.letter import Letter
from crypto.record import ZERO_32
from crypto.roster import Entry
from tests.browser.chromium import launcher
from tests.flow.actors import DAY, ROLES, Office
from tests.proofs import figures
from tests.proofs.cleanroot import REPOSITORY
from tests.proofs.meter import Meter
from tests.story.phone import Phone
from tests.story.stage import Stage, free_port
from tests.story.tale import PIN

pytestmark = [pytest.mark.prove, pytest.mark.timeout(300)]
KIB = 1024
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


async def found(stage: Stage) -> tuple[Office, str]:
    async with httpx.AsyncClient(base_url=stage.url) as http:
        office = LargeOffice(http, stage.now, stage.url.removeprefix("http://"))
        await office.found(stage.admit())
        phone = await office.invite()
        return office, Letter(phone.secret, office.id, 1, office.roster.hash).text()


async def certify(stage: Stage, office: Office) -> None:
    """The card for whoever enrolled."""
    async with httpx.AsyncClient(base_url=stage.url) as http:
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


def test_a_status_to_an_office_of_forty_devices(tmp_path: Path) -> None:
    stage = Stage(tmp_path, relay_port=free_port())
    options = launcher()
    assert options
    try:
        stage.start_emulator()
        stage.start_relay()
        with Meter(stage.public_port, stage.relay_port) as meter, sync_playwright() as playwright:
            office, letter = aside(found(stage))
            phone = Phone(playwright, tmp_path)
            phone.open(f"{stage.url}/app/")
            phone.enrol(letter, PIN)
            aside(certify(stage, office))
            phone.refresh()
            phone.see("screen-home")
            phone.send_status("safe", "")  # whatever a first message costs besides
            meter.reset()
            phone.send_status("moving", "")
            up, down = meter.up, meter.down
            phone.close()
    finally:
        stage.close()
    figures.note(
        "one status, 20 officers, 40 devices", f"{up:,} B up + {down:,} B down = {(up + down) / KIB:.1f} KiB"
    )
    assert up > 1_500, "a sealed status cannot be smaller: nothing was measured"
    assert up + down <= 8 * KIB


def test_the_apps_first_load() -> None:
    """What `npm run size` counts: the way in with one language and every cryptographic primitive."""
    done = subprocess.run(
        ["make", "--silent", "size"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    screen = re.search(r"(\d+)\s+first screen, gzip", done.stdout)
    first = re.search(r"(\d+)\s+first load, gzip", done.stdout)
    whole = re.search(r"(\d+)\s+to the first sealed message", done.stdout)
    assert screen
    assert first
    assert whole
    kib = [f"{int(each[1]) / KIB:.1f}" for each in (screen, first, whole)]
    figures.note(
        "first load, gzip",
        f"{kib[1]} KiB (first screen {kib[0]}, with the screens behind the lock {kib[2]})",
    )
    assert int(first[1]) <= 60 * KIB
