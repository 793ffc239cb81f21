"""A second device: asked for in the app, admitted by two officers, handed over in a file under a PIN of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from crypto.card import Card
from crypto.record import unrec
from tests.browser import keyfile
from tests.browser.access import checked
from tests.browser.fakerelay import Relay
from tests.browser.offline import Offline
from tests.browser.phone import Phone

PIN = "80527149"


def test_from_asking_to_a_file_that_opens(enrolled: Phone, relay: Relay, tmp_path: Path) -> None:
    enrolled.tap("open-settings")
    enrolled.tap("open-page")
    relay.refuse["/v1/card-changes"] = 503
    enrolled.tap("page-make")
    enrolled.sees("page-fault", "answered with an error")
    enrolled.sees("page-state", "not been handed over")
    relay.refuse.clear()
    enrolled.tap("page-look")
    enrolled.sees("page-state", "Two officers have to agree")
    assert relay.asked is not None
    assert relay.second is not None
    assert relay.asked.device == relay.phone.device

    assert relay.card is not None
    both = relay.office.add(Card.parse(relay.card), relay.second)
    relay.card = both.encode()
    enrolled.page.reload()
    enrolled.unlock()
    enrolled.at("home")
    enrolled.tap("open-settings")
    enrolled.tap("open-page")
    enrolled.sees("page-state", "Your office agrees")
    checked(enrolled, "page")
    for pin, again, fault in ((PIN[:7], PIN[:7], "at least eight"), (PIN, PIN[::-1], "not the same")):
        enrolled.fill("page-pin", pin)
        enrolled.fill("page-pin-again", again)
        enrolled.tap("page-seal")
        enrolled.sees("page-pin-fault", fault)
    enrolled.fill("page-pin", PIN)
    enrolled.fill("page-pin-again", PIN)
    enrolled.tap("page-seal")
    enrolled.page.get_by_test_id("page-save").wait_for()
    checked(enrolled, "page")
    with enrolled.page.expect_download() as coming:
        enrolled.tap("page-save")
    assert coming.value.suggested_filename == "qasid-keys.qasid"
    coming.value.save_as(tmp_path / "keys")
    text = (tmp_path / "keys").read_text()

    held = keyfile.opened(text, PIN)
    parts = held["parts"]
    assert held["generation"] == 1
    record, sign_seed, _dh_sk = unrec(parts["self"]["keys"])
    assert record == relay.second.encode()
    assert len(sign_seed) == 32
    assert (parts["self"]["state"], parts["self"]["card"]) == ("enrolled", both.encode())
    assert (parts["messages"], parts["notices"], parts["queue"], parts["ledger"]["sent"]) == ([], [], [], {})
    assert set(parts) == {"self", "office", "ledger", "messages", "notices", "settings", "about", "queue"}
    with pytest.raises(InvalidTag):
        keyfile.opened(text, "80527140")

    page = Offline(enrolled.context).open()
    page.tap("language-en")
    page.bring(tmp_path / "keys", PIN)
    page.at("home")
    assert page.faults == []

    enrolled.tap("page-given")
    enrolled.sees("page-devices", "A page, asked for")
    checked(enrolled, "page")
    enrolled.tap("page-remove")
    enrolled.sees("page-devices", "stays in its file")
    enrolled.tap("page-remove")
    enrolled.until(lambda: relay.wipes, "the second device's wipe")
    assert relay.wipes[0].device == relay.second.device


def test_what_the_office_did_not_take_leaves_no_keys(enrolled: Phone, relay: Relay) -> None:
    enrolled.tap("open-settings")
    enrolled.tap("open-page")
    relay.refuse["/v1/card-changes"] = 409
    enrolled.tap("page-make")
    enrolled.sees("page-devices", "did not take")
    enrolled.page.get_by_test_id("page-make").wait_for()  # another may be asked for
    relay.refuse.clear()
    enrolled.tap("page-remove")
    enrolled.until(lambda: "POST /v1/wipes" in relay.requests, "the wipe")
