"""Children in one's care: asked one by one, signed, and led to where the family is to be told of."""

from __future__ import annotations

from playwright.sync_api import expect

from crypto.statement import Child
from tests.browser.fakerelay import Relay
from tests.browser.phone import Phone
from tests.browser.test_app_sharing import ask


def said(relay: Relay) -> list[tuple[int, bool, Child, int]]:
    return [(each.member, each.given, each.assent, each.counter) for each in relay.assents]


def test_led_there_asked_and_signed(enrolled: Phone, relay: Relay) -> None:
    relay.minors = [2, 4]
    ask(relay, "family", "needs")
    enrolled.refresh()
    enrolled.tap("next-open")
    enrolled.tap("open-decide")
    enrolled.sees("children-missing", "for each child in your care")
    enrolled.tap("open-children")
    enrolled.at("children")
    enrolled.sees("child-4", "Child \u20682\u2069")  # by its place; and by the number that the office knows
    enrolled.sees("child-4", "Number \u20684\u2069 of your household")
    enrolled.sees("child-2-stands", "Nothing is said yet")
    enrolled.tap("child-2-you-1")
    expect(enrolled.page.get_by_test_id("child-2-send")).to_be_disabled()  # the child was not asked
    enrolled.tap("child-2-says-1")
    enrolled.tap("child-2-send")
    enrolled.sees("child-2-stands", "You agreed, and so did the child.")
    enrolled.sees("child-2-stands", "It ends on")
    enrolled.sees("child-4-stands", "Nothing is said yet")
    relay.fail = 503  # kept, and handed over when the network is back
    enrolled.tap("child-4-you-1")
    enrolled.tap("child-4-says-3")
    enrolled.tap("child-4-send")
    enrolled.sees("child-4-stands", "Waiting")
    relay.fail = 0
    enrolled.sees("child-4-stands", "too small to be asked")
    assert said(relay) == [(2, True, Child.AGREES, 1), (4, True, Child.TOO_SMALL, 1)]
    enrolled.tap("back")
    enrolled.at("decide")
    expect(enrolled.page.get_by_test_id("decide-family")).to_be_visible()
    expect(enrolled.page.get_by_test_id("children-missing")).to_have_count(0)


def test_a_no_is_said_in_two_taps_and_a_refusal_changes_nothing(enrolled: Phone, relay: Relay) -> None:
    relay.minors = [2]
    enrolled.tap("open-settings")
    relay.fail = 503
    enrolled.tap("open-children")
    enrolled.sees("children-fault", "answered with an error")
    relay.fail = 0
    enrolled.tap("children-again")
    enrolled.tap("child-2-you-1")
    enrolled.tap("child-2-says-1")
    enrolled.tap("child-2-send")
    enrolled.sees("child-2-stands", "You agreed")
    relay.refuse = {"/v1/assents": 409}
    enrolled.tap("child-2-says-2")
    enrolled.sees("child-2", "must be destroyed there")
    enrolled.tap("child-2-send")
    enrolled.until(lambda: relay.requests.count("POST /v1/assents") == 2, "refused")
    enrolled.sees("children-fault", "error")
    relay.refuse = {}
    enrolled.tap("children-again")
    enrolled.sees("child-2-stands", "You agreed")
    enrolled.tap("child-2-send")
    enrolled.sees("child-2-stands", "said no")
    assert said(relay) == [(2, True, Child.AGREES, 1), (2, True, Child.DECLINES, 3)]
