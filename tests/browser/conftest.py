from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.browser.chromium import launcher
from tests.browser.fakerelay import DIST, Ground, Relay, ground
from tests.browser.lock import lighten
from tests.browser.office import Office
from tests.browser.phone import PIN, Phone, visit

# As Phone.at: a machine that is busy with other tests is no fault of the app's.
expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # A microphone that beeps, and nobody to ask for it.
    options = launcher(args=["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"])
    if not (DIST / "index.html").is_file():
        pytest.fail("the phone app is not built: run `make setup`")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(**options)
        yield started
        started.close()


@pytest.fixture(scope="session")
def address() -> Iterator[Ground]:
    with ground() as server:
        yield server


@pytest.fixture(scope="session")
def settled(browser: Browser, address: Ground) -> tuple[Any, Relay]:
    """What phone and relay hold after one enrolment; tests that need no other start from here."""
    relay = address.carry(Relay(Office()))
    context = visit(browser)
    phone = Phone(context, relay.url).open()
    phone.enrol(relay)
    state = context.storage_state(indexed_db=True)
    lighten(state, PIN)
    context.close()
    assert phone.faults == []
    return state, relay


@pytest.fixture
def relay(request: pytest.FixtureRequest, address: Ground) -> Relay:
    if "enrolled" not in request.fixturenames:
        return address.carry(Relay(Office()))
    _state, relay = request.getfixturevalue("settled")
    return address.carry(copy.deepcopy(relay))


@pytest.fixture
def context(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    state = request.getfixturevalue("settled")[0] if "enrolled" in request.fixturenames else None
    made = visit(browser, state)
    yield made
    made.close()


@pytest.fixture
def phone(context: BrowserContext, relay: Relay) -> Iterator[Phone]:
    """A phone with the app open; at the end it must have done nothing it must never do."""
    made = Phone(context, relay.url).open()
    yield made
    assert made.faults == []


@pytest.fixture
def enrolled(phone: Phone) -> Phone:
    """A phone that stands at home, with both permissions given."""
    phone.unlock()
    phone.at("home")
    phone.rest()
    return phone
