"""A phone that was off for thirty days: what waited goes out, what is over is over, and it can be written to again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from crypto.content import Inner, Status, StatusReport, TextMessage
from crypto.device import DeviceRecord, OwnerKind
from crypto.encoding import b64u, new_id, unb64u
from crypto.envelope import Envelope
from crypto.keys import DeviceKeys, PrekeyPair
from crypto.prekey import HolderKind, Prekey
from handlers.clock import OffsetClock
from tests.browser.fakerelay import Relay
from tests.browser.house import real_relay
from tests.browser.office import DAY, Office
from tests.browser.phone import Phone, visit

QUEUED = [StatusReport(Status.MOVING, ""), TextMessage("We are on the road")]


def queue(phone: Phone) -> None:
    """Two messages that nobody takes now."""
    phone.page.context.set_offline(True)
    phone.tap("status-moving")
    phone.tap("status-send")
    phone.at("home")
    phone.tap("open-thread")
    phone.fill("thread-input", "We are on the road")
    phone.tap("thread-send")
    expect(phone.page.locator("[data-testid=message][data-state=waiting]")).to_have_count(2)
    phone.tap("back")


def a_month_at(office: Office) -> int:
    """One officer leaves, another comes; the list is renewed twice, and the epoch of before is closed.

    Returns the place of the officer who stays.
    """
    began = office.now
    office.now = began + 15 * DAY
    office.renew()
    office.now = began + 29 * DAY
    stays = office.officers[0]
    office.officers = [stays, DeviceKeys.generate(office.id, OwnerKind.OFFICER, new_id())]
    office.officers.sort(key=lambda keys: keys.record.device)
    office.epoch = PrekeyPair.generate(
        office.id,
        HolderKind.EPOCH,
        sequence=2,
        created=office.now,
        seal_until=office.now + 10 * DAY,
        delete_at=office.now + 60 * DAY,
    )
    office.renew()
    entries = (
        replace(each, not_before=began - DAY) for each in office.head.entries if each.device == stays.record
    )
    both = {each.device.device: each for each in (*office.head.entries, *entries)}
    office.rosters[-1] = replace(office.head, entries=tuple(both.values()))
    office.now = began + 30 * DAY
    return office.officers.index(stays)


def back(phone: Phone, now: int) -> None:
    """The phone is switched on again."""
    phone.page.clock.set_fixed_time(now)
    phone.page.context.set_offline(False)
    phone.page.reload()
    phone.unlock()
    phone.at("home")
    phone.rest()


def check_sent(office: Office, posts: list[bytes], device: DeviceRecord) -> None:
    """Both, once, in order, under the epoch of now, and dated when they were handed over and when they were written."""
    opened = [office.open(post, device) for post in posts]
    inners: list[Inner] = [each.content.inner for each in opened]
    assert [inner.read() for inner in inners] == QUEUED
    assert [inner.counter for inner in inners] == [1, 2]
    assert inners[1].prev == inners[0].hash
    assert all(abs(each.header.time - office.now) < 1800 for each in opened)
    assert all(abs(inner.sent_at - office.now + 30 * DAY) < 600 for inner in inners)


def test_thirty_days_off(enrolled: Phone, relay: Relay) -> None:
    office, me, began = relay.office, relay.phone, relay.office.now
    draft = office.draft(me.owner)
    relay.post(office.announce(draft, relay.prekey))
    relay.post(office.go(draft, relay.prekey))
    enrolled.refresh()
    enrolled.sees("next-step", "Your departure is confirmed")
    queue(enrolled)

    office.now = began + 15 * DAY
    relay.post(office.write(me, relay.prekey, "Are you well?"))
    office.now = began
    a_month_at(office)
    relay.offset = 30 * DAY
    back(enrolled, office.now)

    check_sent(office, relay.posts, me)
    assert len({Envelope.parse(post).header.envelope for post in relay.posts}) == 2
    expect(enrolled.page.get_by_test_id("latest-notice")).to_have_count(0)
    enrolled.sees("next-step", "There is something new")
    enrolled.tap("open-thread")
    enrolled.sees("messages", "Are you well?")
    expect(enrolled.page.get_by_test_id("thread-rejected")).to_have_count(0)
    enrolled.tap("back")
    # Nobody could seal to its old key any more: a new one is there, and the old one goes with its time.
    assert relay.prekeys[0].seal_until < office.now
    assert [each.sequence for each in relay.prekeys] == [1, 2]
    relay.prekey.check_usable(office.now)
    relay.post(office.write(me, relay.prekey, "Welcome back"))
    newer = office.draft(me.owner)
    relay.post(office.announce(newer, relay.prekey))
    relay.post(office.go(newer, relay.prekey))
    enrolled.refresh()
    enrolled.sees("next-step", "Your departure is confirmed")
    enrolled.tap("open-thread")
    enrolled.sees("messages", "Welcome back")
    enrolled.tap("back")
    enrolled.tap("open-settings")
    for purpose in ("messages", "departures"):
        enrolled.has(f"consent-{purpose}", "aria-checked", "true")


@pytest.mark.prove
def test_thirty_days_off_at_the_real_relay(tmp_path: Path, browser: Browser) -> None:
    """The relay's jobs run by the same clock: what the phone had asked for before still stands."""
    ahead = tmp_path / "ahead"
    context = visit(browser)
    with real_relay(tmp_path, OffsetClock(ahead)) as real:
        office, began = real.office, real.office.now
        letter = real.invite()
        phone = Phone(context, real.url).open(tgWebAppData=real.person.init_data())
        phone.speak()
        phone.give_letter(letter.text())
        phone.agree("messages", "departures")
        phone.arrive()
        device = real.confirm(letter)
        phone.tap("refresh")
        phone.at("home")
        phone.rest()
        queue(phone)

        stays = a_month_at(office)
        for roster, wire in zip(office.rosters[1:], office.wires(2), strict=True):
            ahead.write_text(str(roster.issued - began + 3600))
            real.ask("POST", "/v1/rosters", {"roster": b64u(wire)}, stays)
        ahead.write_text(str(30 * DAY))
        back(phone, office.now)

        items = real.ask("GET", "/v1/mail?after=0")["items"]
        check_sent(office, [unb64u(item["envelope"]) for item in items], device)
        (contact,) = real.ask("GET", "/v1/contacts")["contacts"]
        newest = Prekey.from_holder(unb64u(contact["prekeys"][0]["prekey"]), device)
        assert newest.sequence == 2
        newest.check_usable(office.now)
        real.ask("POST", "/v1/envelopes", office.write(device, newest, "Welcome back"))
        phone.refresh()
        phone.tap("open-thread")
        phone.sees("messages", "Welcome back")
        assert {said["purpose"] for said in contact["consents"] if said["given"]} == {
            "messages",
            "departures",
        }
        assert phone.faults == []
    context.close()
