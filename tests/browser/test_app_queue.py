"""The sending queue when the office or whoever stands in between changes under it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from crypto.content import Status, StatusReport, TextMessage
from crypto.envelope import Envelope
from crypto.keys import PrekeyPair
from crypto.prekey import HolderKind
from tests.browser.fakerelay import Relay
from tests.browser.office import DAY
from tests.browser.phone import Phone


def new_epoch(relay: Relay) -> PrekeyPair:
    """The office removes somebody: another roster, and from now on another epoch."""
    office = relay.office
    pair = PrekeyPair.generate(
        office.id,
        HolderKind.EPOCH,
        sequence=2,
        created=office.now - 60,
        seal_until=office.now + 10 * DAY,
        delete_at=office.now + 60 * DAY,
    )
    old, office.epoch = office.epoch, pair
    office.renew()
    office.rosters[-1] = replace(office.head, epochs=(old.prekey, pair.prekey))
    return pair


def test_a_message_sealed_to_a_closed_epoch_is_sealed_anew(
    enrolled: Phone, relay: Relay, context: BrowserContext
) -> None:
    """The relay takes nothing under the old epoch any more: nothing may be lost, and the id stays."""
    refused: list[bytes] = []

    def closed(route: Route) -> None:
        body = route.request.post_data_buffer
        assert body is not None
        envelope = Envelope.parse(body)
        if envelope.wraps[0].address.prekey == relay.office.epoch.prekey.prekey:
            route.continue_()
            return
        refused.append(envelope.header.envelope)
        route.fulfill(status=422, json={"code": "epoch_unknown", "message": "follow"})

    context.route("**/v1/envelopes", closed)
    new_epoch(relay)
    enrolled.tap("status-help")
    enrolled.tap("status-send")
    enrolled.at("home")
    enrolled.until(lambda: relay.posts, "the status under the new epoch")
    opened = relay.office.open(relay.posts[0], relay.phone)
    assert opened.content.inner.read() == StatusReport(Status.NEED_HELP, "")
    assert refused == [opened.header.envelope]
    enrolled.tap("open-thread")
    enrolled.has("message", "data-state", "handed")


@pytest.mark.parametrize("code", ["epoch_unknown", "clock_wrong", "expired"])
def test_a_seal_that_is_refused_is_not_the_message_refused(
    enrolled: Phone, relay: Relay, context: BrowserContext, code: str
) -> None:
    context.route(
        "**/v1/envelopes",
        lambda route: route.fulfill(status=422, json={"code": code, "message": "seal again"}),
        times=1,
    )
    enrolled.tap("open-thread")
    enrolled.fill("thread-input", "Still here")
    enrolled.tap("thread-send")
    enrolled.until(lambda: relay.posts, "the message, a moment later")
    assert relay.office.open(relay.posts[0], relay.phone).content.inner.read() == TextMessage("Still here")


def test_a_forged_roster_stops_the_queue(enrolled: Phone, relay: Relay, context: BrowserContext) -> None:
    """Saying "epoch unknown" gives a relay no way to a roster that does not follow."""
    context.route(
        "**/v1/envelopes",
        lambda route: route.fulfill(status=422, json={"code": "epoch_unknown", "message": "follow"}),
    )
    relay.shown = [*relay.office.rosters[:-1], replace(relay.office.head, version=2, prev=bytes([7]) * 32)]
    enrolled.tap("status-safe")
    enrolled.tap("status-send")
    enrolled.at("stop")
    assert relay.posts == []


def test_an_answer_that_is_not_the_relays_settles_nothing(
    enrolled: Phone, relay: Relay, context: BrowserContext
) -> None:
    """A captive portal says 403 to everything."""
    context.route(
        "**/v1/envelopes", lambda route: route.fulfill(status=403, body="<html>pay</html>"), times=1
    )
    enrolled.tap("status-moving")
    enrolled.tap("status-send")
    enrolled.at("home")
    enrolled.until(lambda: relay.posts, "the status, once the portal is out of the way")
    enrolled.tap("open-thread")
    enrolled.has("message", "data-state", "handed")


def test_a_withdrawal_overtakes_a_message_that_cannot_be_sealed(enrolled: Phone, relay: Relay) -> None:
    """The roster ran out: messages wait for the office, a withdrawal for nobody."""
    relay.office.renew_short()
    enrolled.refresh()
    relay.offset = 2 * DAY
    enrolled.refresh()
    enrolled.tap("status-safe")
    enrolled.tap("status-send")
    enrolled.at("home")
    enrolled.tap("open-settings")
    enrolled.tap("consent-departures")
    enrolled.tap("withdraw-yes")
    enrolled.until(lambda: [said for said in relay.consents if not said.given], "the withdrawal")
    assert relay.posts == []


def test_a_withdrawal_that_was_refused_is_not_shown_as_done(enrolled: Phone, relay: Relay) -> None:
    relay.refuse = {"/v1/consents": 409}
    relay.requests.clear()
    enrolled.tap("open-settings")
    enrolled.tap("consent-departures")
    enrolled.tap("withdraw-yes")
    enrolled.until(lambda: "POST /v1/consents" in relay.requests, "the withdrawal")
    expect(enrolled.page.get_by_test_id("consent-departures")).to_be_checked()
    assert all(said.given for said in relay.consents)


def test_a_withdrawal_overtakes_a_message_under_an_epoch_nobody_knows(
    enrolled: Phone, relay: Relay, context: BrowserContext
) -> None:
    context.route(
        "**/v1/envelopes",
        lambda route: route.fulfill(status=422, json={"code": "epoch_unknown", "message": "follow"}),
    )
    enrolled.tap("status-help")
    enrolled.tap("status-send")
    enrolled.at("home")
    enrolled.tap("open-settings")
    enrolled.tap("consent-departures")
    enrolled.tap("withdraw-yes")
    enrolled.until(lambda: [said for said in relay.consents if not said.given], "the withdrawal")
    assert relay.posts == []
    enrolled.tap("back")
    enrolled.tap("open-thread")
    enrolled.has("message", "data-state", "waiting")


@pytest.mark.parametrize(
    "answer",
    [{"status": 403, "body": "<html>pay</html>"}, {"status": 421, "json": {"code": "wrong_host"}}],
    ids=["portal", "misdirected"],
)
def test_a_withdrawal_outlives_an_answer_that_is_not_the_relays(
    enrolled: Phone, relay: Relay, context: BrowserContext, answer: dict[str, Any]
) -> None:
    context.route("**/v1/consents", lambda route: route.fulfill(**answer), times=1)
    enrolled.tap("open-settings")
    enrolled.tap("consent-departures")
    enrolled.tap("withdraw-yes")
    enrolled.until(lambda: [said for said in relay.consents if not said.given], "the withdrawal")
    enrolled.has("consent-departures", "aria-checked", "false")


def test_each_refused_withdrawal_is_taken_back(
    enrolled: Phone, relay: Relay, context: BrowserContext
) -> None:
    """Also while another, about something else, still waits behind it."""
    context.set_offline(True)
    enrolled.tap("open-settings")
    for purpose in ("departures", "messages"):
        enrolled.tap(f"consent-{purpose}")
        enrolled.tap("withdraw-yes")
        enrolled.has(f"consent-{purpose}", "aria-checked", "false")
    relay.refuse = {"/v1/consents": 409}
    context.set_offline(False)
    for purpose in ("departures", "messages"):
        expect(enrolled.page.get_by_test_id(f"consent-{purpose}")).to_be_checked(timeout=15_000)
