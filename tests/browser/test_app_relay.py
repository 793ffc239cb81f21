"""The app against the real relay: what the fake one promises, the real one keeps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from crypto.casefile import CaseFile, Field
from crypto.content import Kind, Status, StatusReport
from crypto.encoding import unb64u
from crypto.prekey import Prekey
from tests.browser.house import RealRelay, real_relay
from tests.browser.phone import Phone, visit


@pytest.fixture
def real(tmp_path: Path) -> Iterator[RealRelay]:
    with real_relay(tmp_path) as running:
        yield running


def mail(real: RealRelay) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = real.ask("GET", "/v1/mail?after=0")["items"]
    return items


def test_from_letter_to_reply(real: RealRelay, browser: Browser) -> None:
    context = visit(browser)
    phone = Phone(context, real.url)
    letter = real.invite()
    phone.open(tgWebAppData=real.person.init_data())
    phone.speak()
    phone.give_letter(letter.secret.words(), "words")
    phone.agree("messages", "departures")
    phone.arrive()
    device = real.confirm(letter)
    phone.tap("refresh")
    phone.at("home")
    phone.rest()
    (contact,) = real.ask("GET", "/v1/contacts")["contacts"]
    given = {consent["purpose"]: consent["given"] for consent in contact["consents"]}
    assert given == {"messages": True, "departures": True}

    phone.tap("status-ready")
    phone.tap("status-send")
    phone.at("home")
    phone.until(lambda: mail(real), "the status")
    opened = real.office.open(unb64u(mail(real)[0]["envelope"]), device)
    assert opened.content.inner.kind is Kind.STATUS
    assert opened.content.inner.read() == StatusReport(Status.READY, "")

    prekey = Prekey.from_holder(unb64u(contact["prekeys"][0]["prekey"]), device)
    real.ask("POST", "/v1/envelopes", real.office.write(device, prekey, "We have it."))
    phone.refresh()
    phone.tap("open-thread")
    phone.sees("messages", "We have it.")
    phone.until(lambda: len(mail(real)) == 2, "the receipt")
    phone.tap("back")

    phone.tap("open-casefile")
    phone.fill("field-needs-help", "A wheelchair")
    phone.tap("casefile-send")
    phone.until(lambda: len(mail(real)) == 3, "the case file")
    opened = real.office.open(unb64u(mail(real)[2]["envelope"]), device)
    assert opened.content.inner.read() == CaseFile(2, (Field("needs-help", "A wheelchair"),))

    phone.tap("open-settings")
    phone.tap("consent-departures")
    phone.tap("withdraw-yes")
    phone.has("consent-departures", "aria-checked", "false")
    phone.tap("open-holdings")
    held = phone.reads("holdings")
    assert held.startswith(contact["alias"])
    assert "Sealed letters: 0 for you, 3 from you" in held
    phone.tap("back")
    phone.tap("back")
    phone.rest()
    phone.tap("lock")
    phone.tap("unlock-wipe")
    phone.hold("wipe-hold")
    phone.at("erased")
    phone.has("erased", "data-told", "true")
    (contact,) = real.ask("GET", "/v1/contacts")["contacts"]
    assert contact["state"] == "wiped"
    assert phone.faults == []
    context.close()
