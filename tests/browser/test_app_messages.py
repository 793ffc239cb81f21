"""Statuses, texts, replies and receipts, over good and bad networks."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, expect

from crypto.content import Kind, OpenedReceipt, Status, StatusReport, TextMessage
from crypto.envelope import Envelope
from tests.browser.fakerelay import Relay
from tests.browser.phone import Phone


def opened(relay: Relay, number: int) -> tuple[Kind, object]:
    """The payload of the phone's message with that number, as a desk reads it."""
    inner = relay.office.open(relay.posts[number], relay.phone).content.inner
    return inner.kind, inner.read()


def test_a_status_reaches_the_office_sealed(enrolled: Phone, relay: Relay) -> None:
    enrolled.tap("status-safe")
    enrolled.fill("status-note", "با خانواده")
    enrolled.tap("status-send")
    enrolled.at("home")
    enrolled.has("last-sent", "data-state", "handed")
    enrolled.sees("last-sent", "I am safe")
    assert opened(relay, 0) == (Kind.STATUS, StatusReport(Status.SAFE, "با خانواده"))
    inner = relay.office.open(relay.posts[0], relay.phone).content.inner
    assert (inner.counter, inner.thread, inner.recipient) == (1, relay.phone.owner, relay.office.id)
    assert len(relay.posts[0]) <= 4096
    enrolled.tap("open-thread")
    enrolled.has("message", "data-state", "handed")


def test_offline_then_online_in_order(enrolled: Phone, relay: Relay, context: BrowserContext) -> None:
    context.set_offline(True)
    enrolled.tap("status-help")
    enrolled.tap("status-send")
    enrolled.at("home")
    enrolled.tap("open-thread")
    enrolled.fill("thread-input", "We are at home")
    enrolled.tap("thread-send")
    expect(enrolled.page.locator("[data-testid=message][data-state=waiting]")).to_have_count(2)
    enrolled.tap("back")
    enrolled.sees("next-step", "messages wait for a connection")
    enrolled.has("last-sent", "data-state", "waiting")
    enrolled.sees("last-sent", "Your last message")
    expect(enrolled.page.get_by_text("No connection.").first).to_be_in_viewport(ratio=1)
    assert relay.posts == []
    context.set_offline(False)
    enrolled.until(lambda: len(relay.posts) == 2, "both messages")
    assert [opened(relay, n) for n in (0, 1)] == [
        (Kind.STATUS, StatusReport(Status.NEED_HELP, "")),
        (Kind.TEXT, TextMessage("We are at home")),
    ]
    inners = [relay.office.open(post, relay.phone).content.inner for post in relay.posts]
    assert inners[1].prev == inners[0].hash


def test_the_queue_survives_closing_the_app(enrolled: Phone, relay: Relay) -> None:
    relay.fail = 503
    enrolled.tap("status-moving")
    enrolled.tap("status-send")
    enrolled.at("home")
    enrolled.page.reload()
    enrolled.unlock()
    enrolled.at("home")
    enrolled.tap("open-thread")
    enrolled.has("message", "data-state", "waiting")
    relay.fail = 0
    enrolled.tap("back")
    enrolled.refresh()
    enrolled.until(lambda: relay.posts, "the status")
    enrolled.tap("open-thread")
    enrolled.has("message", "data-state", "handed")


def test_a_lost_answer_does_no_harm(enrolled: Phone, relay: Relay, context: BrowserContext) -> None:
    def swallow(route: object) -> None:
        route.fetch()  # type: ignore[attr-defined]
        route.abort()  # type: ignore[attr-defined]

    context.route("**/v1/envelopes", swallow, times=1)
    enrolled.tap("status-ready")
    enrolled.tap("status-send")
    enrolled.at("home")
    enrolled.until(lambda: len(relay.posts) == 2, "the second try")
    assert relay.posts[0] == relay.posts[1]
    enrolled.tap("open-thread")
    enrolled.has("message", "data-state", "handed")


def test_what_waited_too_long_is_sealed_anew_under_its_id(enrolled: Phone, relay: Relay) -> None:
    relay.fail = 503
    enrolled.tap("status-safe")
    enrolled.tap("status-send")
    enrolled.at("home")
    enrolled.until(lambda: "POST /v1/envelopes" in relay.requests, "a first try")
    relay.fail, relay.offset = 0, 2 * 3600
    enrolled.refresh()
    enrolled.until(lambda: relay.posts, "the status")
    header = Envelope.parse(relay.posts[0]).header
    assert relay.now() - 900 <= header.time <= relay.now()


def test_a_reply_is_read_and_acknowledged(enrolled: Phone, relay: Relay) -> None:
    relay.post(relay.office.write(relay.phone, relay.prekey, "Stay where you are."))
    enrolled.refresh()
    enrolled.sees("next-step", "something new")
    assert relay.mail == {}
    enrolled.tap("open-thread")
    enrolled.sees("message-text", "Stay where you are.")
    enrolled.sees("messages", "C-01")
    enrolled.until(lambda: relay.posts, "a receipt")
    kind, receipt = opened(relay, 0)
    assert kind is Kind.OPENED
    assert isinstance(receipt, OpenedReceipt)


def test_the_office_opens_a_status(enrolled: Phone, relay: Relay) -> None:
    enrolled.tap("status-safe")
    enrolled.tap("status-send")
    enrolled.until(lambda: relay.posts, "the status")
    sent = relay.office.open(relay.posts[0], relay.phone)
    relay.post(relay.office.acknowledge(relay.phone, relay.prekey, sent))
    enrolled.refresh()
    enrolled.tap("open-thread")
    enrolled.has("message", "data-state", "opened")


def test_that_a_desk_has_a_message_is_seen_before_anybody_opened_it(enrolled: Phone, relay: Relay) -> None:
    enrolled.tap("status-help")
    enrolled.tap("status-send")
    enrolled.has("last-sent", "data-state", "handed")
    enrolled.refresh()
    enrolled.has("last-sent", "data-state", "handed")
    relay.fetched.update(relay.envelopes)
    enrolled.refresh()
    enrolled.has("last-sent", "data-state", "fetched")
    enrolled.sees("last-sent", "Reached the office")
    assert len(relay.wanted) == 1
    enrolled.refresh()
    assert relay.wanted == []
    sent = relay.office.open(relay.posts[0], relay.phone)
    relay.post(relay.office.acknowledge(relay.phone, relay.prekey, sent))
    enrolled.refresh()
    enrolled.has("last-sent", "data-state", "opened")


def test_how_long_messages_stay_is_chosen(enrolled: Phone, relay: Relay) -> None:
    enrolled.tap("open-settings")
    enrolled.has("days-7", "aria-pressed", "true")
    enrolled.tap("days-1")
    enrolled.has("days-1", "aria-pressed", "true")
    enrolled.tap("back")
    enrolled.tap("open-thread")
    # Between Fluent's marks, which nobody sees.
    enrolled.sees("screen-thread", "after this many days: \u20681\u2069")


def test_permissions_tell_when_they_were_given_and_taken_back(enrolled: Phone, relay: Relay) -> None:
    enrolled.tap("open-settings")
    lines = enrolled.page.get_by_test_id("said")
    expect(lines).to_have_count(2)
    enrolled.tap("consent-departures")
    enrolled.tap("withdraw-yes")
    expect(lines).to_have_count(3)
    expect(lines.nth(0)).to_contain_text("Permitted on")
    expect(lines.nth(2)).to_contain_text("Taken back on")


def test_nothing_is_asked_while_hidden(enrolled: Phone, relay: Relay) -> None:
    enrolled.refresh()
    enrolled.page.evaluate(
        """() => {
            Object.defineProperty(document, 'hidden', {value: true, configurable: true});
            document.dispatchEvent(new Event('visibilitychange'));
        }"""
    )
    before = len(relay.requests)
    enrolled.page.clock.install()
    enrolled.page.clock.fast_forward(50_000)
    assert len(relay.requests) == before


def test_silence_and_withdrawal(enrolled: Phone, relay: Relay) -> None:
    enrolled.tap("open-settings")
    enrolled.tap("pause")
    enrolled.has("pause", "aria-checked", "true")
    assert "POST /v1/pause" in relay.requests
    enrolled.tap("consent-departures")
    enrolled.has("consent-departures", "aria-checked", "true")  # not before the second tap
    expect(enrolled.page.get_by_test_id("withdraw-yes")).to_be_in_viewport(ratio=1)
    enrolled.tap("withdraw-yes")
    enrolled.has("consent-departures", "aria-checked", "false")
    enrolled.until(lambda: len(relay.consents) == 3, "the withdrawal")
    last = relay.consents[-1]
    assert (last.purpose, last.given, last.counter) == ("departures", False, 2)


def test_a_relative_may_be_told_or_not(enrolled: Phone, relay: Relay) -> None:
    """Nobody is asked about it on the way in."""
    enrolled.tap("open-settings")
    enrolled.has("consent-sponsor", "aria-checked", "false")
    enrolled.tap("consent-sponsor")
    enrolled.has("consent-sponsor", "aria-checked", "true")
    enrolled.tap("consent-sponsor")
    enrolled.tap("withdraw-yes")
    enrolled.has("consent-sponsor", "aria-checked", "false")
    enrolled.until(lambda: len(relay.consents) == 4, "the withdrawal")
    said = [(each.purpose, each.given, each.recipient == each.office, each.fields) for each in relay.consents]
    assert said[2:] == [("sponsor", True, True, "all"), ("sponsor", False, True, "all")]
    enrolled.has("consent-messages", "aria-checked", "true")


def test_what_is_refused_for_good_holds_up_nothing(enrolled: Phone, relay: Relay) -> None:
    relay.refuse["/v1/envelopes"] = 422
    enrolled.tap("open-thread")
    enrolled.fill("thread-input", "refused")
    enrolled.tap("thread-send")
    enrolled.has("message", "data-state", "failed")
    relay.refuse.clear()
    enrolled.fill("thread-input", "taken")
    enrolled.tap("thread-send")
    enrolled.until(lambda: relay.posts, "the second message")
    assert opened(relay, 0) == (Kind.TEXT, TextMessage("taken"))
    expect(enrolled.page.locator("[data-testid=message][data-state=handed]")).to_have_count(1)


def test_a_busy_relay_is_given_time(enrolled: Phone, relay: Relay) -> None:
    relay.refuse["/v1/envelopes"] = 429
    enrolled.tap("status-safe")
    enrolled.tap("status-send")
    enrolled.until(lambda: relay.requests.count("POST /v1/envelopes") >= 2, "a second try")
    enrolled.tap("open-thread")
    enrolled.has("message", "data-state", "waiting")
    relay.refuse.clear()
    enrolled.until(lambda: relay.posts, "the status")
    enrolled.has("message", "data-state", "handed")
