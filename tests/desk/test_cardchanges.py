"""A contact's second device: two officers put it on the card, all is sealed to both, and they take it off again."""

from collections.abc import Iterator
from typing import Any

import pytest

from crypto.card import Card, Evidence
from crypto.device import OwnerKind
from crypto.encoding import b64u, unb64u
from crypto.keys import DeviceKeys
from desk.errors import RelayError
from tests.desk.house import Desk, Office
from tests.desk.test_notices import only, released
from tests.phone import Phone


@pytest.fixture
def pair(office: Office) -> Iterator[tuple[Phone, Phone, str]]:
    """A contact's phone, its second device, which waits, and the alias."""
    phone, alias = office.enrolled()
    phone.take_card()
    page = phone.second()
    yield phone, page, alias
    page.close()


def confirm(desk: Desk, alias: str, *more: str) -> dict[str, Any]:
    """The row of the one change that waits for this contact, whatever its outcome."""
    done = desk.call("confirm", alias, *(more or ("--yes",)))
    assert "devices" in (done.data or {}), done.output
    (row,) = done.data["devices"]
    assert done.code == (1 if row["outcome"] == "refused" else 0)
    return dict(row)


def added(office: Office, alias: str) -> None:
    assert confirm(office.first, alias)["outcome"] == "waits for a second officer"
    assert confirm(office.second, alias)["outcome"] == "added"


def texts(phone: Phone) -> list[str]:
    phone.fetch()
    return [message.text for message in phone.messages]


def test_from_the_first_ones_signature_to_letters_for_both(
    office: Office, pair: tuple[Phone, Phone, str]
) -> None:
    first, second = office.first, office.second
    phone, page, alias = pair
    second.ok("verify", alias, "--matches")
    first.ok("reply", alias, "Only for the phone")
    assert f"change of {alias}'s devices" in " ".join(first.ok("status")["warnings"])
    assert confirm(first, alias)["outcome"] == "waits for a second officer"
    row = confirm(first, alias)
    assert (row["outcome"], row["first"], row["device"]) == ("waits", "C-01", b64u(page.record.device))
    assert page.take_card() == "pending"
    with pytest.raises(RelayError):
        page.fetch()
    row = confirm(second, alias)
    assert (row["outcome"], row["first"]) == ("added", "C-01")

    assert (page.take_card(), phone.take_card()) == ("enrolled", "enrolled")
    assert page.card is not None
    body = page.card.body
    assert (body.serial, body.evidence) == (2, Evidence.OLD_DEVICE)
    assert set(body.devices) == {phone.record, page.record}
    assert texts(page) == []  # no history
    assert "NEW PHONE" in first.human("contacts")  # who only signed first hears of it, too
    first.ok("verify", alias)
    first.ok("reply", alias, "For both")
    assert texts(page) == ["For both"]
    assert texts(phone) == ["Only for the phone", "For both"]
    page.write("From the page")
    second.ok("inbox")
    assert "From the page" in [each.text for each in second.state().messages]
    shown = next(each for each in second.ok("contacts")["contacts"] if each["alias"] == alias)
    # The first one's number still holds.
    assert (shown["new_phone"], bool(shown["compared_at"])) == (False, True)


def test_a_notice_comes_to_both(office: Office, pair: tuple[Phone, Phone, str]) -> None:
    phone, page, alias = pair
    added(office, alias)
    office.first.ok("verify", alias)
    page.take_card()
    released(office, alias)
    assert only(phone) == only(page)


def test_two_officers_take_it_off(office: Office, pair: tuple[Phone, Phone, str]) -> None:
    first, second = office.first, office.second
    phone, page, alias = pair
    begins = page.number[:5]
    first.no("drop-device", alias, phone.number[:5], "--yes", code="only_device")
    first.no("drop-device", alias, begins, "--yes", code="no_device")
    first.no("drop-device", alias, "", "--yes", code="no_device")
    added(office, alias)
    page.take_card()
    before = phone.asking(page)
    office.house.step(60)
    assert first.ok("drop-device", alias, begins, "--yes")["outcome"] == "waits for a second officer"
    assert first.ok("drop-device", alias, begins, "--yes")["outcome"] == "waits"
    assert page.fetch() == 0
    assert confirm(second, alias)["outcome"] == "taken off"
    with pytest.raises(RelayError) as told:
        page.fetch()
    assert told.value.code == "unknown_device"
    assert phone.take_card() == "enrolled"
    second.ok("reply", alias, "Nothing new is there: no need to take note")
    assert texts(phone)[-1].startswith("Nothing new")
    with pytest.raises(RelayError) as told:  # what was asked for before does not bring it back
        phone.relay.post("/card-changes", before)
    assert told.value.code == "addition_refused"


def test_turned_down_it_is_nobodys(office: Office, pair: tuple[Phone, Phone, str]) -> None:
    phone, page, alias = pair
    confirm(office.first, alias)
    assert confirm(office.second, alias, "--reject", "--yes")["outcome"] == "rejected"
    assert (page.take_card(), phone.take_card()) == ("refused", "enrolled")


def test_a_relay_that_makes_it_up_is_found_out(office: Office, pair: tuple[Phone, Phone, str]) -> None:
    """Another contact's request, an old one played again, a signature beside other keys: nobody signs for it."""
    phone, page, alias = pair
    stranger, _ = office.enrolled()
    stranger.take_card()
    extra = Phone(phone.url, phone.now)
    extra.pin = phone.pin
    extra.prekeys = []
    extra.keys = DeviceKeys.generate(phone.pin.office, OwnerKind.CONTACT, stranger.record.owner)
    theirs = stranger.asking(extra)["addition"]
    stale = phone.asking(page, at=page.now() - 3600)["addition"]

    def shows(addition: object) -> None:
        def lying(_method: str, path: str, body: dict[str, Any]) -> object:
            for row in body["changes"] if path == "/v1/card-changes" and body else ():
                row |= {"addition": addition, "prekeys": []}
            return body

        office.house.lie = lying

    for lie in (stale, theirs):
        shows(lie)
        row = confirm(office.first, alias)
        assert (row["outcome"], bool(row["why"])) == ("refused", True)
    office.house.lie = None
    confirm(office.first, alias)
    extra.keys = DeviceKeys.generate(phone.pin.office, OwnerKind.CONTACT, phone.record.owner)
    shows(phone.asking(extra)["addition"])
    extra.close()
    row = confirm(office.second, alias)
    assert (row["outcome"], "exactly the devices" in row["why"]) == ("refused", True)
    office.house.lie = None
    assert confirm(office.second, alias)["outcome"] == "added"
    card = Card.parse(unb64u(phone.relay.get("/me")["card"]))
    assert page.record in card.body.devices
