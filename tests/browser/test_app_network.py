"""What a bad network does to the app itself: its parts are there before they are needed, or are asked for again."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, expect

from tests.browser.fakerelay import Relay
from tests.browser.phone import Phone

PARTS = re.compile(r"/assets/(core|inside)-")
#: What is needed now and then.
ABOUT = re.compile(r"/assets/about-")
#: All come with a language: what is said on the way in, behind the lock, and there about the person.
CATALOGUES = re.compile(r"/assets/app-")


def lose(phone: Phone, what: re.Pattern[str]) -> list[str]:
    """From now on these requests fail; returns what was asked for."""
    asked: list[str] = []
    phone.page.route(what, lambda route: (asked.append(route.request.url), route.abort())[1])
    return asked


def test_whole_once_it_was_opened(enrolled: Phone, relay: Relay, context: BrowserContext) -> None:
    """Opened with a network, used without one: unlocked, read, written to; the rest follows when it is back."""
    page = enrolled.page
    page.reload()
    enrolled.at("unlock")
    page.wait_for_load_state("networkidle")
    context.set_offline(True)
    enrolled.unlock()
    enrolled.at("home")
    enrolled.has("freshness", "data-offline", "true")
    for door, screen in (("open-help", "help"), ("open-settings", "settings"), ("open-thread", "thread")):
        enrolled.tap(door)
        enrolled.at(screen)
        enrolled.tap("back")
    enrolled.tap("status-safe")
    enrolled.tap("status-send")
    enrolled.has("freshness", "data-queue", "1")
    enrolled.tap("lock")
    enrolled.unlock()
    enrolled.at("home")
    assert relay.posts == []
    context.set_offline(False)
    enrolled.until(lambda: len(relay.posts) == 1, "the status was handed over")


def test_a_part_that_is_missing_makes_nobody_erase(enrolled: Phone) -> None:
    page = enrolled.page
    asked = lose(enrolled, PARTS)
    page.reload()
    enrolled.unlock()
    enrolled.sees("unlock-fault", "There is no connection")
    assert asked
    page.unroute(PARTS)
    enrolled.unlock()
    enrolled.at("home")


def test_each_part_is_fetched_once(phone: Phone, relay: Relay) -> None:
    """A part is fetched, and then imported from the browser's cache: nobody pays twice."""
    phone.speak()
    phone.give_letter(relay.invite().text())
    phone.agree("messages")
    phone.arrive()

    def parts() -> list[str]:
        return sorted(name.split("-", 1)[0] for name in relay.files if name.startswith("assets/"))

    names = ("about", "app", "app", "app", "core", "first", "first", "inside")
    phone.until(lambda: len(parts()) >= len(names), "the last part, which is not waited for")
    assert parts() == [f"assets/{part}" for part in names]


def test_a_part_that_is_needed_now_and_then_comes_when_it_can(enrolled: Phone) -> None:
    page = enrolled.page
    asked = lose(enrolled, ABOUT)
    page.reload()
    enrolled.unlock()
    enrolled.tap("open-casefile")
    enrolled.sees("screen-loading", "as soon as there is a connection")
    assert asked
    enrolled.tap("back")
    enrolled.at("home")
    enrolled.tap("open-casefile")
    page.unroute(ABOUT)
    enrolled.at("casefile")


def test_a_letter_waits_for_the_part_that_reads_it(phone: Phone, relay: Relay) -> None:
    asked = lose(phone, PARTS)
    phone.page.reload()
    phone.speak()
    phone.give_letter(relay.invite().text())
    phone.sees("letter-fault", "There is no connection")
    assert asked
    phone.page.unroute(PARTS)
    phone.tap("letter-check")
    phone.at("who")


def test_a_language_that_cannot_be_loaded_is_asked_for_again(phone: Phone) -> None:
    lose(phone, CATALOGUES)
    phone.at("language")
    phone.tap("language-en")
    expect(phone.page.get_by_test_id("language-offline")).to_be_visible()
    phone.page.unroute(CATALOGUES)
    phone.speak()


def test_opened_without_its_language_the_app_asks_for_it(enrolled: Phone) -> None:
    lose(enrolled, CATALOGUES)
    enrolled.page.reload()
    enrolled.at("language")
    enrolled.tap("language-fa-AF")
    expect(enrolled.page.get_by_test_id("language-offline")).to_have_attribute("role", "alert")
    enrolled.page.unroute(CATALOGUES)
    enrolled.tap("language-en")
    enrolled.unlock()
    enrolled.at("home")


def test_another_language_without_a_network_breaks_nothing(enrolled: Phone, context: BrowserContext) -> None:
    enrolled.tap("open-settings")
    context.set_offline(True)
    enrolled.tap("language-fa-AF")
    enrolled.sees("settings-fault", "There is no connection")
    context.set_offline(False)
    enrolled.tap("language-fa-AF")
    expect(enrolled.page.locator("html")).to_have_attribute("dir", "rtl")
