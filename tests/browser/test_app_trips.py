"""On a bad line each round trip takes seconds: what can be asked at once is asked at once, and again if it got lost."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, Route

from tests.browser.fakerelay import Relay
from tests.browser.phone import Phone


class Held:
    """Keeps the next request to an address back until `let_go`."""

    def __init__(self, context: BrowserContext, where: str) -> None:
        self.kept: list[Route] = []
        context.route(where, lambda route: self.kept.append(route), times=1)  # noqa: PLW0108 - it marks what it is given

    def let_go(self) -> None:
        (route,) = self.kept
        route.continue_()


def lose(context: BrowserContext, where: str, times: int) -> None:
    context.route(where, lambda route: route.abort(), times=times)


def test_a_letter_costs_one_round_trip_and_a_card_no_second_roster(
    phone: Phone, relay: Relay, context: BrowserContext
) -> None:
    letter = relay.invite()
    slip = Held(context, "**/v1/letters/*")
    phone.speak()
    phone.give_letter(letter.text())
    rosters = "GET /v1/offices/"
    phone.until(lambda: len(relay.requests) == 3, "all that the letter's text lets the phone ask for")
    phone.until(lambda: slip.kept, "the letter's slip, which is kept back")
    assert any(each.startswith(rosters) for each in relay.requests)
    slip.let_go()
    phone.agree("messages")
    phone.arrive()
    relay.card = relay.office.certify(relay.phone).encode()
    phone.tap("refresh")
    phone.at("home")
    assert len([each for each in relay.requests if each.startswith(rosters)]) == 1


def test_a_slip_that_is_wrong_is_what_is_said(phone: Phone, relay: Relay, context: BrowserContext) -> None:
    """Though the rosters that were asked for with it came to nothing, too."""
    context.route("**/v1/offices/*/rosters?*", lambda route: route.fulfill(status=404, json={"code": "none"}))
    letter = relay.invite().text()
    relay.letters.clear()
    phone.speak()
    phone.give_letter(letter)
    phone.sees("letter-fault", "cannot be used")


def test_news_come_without_waiting_for_the_clock(
    enrolled: Phone, relay: Relay, context: BrowserContext
) -> None:
    clock = Held(context, "**/v1/time")
    relay.requests.clear()
    enrolled.tap("refresh")
    enrolled.until(lambda: "GET /v1/mail" in relay.requests, "that it asks for its mail")
    clock.let_go()
    enrolled.rest()


def test_a_clock_that_was_moved_costs_one_more_try(enrolled: Phone, relay: Relay) -> None:
    relay.offset = 3600
    relay.requests.clear()
    enrolled.refresh()
    enrolled.has("freshness", "data-offline", "false")
    assert relay.requests.count("GET /v1/mail") == 2
    relay.requests.clear()
    enrolled.refresh()
    assert relay.requests.count("GET /v1/mail") == 1


def test_what_is_lost_is_asked_for_again_at_once(
    enrolled: Phone, relay: Relay, context: BrowserContext
) -> None:
    """Twice: who is out of reach for longer is told so, as before. What changes something waits its turn."""
    lose(context, "**/v1/mail?*", 2)
    enrolled.refresh()
    enrolled.has("freshness", "data-offline", "false")
    lose(context, "**/v1/mail?*", 3)
    enrolled.refresh()
    enrolled.has("freshness", "data-offline", "true")


def test_a_part_and_its_words_come_together_and_again_if_lost(
    enrolled: Phone, relay: Relay, context: BrowserContext
) -> None:
    relay.files.clear()
    part = Held(context, "**/assets/inside-*")
    lose(context, "**/assets/core-*", 2)
    enrolled.page.reload()
    words = re.compile(r"assets/app-.*")
    enrolled.until(lambda: len({*filter(words.match, relay.files)}) == 2, "the words behind the lock")
    enrolled.until(lambda: part.kept, "the part, which is kept back")
    assert not any("assets/inside-" in each for each in relay.files)
    part.let_go()
    enrolled.unlock()
    enrolled.at("home")
