"""A contact's second device: asked for by the first one, put on the card and taken off it by two officers."""

from dataclasses import replace

import pytest

from crypto.addition import Addition
from crypto.card import Card, CardBody, Evidence
from crypto.encoding import unix
from crypto.keys import DeviceKeys
from crypto.letter import Secret
from relay import (
    cardchanges,
    consent,
    contacts,
    enrolments,
    erasure,
    holdings,
    newphones,
    referrals,
    summaries,
    wipe,
)
from relay.cardchanges import Asking
from store import cardchanges as rows
from store import devices
from tests.relay.house import House, Officer, Phone
from tests.relay.refusal import fails
from tests.relay.test_rule_bells import bells
from tests.relay.test_rule_cases import alias_of
from tests.relay.test_rule_delivery import Courier, officer_account


def asked(
    house: House, by: DeviceKeys, contact: bytes, page: Phone | None = None, **changed: object
) -> Asking:
    """What `by` hands in for another device of the contact's."""
    new = page or house.phone(Secret.generate(), contact)
    said = Addition(house.office, contact, by.record.device, new.keys.record, unix(house.now))
    wires = [pair.prekey.sign(new.keys.sign_seed) for pair in new.prekeys]
    return Asking(replace(said, **changed).sign(by.sign_seed), new.wipe(), wires)


@pytest.fixture
def first(house: House) -> Phone:
    phone = house.enrolled("messages", telegram_id=700_001)
    house.pass_(minutes=1)
    return phone


@pytest.fixture
def page(house: House, first: Phone) -> Phone:
    """A second device that waits."""
    new = another(house, first)
    ask(house, first, new)
    return new


def another(house: House, first: Phone) -> Phone:
    return house.phone(first.secret, first.contact)


def ask(house: House, first: Phone, page: Phone, **changed: object) -> None:
    house.as_(first, cardchanges.ask, asked(house, first.keys, first.contact, page, **changed), house.now)


def half(house: House, held: Phone, *phones: Phone, by: Officer | None = None, **changes: object) -> Card:
    """The first officer's card of these phones, behind the one that `held` holds."""
    who = by or house.chief
    who.counter += 1
    assert held.card is not None
    last = held.card.body
    records = tuple(sorted((phone.keys.record for phone in phones), key=lambda record: record.device))
    evidence = Evidence.OLD_DEVICE if len(records) > len(last.devices) else Evidence.TWO_OFFICERS
    body = CardBody(
        house.office, held.contact, last.serial + 1, last.hash, who.device, who.counter, records, evidence,
        unix(house.now),
    )  # fmt: skip
    return Card.issue(replace(body, **changes), who.keys.sign_seed)


def vouch(house: House, card: Card, by: Officer | None = None, contact: bytes = b"") -> None:
    about = contact or card.body.contact
    house.as_(by or house.chief, cardchanges.vouch, about, card.encode(), house.now)


def take(house: House, card: Card, *phones: Phone) -> None:
    second = house.by("W-01")
    whole = card.cosign(second.device, second.keys.sign_seed)
    house.as_(second, enrolments.card, whole.encode(), None, house.now)
    for phone in phones:
        phone.card = whole


def waiting(house: House) -> list[cardchanges.ChangeView]:
    return list(house.as_(house.by("W-01"), cardchanges.listed, house.now))


def added(house: House, first: Phone, page: Phone) -> None:
    card = half(house, first, first, page)
    vouch(house, card)
    take(house, card, first, page)


def state(house: House, phone: Phone) -> str:
    return str(house.as_(phone, contacts.me, house.now).state)


def test_two_officers_put_it_on_the_card_and_until_then_it_gets_nothing(house, first, page):
    house.write_to(first)
    ask(house, first, page)  # the same again is harmless
    card = half(house, first, first, page)
    vouch(house, card)
    (view,) = waiting(house)
    assert (view.contact, view.alias, view.card) == (first.contact, alias_of(house, first), card.encode())
    assert Addition.peek(view.addition).record == page.keys.record
    assert len(view.prekeys) == 1
    for rule in (page.mail, page.send):
        with fails("not_enrolled"):
            rule()
    with fails("recipient_unknown"):
        house.write_to(page)
    mine = house.as_(page, contacts.me, house.now)
    assert (mine.state, mine.card) == ("pending", None)
    with fails("not_enrolled"):
        house.as_(page, holdings.mine, house.now)
    page.consent("departures")  # kept aside: the contact has said nothing of the kind
    assert [each.purpose for each in house.as_(first, consent.listed)] == ["messages"]

    take(house, card, first, page)
    assert (state(house, first), state(house, page), waiting(house)) == ("enrolled", "enrolled", [])
    assert page.mail().items == []  # what came before is the first one's
    house.write_to(first, page)
    assert (len(first.mail().items), len(page.mail().items)) == (2, 1)
    page.send()
    assert house.as_(first, contacts.me, house.now).telegram_linked
    assert house.as_(first, holdings.mine, house.now).phones == 2


def test_the_office_is_rung_and_told_until_a_desk_has_looked(house, first):
    officer_account(house, "C-01", 11)
    courier = Courier(house)
    ask(house, first, another(house, first))
    assert bells(courier) == [("ring", 11)]
    view = house.as_(house.chief, summaries.queue, house.now)
    assert (view.enrolments, view.new_phones, view.frozen) == (0, 1, 0)
    waiting(house)
    assert bells(courier) == [("delete", 11)]


def test_a_statement_of_another_time_counts_for_nothing(house, first):
    for seconds in (-3600, -60, 7200):
        with fails("addition_refused"):
            ask(house, first, another(house, first), at=unix(house.now) + seconds)


def test_who_may_not_ask(house, first, page):
    other = house.enrolled("messages")
    house.pass_(minutes=1)
    foreign = asked(house, first.keys, first.contact)
    with fails("addition_refused"):  # signed by a device of another's
        house.as_(other, cardchanges.ask, foreign, house.now)
    with fails("addition_refused"):
        house.as_(other, cardchanges.ask, asked(house, first.keys, other.contact), house.now)
    mine = asked(house, other.keys, other.contact)
    with fails("addition_refused"):  # nobody shows that they hold the new keys
        house.as_(other, cardchanges.ask, replace(mine, wipe=other.wipe()), house.now)
    keys = [pair.prekey.sign(other.keys.sign_seed) for pair in other.prekeys]
    with fails("prekey_refused"):
        house.as_(other, cardchanges.ask, replace(mine, prekeys=keys), house.now)
    with fails("malformed"):
        house.as_(other, cardchanges.ask, replace(mine, addition=mine.addition[:-1]), house.now)
    house.as_(house.chief, referrals.open_, "KABUL-2", house.now)
    for nobody in (page, house.unlettered()):  # one that waits itself, and whom nobody vouched for
        with fails("not_enrolled"):
            own = asked(house, nobody.keys, nobody.contact)
            house.as_(nobody, cardchanges.ask, own, house.now)
    with fails("not_allowed"):
        house.as_(house.chief, cardchanges.ask, mine, house.now)
    assert len(waiting(house)) == 1


def test_one_waits_at_a_time_and_there_are_three_at_most(house, first, page):
    third = another(house, first)
    with fails("addition_waits"):
        ask(house, first, third)
    added(house, first, page)
    house.pass_(minutes=1)
    with fails("addition_refused"):  # on the card already
        ask(house, first, page)
    ask(house, page, third)
    card = half(house, first, first, page, third)
    vouch(house, card)
    take(house, card, first, page, third)
    house.pass_(minutes=1)
    with fails("addition_refused"):
        ask(house, first, another(house, first))


def test_what_no_second_officer_is_shown(house, first, page):
    other = house.enrolled("messages")
    for wrong in (
        half(house, first, first, page, evidence=Evidence.TWO_OFFICERS),
        half(house, first, page, evidence=Evidence.OLD_DEVICE),  # that would replace the first
        half(house, first, first, another(house, first)),
        half(house, first, first, page, serial=3),
        half(house, first, first, page, prev=bytes(31) + b"\1"),
        half(house, first, first, evidence=Evidence.TWO_OFFICERS),  # takes nothing off
        half(house, first, first, contact=other.contact, devices=(other.keys.record,)),
    ):
        with fails("card_refused"):
            vouch(house, wrong, contact=first.contact)
    card = half(house, first, first, page)
    with fails("card_refused"):
        vouch(house, card, house.by("C-02"))  # another officer's
    with fails("not_allowed"):
        vouch(house, card, house.by("A-01"))
    with fails("card_out_of_order"):
        vouch(house, half(house, first, first, page, counter=1))
    with fails("card_refused"):  # one officer is not two
        whole = card.cosign(house.chief.device, house.chief.keys.sign_seed)
        house.as_(house.chief, enrolments.card, whole.encode(), None, house.now)
    assert (state(house, page), waiting(house)[0].card) == ("pending", None)


def test_refused_it_is_nobodys(house, first, page):
    page.consent("departures")
    house.as_(house.chief, cardchanges.refuse, first.contact, house.now)
    assert (state(house, page), state(house, first), waiting(house)) == ("refused", "enrolled", [])
    assert house.as_(page, contacts.me, house.now).newest_sequence == 0  # its prekeys are gone
    with fails("change_not_found"):
        house.as_(house.chief, cardchanges.refuse, first.contact, house.now)
    with fails("card_refused"):
        vouch(house, half(house, first, first, page))
    ask(house, first, another(house, first))  # another may follow


def test_a_wipe_of_either_ends_what_waits(house, first, page):
    house.write(wipe.wipe, page.wipe(), house.now)
    assert (state(house, page), state(house, first), waiting(house)) == ("wiped", "enrolled", [])
    second = another(house, first)
    ask(house, first, second)
    house.write(wipe.wipe, first.wipe(), house.now)
    assert (state(house, second), waiting(house)) == ("refused", [])


def test_nobody_asks_and_wipes_without_end(house, first, monkeypatch):
    monkeypatch.setattr(cardchanges, "MOST_EVER", 3)
    for _ in range(2):
        page = another(house, first)
        ask(house, first, page)
        house.write(wipe.wipe, page.wipe(), house.now)
    with fails("too_many_devices"):
        ask(house, first, another(house, first))


def test_a_wipe_of_one_of_two_leaves_the_other(house, first, page):
    added(house, first, page)
    house.write(wipe.wipe, page.wipe(), house.now)
    house.write_to(first)
    assert (len(first.mail().items), state(house, page)) == (1, "wiped")
    house.pass_(minutes=1)
    third = another(house, first)
    ask(house, first, third)
    with fails("card_refused"):  # the one that was wiped has to be taken off first
        vouch(house, half(house, first, first, page, third))
    off = half(house, first, first)
    vouch(house, off)
    take(house, off, first)
    assert state(house, third) == "refused"  # any card decides what waits


def test_two_officers_take_one_off(house, first, page):
    added(house, first, page)
    house.write_to(first, page)
    asked_before = unix(house.now)
    house.pass_(minutes=1)
    off = half(house, first, first)
    vouch(house, off)
    (view,) = waiting(house)
    assert (view.addition, view.prekeys, view.card) == (None, [], off.encode())
    with fails("addition_waits"):  # whoever holds one of the phones cannot hinder it
        ask(house, page, another(house, first), at=unix(house.now) + 1)
    assert len(page.mail().items) == 1
    take(house, off, first)
    with fails("unknown_device"):
        page.mail()
    assert len(first.mail().items) == 1
    with fails("recipient_unknown"):
        house.write_to(page)
    with fails("addition_refused"):  # what was asked for before does not bring it back
        ask(house, first, page, at=asked_before)


def test_a_letter_for_a_new_phone_ends_it_and_an_erasure_leaves_nothing(house, first, page):
    new = house.invite(contact=first.contact)
    new.enrol()
    replaced = half(house, first, new, evidence=Evidence.NUMBER)
    house.as_(house.chief, newphones.vouch, new.secret.invitation, replaced.encode(), house.now)
    take(house, replaced, new)
    assert (state(house, page), state(house, new), waiting(house)) == ("refused", "enrolled", [])
    house.pass_(minutes=1)
    ask(house, new, another(house, first))
    house.as_(house.chief, erasure.erase, alias_of(house, new), house.now)
    assert house.read(rows.of, house.office, first.contact) is None
    assert house.read(devices.of_contact, house.office, first.contact) == []
