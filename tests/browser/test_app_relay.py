"""The app against the real relay: what the fake one promises, the real one keeps."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from crypto.attachment import Attachment, token_hash
from crypto.casefile import CaseFile, Field
from crypto.chunk import open_chunks, seal_chunks
from crypto.content import Kind, Status, StatusReport
from crypto.device import DeviceRecord
from crypto.encoding import b64u, new_id, unb64u
from crypto.envelope import Envelope
from crypto.prekey import Prekey
from tests.browser.house import RealRelay, real_relay
from tests.browser.office import DAY
from tests.browser.phone import Phone, visit

PICTURE = """async () => {
  const canvas = new OffscreenCanvas(600, 400), pen = canvas.getContext('2d');
  for (let at = 0; at < 15000; at++) {
    pen.fillStyle = `hsl(${at * 47 % 360} 60% ${at * 31 % 100}%)`;
    pen.fillRect(at % 150 * 4, Math.floor(at / 150) * 4, 4, 4);
  }
  return Array.from(new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer()));
}"""


@pytest.fixture
def real(tmp_path: Path) -> Iterator[RealRelay]:
    with real_relay(tmp_path) as running:
        yield running


def mail(real: RealRelay) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = real.ask("GET", "/v1/mail?after=0")["items"]
    return items


def enrol(real: RealRelay, phone: Phone) -> DeviceRecord:
    """The whole way to home, with both permissions."""
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
    return device


def test_from_letter_to_reply(real: RealRelay, browser: Browser) -> None:
    context = visit(browser)
    phone = Phone(context, real.url)
    device = enrol(real, phone)
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
    phone.refresh()
    phone.has("last-sent", "data-state", "handed")
    ids = [b64u(Envelope.parse(unb64u(each["envelope"])).header.envelope) for each in mail(real)]
    real.ask("POST", "/v1/mail/ack", {"ids": ids})
    phone.refresh()
    phone.has("last-sent", "data-state", "fetched")
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


def traces(data: bytes, kept: bytes) -> bool:
    """Whether a piece of it stands there; a database keeps it in pages."""
    return any(data[at : at + 64] in kept for at in range(0, len(data) - 64, 1000))


def test_a_photograph_goes_both_ways(real: RealRelay, browser: Browser) -> None:
    """Up from the phone and on after a break, and back to it; the relay's files never hold it."""
    context = visit(browser)
    phone = Phone(context, real.url)
    device = enrol(real, phone)
    drawn = bytes(phone.page.evaluate(PICTURE))
    context.route("**/v1/attachments/*/1?*", lambda route: route.abort(), times=1)
    phone.tap("open-thread")
    phone.tap("open-attach")
    phone.page.get_by_test_id("attach-camera").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": drawn}
    )
    phone.tap("attach-send")
    phone.until(lambda: mail(real), "the photograph's message")
    about = real.office.open(unb64u(mail(real)[0]["envelope"]), device).content.inner.read()
    assert isinstance(about, Attachment)
    assert about.count > 1
    path = f"/v1/attachments/{b64u(about.attachment)}"
    chunks = [
        real.ask("POST", f"{path}/fetch", {"n": n, "token": b64u(about.token)}) for n in range(about.count)
    ]
    found = open_chunks(about, real.office.id, chunks)
    assert found.startswith(b"\xff\xd8\xff")

    back = replace(about, attachment=new_id(), key=secrets.token_bytes(32), caption="Seen")
    told = f"count={back.count}&expires={real.office.clock() + DAY}&token_hash={b64u(token_hash(back.token))}"
    path = f"/v1/attachments/{b64u(back.attachment)}"
    for n, chunk in enumerate(seal_chunks(back, real.office.id, found)):
        real.ask("PUT", f"{path}/{n}?{told}&contact={b64u(device.owner)}", chunk)
    (contact,) = real.ask("GET", "/v1/contacts")["contacts"]
    prekey = Prekey.from_holder(unb64u(contact["prekeys"][0]["prekey"]), device)
    kept = real.files()
    assert traces(chunks[0], kept)
    assert not traces(found, kept)
    real.ask("POST", "/v1/envelopes", real.office.attach(device, prekey, back))
    phone.tap("back")
    phone.refresh()
    phone.tap("open-thread")
    phone.page.locator("[data-mine=false]").get_by_test_id("attachment-show").click()
    expect(phone.page.get_by_test_id("attachment-picture")).to_have_js_property("naturalWidth", back.width)
    phone.until(lambda: real.ask("GET", path)["have"] == [], "that it was taken")
    assert phone.faults == []
    context.close()
