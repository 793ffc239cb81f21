"""A person's hand on the phone app: the steps of its screens, by test id."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import quote

from playwright.sync_api import Browser, BrowserContext, ViewportSize, expect

from tests.browser import storage
from tests.browser.fakerelay import Relay

PIN = "274916"
SMALL: ViewportSize = {"width": 360, "height": 640}


def visit(browser: Browser, state: Any = None) -> BrowserContext:
    """A new small phone; `state` is what another one stored."""
    made = browser.new_context(viewport=SMALL, reduced_motion="reduce")
    made.set_default_timeout(10_000)
    if state is not None:
        storage.put(made, state)
    # As on a slow phone, where the lock takes the least memory it may: it would be most of these tests' time.
    made.add_init_script("const now = performance.now.bind(performance); performance.now = () => 30 * now();")
    return made


@dataclass
class Phone:
    """One page of the app, watched for what it must never do."""

    context: BrowserContext
    url: str
    fragment: str = "tgWebAppVersion=8.0"
    faults: list[str] = field(default_factory=list)
    path: str = ""

    def __post_init__(self) -> None:
        self.page = storage.page_of(self.context)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        self.page.on("request", self._request)

    def _console(self, message: Any) -> None:
        # The browser itself reports each failed request; the tests fail them on purpose.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.faults.append(message.text)

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.faults.append(f"request elsewhere: {request.url}")

    def open(self, **extra: str) -> Self:
        fragment = "&".join([self.fragment, *(f"{key}={quote(value)}" for key, value in extra.items())])
        self.page.goto(f"{self.url}/app/{self.path}#{fragment}")
        return self

    def tap(self, name: str) -> None:
        self.page.get_by_test_id(name).click()

    def fill(self, name: str, text: str) -> None:
        self.page.get_by_test_id(name).fill(text)

    def at(self, screen: str) -> None:
        expect(self.page.get_by_test_id(f"screen-{screen}")).to_be_visible(timeout=15_000)

    def sees(self, name: str, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_test_id(name)).to_contain_text(text)

    def reads(self, name: str) -> str:
        """What stands there, without the marks that keep numbers and codes in their place."""
        return re.sub("[\u2068\u2069]", "", self.page.get_by_test_id(name).inner_text())

    def has(self, name: str, attribute: str, value: str) -> None:
        expect(self.page.get_by_test_id(name).first).to_have_attribute(attribute, value)

    def number(self) -> str:
        return " ".join(self.page.get_by_test_id("number").locator("span").all_inner_texts())

    def speak(self, code: str = "en") -> None:
        self.at("language")
        self.tap(f"language-{code}")
        self.at("letter")

    def give_letter(self, letter: str, way: str = "text") -> None:
        self.tap(f"letter-{way}")
        self.fill("letter-input", letter)
        self.tap("letter-check")

    def agree(self, *purposes: str) -> None:
        self.at("who")
        self.tap("who-next")
        for purpose in purposes:
            self.tap(f"consent-{purpose}")
        self.tap("consent-next")

    def set_pin(self, pin: str = PIN) -> None:
        self.at("pin")
        self.fill("pin", pin)
        self.fill("pin-again", pin)
        self.tap("pin-set")

    def hold(self, name: str) -> None:
        """Presses and does not let go."""
        box = self.page.get_by_test_id(name).bounding_box()
        assert box is not None
        self.page.mouse.move(box["x"] + 20, box["y"] + 20)
        self.page.mouse.down()

    def enrol(self, relay: Relay, language: str = "en") -> None:
        """The whole way from the first screen to home, with both permissions."""
        self.speak(language)
        self.give_letter(relay.invite().text())
        self.agree("messages", "departures")
        self.arrive()
        relay.card = relay.office.certify(relay.phone).encode()
        self.tap("refresh")
        self.at("home")
        self.rest()

    def rest(self) -> None:
        """Waits until a round is over and nothing is left to hand over."""
        expect(self.page.get_by_test_id("freshness")).to_have_text(re.compile(":"), timeout=15_000)
        expect(self.page.get_by_test_id("freshness")).to_have_attribute("data-queue", "0", timeout=15_000)
        expect(self.page.get_by_test_id("refresh")).to_be_enabled(timeout=15_000)

    def arrive(self, pin: str = PIN) -> None:
        """Sets the PIN and waits until the relay has the enrolment and the phone's first round is over."""
        with self.page.expect_response(lambda response: response.url.endswith("/v1/enrolments")):
            self.set_pin(pin)
        self.at("waiting")
        expect(self.page.get_by_test_id("refresh")).to_be_enabled(timeout=15_000)

    def unlock(self, pin: str = PIN) -> None:
        self.at("unlock")
        self.fill("unlock-pin", pin)
        self.tap("unlock")

    def until(self, condition: Callable[[], object], what: str) -> None:
        """Lets the page go on until something is true of the relay."""
        deadline = time.monotonic() + 15
        while not condition():
            assert time.monotonic() < deadline, f"never: {what}"
            self.page.wait_for_timeout(20)

    def refresh(self) -> None:
        """Looks for news and waits until the round is over."""
        button = self.page.get_by_test_id("refresh")
        expect(button).to_be_enabled(timeout=15_000)
        with self.page.expect_response(lambda response: response.url.endswith("/v1/time")):
            button.click()
        expect(button).to_be_enabled(timeout=15_000)
