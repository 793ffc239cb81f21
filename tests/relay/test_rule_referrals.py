"""Self-referral: what somebody without a letter may before two officers vouch for the phone, and what not."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crypto.card import Card, CardBody, Evidence
from crypto.device import OwnerKind
from crypto.encoding import new_id, unix
from crypto.keys import DeviceKeys
from crypto.letter import Secret, Slip, admit_hash
from crypto.record import ZERO_32
from crypto.statement import Reply
from relay import (
    answers,
    assignments,
    audit,
    cases,
    claims,
    contacts,
    enrolments,
    invitations,
    lapses,
    mailbox,
    referrals,
    summaries,
    unverified,
    wipe,
)
from store import accounts, devices, people
from store import referrals as rows
from store.tables import NAMES, metadata
from tests.relay.house import House, Officer, Phone
from tests.relay.refusal import fails

CHAT = 4711
UNVERIFIED = re.compile(r"U-\d{5}")


def phone(house: House, telegram_id: int | None = None) -> Phone:
    """A phone whose keys are made for the office the relay named."""
    return house.phone(Secret.generate(), new_id(), telegram_id)


def form(of: Phone, **changes: Any) -> referrals.Form:
    return replace(of.referral(), **changes)


def ask(of: Phone, **changes: Any) -> referrals.Standing:
    return of.house.write(referrals.ask, of.house.vault, form(of, **changes), of.house.now)


def card(of: Phone, by: Officer, second: Officer | None = None, **changes: Any) -> bytes:
    by.counter += 1
    plain: dict[str, Any] = {
        "office": of.house.office,
        "contact": of.contact,
        "serial": 1,
        "prev": ZERO_32,
        "certifier": by.device,
        "counter": by.counter,
        "devices": (of.keys.record,),
        "evidence": Evidence.NUMBER,
        "issued": unix(of.house.now),
    }
    made = Card.issue(CardBody(**(plain | changes)), by.keys.sign_seed)
    return (made if second is None else made.cosign(second.device, second.keys.sign_seed)).encode()


def hand_in(of: Phone, wire: bytes) -> bytes:
    return of.house.as_(of.house.chief, enrolments.card, wire, None, of.house.now)


def state(of: Phone) -> str:
    me = of.house.as_(of, contacts.me, of.house.now)
    assert (me.waits_until is None) == (me.state == "enrolled")
    return str(me.state)


@pytest.fixture
def open_house(house: House) -> House:
    house.as_(house.chief, referrals.open_, "KABUL-2", house.now)
    return house


@pytest.fixture
def waits(open_house: House) -> Phone:
    made = phone(open_house, CHAT)
    assert ask(made).state == "waiting"
    return made


def test_only_offices_that_opened_can_be_learnt_of(house: House) -> None:
    other = House(house.store, house.vault).register()
    assert house.read(referrals.open_offices) == []
    closed, nowhere = phone(house), replace(phone(house), house=house)
    with fails("office_not_open") as first:
        ask(closed)
    with fails("office_not_open") as second:
        ask(nowhere, office=new_id() + new_id())
    assert first.value.message == second.value.message
    with fails("not_allowed"):
        house.as_(house.by("W-01"), referrals.open_, "KABUL-2", house.now)
    with fails("malformed"):
        house.as_(house.chief, referrals.open_, "kabul", house.now)
    house.as_(house.chief, referrals.open_, "KABUL-2", house.now)
    with fails("code_taken"):
        other.as_(other.chief, referrals.open_, "KABUL-2", house.now)
    house.as_(house.chief, referrals.open_, "KABUL-3", house.now)
    assert house.read(referrals.open_offices) == [referrals.OpenOffice(house.office, "KABUL-3")]
    assert ask(closed).state == "waiting"
    house.as_(house.chief, referrals.close, house.now)
    assert house.read(referrals.open_offices) == []
    assert state(closed) == "pending"
    with fails("office_not_open"):
        ask(phone(house))


def test_it_waits_apart_from_contacts_and_the_oldest_comes_first(waits: Phone) -> None:
    house = waits.house
    house.pass_(hours=5)
    younger = phone(house)
    ask(younger)
    listed = house.as_(house.chief, referrals.listed, house.now)
    assert [view.contact for view in listed] == [waits.contact, younger.contact]
    assert listed[0].alias.startswith("U-")
    assert listed[0].record == waits.keys.record.encode()
    assert listed[0].expires - listed[0].at == referrals.LIFE
    assert house.as_(house.chief, contacts.listed, house.now) == []
    assert house.as_(house.chief, enrolments.listed, house.now) == []
    with fails("contact_not_found"):
        house.as_(house.chief, contacts.one, waits.contact, house.now)
    with fails("not_allowed"):
        house.as_(house.by("A-01"), referrals.listed, house.now)
    other = House(house.store, house.vault).register()
    assert other.as_(other.chief, referrals.listed, house.now) == []
    for rule, said in ((referrals.refuse, "abuse"), (referrals.vouch, card(waits, house.chief))):
        with fails("referral_not_found"):
            other.as_(other.chief, rule, waits.contact, said, house.now)


def test_the_same_again_is_harmless_and_others_keys_are_not_taken(waits: Phone) -> None:
    house = waits.house
    assert ask(waits).contact == waits.contact
    assert len(house.as_(house.chief, referrals.listed, house.now)) == 1
    known = house.enrolled("messages")
    thief = phone(house)
    thief.keys = DeviceKeys.generate(house.office, OwnerKind.CONTACT, known.contact)
    thief.contact, thief.prekeys = known.contact, [house._device_prekey(thief.keys, 1)]
    with fails("device_taken"):
        ask(thief)
    with fails("device_taken"):
        ask(known)


BAD: list[tuple[str, Callable[[Phone], dict[str, Any]]]] = [
    ("consent_refused", lambda p: {"consent": p.statement("messages", False)}),
    ("consent_refused", lambda p: {"consent": p.statement("departures", True)}),
    ("consent_refused", lambda p: {"consent": phone(p.house).statement("messages", True)}),
    ("malformed", lambda p: {"consent": b"no statement"}),
    ("malformed", lambda p: {"record": b"no record"}),
    ("device_refused", lambda p: {"record": p.house.chief.keys.record.encode()}),
    ("too_many_prekeys", lambda p: {"prekeys": []}),
    ("prekey_refused", lambda p: {"prekeys": form(phone(p.house)).prekeys}),
]


@pytest.mark.parametrize(("code", "change"), BAD)
def test_a_bad_form_leaves_nothing(
    open_house: House, code: str, change: Callable[[Phone], dict[str, Any]]
) -> None:
    before = everything(open_house)
    made = phone(open_house, CHAT)
    with fails(code):
        ask(made, **change(made))
    assert everything(open_house) == before


def test_few_short_letters_that_ring_nobody(waits: Phone) -> None:
    house = waits.house
    with fails("unverified_limits"):
        waits.send(urgent=True)
    with fails("unverified_limits"):
        waits.send(bucket=3)
    for _ in range(unverified.MOST_LETTERS):
        waits.send(bucket=2)
    with fails("unverified_limits"):
        waits.send()
    (listed,) = house.as_(house.chief, referrals.listed, house.now)
    assert listed.letters == unverified.MOST_LETTERS
    queue = house.as_(house.chief, summaries.queue, house.now)
    assert (queue.unread, queue.oldest, queue.enrolments) == (0, None, 0)
    assert house.read(people.unread_oldest, house.office, house.now) == {}
    assert len(house.as_(house.chief, mailbox.fetch, 0, 100, house.now).items) == unverified.MOST_LETTERS


def test_it_reads_plain_letters_of_its_office_and_no_others(waits: Phone) -> None:
    house = waits.house
    sent = house.write_to(waits)
    assert waits.read() == [sent.id]
    other = House(house.store, house.vault).register()
    with fails("recipient_unknown"):
        other.write_to(waits)
    waits.consent("messages", given=False)
    with fails("no_consent"):
        house.write_to(waits)


def test_no_offer_no_notice_and_no_word_about_one(waits: Phone) -> None:
    """By rule: whatever a desk asks for."""
    house = waits.house
    known = house.enrolled("messages", "departures")
    with fails("not_enrolled"):
        waits.consent("departures")
    movement = house.movement(5)
    for people_ in ([waits], [known, waits]):
        for moving in (movement, None):
            with fails("recipient_unknown"):
                house.schedule(house.draft(moving, people_))
    out = house.draft(movement, [known])
    house.schedule(out)
    house.release()
    with fails("recipient_unknown"):
        house.write_to(waits, notice=(out.notice, 1))
    with fails("not_enrolled"):
        house.as_(waits, answers.answer, waits.answer(out, Reply.ACCEPT), house.now)
    (listed,) = house.as_(house.chief, referrals.listed, house.now)
    with fails("contact_not_found"):
        house.as_(house.chief, cases.open_, contact=listed.alias, now=house.now)
    secret = Secret.generate()
    slip = Slip(house.office, 1, house.roster.hash, waits.contact)
    named = {
        "invitation": secret.invitation,
        "admit_hash": admit_hash(secret.admit_token),
        "slip": slip.encode(),
    }
    named |= {
        "tag": secret.slip_tag(slip),
        "expires": house.now + timedelta(days=1),
        "alias": "",
        "now": house.now,
    }
    with fails("contact_unverified"):
        house.as_(house.chief, invitations.make, **named)
    assert waits.mail().items == []


def test_two_officers_and_the_number_make_a_contact_and_nothing_less(waits: Phone) -> None:
    house = waits.house
    first, second = house.chief, house.by("W-01")
    for refused in (
        card(waits, first),
        card(waits, first, first),
        card(waits, first, second, evidence=Evidence.LETTER),
        card(waits, first, second, evidence=Evidence.TWO_OFFICERS),
        card(waits, first, house.by("A-01")),
    ):
        with fails("card_refused"):
            hand_in(waits, refused)
    half = card(waits, first)
    house.as_(first, referrals.vouch, waits.contact, half, house.now)
    (listed,) = house.as_(second, referrals.listed, house.now)
    assert listed.card == half
    assert state(waits) == "pending"
    hand_in(waits, Card.parse(half).cosign(second.device, second.keys.sign_seed).encode())
    assert state(waits) == "enrolled"
    assert [view.contact for view in house.as_(first, contacts.listed, house.now)] == [waits.contact]
    assert house.read(accounts.of_contacts, house.office, [waits.contact]).keys() == {waits.contact}
    waits.consent("departures")
    waits.send(urgent=True)
    house.schedule(house.draft(house.movement(5), [waits]))
    house.release()
    assert len(waits.mail().items) == 1


def test_what_one_officer_may_not_leave_for_the_other(waits: Phone) -> None:
    house = waits.house
    first, second = house.chief, house.by("W-01")
    other = phone(house)
    for refused in (
        card(waits, second),
        card(waits, first, second),
        card(waits, first, evidence=Evidence.LETTER),
        card(waits, first, devices=(replace(other.keys.record, owner=waits.contact),)),
        card(waits, first, serial=2, prev=bytes([1]) * 32),
    ):
        with fails("card_refused"):
            house.as_(first, referrals.vouch, waits.contact, refused, house.now)
    with fails("not_allowed"):
        house.as_(house.by("A-01"), referrals.vouch, waits.contact, card(waits, first), house.now)


def test_refused_hears_why_and_everything_goes(waits: Phone) -> None:
    house = waits.house
    waits.send()
    house.write_to(waits)
    with fails("malformed"):
        house.as_(house.chief, referrals.refuse, waits.contact, "because", house.now)
    house.as_(house.chief, referrals.refuse, waits.contact, "mismatch", house.now)
    told = house.as_(waits, contacts.me, house.now)
    assert (told.state, told.refused, told.waits_until) == (
        "refused",
        "mismatch",
        house.now + referrals.REFUSED_LIFE,
    )
    assert house.as_(house.chief, mailbox.fetch, 0, 100, house.now).items == []
    for refused in (waits.send, waits.mail, lambda: waits.consent("messages")):
        with fails("not_enrolled"):
            refused()
    with fails("enrolment_not_found"):
        hand_in(waits, card(waits, house.chief, house.by("W-01")))
    house.pass_(days=7)
    house.write(lapses.lapse, house.now)
    assert gone(waits)


def test_who_nobody_vouched_for_is_deleted_when_the_time_is_over(waits: Phone) -> None:
    house = waits.house
    waits.send()
    house.write_to(waits)
    house.as_(house.chief, referrals.vouch, waits.contact, card(waits, house.chief), house.now)
    house.pass_(days=30)
    with fails("not_enrolled"):
        waits.mail()
    with fails("enrolment_not_found"):
        hand_in(waits, card(waits, house.chief, house.by("W-01")))
    assert house.as_(house.chief, referrals.listed, house.now) == []
    assert not gone(waits)
    house.write(lapses.lapse, house.now)
    assert gone(waits)
    last = house.as_(house.by("A-01"), audit.listed).entries[-1]
    assert (last.event, last.erased) == ("referral_forgotten", True)


def test_a_wipe_leaves_nothing(waits: Phone) -> None:
    house = waits.house
    waits.send()
    house.write_to(waits)
    (listed,) = house.as_(house.chief, referrals.listed, house.now)
    house.as_(house.chief, claims.take, listed.alias, house.now)
    house.as_(house.chief, assignments.assign, listed.alias, "W-01", house.now)
    house.write(wipe.wipe, waits.wipe(), house.now)
    assert gone(waits)
    last = house.as_(house.by("A-01"), audit.listed).entries[-1]
    assert (last.event, last.erased) == ("device_wiped", True)
    assert house.as_(house.chief, assignments.listed) == {}
    with fails("unknown_device"):
        house.write(wipe.wipe, waits.wipe(), house.now)


def test_a_flood_is_held_at_account_office_and_relay(
    open_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(referrals.MOST_OF_ACCOUNT):
        ask(phone(open_house, CHAT))
    with fails("too_many_referrals"):
        ask(phone(open_house, CHAT))
    monkeypatch.setattr(referrals, "MOST_OF_OFFICE", 4)
    ask(phone(open_house, CHAT + 1))
    with fails("referrals_full"):
        ask(phone(open_house, CHAT + 2))
    other = House(open_house.store, open_house.vault).register()
    other.as_(other.chief, referrals.open_, "OTHER", other.now)
    monkeypatch.setattr(referrals, "MOST", 5)
    ask(phone(other, CHAT + 3))
    with fails("referrals_full"):
        ask(phone(other, CHAT + 4))
    (oldest, *_) = open_house.as_(open_house.chief, referrals.listed, open_house.now)
    open_house.as_(open_house.chief, referrals.refuse, oldest.contact, "abuse", open_house.now)
    ask(phone(other, CHAT + 4))
    monkeypatch.setattr(referrals, "MOST", 9)
    with fails("too_many_referrals"):
        ask(phone(other, CHAT))


def everything(house: House) -> dict[str, int]:
    return house.read(
        lambda tx: {name: len(tx.execute(metadata.tables[name].select()).all()) for name in NAMES}
    )


def gone(of: Phone) -> bool:
    """Whether no table knows anything of the person, who was the only one with an alias of this kind."""

    def look(tx: Any) -> bool:
        marks = {of.contact, of.device, of.keys.record.encode()}
        found = [
            name
            for name in sorted(NAMES)
            for row in tx.execute(metadata.tables[name].select())
            for value in row
            if (value in marks if isinstance(value, bytes) else UNVERIFIED.search(str(value)))
        ]
        nothing = people.contact(tx, of.house.office, of.contact) is None and not rows.of_devices(
            tx, [of.device]
        )
        return not found and nothing and devices.device(tx, of.device) is None

    return bool(of.house.read(look))
