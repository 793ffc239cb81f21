"""Coming without a letter, in the app against the real relay: unverified on both sides until two officers vouch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from crypto.content import Ask, TextMessage
from crypto.device import DeviceRecord, OwnerKind
from crypto.encoding import b64u, new_id, unb64u
from crypto.keys import DeviceKeys
from crypto.number import comparison_number
from crypto.prekey import Prekey
from tests.browser.access import checked
from tests.browser.house import RealRelay, real_relay
from tests.browser.office import Office
from tests.browser.phone import Phone, visit

CODE = "DOHA-7"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealRelay]:
    folder: Path = tmp_path_factory.mktemp("house")
    with real_relay(folder) as running:
        running.ask("POST", "/v1/referral-offices", {"code": CODE})
        yield running


@pytest.fixture
def real(house: RealRelay) -> Iterator[RealRelay]:
    """The relay, in which nobody waits any more afterwards."""
    yield house
    for waiting in house.ask("GET", "/v1/referrals")["referrals"]:
        house.ask("POST", f"/v1/referrals/{waiting['contact']}/refuse", {"reason": "abuse"})


@pytest.fixture
def phone(real: RealRelay, browser: Browser) -> Iterator[Phone]:
    context = visit(browser)
    made = Phone(context, real.url).open(tgWebAppData=real.person.init_data())
    yield made
    assert made.faults == []
    context.close()


def choose(phone: Phone) -> None:
    phone.speak()
    phone.tap("letter-none")
    checked(phone, "stranger")
    phone.tap("stranger-next")
    checked(phone, "offices")


def come(phone: Phone) -> None:
    """From the first screen to the home of somebody unverified."""
    choose(phone)
    phone.tap(f"office-{CODE}")
    checked(phone, "rules")
    assert phone.page.get_by_test_id("rules-next").is_disabled()
    phone.tap("consent-messages")
    phone.tap("rules-next")
    phone.set_pin()
    phone.at("unverified")


def waiting(real: RealRelay) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = real.ask("GET", "/v1/referrals")["referrals"]
    return found


def letters(real: RealRelay, device: DeviceRecord) -> list[object]:
    items = real.ask("GET", "/v1/mail?after=0")["items"]
    opened = [real.office.open(unb64u(item["envelope"]), device) for item in items]
    return [each.content.inner.read() for each in opened]


def test_from_a_stranger_to_a_contact(phone: Phone, real: RealRelay) -> None:
    come(phone)
    phone.until(lambda: waiting(real), "somebody waits")
    device = real.stranger()
    (row,) = waiting(real)
    assert row["consent"] is not None
    prekey = Prekey.from_holder(unb64u(row["prekeys"][0]), device)

    checked(phone, "unverified")
    phone.tap("open-thread")
    checked(phone, "thread")
    phone.sees("unverified", "neither you nor the office")
    phone.fill("thread-input", "x" * 1501)
    assert phone.page.get_by_test_id("thread-send").is_disabled()
    phone.fill("thread-input", "\u0634" * 750)
    phone.tap("thread-send")
    phone.has("message", "data-state", "handed")
    assert letters(real, device) == [TextMessage("\u0634" * 750)]
    about = Ask(new_id() * 2, "Ministry", ("family",), 1)
    real.ask("POST", "/v1/envelopes", real.office.write(device, prekey, "Who sent you?"))
    real.ask("POST", "/v1/envelopes", real.office.ask(device, prekey, about))
    phone.tap("back")
    phone.refresh()
    phone.tap("open-thread")
    phone.sees("messages", "Who sent you?")
    phone.sees("thread-rejected", "did not pass the checks")
    assert phone.page.get_by_test_id("ask").count() == 0
    phone.tap("back")
    phone.rest()
    assert waiting(real)[0]["letters"] == 1  # no receipt takes the place of a word

    phone.tap("open-number")
    checked(phone, "comparison")
    assert phone.number() == " ".join(comparison_number(device))
    phone.tap("back")
    real.vouch()
    phone.refresh()
    phone.sees("next-step", "The office has your request")
    real.cosign()
    phone.refresh()
    phone.sees("next-step", "Two officers have confirmed this phone")
    real.ask("POST", "/v1/envelopes", real.office.ask(device, prekey, about))
    phone.refresh()
    phone.at("unverified")
    phone.page.reload()
    phone.unlock()
    phone.tap("open-number")
    phone.tap("compare-same")
    checked(phone, "verified")
    phone.tap("consent-departures")
    phone.tap("verified-next")
    phone.at("home")
    phone.rest()
    assert phone.page.get_by_test_id("unverified").count() == 0
    phone.tap("open-thread")
    phone.sees("ask", "Ministry")
    (contact,) = real.ask("GET", "/v1/contacts")["contacts"]
    assert {said["purpose"] for said in contact["consents"] if said["given"]} == {"messages", "departures"}


def test_numbers_that_differ_stop_everything(phone: Phone, real: RealRelay, browser: Browser) -> None:
    """The relay shows an office of its own under the code, and its own keys to the office, to read along."""
    evil, own = Office(), DeviceKeys.generate(real.office.id, OwnerKind.CONTACT, new_id())
    head = {"head": 1, "rosters": [b64u(wire) for wire in evil.wires()]}
    page = phone.page
    page.route(
        "**/referral-offices",
        lambda r: r.fulfill(json={"offices": [{"office": b64u(evil.id), "code": CODE}]}),
    )
    page.route("**/rosters?*", lambda r: r.fulfill(json=head))
    asked: list[Any] = []
    page.route(
        "**/referrals",
        lambda r: (asked.append(r.request.post_data_json), r.fulfill(json={"state": "waiting"})),
    )
    me = {"state": "pending", "roster": {"version": 1, "hash": b64u(evil.head.hash)}}
    page.route("**/me", lambda r: r.fulfill(json=me))
    mail = {"items": [], "more": False, "roster": me["roster"]}
    page.route("**/mail?*", lambda r: r.fulfill(json=mail))
    page.route("**/consents", lambda r: r.fulfill(json={"state": "given"}))
    posted: list[str] = []
    page.route("**/envelopes", lambda r: (posted.append(r.request.url), r.abort()))
    come(phone)
    phone.tap("open-number")
    shown = phone.number()
    theirs = DeviceRecord.parse(unb64u(asked[0]["device"]))
    assert shown == " ".join(comparison_number(theirs))
    assert shown != " ".join(comparison_number(own.record))  # what the office reads
    phone.tap("back")
    phone.tap("status-help")
    phone.tap("status-send")
    phone.until(lambda: posted, "the status was tried")
    phone.tap("open-number")
    phone.tap("compare-different")
    checked(phone, "different")
    before = len(posted)
    page.reload()
    phone.unlock()
    phone.at("different")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_load_state("networkidle")
    phone.at("different")
    assert len(posted) == before


def test_each_way_it_ends(phone: Phone, real: RealRelay) -> None:
    """Full, then no network in the middle, then refused, then forgotten."""
    choose(phone)
    phone.page.route("**/v1/referrals", lambda r: r.fulfill(status=503, json={"code": "referrals_full"}))
    phone.tap(f"office-{CODE}")
    phone.tap("consent-messages")
    phone.tap("rules-next")
    phone.set_pin()
    phone.sees("next-step", "Too many people wait")
    phone.page.unroute("**/v1/referrals")
    phone.page.context.set_offline(True)
    phone.tap("unverified-again")
    phone.sees("next-step", "There is no connection yet")
    phone.page.context.set_offline(False)
    phone.until(lambda: waiting(real), "somebody waits")
    (row,) = waiting(real)
    real.ask("POST", f"/v1/referrals/{row['contact']}/refuse", {"reason": "elsewhere"})
    phone.tap("refresh")
    phone.sees("end-elsewhere", "Another office is the right one")
    assert phone.page.get_by_test_id("status-safe").count() == 0
    phone.tap("open-wipe")
    phone.hold("wipe-hold")
    phone.at("erased")


def test_without_telegram_or_offices(real: RealRelay, browser: Browser) -> None:
    context = visit(browser)
    phone = Phone(context, real.url).open()
    phone.page.route("**/referral-offices", lambda r: r.abort())
    choose(phone)
    phone.sees("offices-fault", "There is no connection")
    phone.page.unroute("**/referral-offices")
    phone.tap("offices-again")
    phone.sees("offices-account", "open the app from Telegram")
    assert phone.page.get_by_test_id(f"office-{CODE}").count() == 0
    assert phone.faults == []
    context.close()
