"""What may be passed on to another office: asked for, decided group by group, withdrawn, and what became of it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from crypto.content import Ask
from crypto.encoding import b64u
from crypto.statement import Consent
from tests.browser.fakerelay import Relay
from tests.browser.phone import Phone

OTHER = bytes(range(32))


def ask(relay: Relay, *groups: str, name: str = "Foreign Ministry") -> None:
    about = Ask(OTHER, name, tuple(sorted(groups)), 1)
    relay.post(relay.office.ask(relay.phone, relay.prekey, about))


def said(relay: Relay) -> list[tuple[str, bool, int]]:
    """Group, given and counter of each consent to passing on, in their order."""
    sharing = [each for each in relay.consents if each.purpose == "sharing"]
    assert all(each.recipient == OTHER for each in sharing)
    return [(each.fields, each.given, each.counter) for each in sharing]


def test_asked_decided_and_withdrawn(enrolled: Phone, relay: Relay) -> None:
    ask(relay, "family", "needs")
    enrolled.refresh()
    enrolled.sees("next-step", "something new")
    enrolled.tap("open-thread")
    enrolled.sees("ask", "“\u2068Foreign Ministry\u2069”")
    enrolled.sees("ask", "Who travels with you")
    enrolled.until(lambda: relay.posts, "the receipt")
    enrolled.tap("open-decide")
    enrolled.at("decide")
    enrolled.tap("decide-family")
    enrolled.tap("back")  # closing it gives nothing, and it is asked again
    enrolled.tap("back")
    enrolled.rest()
    assert said(relay) == []
    enrolled.sees("next-step", "asks you to decide")
    enrolled.tap("next-open")
    expect(enrolled.page.get_by_role("switch", checked=True)).to_have_count(0)
    enrolled.tap("decide-family")
    enrolled.tap("decide-send")
    enrolled.at("home")
    enrolled.until(lambda: said(relay) == [("family", True, 1)], "one of the two permitted")
    enrolled.sees("next-step", "Nothing to do now")

    enrolled.tap("open-settings")
    enrolled.tap("open-sharing")
    expect(enrolled.page.get_by_test_id("consent-sharing-needs")).not_to_be_checked()
    enrolled.tap("consent-sharing-family")
    expect(enrolled.page.get_by_test_id("withdraw-yes")).to_be_in_viewport(ratio=1)
    expect(enrolled.page.get_by_role("alert")).to_contain_text("cannot be called back")
    expect(
        enrolled.page.get_by_test_id("consent-sharing-family")
    ).to_be_checked()  # not before the second tap
    enrolled.tap("withdraw-yes")
    expect(enrolled.page.get_by_test_id("consent-sharing-family")).not_to_be_checked()
    enrolled.until(lambda: said(relay)[1:] == [("family", False, 2)], "the withdrawal")

    relay.holdings["passed_on"] = [passed("family", "withdrawn"), passed("needs", "acknowledged")]
    enrolled.tap("open-holdings")
    when = "on 29 Aqrab 1405 (20 November 2026)"
    words = f"Passed on to “Foreign Ministry” {when}: Who travels with you — not confirmed destroyed yet"
    assert enrolled.reads("passed-on-family") == words
    words = f"Passed on to “Foreign Ministry” {when}: Health and help on the way — confirmed destroyed"
    assert enrolled.reads("passed-on-needs") == words
    enrolled.tap("back")
    relay.holdings["passed_on"] = [{**passed("family", "withdrawn"), "state": "eaten"}]
    enrolled.tap("open-holdings")
    enrolled.sees("holdings-fault", "connection")


def passed(group: str, state: str) -> dict[str, Any]:
    at = 1_795_200_000
    return {"recipient": b64u(OTHER), "fields": group, "state": state, "at": at, "withdrawn_at": at}


def test_what_the_relay_refuses_leaves_what_stood(enrolled: Phone, relay: Relay) -> None:
    """Each group by itself; a group that this app does not know goes by its code."""
    ask(relay, "family", "money")
    enrolled.refresh()
    enrolled.tap("open-thread")
    enrolled.sees("ask", "“\u2068money\u2069”")
    enrolled.tap("open-decide")
    enrolled.tap("decide-family")
    enrolled.tap("decide-send")
    enrolled.until(lambda: said(relay) == [("family", True, 1)], "what stands")
    relay.refuse = {"/v1/consents": 409}
    enrolled.tap("open-sharing")
    enrolled.tap("consent-sharing-family")
    enrolled.tap("withdraw-yes")
    enrolled.tap("consent-sharing-money")
    enrolled.until(lambda: relay.requests.count("POST /v1/consents") == 5, "both were refused")
    expect(enrolled.page.get_by_test_id("consent-sharing-family")).to_be_checked()
    expect(enrolled.page.get_by_test_id("consent-sharing-money")).not_to_be_checked()
    stands: list[Consent] = [each for each in relay.consents if each.purpose != "sharing"]
    assert all(each.given for each in stands)
    enrolled.tap("back")
    enrolled.tap("back")
    # What is passed on to others voids no departure, and asking again about what stands asks nothing.
    relay.refuse = {}
    ask(relay, "family", name="Foreign Ministry, desk 2")
    enrolled.refresh()
    enrolled.tap("open-thread")
    enrolled.sees("messages", "desk 2")
    expect(enrolled.page.get_by_test_id("open-decide")).to_have_count(0)


def test_a_travel_paper_is_asked_for_only_when_it_is_to_be_passed_on(enrolled: Phone, relay: Relay) -> None:
    enrolled.tap("open-casefile")
    expect(enrolled.page.get_by_test_id("field-papers-number")).to_have_count(0)
    enrolled.tap("back")
    ask(relay, "papers")
    enrolled.refresh()
    enrolled.tap("open-thread")
    enrolled.sees("ask", "Your travel paper")
    enrolled.tap("back")
    enrolled.tap("open-casefile")
    expect(enrolled.page.get_by_text("Latin letters")).to_be_visible()
    enrolled.fill("field-papers-number", "P0471133")
    enrolled.tap("casefile-send")
    enrolled.at("home")
    enrolled.tap("open-casefile")
    enrolled.sees("told-papers-number", "Number of the paper")
