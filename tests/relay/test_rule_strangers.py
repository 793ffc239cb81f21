"""A device that nobody has confirmed: whoever read a letter first must change nothing for the contact."""

import pytest

from crypto.statement import Reply
from relay import accounts as account_rules
from relay import answers, audit, consent, contacts, enrolments, movements, wipe
from store import accounts, people
from tests.relay.house import House, Phone
from tests.relay.refusal import fails

BOTH = ("messages", "departures")
CHAT = 4711


@pytest.fixture
def phone(house: House) -> Phone:
    return house.enrolled(*BOTH, telegram_id=CHAT)


def stranger(house: House, phone: Phone) -> Phone:
    """Somebody else reads the letter for the contact's new phone."""
    made = house.invite(contact=phone.contact, telegram_id=CHAT + 1)
    assert made.enrol().state == "pending"
    return made


def seats(house: House) -> tuple[int, int]:
    (movement,) = house.as_(house.chief, movements.listed)
    return movement.held, movement.confirmed


def said(house: House, contact: bytes) -> dict[str, bool]:
    view = house.as_(house.chief, contacts.one, contact, house.now)
    return {row.purpose: row.given for row in view.consents}


def replace(house: House, old: Phone, new: Phone) -> None:
    new.card = old.card
    wire = house.card(new, cosign=house.by("C-02"))
    house.as_(house.chief, enrolments.card, wire, new.secret.invitation, house.now)


def test_a_stranger_withdraws_nothing_and_silences_nobody(house, phone):
    coming = house.draft(house.movement(5), [phone])
    house.schedule(coming)
    house.release()
    house.as_(phone, answers.answer, phone.answer(coming, Reply.ACCEPT), house.now)
    house.write_to(phone)
    thief = stranger(house, phone)
    thief.consent(*BOTH, given=False)
    assert len(phone.mail().items) == 2
    assert seats(house) == (0, 1)
    assert said(house, phone.contact) == {"messages": True, "departures": True}
    with fails("not_enrolled"):
        house.as_(thief, contacts.pause, True, house.now)
    house.write_to(phone)


@pytest.mark.parametrize("frozen", [False, True])
def test_a_stranger_sees_only_what_it_said_itself(house, phone, frozen):
    thief = stranger(house, phone)
    if frozen:
        house.phone(thief.secret, thief.contact).enrol()
    assert house.as_(thief, consent.listed) == []
    thief.consent("messages", given=False)
    thief.consent("messages")
    assert [(row.purpose, row.given) for row in house.as_(thief, consent.listed)] == [("messages", True)]
    assert [row.given for row in house.as_(phone, consent.listed)] == [True, True]


def test_what_a_refused_device_said_is_forgotten(house):
    thief = house.invite()
    thief.enrol()
    thief.consent(*BOTH)
    house.as_(house.chief, enrolments.refuse, thief.secret.invitation, house.now)
    true = house.phone(thief.secret, thief.contact)
    true.enrol()
    house.as_(house.chief, enrolments.card, house.card(true), thief.secret.invitation, house.now)
    assert said(house, true.contact) == {}
    with fails("no_consent"):
        house.write_to(true)


def test_the_card_makes_the_contacts_word_of_what_was_said_while_waiting(house):
    phone = house.invite()
    phone.enrol()
    phone.consent(*BOTH)
    phone.consent("departures", given=False)
    events = [entry.event for entry in house.as_(house.by("A-01"), audit.listed).entries]
    assert [event for event in events if event.startswith("consent")] == []
    house.as_(house.chief, enrolments.card, house.card(phone), phone.secret.invitation, house.now)
    assert said(house, phone.contact) == {"messages": True, "departures": False}
    events = [entry.event for entry in house.as_(house.by("A-01"), audit.listed).entries]
    assert sorted(event for event in events if event.startswith("consent")) == [
        "consent_given",
        "consent_withdrawn",
    ]
    house.write_to(phone)
    house.as_(
        phone, consent.record, phone.statement("departures", True, counter=1), house.now
    )  # a late retry
    assert said(house, phone.contact) == {"messages": True, "departures": False}


def test_a_withdrawal_made_while_waiting_acts_with_the_card(house, phone):
    coming = house.draft(house.movement(5), [phone])
    house.schedule(coming)
    house.release()
    new = stranger(house, phone)
    new.consent("messages", given=False)
    assert seats(house) == (1, 0)
    replace(house, phone, new)
    assert said(house, phone.contact) == {"messages": False, "departures": True}
    assert seats(house) == (0, 0)


def test_a_later_word_of_the_contacts_own_device_stands(house, phone):
    new = stranger(house, phone)
    new.consent("messages")
    house.pass_(minutes=1)
    phone.consent("messages", given=False)
    replace(house, phone, new)
    assert said(house, phone.contact)["messages"] is False


def test_a_second_card_revives_nothing(house):
    """The statement of the waiting time was taken once; the one after it, by another device, stays the newest."""
    phone = house.invite()
    phone.enrol()
    phone.consent("messages")
    house.as_(house.chief, enrolments.card, house.card(phone), phone.secret.invitation, house.now)
    other = stranger(house, phone)
    other.card = phone.card
    both = house.card(phone, other, cosign=house.by("C-02"))
    house.as_(house.chief, enrolments.card, both, None, house.now)
    other.consent("messages", given=False)
    other.card = phone.card
    house.as_(
        house.chief, enrolments.card, house.card(phone, other, cosign=house.by("C-02")), None, house.now
    )
    assert said(house, phone.contact) == {"messages": False}


def test_a_panic_wipe_is_whole_though_a_stranger_waits(house, phone):
    coming = house.draft(house.movement(5), [phone])
    house.schedule(coming)
    house.release()
    stranger(house, phone)
    house.write(wipe.wipe, phone.wipe(), house.now)
    assert house.as_(house.chief, contacts.one, phone.contact, house.now).state == "wiped"
    assert house.read(accounts.of_contacts, house.office, [phone.contact]) == {}
    assert seats(house) == (0, 0)


@pytest.mark.parametrize("state", ["pending", "refused"])
def test_a_strangers_wipe_is_its_own(house, phone, state):
    thief = stranger(house, phone)
    thief.consent(*BOTH)
    if state == "refused":
        house.as_(house.chief, enrolments.refuse, thief.secret.invitation, house.now)
    house.write(wipe.wipe, thief.wipe(), house.now)
    assert house.as_(house.chief, contacts.one, phone.contact, house.now).state == "enrolled"
    house.write_to(phone)
    assert len(phone.mail().items) == 1


def test_a_refused_devices_wipe_is_not_the_contacts(house):
    thief = house.invite()
    thief.enrol()
    house.as_(house.chief, enrolments.refuse, thief.secret.invitation, house.now)
    true = house.phone(thief.secret, thief.contact)
    true.enrol()
    house.write(wipe.wipe, thief.wipe(), house.now)
    assert house.as_(house.chief, contacts.one, true.contact, house.now).state == "pending"


def test_the_only_device_that_waits_may_wipe_itself_away(house):
    phone = house.invite()
    phone.enrol()
    phone.consent(*BOTH)
    house.write(wipe.wipe, phone.wipe(), house.now)
    view = house.as_(house.chief, contacts.one, phone.contact, house.now)
    assert (view.state, view.consents) == ("wiped", [])


@pytest.mark.parametrize("end", ["card", "refuse", "wipe"])
def test_an_enrolment_that_is_over_names_no_account(house, end):
    phone = house.invite(telegram_id=CHAT)
    phone.enrol()
    account = house.write(account_rules.known, house.vault, CHAT, house.now).id
    assert [row.account for row in house.read(people.enrolments_by, phone.device)] == [account]
    if end == "card":
        house.as_(house.chief, enrolments.card, house.card(phone), phone.secret.invitation, house.now)
        assert house.read(accounts.of_contacts, house.office, [phone.contact]) == {phone.contact: account}
    elif end == "refuse":
        house.as_(house.chief, enrolments.refuse, phone.secret.invitation, house.now)
    else:
        house.write(wipe.wipe, phone.wipe(), house.now)
    assert [row.account for row in house.read(people.enrolments_by, phone.device)] == [None]
