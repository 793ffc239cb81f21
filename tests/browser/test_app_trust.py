"""A relay that shows another office than the letter's stops the phone; nothing leads round it."""

from __future__ import annotations

from dataclasses import replace

from playwright.sync_api import expect

from crypto.keys import RootKeys
from tests.browser.fakerelay import Relay
from tests.browser.phone import Phone


def stopped(phone: Phone, reason: str) -> None:
    phone.tap("refresh")
    phone.at("stop")
    phone.has("stop", "data-reason", reason)


def test_the_next_roster_is_followed(enrolled: Phone, relay: Relay) -> None:
    relay.office.renew()
    relay.post(relay.office.write(relay.phone, relay.prekey, "under the new roster"))
    enrolled.refresh()
    enrolled.tap("open-thread")
    enrolled.sees("message-text", "under the new roster")


def test_an_older_roster_stops(enrolled: Phone, relay: Relay) -> None:
    relay.office.renew()
    enrolled.refresh()
    relay.shown = relay.office.rosters[:1]
    stopped(enrolled, "rollback")
    # Lock, look again, and nothing else.
    buttons = enrolled.page.locator("button")
    expect(buttons).to_have_count(2)
    assert [each.get_attribute("data-testid") for each in buttons.all()] == ["lock", "stop-check"]
    enrolled.page.reload()
    enrolled.unlock()
    enrolled.at("stop")
    enrolled.tap("stop-check")
    enrolled.sees("stop-still", "still does not fit")
    relay.shown = None
    enrolled.tap("stop-check")
    enrolled.at("home")


def test_another_roster_of_the_same_version_stops(enrolled: Phone, relay: Relay) -> None:
    relay.shown = [relay.office.rival()]
    stopped(enrolled, "fork")


def test_a_gap_stops(enrolled: Phone, relay: Relay) -> None:
    relay.office.renew()
    relay.office.renew()
    relay.shown = [relay.office.rosters[0], relay.office.rosters[2]]
    stopped(enrolled, "fork")


def test_another_root_stops(enrolled: Phone, relay: Relay) -> None:
    stranger = RootKeys.generate()
    relay.office.renew()
    relay.office.rosters[-1] = replace(relay.office.head, first=stranger.root)
    relay.office.root = stranger
    stopped(enrolled, "root")


def test_a_message_that_names_a_newer_roster_waits_for_it(enrolled: Phone, relay: Relay) -> None:
    relay.shown = list(relay.office.rosters)
    relay.office.renew()
    relay.post(relay.office.write(relay.phone, relay.prekey, "held back"))
    enrolled.refresh()
    assert len(relay.mail) == 1
    relay.shown = None
    enrolled.refresh()
    enrolled.tap("open-thread")
    enrolled.sees("message-text", "held back")
