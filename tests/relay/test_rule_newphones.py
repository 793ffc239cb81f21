"""A known contact's new phone: the office is warned, and two officers give it the old one's place."""

import pytest

from crypto.card import Card, CardBody, Evidence
from crypto.encoding import new_id, unix
from relay import contacts, enrolments, invitations, newphones, offices, summaries, wipe
from tests.relay.house import House, Officer, Phone
from tests.relay.refusal import fails
from tests.relay.test_rule_bells import beat, bells
from tests.relay.test_rule_delivery import Courier, officer_account

OLD, NEW = 700_001, 700_002


def half(house: House, old: Phone, new: Phone, by: Officer | None = None, **changes: object) -> Card:
    who = by or house.chief
    who.counter += 1
    assert old.card is not None
    named = {
        "office": house.office, "contact": old.contact, "serial": old.card.body.serial + 1,
        "prev": old.card.body.hash, "certifier": who.device, "counter": who.counter,
        "devices": (new.keys.record,), "evidence": Evidence.NUMBER, "issued": unix(house.now),
    }  # fmt: skip
    return Card.issue(CardBody(**(named | changes)), who.keys.sign_seed)


def both(card: Card, by: Officer) -> bytes:
    return card.cosign(by.device, by.keys.sign_seed).encode()


def vouch(house: House, new: Phone, card: Card, by: Officer | None = None) -> None:
    house.as_(by or house.chief, newphones.vouch, new.secret.invitation, card.encode(), house.now)


def take(house: House, new: Phone, wire: bytes, by: str = "W-01") -> None:
    house.as_(house.by(by), enrolments.card, wire, new.secret.invitation, house.now)


def kept(house: House, new: Phone) -> bytes | None:
    """What the relay shows the second officer."""
    views = house.as_(house.by("W-01"), enrolments.listed, house.now)
    return next(view.card for view in views if view.invitation == new.secret.invitation)


@pytest.fixture
def old(house: House) -> Phone:
    return house.enrolled("messages", telegram_id=OLD)


@pytest.fixture
def new(house: House, old: Phone) -> Phone:
    """Holds a letter for the contact, and has asked."""
    made = house.invite(NEW, contact=old.contact)
    made.enrol()
    return made


def test_two_officers_give_the_place_to_the_new_phone_alone(house, old, new):
    house.write_to(old)
    card = half(house, old, new)
    vouch(house, new, card)
    assert kept(house, new) == card.encode()
    assert len(old.mail().items) == 1
    for rule in (new.mail, new.send):
        with fails("not_enrolled"):
            rule()
    take(house, new, both(card, house.by("W-01")))
    with fails("unknown_device"):
        old.mail()
    assert new.mail().items == []  # what waited for the old one is destroyed
    house.write_to(new)
    assert len(new.mail().items) == 1
    with fails("recipient_unknown"):
        house.write_to(old)
    with fails("letter_not_valid"):
        house.phone(new.secret, old.contact).enrol()


def test_the_office_is_rung_until_a_desk_has_looked(house, old):
    officer_account(house, "C-01", 11)
    courier = Courier(house)
    new = house.invite(contact=old.contact)
    assert bells(courier) == []
    new.enrol()
    assert bells(courier) == [("ring", 11)]
    beat(house)
    assert bells(courier) == []
    view = house.as_(house.chief, summaries.queue, house.now)
    assert (view.enrolments, view.new_phones, view.frozen) == (0, 1, 0)
    kept(house, new)
    assert bells(courier) == [("delete", 11)]
    house.phone(new.secret, old.contact).enrol()
    assert bells(courier) == [("ring", 11)]
    view = house.as_(house.chief, summaries.queue, house.now)
    assert (view.enrolments, view.new_phones, view.frozen) == (0, 0, 2)


def test_whoever_comes_for_the_first_time_rings_nobody(house):
    officer_account(house, "C-01", 11)
    house.invite().enrol()
    assert bells(Courier(house)) == []


def test_nobody_is_both_officers(house, old, new):
    card = half(house, old, new)
    vouch(house, new, card)
    for signed in (card.encode(), both(card, house.chief)):
        with fails("card_refused"):
            take(house, new, signed, by="C-01")
    with fails("card_refused"):
        take(house, new, both(card, house.by("A-01")))  # an auditor vouches for nobody
    assert old.mail().items == []


WRONG = {
    "another's phone": {"devices": ()},
    "no number": {"evidence": Evidence.LETTER},
    "not the next": {"serial": 3},
    "another chain": {"prev": bytes(31) + b"\1"},
    "another officer's": {"certifier": bytes(16)},
}


@pytest.mark.parametrize("what", WRONG)
def test_a_first_signature_is_for_this_phone_and_this_chain(house, old, new, what):
    changes = dict(WRONG[what])
    if "devices" in changes:
        changes["devices"] = (old.keys.record,)
    with fails("card_refused"):
        vouch(house, new, half(house, old, new, **changes))
    with fails("card_refused"):
        vouch(house, new, Card.parse(both(half(house, old, new), house.by("W-01"))))
    assert kept(house, new) is None


def test_a_first_card_waits_for_nobody(house):
    first = house.invite()
    first.enrol()
    known = house.enrolled()
    with fails("card_refused"):
        vouch(house, first, half(house, known, first, contact=first.contact))


def test_who_erased_themselves_is_not_brought_back(house, old, new):
    house.write(wipe.wipe, old.wipe(), house.now)
    with fails("card_refused"):
        vouch(house, new, half(house, old, new))


def test_a_thief_with_the_letter_freezes_both_and_voids_what_was_signed(house, old, new):
    card = half(house, old, new)
    vouch(house, new, card)
    thief = house.phone(new.secret, old.contact)
    assert thief.enrol().state == "frozen"
    assert kept(house, new) is None
    with fails("enrolment_frozen"):
        vouch(house, new, half(house, old, new))
    with fails("enrolment_frozen"):
        take(house, new, both(card, house.by("W-01")))
    assert old.mail().items == []
    house.as_(house.chief, invitations.void, new.secret.invitation, house.now)
    for phone in (thief, new):
        assert house.as_(phone, contacts.me, house.now).state == "refused"
    assert house.as_(old, contacts.me, house.now).state == "enrolled"


def test_a_half_card_is_stale_after_another_change(house, old, new):
    card = half(house, old, new)
    vouch(house, new, card)
    other = house.invite(contact=old.contact)
    other.enrol()
    sooner = half(house, old, other, by=house.by("C-02"))
    take(house, other, both(sooner, house.by("W-01")))
    with fails("card_out_of_order"):
        take(house, new, both(card, house.by("W-01")))
    with fails("card_refused"):
        vouch(house, new, half(house, old, new))
    other.card = Card.parse(both(sooner, house.by("W-01")))
    vouch(house, new, half(house, other, new))
    assert house.as_(other, contacts.me, house.now).state == "enrolled"


def test_who_left_vouches_no_more(house, old, new):
    """The letter goes with the officer, too."""
    vouch(house, new, half(house, old, new))
    house.as_(house.by("C-02"), offices.follow, house.next_roster(remove=["C-01"]), house.now)
    assert house.as_(new, contacts.me, house.now).state == "refused"
    with fails("enrolment_not_found"):
        vouch(house, new, half(house, old, new, by=house.by("C-02")), by=house.by("C-02"))


def test_another_office_and_counters_used_twice(house, old, new, store, vault):
    other = House(store, vault).register()
    card = half(house, old, new)
    with fails("enrolment_not_found"):
        other.as_(other.chief, newphones.vouch, new.secret.invitation, card.encode(), other.now)
    with fails("enrolment_not_found"):
        house.as_(house.chief, newphones.vouch, new_id(), card.encode(), house.now)
    with fails("not_allowed"):
        vouch(house, new, card, by=house.by("A-01"))
    with fails("card_out_of_order"):
        vouch(house, new, half(house, old, new, counter=1))


@pytest.mark.parametrize("telegram_id", [NEW, None])
def test_the_telegram_account_goes_with_the_old_phone(house, old, telegram_id):
    """Whoever has the old account now is not rung any more; it never opened anything."""
    new = house.invite(telegram_id, contact=old.contact)
    new.enrol()
    house.write_to(old)
    courier = Courier(house)
    assert bells(courier) == [("ring", OLD)]
    take(house, new, both(half(house, old, new), house.by("W-01")))
    assert bells(courier) == [("delete", OLD)]
    house.write_to(new)
    assert bells(courier) == ([("ring", NEW)] if telegram_id else [])
    assert house.as_(new, contacts.me, house.now).telegram_linked is bool(telegram_id)
