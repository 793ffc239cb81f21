"""From a fresh clone in a clean root: `make run`, used as its user would; `make story`; CI."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import FrameLocator, Page, sync_playwright

from tests.browser.chromium import launcher
from tests.proofs import cleanroot, figures

pytestmark = [pytest.mark.prove, pytest.mark.timeout(2400)]
PIN = "739164"
NOTE, REPLY = "We are two, above the bakery", "Stay where you are"


@pytest.fixture(scope="module", autouse=True)
def fresh_clone() -> None:
    cleanroot.clone()


@pytest.fixture
def demonstration() -> Iterator[str]:
    """What `make run` prints until it is up."""
    process = cleanroot.start("make run")
    assert process.stdout is not None
    said = ""
    try:
        for line in process.stdout:
            said += line
            if "Stop with Ctrl-C" in line:
                break
        yield said
    finally:
        process.kill()
        process.communicate()


def desk(*arguments: str) -> dict[str, object]:
    """The first officer's desk, inside the root."""
    output = cleanroot.run(f"var/demo/desk-1 {' '.join(arguments)} --json", timeout=60)
    document: dict[str, object] = json.loads(output[output.index("{") :])
    return document


def test_the_exchange_on_what_make_run_starts(demonstration: str) -> None:
    address = re.search(r"http://127\.0\.0\.1:\d+/\?user=\d+", demonstration)
    letter = re.search(r"QASID1\.[A-Za-z0-9_-]+", demonstration)
    assert address, demonstration
    assert letter, demonstration
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launcher())
        page = browser.new_page(viewport={"width": 900, "height": 720}, reduced_motion="reduce")
        page.goto(address.group())
        exchange(page, letter.group())
        browser.close()
    figures.note(
        "make run in a clean root", "letter, enrolment, status, reply by hand of a script in Chromium"
    )


def exchange(page: Page, letter: str) -> None:
    page.get_by_role("button", name="Start", exact=True).click()
    page.get_by_role("button", name="📱 باز کردن").last.click()
    app = page.frame_locator("iframe")
    tap(app, "language-en")
    tap(app, "letter-text")
    app.get_by_test_id("letter-input").fill(letter)
    for name in ("letter-check", "who-next", "consent-messages", "consent-departures", "consent-next"):
        tap(app, name)
    app.get_by_test_id("pin").fill(PIN)
    app.get_by_test_id("pin-again").fill(PIN)
    tap(app, "pin-set")
    app.get_by_test_id("screen-waiting").wait_for()
    assert "enrolled" in json.dumps(desk("confirm", "--yes"))
    tap(app, "refresh")
    app.get_by_test_id("screen-home").wait_for()
    tap(app, "status-safe")
    app.get_by_test_id("status-note").fill(NOTE)
    tap(app, "status-send")
    app.get_by_test_id("screen-home").wait_for()
    tap(app, "open-thread")
    app.locator('[data-testid=message][data-state="handed"]').wait_for()
    [message] = desk("inbox")["messages"]  # type: ignore[misc]  # a JSON list
    read = desk("read", str(message["id"]))
    assert (read["status"], read["text"]) == ("safe", NOTE)
    desk("reply", str(message["from"]), f"'{REPLY}'")
    app.get_by_text(REPLY).wait_for(timeout=60_000)


def tap(app: FrameLocator, name: str) -> None:
    app.get_by_test_id(name).first.click()


def test_make_story_passes() -> None:
    output = cleanroot.run("make story", timeout=1200)
    figures.note("make story in a clean root", output.strip().splitlines()[-1])


def test_ci_passes() -> None:
    cleanroot.run("bash .ci/run", timeout=2000)
    figures.note(".ci/run in a clean root", "passes as an ordinary user")
