"""What cannot be undone is done only when the phone's own clock and the relay's agree."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.fakerelay import Relay
from tests.browser.office import DAY
from tests.browser.phone import Phone


def later(phone: Phone, relay: Relay, days: int) -> None:
    """So many days pass, for the phone as for the relay."""
    phone.page.clock.set_fixed_time(relay.office.now + days * DAY)
    relay.offset = days * DAY


def texts(phone: Phone, *expected: str) -> None:
    phone.tap("open-thread")
    expect(phone.page.get_by_test_id("message-text")).to_have_text(list(expected))
    phone.tap("back")


def test_a_reply_that_waited_more_than_a_week_is_there_to_be_read(enrolled: Phone, relay: Relay) -> None:
    relay.post(relay.office.write(relay.phone, relay.prekey, "Stay where you are."))
    later(enrolled, relay, 8)
    enrolled.refresh()
    enrolled.until(lambda: relay.mail == {}, "the reply, acknowledged")
    enrolled.refresh()
    enrolled.sees("next-step", "something new")
    texts(enrolled, "Stay where you are.")
    later(enrolled, relay, 14)
    enrolled.refresh()
    texts(enrolled, "Stay where you are.")
    later(enrolled, relay, 16)
    enrolled.refresh()
    enrolled.refresh()
    texts(enrolled)


def test_a_relay_that_lies_about_the_time_destroys_nothing(enrolled: Phone, relay: Relay) -> None:
    relay.post(relay.office.write(relay.phone, relay.prekey, "one"))
    enrolled.refresh()
    texts(enrolled, "one")
    enrolled.rest()
    relay.offset = 60 * DAY
    enrolled.refresh()
    enrolled.refresh()
    relay.offset = 0
    relay.post(relay.office.write(relay.phone, relay.prekey, "two"))
    enrolled.refresh()
    texts(enrolled, "one", "two")


def test_a_renewal_that_is_refused_leaves_the_permission_as_it_was(enrolled: Phone, relay: Relay) -> None:
    later(enrolled, relay, 340)
    enrolled.refresh()
    enrolled.tap("open-settings")
    relay.refuse = {"/v1/consents": 409}
    relay.requests.clear()
    enrolled.tap("renew-messages")
    enrolled.until(lambda: "POST /v1/consents" in relay.requests, "the renewal")
    expect(enrolled.page.get_by_test_id("ends-messages")).to_have_count(1)  # once more, for it is not renewed
    enrolled.has("consent-messages", "aria-checked", "true")
    relay.refuse = {}
    later(enrolled, relay, 366)
    enrolled.tap("back")
    enrolled.refresh()
    enrolled.tap("open-settings")
    enrolled.has("consent-messages", "aria-checked", "false")


def test_a_permission_ends_after_a_year_and_is_renewed_in_one_tap(enrolled: Phone, relay: Relay) -> None:
    later(enrolled, relay, 340)
    enrolled.refresh()
    enrolled.sees("next-step", "ends on")
    enrolled.tap("open-settings")
    enrolled.has("consent-messages", "aria-checked", "true")
    enrolled.tap("renew-messages")
    expect(enrolled.page.get_by_test_id("ends-messages")).to_have_count(0)
    enrolled.until(lambda: len(relay.consents) == 3, "the renewal")
    assert (relay.consents[-1].purpose, relay.consents[-1].given) == ("messages", True)
    later(enrolled, relay, 366)
    enrolled.tap("back")
    enrolled.refresh()
    enrolled.tap("open-settings")
    enrolled.has("consent-messages", "aria-checked", "true")
    enrolled.has("consent-departures", "aria-checked", "false")
    enrolled.sees("ends-departures", "Nothing comes any more")
