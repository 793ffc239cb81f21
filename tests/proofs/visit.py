"""A person's first visits over a bad line, measured: the real app in Chromium, the real relay."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from playwright.sync_api import sync_playwright

from tests.browser.chromium import launcher
from tests.flow.actors import Office
from tests.proofs.line import BANDWIDTH, ROUND_TRIP, Line
from tests.proofs.meter import Meter
from tests.proofs.office import aside, certify, found
from tests.story.phone import Phone
from tests.story.stage import Stage, free_port
from tests.story.tale import PIN

#: A person reads and types: a slow line's own waits must not be taken for a screen that never comes.
PATIENCE = 60.0


@dataclass(frozen=True)
class Visit:
    """From opening the page to the relay's answer to the sealed message: seconds, and bytes with HTTP's headers."""

    took: float
    up: int
    down: int
    #: Requests one after another, and seconds that the page computed.
    trips: list[str]
    computed: float
    #: Seconds from the tap that unlocks to home being there; taken off already.
    unlocked: float = 0.0

    @property
    def limit(self) -> float:
        """Seconds for the line itself: all bytes at its pace, and two round trips."""
        return (self.up + self.down) / BANDWIDTH + 2 * ROUND_TRIP


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


def visits(folder: Path) -> tuple[Visit, Visit]:
    """To the first sealed message on a new phone, and on the second visit on one set up before.

    50 kb/s each way, two seconds for each request there and back, the processor four times slower. The person takes no
    time: each tap comes as soon as it is possible. On the new phone all is counted, the PIN's Argon2id too, but for
    what the office takes to sign the card. On the second visit, what the PIN costs on purpose is taken off: from the
    tap that unlocks to home being there, no request stands in between.
    """
    with begun(folder) as (stage, meter, phone):
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
        first = _visit(_sent(phone, "safe") - start - (signed - asked), meter, line)

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
        return first, _visit(_sent(phone, "moving") - start - unlocked, meter, line, unlocked)


def _visit(took: float, meter: Meter, line: Line, unlocked: float = 0.0) -> Visit:
    trips = line.one_after_another("envelopes")
    return Visit(took, meter.up, meter.down, trips, line.computing(), unlocked)


def _sent(phone: Phone, status: str) -> float:
    """Send a status from home, as soon as it is there; when it was accepted, by `monotonic`."""
    with phone.page.expect_response("**/v1/envelopes") as accepted:
        phone.tap(f"status-{status}")
        phone.tap("status-send")
    assert accepted.value.status == 202
    return monotonic()
