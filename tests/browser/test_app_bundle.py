"""The page runs the build it names and nothing else, and says which build that is."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from handlers.bundle import Bundle, groups
from tests.browser.fakerelay import DIST, Relay
from tests.browser.phone import Phone

#: Names of vocabularies, and of the library in what a developer reads: nothing is asked of them.
NAMES = {"www.w3.org"}


def test_the_build_names_no_other_host() -> None:
    texts = {
        path.name: path.read_text() for path in DIST.rglob("*") if path.suffix in {".js", ".html", ".css"}
    }
    assert len(texts) > 20
    for name, text in texts.items():
        hosts = set(re.findall(r"(?:https?|wss?):(?:\\?/){2}([\w.-]+)", text)) | set(
            re.findall(r"[\"'`(]//([\w-]+\.[\w.-]+)", text)
        )
        assert hosts <= NAMES, name
        assert "telegram.org" not in text
        assert "sourceMappingURL" not in text


def test_help_shows_the_number_of_the_build_that_was_loaded(enrolled: Phone) -> None:
    enrolled.tap("open-help")
    enrolled.sees("bundle", groups(Bundle.read(DIST / "bundle.json").hash))


def _changed(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.body() + b"\n")


@pytest.fixture
def stranger(context: BrowserContext, relay: Relay) -> Page:
    return context.new_page()


@pytest.mark.parametrize("part", ["first-*.js", "first-*.css"])
def test_what_the_page_names_runs_only_as_it_was_built(stranger: Page, relay: Relay, part: str) -> None:
    said: list[str] = []
    stranger.on("console", lambda message: said.append(message.text))
    stranger.route(f"**/assets/{part}", _changed)
    stranger.goto(f"{relay.url}/app/")
    stranger.wait_for_load_state("networkidle")
    assert [text for text in said if "integrity" in text]
    if part.endswith("js"):
        expect(stranger.get_by_test_id("screen-language")).to_have_count(0)


def test_a_part_that_comes_later_runs_only_as_it_was_built(context: BrowserContext, relay: Relay) -> None:
    phone = Phone(context, relay.url)
    phone.page.route("**/assets/core-*.js", _changed)
    phone.open().speak()
    phone.give_letter(relay.invite().text())
    phone.until(lambda: any("integrity" in fault for fault in phone.faults), "the changed part is refused")
    expect(phone.page.get_by_test_id("screen-who")).to_have_count(0)
