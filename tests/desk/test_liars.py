"""A relay that lies: every lie is refused and said loudly, and nothing is sealed to what it made up.

Each lie changes the true relay's answers on their way. Afterwards the relay tells the truth again and the desk
works on: a refused lie left nothing behind.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from crypto.card import Card, CardBody
from crypto.device import OwnerKind
from crypto.encoding import b64u, unb64u
from crypto.keys import DeviceKeys, PrekeyPair, RootKeys
from crypto.prekey import HolderKind, Prekey
from crypto.roster import Roster
from crypto.signature import parse_signed
from crypto.statement import Consent, Reply
from tests.desk.house import Office
from tests.desk.test_notices import draft, only, released
from tests.phone import DAY, Phone

Change = Callable[[dict[str, Any]], None]


def lie(office: Office, path: str, change: Callable[[Any], None]) -> list[int]:
    """Lets `change` alter every answer under `path`; the list returned counts how often."""
    told: list[int] = []

    def between(_method: str, asked: str, body: Any) -> Any:
        if asked.startswith(path):
            change(body)
            told.append(1)
        return body

    office.house.lie = between
    return told


def about(phone: Phone, change: Change) -> Callable[[Any], None]:
    """A change to one contact's row."""

    def alter(body: Any) -> None:
        for row in body.get("contacts", [body]):
            if row["contact"] == b64u(phone.record.owner):
                change(row)

    return alter


def impostor(phone: Phone) -> tuple[DeviceKeys, str]:
    """Other keys under the phone's device id, with a prekey they signed well."""
    keys = DeviceKeys.generate(phone.pin.office, OwnerKind.CONTACT, phone.record.owner, phone.record.device)
    return keys, b64u(_prekey(keys, phone.now(), 9).sign(keys.sign_seed))


def _prekey(keys: DeviceKeys, now: int, sequence: int) -> Prekey:
    return PrekeyPair.generate(
        keys.record.office, HolderKind.DEVICE, keys.record.device, sequence=sequence, created=now,
        seal_until=now + 9 * DAY, delete_at=now + 30 * DAY,
    ).prekey  # fmt: skip


def swap_device(phone: Phone) -> Change:
    keys, wire = impostor(phone)

    def change(row: dict[str, Any]) -> None:
        row["prekeys"][0] |= {"record": b64u(keys.record.encode()), "prekey": wire}

    return change


def swap_record(phone: Phone) -> Change:
    """Other keys, and no prekey that could betray them."""
    keys, _ = impostor(phone)
    return lambda row: row["prekeys"][0].update(record=b64u(keys.record.encode()), prekey=None)


def swap_prekey(phone: Phone) -> Change:
    _, wire = impostor(phone)
    return lambda row: row["prekeys"][0].update(prekey=wire)


def foreign_device(phone: Phone) -> Change:
    keys = DeviceKeys.generate(phone.pin.office, OwnerKind.CONTACT, phone.record.owner)
    wire = b64u(_prekey(keys, phone.now(), 1).sign(keys.sign_seed))
    row = {"device": b64u(keys.record.device), "record": b64u(keys.record.encode()), "prekey": wire}
    return lambda contact: contact["prekeys"].append(row)


def swap_card(phone: Phone) -> Change:
    """A card for the impostor's keys, signed by nobody who may."""
    keys, wire = impostor(phone)
    assert phone.card is not None
    body = replace(phone.card.body, devices=(keys.record,))
    forged = Card.issue(body, keys.sign_seed)

    def change(row: dict[str, Any]) -> None:
        row["card"] = b64u(forged.encode())
        row["prekeys"][0] |= {"record": b64u(keys.record.encode()), "prekey": wire}

    return change


def lonely_second_card(phone: Phone) -> Change:
    """The next card in the chain, but without a second officer."""
    keys, _ = impostor(phone)
    assert phone.card is not None
    old = phone.card.body
    body = CardBody(
        old.office, old.contact, 2, old.hash, old.certifier, 99, (keys.record,), old.evidence, phone.now()
    )
    return lambda row: row.update(card=b64u(Card.issue(body, keys.sign_seed).encode()))


def forged_consent(phone: Phone) -> Change:
    keys, _ = impostor(phone)
    me = (phone.pin.office, phone.record.owner, phone.record.device)
    said = Consent(*me, "messages", phone.pin.office, "all", 1, "en", True, 50, phone.now())
    wire = b64u(said.sign(keys.sign_seed))
    return lambda row: row["consents"].append(row["consents"][0] | {"statement": wire})


@pytest.mark.parametrize(
    "make",
    [swap_device, swap_record, swap_prekey, foreign_device, swap_card, lonely_second_card, forged_consent],
    ids=lambda make: make.__name__,
)
def test_a_contact_tampered_with_gets_nothing(
    office: Office, known: tuple[Phone, str], make: Callable[[Phone], Change]
) -> None:
    phone, alias = known
    told = lie(office, "/v1/contacts", about(phone, make(phone)))
    assert alias in office.first.no("reply", alias, "secret", code="alarm")
    listed = office.first.call("contacts")
    assert listed.code == 1
    assert all(alias in warning["message"] for warning in listed.data["warnings"])
    assert listed.data["warnings"]
    assert told
    office.house.lie = None
    assert office.first.ok("contacts")["warnings"] == []
    assert office.first.ok("reply", alias, "fine again")["state"] == "accepted"
    phone.fetch()
    assert phone.refused == []
    assert phone.messages[-1].text == "fine again"


def test_somebody_else_in_the_addressees_place_gets_nothing(office: Office) -> None:
    """True keys, truly certified, of another contact: only the address that was asked for tells."""
    (_, alias), (other, another) = office.enrolled(), office.enrolled()
    office.first.ok("contacts")
    theirs: dict[str, Any] = {}
    lie(office, f"/v1/contacts/{b64u(other.record.owner)}", theirs.update)
    office.first.ok("reply", another, "to whom it should")
    other.fetch()
    came = len(other.messages)
    told = lie(office, "/v1/contacts/", lambda body: body.update(theirs))
    assert alias in office.first.no("reply", alias, "secret", code="alarm")
    assert told
    office.house.lie = None
    other.fetch()
    assert len(other.messages) == came
    assert office.first.ok("reply", alias, "fine again")["state"] == "accepted"


def test_a_desk_that_never_saw_the_true_keys_refuses_swapped_ones_too(
    office: Office, known: tuple[Phone, str]
) -> None:
    """The second desk meets the contact through the lie: the card decides, not what was seen first."""
    phone, alias = office.enrolled()
    lie(office, "/v1/contacts", about(phone, swap_card(phone)))
    office.second.no("reply", alias, "secret", code="alarm")
    office.house.lie = None
    assert office.second.ok("reply", alias, "to the right one")["state"] == "accepted"


def test_an_older_prekey_or_consent_is_not_believed(office: Office) -> None:
    phone, alias = office.enrolled()
    office.first.ok("contacts")
    old: dict[str, Any] = {}
    lie(office, "/v1/contacts", about(phone, old.update))
    office.first.ok("contacts")
    office.house.lie = None
    phone.renew_prekey()
    phone.consent("messages", given=False)
    office.first.ok("contacts")
    kept = {name: old[name] for name in ("prekeys", "consents")}
    lie(office, "/v1/contacts", about(phone, lambda row: row.update(kept)))
    listed = office.first.call("contacts")
    messages = " ".join(w["message"] for w in listed.data["warnings"])
    assert listed.code == 1
    assert "older prekey" in messages
    assert "older consent (messages)" in messages
    office.first.no("reply", alias, "secret", code="alarm")


def test_a_flipped_bit_is_not_opened_and_nothing_is_lost(office: Office, known: tuple[Phone, str]) -> None:
    phone, alias = known
    office.first.ok("inbox")
    phone.write("as it was")

    def flip(body: Any) -> None:
        for item in body["items"]:
            data = bytearray(unb64u(item["envelope"]))
            data[200] ^= 1
            item["envelope"] = b64u(bytes(data))

    told = lie(office, "/v1/mail", flip)
    inbox = office.first.ok("inbox")
    assert ([w["code"] for w in inbox["warnings"]], inbox["new"]) == (["not_opened"], 0)
    assert told
    office.house.lie = None
    came = office.first.ok("inbox")
    assert (came["new"], came["messages"][-1]["from"]) == (1, alias)
    assert "did not hold" not in office.first.human("status")


def test_rolled_back_rosters_stop_the_desk(fresh: Office) -> None:
    first = fresh.first.ok("roster", "show")
    fresh.first.ok("roster", "renew", "--medium", str(fresh.medium))

    def roll_back(body: Any) -> None:
        body["head"] = first["version"]
        body["rosters"] = body["rosters"][:0]

    lie(fresh, "/v1/offices/", roll_back)
    assert "Stop." in fresh.first.no("inbox", code="rollback")
    fresh.house.lie = None

    def older_head(body: Any) -> None:
        body["roster"] = {"version": first["version"], "hash": first["hash"]}

    lie(fresh, "/v1/mail", older_head)
    fresh.first.no("inbox", code="rollback")
    fresh.house.lie = None
    fresh.first.ok("inbox")


def _resigned(wire: str, change: Callable[[Roster], Roster], seed: bytes) -> str:
    return b64u(change(Roster.parse(parse_signed(unb64u(wire))[0])).sign(seed))


def test_a_swapped_epoch_or_root_is_refused(fresh: Office) -> None:
    liar = RootKeys.generate()

    def swap(roster: Roster) -> Roster:
        epochs = tuple(
            PrekeyPair.generate(
                epoch.office, HolderKind.EPOCH, epoch.holder, prekey=epoch.prekey, sequence=epoch.sequence,
                created=epoch.created, seal_until=epoch.seal_until, delete_at=epoch.delete_at,
            ).prekey
            for epoch in roster.epochs
        )  # fmt: skip
        return replace(roster, epochs=epochs)

    def change(body: Any) -> None:
        body["rosters"] = [_resigned(wire, swap, liar.seed) for wire in body["rosters"]]

    told = lie(fresh, "/v1/offices/", change)
    fresh.first.no("inbox", code="roster_refused")
    fresh.second.no("status", code="roster_refused")
    assert len(told) == 2
    phone = fresh.house.phone()
    fresh.house.lie = None
    letter = fresh.first.ok("invite")
    lie(fresh, "/v1/offices/", change)
    with pytest.raises(ValueError, match="signature"):
        phone.enrol(letter["text"])


def test_a_withheld_roster_is_noticed(fresh: Office) -> None:
    before = fresh.first.ok("roster", "show")["version"]
    fresh.first.ok("roster", "renew", "--medium", str(fresh.medium))

    def withhold(body: Any) -> None:
        body["rosters"] = body["rosters"][:1]

    lie(fresh, "/v1/offices/", withhold)
    fresh.second.no("inbox", code="roster_gap")
    assert fresh.house.lie is not None
    fresh.house.lie = None
    assert fresh.second.ok("roster", "show")["version"] == before + 1


def test_answers_are_verified_again(office: Office) -> None:
    phone, alias = office.enrolled()
    name, _ = released(office, alias)
    key = only(phone)
    phone.answer(*key, Reply.DECLINE)
    declined = phone.notices[key].answer
    phone.answer(*key, Reply.ACCEPT)

    def forge(body: Any) -> None:
        for notice in body["notices"]:
            for given in notice["answers"]:
                data = bytearray(unb64u(given["answer"]))
                data[-70] ^= 1
                given["answer"] = b64u(bytes(data))

    def older(body: Any) -> None:
        for notice in body["notices"]:
            for given in notice["answers"]:
                given["answer"] = b64u(declined)

    assert office.first.ok("notice", "answers", name)["answers"][0]["answer"] == "accept"
    for change in (forge, older):
        lie(office, "/v1/notices", change)
        shown = office.first.call("notice", "answers", name)
        assert (shown.code, shown.data["answers"], shown.data["waiting"]) == (1, [], [alias])
        assert shown.data["refused"][0]["alias"] == alias
        office.first.no("notice", "go", name, "--yes", code="nobody")
    office.house.lie = None
    assert office.first.ok("notice", "go", name, "--yes")["told"] == [alias]


def test_invented_approvals_do_not_count(office: Office) -> None:
    _, alias = office.enrolled()
    made = draft(office, alias)
    office.first.ok("notice", "approve", made["notice"], "--yes")

    def double(body: Any) -> None:
        body["approvals"] += [b64u(bytes(unb64u(wire)[:-1]) + b"\0") for wire in body["approvals"]]

    lie(office, "/v1/approvals", double)
    assert office.first.ok("notice", "show", made["notice"])["complete"] is False
    office.first.no("notice", "seal", made["notice"], "--yes", code="not_approved")


def test_nonsense_from_the_relay_is_an_error_and_no_crash(office: Office) -> None:
    nonsense: list[Any] = [None, [], "x", {"contacts": 3}, {"contacts": [{"contact": 1}]}, {}]

    def instead(_method: str, path: str, body: Any) -> Any:
        return nonsense[0] if path == "/v1/contacts" else body

    while nonsense:
        office.house.lie = instead
        office.first.no("contacts", code="bad_answer")
        nonsense.pop(0)
