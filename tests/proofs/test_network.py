"""What a person on a bad line waits for, and what they pay: the real app in Chromium, the real relay."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.chromium import launcher
from tests.flow.actors import Office
from tests.proofs import figures
from tests.proofs.line import BANDWIDTH, ROUND_TRIP, Line
from tests.proofs.meter import Meter
from tests.proofs.office import LargeOffice, aside, certify, found, renew
from tests.story.phone import Phone
from tests.story.stage import Stage, free_port
from tests.story.tale import PIN

pytestmark = [pytest.mark.prove, pytest.mark.timeout(300)]
KIB = 1024
#: A person reads and types: a slow line's own waits must not be taken for a screen that never comes.
PATIENCE = 60.0
#: True when the last part of the app is here, which follows once somebody is in.
WHOLE = """() => performance.getEntriesByType('resource').some(
  ({ name, responseEnd }) => name.includes('/assets/about-') && responseEnd > 0
)"""


@contextmanager
def begun(folder: Path) -> Iterator[tuple[Stage, Meter, Phone]]:
    """A relay, a phone without anything, and a meter in between."""
    stage = Stage(folder, relay_port=free_port())
    assert launcher()
    try:
        stage.start_emulator()
        stage.start_relay()
        with Meter(stage.public_port, stage.relay_port) as meter, sync_playwright() as playwright:
            phone = Phone(playwright, folder, patience=PATIENCE)
            yield stage, meter, phone
            phone.close()
    finally:
        stage.close()


def send(phone: Phone, status: str) -> float:
    """Send a status from home, as soon as it is there; when it was accepted, by `monotonic`."""
    with phone.page.expect_response("**/v1/envelopes") as accepted:
        phone.tap(f"status-{status}")
        phone.tap("status-send")
    assert accepted.value.status == 202
    return monotonic()


def judge(name: str, took: float, meter: Meter, line: Line, aside: str) -> None:
    """Hold `took` against the line's own limit: 1.5 times all bytes at its pace, and two round trips."""
    limit = 1.5 * ((meter.up + meter.down) / BANDWIDTH + 2 * ROUND_TRIP)
    trips = line.one_after_another("envelopes")
    figures.note(
        name,
        f"{took:.1f} s of {limit:.1f} s allowed, {aside}; {meter.up:,} B up + {meter.down:,} B down; "
        f"{len(trips)} requests one after another ({', '.join(trips)}); the page computed {line.computing():.1f} s",
    )
    assert took >= meter.down / BANDWIDTH, "faster than the line: nothing was slowed down"
    assert took <= limit


def test_the_first_sealed_message(tmp_path: Path) -> None:
    """From opening the page to the relay's answer to the first sealed message, on a new phone and on one set up before.

    50 kb/s each way, two seconds for each request there and back, the processor four times slower. The person takes no
    time: each tap comes as soon as it is possible. On the new phone all is counted, the PIN's Argon2id too, but for
    what the office takes to sign the card. On the second visit, what the PIN costs on purpose is taken off: from the
    tap that unlocks to home being there, no request stands in between. Bytes are those of HTTP both ways, with headers.
    """
    with begun(tmp_path) as (stage, meter, phone):
        office, letter = aside(found(stage, Office))
        line = Line(phone)
        start = monotonic()
        phone.open(f"{stage.url}/app/")
        with phone.page.expect_response("**/v1/enrolments"):
            phone.enrol(letter, PIN)
        asked = monotonic()
        aside(certify(stage, office))
        signed = monotonic()
        phone.refresh()
        took = send(phone, "safe") - start - (signed - asked)
        assert meter.down > 70 * KIB, "a new phone loads the whole app: something was here before"
        judge("first sealed message, new phone", took, meter, line, "the PIN's stretching included")

        phone.home()
        phone.see("freshness", '[data-queue="0"]')
        phone.see("refresh", ":enabled")
        phone.put_away()
        line.reset()
        meter.reset()
        start = monotonic()
        phone.open(f"{stage.url}/app/")
        phone.see("unlock-pin")
        typed = monotonic()
        phone.unlock(PIN)
        phone.see("screen-home")
        unlocked = monotonic() - typed
        took = send(phone, "moving") - start - unlocked
        assert meter.down < 8 * KIB, "what was loaded before is loaded again"
        judge("first sealed message, second visit", took, meter, line, f"less {unlocked:.1f} s of unlocking")


def test_a_status_to_an_office_of_forty_devices(tmp_path: Path) -> None:
    """At most 8 KiB both ways, with HTTP's headers: a status, and the round of news that it comes after.

    A new roster comes on top, once for each: its 40 pairs of keys, packed, are 6 KiB by themselves.
    """
    with begun(tmp_path) as (stage, meter, phone):
        office, letter = aside(found(stage, LargeOffice))
        phone.open(f"{stage.url}/app/")
        phone.enrol(letter, PIN)
        aside(certify(stage, office))
        phone.refresh()
        phone.see("screen-home")
        phone.send_status("safe", "")  # whatever a first message costs besides
        phone.page.wait_for_function(WHOLE)
        for before, most in (("", 8), (", a round of news before it", 8), (", a new roster before it", 13)):
            phone.see("refresh", ":enabled")
            if most > 8:
                aside(renew(stage, office))
            meter.reset()
            if before:
                phone.refresh()
                phone.see("refresh", ":enabled")
            phone.send_status("moving", "")
            up, down = meter.up, meter.down
            figures.note(
                f"one status, 20 officers, 40 devices{before}",
                f"{up:,} B up + {down:,} B down = {(up + down) / KIB:.1f} KiB",
            )
            assert up > 1_500, "a sealed status cannot be smaller: nothing was measured"
            assert up + down <= most * KIB
