"""Without a letter: from a phone on the relay's word to a contact vouched for by two officers, and ways it ends."""

import pytest

from crypto.card import Card
from crypto.content import Kind, Status
from crypto.encoding import b64u, new_id, unb64u
from crypto.envelope import Urgency
from crypto.errors import Refused
from crypto.notice import Cancel
from crypto.statement import Answer, Reply
from desk import chains, outbox, referrals
from desk.errors import RelayError
from desk.home import Home
from desk.office import Desk
from store import referrals as rows
from tests.desk.house import PASSPHRASE, House, Office
from tests.phone import Phone


def referred(office: Office, code: str = "DOHA-7") -> tuple[Phone, str]:
    """A phone that waits, and its alias."""
    office.first.ok("referrals", "open", code)
    phone = office.house.phone()
    assert phone.refer(code) == "waiting"
    rows = office.first.ok("referrals")["referrals"]
    return phone, next(row["alias"] for row in rows if row["contact"] == b64u(phone.record.owner))


def test_from_a_stranger_to_a_contact(office: Office) -> None:
    first, second = office.first, office.second
    phone, alias = referred(office)
    phone.report(Status.NEED_HELP, "We are five")
    (row,) = [row for row in first.ok("referrals")["referrals"] if row["alias"] == alias]
    assert (row["number"], row["first"], row["unread"], row["need_help"]) == (phone.number, None, 1, True)
    shown = first.ok("read", str(row["letters"][0]))
    assert (shown["text"], shown["unverified"], shown["receipt"]) == ("We are five", True, "accepted")
    assert not any(message["from"] == alias for message in first.ok("inbox")["messages"])
    first.ok("reply", alias, "Who referred you?")
    assert phone.fetch() == 2
    assert [message.text for message in phone.messages] == ["Who referred you?"]
    first.no("reply", alias, "Come now", "--urgent", code="usage", exit_code=2)
    phone.consent("messages", given=False)
    first.no("reply", alias, "Still there?", code="no_consent")
    phone.consent("messages")

    assert first.ok("referrals", "certify", alias)["outcome"] == "shown"
    assert phone.take_card() == "pending"
    done = first.ok("referrals", "certify", alias, "--matches")
    assert done == {
        "alias": alias,
        "number": phone.number,
        "first": None,
        "outcome": "waits for a second officer",
    }
    assert first.ok("referrals", "certify", alias, "--matches")["outcome"] == "waits for a second officer"
    assert phone.take_card() == "pending"
    assert alias not in {row["alias"] for row in second.ok("contacts")["contacts"]}
    assert second.ok("referrals", "certify", alias)["first"] == "C-01"
    assert second.ok("referrals", "certify", alias, "--matches")["outcome"] == "enrolled"
    with pytest.raises(Refused, match="number was not confirmed"):
        phone.take_card()
    phone.compared = True
    assert phone.take_card() == "enrolled"
    phone.consent("departures")
    first.ok("reply", alias, "Welcome")  # whose desk still held them for unverified
    phone.fetch()
    assert phone.messages[-1].text == "Welcome"
    assert first.state().messages[-1].unverified is False
    for desk in (first, second):
        contact = next(row for row in desk.ok("contacts")["contacts"] if row["alias"] == alias)
        assert (contact["state"], contact["evidence"]) == ("enrolled", "number")
    phone.write("Thank you")
    assert any(message["from"] == alias for message in first.ok("inbox")["messages"])
    assert first.ok("read", str(row["letters"][0]))["text"] == "We are five"
    first.no("referrals", "certify", alias, code="no_referral")


def test_turned_away_and_forgotten(office: Office) -> None:
    phone, alias = referred(office)
    phone.write("Something private")
    assert (
        next(row for row in office.second.ok("referrals")["referrals"] if row["alias"] == alias)["unread"]
        == 1
    )
    office.first.no("referrals", "refuse", alias, "--reason", "mismatch", code="not_confirmed", exit_code=2)
    office.first.ok("referrals", "refuse", alias, "--reason", "mismatch", "--yes")
    assert phone.relay.get("/me")["refused"] == "mismatch"
    with pytest.raises(RelayError, match="not confirmed this device"):
        phone.write("Again")
    assert office.second.ok("referrals")["referrals"] == []
    assert not any(message.text == "Something private" for message in office.second.state().messages)
    office.first.no("referrals", "refuse", alias, "--reason", "abuse", "--yes", code="no_referral")


def test_no_word_about_a_notice_is_taken_on_either_side(office: Office) -> None:
    """The relay cannot see what is in a letter: phone and desk refuse what it let through."""
    phone, alias = referred(office)
    about = (phone.pin.office, new_id(), 1, bytes(32))
    offer = Answer(
        phone.pin.office,
        phone.record.owner,
        phone.record.device,
        new_id(),
        *about[1:],
        Reply.ACCEPT,
        1,
        1,
        phone.now(),
    )
    phone.post(phone.seal(Kind.ANSWER, offer.sign(phone.keys.sign_seed)))
    shown = office.first.ok("referrals")
    assert any("may write, and nothing else" in warning["message"] for warning in shown["warnings"])
    assert next(row for row in shown["referrals"] if row["alias"] == alias)["letters"] == []

    home = Home.unlock(office.first.home, PASSPHRASE)
    desk = Desk.open(home)
    try:
        one = referrals.find(desk, alias)
        said = Cancel(*about, 1, desk.device.device, desk.now()).sign(desk.keys.sign_seed)
        inner = chains.compose(desk, Kind.CANCEL, about[3], one.contact, said)
        to = referrals.recipients(desk, one, desk.now())
        outbox.queue(desk, inner, to, desk.now() + 86_400, Urgency.ROUTINE)
        assert list(outbox.flush(desk).values()) == ["accepted"]
    finally:
        desk.close()
    assert phone.fetch() == 0
    assert phone.refused[-1] == "an unverified office may write, and nothing else"
    office.first.no("case", "open", alias, code="contact_not_found")
    office.first.ok("referrals", "refuse", alias, "--reason", "unknown", "--yes")


def test_a_relay_that_swaps_keys_is_found_out(office: Office, house: House) -> None:
    phone, alias = referred(office)
    other, _ = referred(office)

    def swapped(_method: str, path: str, body: dict[str, list[dict[str, object]]]) -> object:
        if path == "/v1/referrals":
            for row in body["referrals"]:
                if row["alias"] == alias:
                    row |= {"device": b64u(other.record.encode()), "prekeys": [], "consent": None}
        return body

    house.lie = swapped
    office.first.no("referrals", "certify", alias, "--matches", code="alarm")
    office.first.no("reply", alias, "Hello", code="alarm")
    house.lie = None
    office.first.ok("referrals", "certify", alias, "--matches")

    def forged(_method: str, path: str, body: dict[str, list[dict[str, object]]]) -> object:
        """A colleague's true signature, for somebody else's phone."""
        if path == "/v1/referrals":
            (mine,) = [row for row in body["referrals"] if row["alias"] == alias]
            for row in body["referrals"]:
                row["card"] = mine["card"]
        return body

    house.lie = forged
    rows = {row["contact"]: row for row in office.second.ok("referrals")["referrals"]}
    assert "other keys" in rows[b64u(other.record.owner)]["fault"]
    assert Card.parse(unb64u(_half(phone, office))).body.devices == (phone.record,)


def _half(phone: Phone, office: Office) -> str:
    """What the relay keeps of the first officer, who alone has signed."""
    row = office.house.store.read_now(lambda tx: rows.referral(tx, phone.pin.office, phone.record.owner))
    assert row is not None
    return b64u(row.card)
