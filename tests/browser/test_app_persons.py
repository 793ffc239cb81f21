"""Several people on one phone: each with a letter, a PIN and a safe of their own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, expect

from crypto.content import Kind
from crypto.encoding import unb64u
from crypto.prekey import Prekey
from tests.browser.house import RealRelay, real_relay
from tests.browser.phone import PIN, Phone, visit


def mail(real: RealRelay) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = real.ask("GET", "/v1/mail?after=0")["items"]
    return items


def states(real: RealRelay) -> list[str]:
    return sorted(contact["state"] for contact in real.ask("GET", "/v1/contacts")["contacts"])


def write(real: RealRelay, device: Any, text: str) -> None:
    """The office writes to one of them."""
    contacts = real.ask("GET", "/v1/contacts")["contacts"]
    (wire,) = (
        contact["prekeys"][0]["prekey"]
        for contact in contacts
        if unb64u(contact["contact"]) == device.owner and contact["prekeys"]
    )
    real.ask(
        "POST",
        "/v1/envelopes",
        real.office.write(device, Prekey.from_holder(unb64u(wire), device), text),
    )


def reads(phone: Phone) -> str:
    """What stands in the thread of whoever is in."""
    phone.refresh()
    phone.tap("open-thread")
    phone.at("thread")
    text = phone.page.get_by_test_id("screen-thread").inner_text()
    phone.tap("back")
    phone.rest()
    return text


def test_two_people_on_one_phone(tmp_path: Path, browser: Browser) -> None:
    with real_relay(tmp_path) as real:
        context = visit(browser)
        phone = Phone(context, real.url).open(tgWebAppData=real.person.init_data())
        phone.speak()
        letter = real.invite()
        phone.give_letter(letter.text())
        phone.agree("messages")
        phone.arrive()
        first = real.confirm(letter)
        phone.tap("refresh")
        phone.at("home")
        phone.rest()
        phone.tap("open-settings")
        phone.at("settings")  # the part that is loaded last is here
        phone.tap("back")
        context.set_offline(True)
        phone.tap("status-safe")
        phone.tap("status-send")
        phone.has("freshness", "data-queue", "1")

        # The second arrives while the first one's word waits.
        phone.tap("open-settings")
        phone.tap("open-another")
        phone.sees("screen-another", "waits until you open again")
        phone.tap("another-begin")
        phone.at("letter")
        context.set_offline(False)
        letter = real.invite()
        phone.give_letter(letter.text())
        phone.agree("messages")
        phone.at("pin")
        found = re.search(r"\d\d", phone.reads("pin-tail"))
        assert found is not None
        own = "503816" if found.group() != "16" else "503825"  # without these digits at its end
        pin = own + found.group()
        phone.set_pin(own)
        phone.sees("pin-fault", "End the PIN with")
        phone.arrive(pin)
        second = real.confirm(letter, 2)
        phone.tap("refresh")
        phone.at("home")
        phone.rest()
        assert mail(real) == []
        assert states(real) == ["enrolled", "enrolled"]
        assert real.ask("GET", "/v1/contacts")["contacts"][0]["consents"] != []

        write(real, second, "For the second alone.")
        assert "For the second alone." in reads(phone)
        phone.until(lambda: len(mail(real)) == 1, "the receipt")
        phone.tap("lock")
        phone.unlock(PIN)
        phone.at("home")
        phone.until(lambda: len(mail(real)) == 2, "what waited for the first")
        opened = real.office.open(unb64u(mail(real)[1]["envelope"]), first)
        assert opened.content.inner.kind is Kind.STATUS
        phone.rest()
        assert "second" not in reads(phone)

        phone.tap("lock")
        phone.unlock(pin)
        phone.at("home")
        phone.rest()
        phone.tap("open-settings")
        phone.tap("open-wipe")
        phone.sees("screen-wipe", "What others may keep here stays")
        phone.hold("wipe-hold")
        phone.at("erased")
        phone.page.mouse.up()
        phone.has("erased", "data-told", "true")
        assert states(real) == ["enrolled", "wiped"]

        phone.page.reload()
        phone.unlock(pin)
        phone.sees("unlock-fault", "does not open")
        phone.unlock(PIN)
        phone.at("home")
        phone.rest()
        write(real, first, "You are still here.")
        assert "You are still here." in reads(phone)
        assert phone.faults == []
        context.close()


def test_nobody_else_comes_after_all(enrolled: Phone) -> None:
    enrolled.tap("lock")
    enrolled.tap("open-another")
    enrolled.at("another")
    enrolled.tap("back")
    enrolled.at("unlock")
    enrolled.tap("open-another")
    enrolled.tap("another-begin")
    enrolled.at("letter")
    enrolled.tap("back")
    enrolled.unlock()
    enrolled.at("home")


def test_what_is_under_way_ends_with_the_lock(enrolled: Phone, context: BrowserContext) -> None:
    """An answer for one person must not meet another one's open safe."""
    context.route("**/v1/mail*", lambda _route: None)
    page = enrolled.page
    with page.expect_request("**/v1/mail*"):
        page.get_by_test_id("refresh").click()
    with page.expect_event("requestfailed", lambda request: "/v1/mail" in request.url):
        enrolled.tap("lock")
    context.unroute("**/v1/mail*")
    enrolled.unlock()
    enrolled.at("home")
    expect(page.get_by_test_id("freshness")).to_have_attribute("data-offline", "false")
    enrolled.rest()
