"""The case file: told field by field, sealed to the office, and not kept on the phone."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import BrowserContext

from crypto.casefile import CaseFile
from crypto.content import Kind
from tests.browser.fakerelay import Relay
from tests.browser.lock import seized
from tests.browser.phone import PIN, Phone

NAME = "Zarghuna Popalzai"
GROUNDS = "I was an interpreter"


def posts(relay: Relay) -> list[bytes]:
    """Each once: an app that is closed before it hears the answer hands the same envelope over again."""
    return list(dict.fromkeys(relay.posts))


def told(relay: Relay, number: int) -> dict[str, str]:
    inner = relay.office.open(posts(relay)[number], relay.phone).content.inner
    assert inner.kind is Kind.CASE_FILE
    said = inner.read()
    assert isinstance(said, CaseFile)
    assert said.form == 2
    return {field.code: field.text for field in said.fields}


def kept(context: BrowserContext) -> bytes:
    state: Any = context.storage_state(indexed_db=True)
    return seized(state, PIN)


def test_told_sealed_and_forgotten(enrolled: Phone, relay: Relay, context: BrowserContext) -> None:
    enrolled.tap("open-casefile")
    enrolled.at("casefile")
    context.set_offline(True)
    enrolled.fill("field-risk-grounds", f" {GROUNDS} ")
    enrolled.fill("field-identity-name", NAME)
    enrolled.fill("field-needs-help", "x" * 2001)
    assert enrolled.page.get_by_test_id("casefile-send").is_disabled()
    enrolled.fill("field-needs-help", "  ")
    enrolled.tap("casefile-send")
    enrolled.at("home")
    # What nobody has yet is kept, and sent after the app was closed.
    assert NAME.encode() in kept(context)
    enrolled.tap("open-casefile")
    enrolled.sees("told-identity-name", "Waiting for a connection")
    enrolled.tap("back")
    context.set_offline(False)
    enrolled.page.reload()
    enrolled.unlock()
    enrolled.until(lambda: posts(relay), "the case file")
    assert told(relay, 0) == {"identity-name": NAME, "risk-grounds": GROUNDS}

    enrolled.has("last-sent", "data-state", "handed")
    enrolled.rest()
    rest = kept(context)
    assert NAME.encode() not in rest
    assert GROUNDS.encode() not in rest
    assert b"identity-name" in rest
    enrolled.tap("open-thread")
    enrolled.sees("messages", "You told your office about yourself")
    enrolled.has("message", "data-state", "handed")
    enrolled.tap("back")

    enrolled.tap("open-casefile")
    enrolled.sees("told-identity-name", "Told on")
    assert enrolled.page.get_by_test_id("field-needs-help").input_value() == ""
    assert enrolled.page.get_by_test_id("casefile-send").is_disabled()
    enrolled.tap("anew-identity-name")
    enrolled.fill("field-identity-name", "Zarghuna Noorzai")
    enrolled.tap("take-risk-grounds")
    enrolled.sees("told-risk-grounds", "Taken back when you send")
    enrolled.tap("casefile-send")
    enrolled.until(lambda: len(posts(relay)) == 2, "what changed")
    assert told(relay, 1) == {"identity-name": "Zarghuna Noorzai", "risk-grounds": ""}
    enrolled.has("last-sent", "data-state", "handed")
    enrolled.tap("open-casefile")
    assert enrolled.page.get_by_test_id("field-risk-grounds").input_value() == ""
    enrolled.tap("take-identity-name")
    enrolled.tap("casefile-send")
    enrolled.until(lambda: len(posts(relay)) == 3, "the last field taken back")
    assert told(relay, 2) == {"identity-name": ""}
    enrolled.tap("open-thread")
    enrolled.sees("messages", "You took back what you had told")


def test_what_is_refused_was_not_told(enrolled: Phone, relay: Relay, context: BrowserContext) -> None:
    relay.refuse = {"/v1/envelopes": 422}
    enrolled.tap("open-casefile")
    enrolled.fill("field-identity-name", NAME)
    enrolled.tap("casefile-send")
    enrolled.has("last-sent", "data-state", "failed")
    assert NAME.encode() not in kept(context)
    enrolled.tap("open-casefile")
    assert enrolled.page.get_by_test_id("field-identity-name").input_value() == ""
