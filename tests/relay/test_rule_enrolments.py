"""From the letter to the card."""

from datetime import timedelta

import pytest

from crypto.device import OwnerKind
from crypto.encoding import new_id
from crypto.keys import DeviceKeys
from crypto.letter import Secret, Slip
from relay import accounts, auth, consent, contacts, enrolments, invitations, links, offices, prekeys, wipe
from store import accounts as account_rows
from tests.relay.house import House, b
from tests.relay.refusal import fails


def asked(house: House) -> list[enrolments.EnrolmentView]:
    return house.as_(house.chief, enrolments.listed, house.now)


def take(house: House, *phones, **options) -> bytes:
    return house.as_(house.chief, enrolments.card, house.card(*phones, **options), None, house.now)


def test_a_letter_admits_one_phone_and_the_card_enrols_it(house):
    phone = house.invite(telegram_id=4711)
    slip = house.read(invitations.letter, phone.secret.invitation, house.now)
    phone.secret.check_slip(slip.slip, slip.tag)
    first = phone.enrol()
    assert (first.state, first.created) == ("pending", True)
    assert phone.enrol().created is False
    with fails("not_enrolled"):
        phone.mail()
    (waiting,) = asked(house)
    assert (waiting.contact, waiting.record) == (phone.contact, phone.keys.record.encode())
    assert len(waiting.prekeys) == 1
    wire = house.card(phone)
    for _ in range(2):
        assert (
            house.as_(house.chief, enrolments.card, wire, phone.secret.invitation, house.now) == phone.contact
        )
    me = house.as_(phone, contacts.me, house.now)
    assert (me.state, me.card, me.telegram_linked, me.newest_sequence) == ("enrolled", wire, True, 1)
    assert asked(house) == []
    with fails("letter_not_found"):
        house.read(invitations.letter, phone.secret.invitation, house.now)
    again = phone.enrol()  # it had not heard the answer, and asks once more when its letter is used up
    assert (again.state, again.created) == ("enrolled", False)


def test_unknown_used_void_expired_and_wrong_letters_are_one_error(house):
    used, void, late, wrong = house.enrolled(), house.invite(), house.invite(), house.invite()
    house.as_(house.chief, invitations.void, void.secret.invitation, house.now)
    messages = set()
    stranger = house.phone(Secret.generate(), b(3))
    second = house.phone(used.secret, used.contact)
    for phone, form in (
        (stranger, stranger.form()),
        (second, second.form()),
        (void, void.form()),
        (wrong, wrong.form(admit=bytes(32))),
    ):
        with fails("letter_not_valid") as caught:
            phone.house.write(enrolments.submit, house.vault, form, house.now)
        messages.add(caught.value.message)
    house.pass_(days=7)
    with fails("letter_not_valid") as caught:
        late.enrol()
    assert messages == {caught.value.message}
    states = {view.state for view in house.as_(house.chief, invitations.listed, house.now)}
    assert states == {"used", "void", "expired"}


def test_a_second_phone_freezes_both_until_the_false_one_is_refused(house):
    phone = house.invite()
    thief = house.phone(phone.secret, phone.contact)
    phone.enrol()
    assert thief.enrol().state == "frozen"
    assert [view.state for view in asked(house)] == ["frozen", "frozen"]
    assert house.as_(phone, contacts.me, house.now).state == "frozen"
    with fails("enrolment_frozen"):
        take(house, phone)
    house.as_(house.chief, enrolments.refuse, phone.secret.invitation, house.now, thief.device)
    assert [(view.state, view.record) for view in asked(house)] == [("pending", phone.keys.record.encode())]
    phone.card, house.chief.counter = None, 0
    take(house, phone)
    assert house.as_(thief, contacts.me, house.now).state == "refused"
    with fails("not_enrolled"):
        thief.mail()


def test_after_a_refusal_another_phone_may_follow(house):
    false = house.invite()
    false.enrol()
    house.as_(house.chief, enrolments.refuse, false.secret.invitation, house.now)
    with fails("enrolment_not_found"):
        house.as_(house.chief, enrolments.refuse, false.secret.invitation, house.now)
    assert house.phone(false.secret, false.contact).enrol().state == "pending"


@pytest.mark.parametrize("second", [False, True])
def test_voiding_a_letter_turns_away_who_waits_under_it(house, second):
    phone = house.invite()
    phone.enrol()
    if second:
        house.phone(phone.secret, phone.contact).enrol()
    house.as_(house.chief, invitations.void, phone.secret.invitation, house.now)
    assert asked(house) == []
    assert house.as_(phone, contacts.me, house.now).state == "refused"
    assert house.as_(house.chief, contacts.listed, house.now) == []


def test_the_letters_of_a_removed_device_are_void(house):
    """It alone had their secrets: nobody could check who comes with them."""
    used, waiting, unread = house.enrolled("messages"), house.invite(), house.invite()
    waiting.enrol()
    stays = house.invite(by="C-02")
    house.as_(house.by("C-02"), offices.follow, house.next_roster(remove=["C-01"]), house.now)
    assert asked(house) == []
    with fails("letter_not_valid"):
        unread.enrol()
    assert stays.enrol().state == "pending"
    assert house.as_(used, contacts.me, house.now).state == "enrolled"
    states = [view.state for view in house.as_(house.chief, invitations.listed, house.now)]
    assert sorted(states) == ["open", "used", "void", "void"]


def test_a_card_may_name_the_old_phone_beside_the_one_that_asked(house):
    old = house.enrolled("messages")
    new = house.invite(contact=old.contact)
    new.enrol()
    new.card = old.card
    card = house.card(new, old, cosign=house.by("C-02"))
    house.as_(house.chief, enrolments.card, card, new.secret.invitation, house.now)
    assert old.mail().items == new.mail().items == []
    new.card = old.card
    with fails("enrolment_not_found"):
        other = house.invite()
        other.enrol()
        third = house.card(new, old, cosign=house.by("C-02"))
        house.as_(house.chief, enrolments.card, third, other.secret.invitation, house.now)


def test_a_letter_is_not_an_endless_door(house):
    phone = house.invite()
    for _ in range(enrolments.MOST_DEVICES):
        house.phone(phone.secret, phone.contact).enrol()
    with fails("letter_not_valid"):
        house.phone(phone.secret, phone.contact).enrol()


def test_a_device_for_another_contact_or_a_taken_id_is_refused(house):
    phone, other = house.invite(), house.enrolled()
    with fails("device_refused"):
        phone.enrol(record=house.phone(phone.secret, b(1)).keys.record.encode())
    phone.keys = type(phone.keys).generate(
        house.office, phone.keys.record.owner_kind, phone.contact, other.device
    )
    phone.prekeys = [house._device_prekey(phone.keys, 1)]
    with fails("device_taken"):
        phone.enrol()
    with fails("malformed"):
        house.invite().enrol(record=b"no record")


def test_a_new_phone_needs_two_officers_and_retires_the_old_one(house):
    old = house.enrolled("messages")
    house.write_to(old)
    new = house.invite(contact=old.contact, alias="")
    new.enrol()
    new.card = old.card
    lonely = house.card(new)
    with fails("card_refused"):
        house.as_(house.chief, enrolments.card, lonely, None, house.now)
    new.card = old.card
    take(house, new, cosign=house.by("C-02"))
    with fails("unknown_device"):
        old.mail()
    assert new.mail().items == []
    (view,) = house.as_(house.chief, contacts.listed, house.now)
    assert [device.device for device in view.prekeys] == [new.device]
    assert [said.purpose for said in view.consents] == ["messages"]


def test_cards_chain_and_counters_count_once(house):
    phone, other = house.enrolled(), house.invite()
    other.enrol()
    house.chief.counter = 0
    with fails("card_out_of_order"):
        take(house, other)
    phone.card = None
    with fails("card_out_of_order"):
        take(house, phone)


def test_a_card_names_only_devices_that_asked_and_comes_from_a_certifier(house):
    phone, stranger = house.invite(), None
    stranger = house.phone(phone.secret, phone.contact)
    with fails("enrolment_not_found"):
        take(house, stranger)
    phone.enrol()
    with fails("card_refused"):
        take(house, phone, by=house.by("A-01"))
    wire = house.card(phone)
    with fails("not_allowed"):
        house.as_(house.by("A-01"), enrolments.card, wire, None, house.now)


def test_aliases_are_chosen_or_given_and_unique(house):
    assert house.as_(house.chief, invitations.listed, house.now) == []
    house.invite(alias="K-1")
    with fails("alias_taken"):
        house.invite(alias="K-1")
    with fails("malformed"):
        house.invite(alias="lower case")
    with fails("expiry_refused"):
        house.invite(expires=house.now + timedelta(days=61))
    with fails("slip_refused"):
        other = House(house.store, house.vault)
        slip = other.phone(Secret.generate(), b(1))
        house.invite(slip=Slip(other.office, 1, bytes(32), slip.contact).encode())
    with fails("not_allowed"):
        house.as_(house.by("A-01"), invitations.listed, house.now)


def test_an_office_sees_nothing_of_another(store, vault, house):
    other = House(store, vault)
    other.register()
    phone = house.enrolled("messages")
    phone.send()
    assert other.as_(other.chief, contacts.listed, other.now) == []
    assert asked(other) == []
    with fails("contact_not_found"):
        other.as_(other.chief, contacts.one, phone.contact, other.now)
    with fails("enrolment_not_found"):
        other.as_(other.chief, enrolments.refuse, phone.secret.invitation, other.now)
    with fails("invitation_not_found"):
        other.as_(other.chief, invitations.void, phone.secret.invitation, other.now)


def test_prekeys_are_the_owners_and_count_up(house):
    phone = house.enrolled()
    second = house._device_prekey(phone.keys, 2).prekey.sign(phone.keys.sign_seed)
    house.as_(phone, prekeys.add, [second], house.now)
    house.as_(phone, prekeys.add, [second], house.now)
    with fails("prekey_out_of_order"):
        again = house._device_prekey(phone.keys, 2).prekey.sign(phone.keys.sign_seed)
        house.as_(phone, prekeys.add, [again], house.now)
    with fails("prekey_refused"):
        foreign = house._device_prekey(house.chief.keys, 3).prekey.sign(phone.keys.sign_seed)
        house.as_(phone, prekeys.add, [foreign], house.now)
    with fails("too_many_prekeys"):
        house.as_(phone, prekeys.add, [], house.now)
    assert house.as_(phone, contacts.me, house.now).newest_sequence == 2


def test_a_wipe_takes_everything_that_waits(house):
    phone = house.enrolled("messages", telegram_id=9)
    house.write_to(phone)
    statement = phone.wipe()
    for _ in range(2):
        house.write(wipe.wipe, statement, house.now)
    me = house.as_(phone, contacts.me, house.now)
    assert (me.state, me.newest_sequence, me.telegram_linked) == ("wiped", 0, False)
    (view,) = house.as_(house.chief, contacts.listed, house.now)
    assert (view.state, view.prekeys) == ("wiped", [])
    with fails("not_enrolled"):
        phone.mail()
    with fails("unknown_device"):
        other = house.enrolled()
        house.write(wipe.wipe, other.wipe()[:-64] + bytes(64), house.now)
    with fails("unknown_device"):
        house.write(wipe.wipe, house.phone(phone.secret, phone.contact).wipe(), house.now)


@pytest.mark.parametrize("spoil", ["used", "late", "gone"])
def test_an_officers_link_binds_once_and_in_time(house, spoil):
    account = house.write(accounts.known, house.vault, 77, house.now).id
    code = house.as_(house.by("C-02"), links.issue, house.now).code
    if spoil == "used":
        assert house.write(links.bind, account, code, house.now) == "C-02"
        assert house.read(links.officer_of, account, house.now).role_code == "C-02"
    elif spoil == "late":
        house.pass_(minutes=10)
    else:
        house.as_(house.chief, offices.follow, house.next_roster(remove=["C-02"]), house.now)
    with fails("link_not_valid"):
        house.write(links.bind, account, code, house.now)
    if spoil != "used":
        assert house.read(links.officer_of, account, house.now) is None


def test_a_removed_officers_account_is_not_theirs_again_when_they_come_back(house):
    """Taken out because the account was hijacked, say: the hijacker's account must not be bound any more."""
    account = house.write(accounts.known, house.vault, 77, house.now).id
    officer = house.by("C-03")
    code = house.as_(officer, links.issue, house.now).code
    house.write(links.bind, account, code, house.now)
    unused = house.as_(officer, links.issue, house.now).code
    stays = house.write(accounts.known, house.vault, 78, house.now).id
    house.write(links.bind, stays, house.as_(house.by("C-02"), links.issue, house.now).code, house.now)
    house.as_(house.chief, offices.follow, house.next_roster(remove=["C-03"]), house.now)
    assert house.read(account_rows.links_of, account) == []
    officer.keys = DeviceKeys.generate(house.office, OwnerKind.OFFICER, officer.officer)
    house.officers.append(officer)
    house.as_(house.chief, offices.follow, house.next_roster(), house.now)
    assert house.read(links.officer_of, account, house.now) is None
    with fails("link_not_valid"):
        house.write(links.bind, account, unused, house.now)
    assert house.read(links.officer_of, stays, house.now).role_code == "C-02"


def test_a_telegram_id_never_stands_in_the_database(house, vault):
    first = house.write(accounts.known, vault, 123456789, house.now, "en")
    assert house.write(accounts.known, vault, 123456789, house.now, "fa-AF") == first
    row = house.read(account_rows.account, first.id)
    assert b"123456789" not in row.sealed + row.blind
    assert (123456789).to_bytes(8, "big") not in row.sealed + row.blind
    assert vault.open_id(row.sealed) == 123456789


def test_consent_is_signed_counted_and_known(house):
    phone = house.enrolled()
    given = phone.statement("messages", True)
    assert house.as_(phone, consent.record, given, house.now) == "given"
    assert house.as_(phone, consent.record, given, house.now) == "given"
    assert house.as_(phone, consent.record, phone.statement("messages", False), house.now) == "withdrawn"
    with fails("consent_out_of_order"):
        house.as_(phone, consent.record, phone.statement("messages", True, counter=2), house.now)
    with fails("purpose_unknown"):
        house.as_(phone, consent.record, phone.statement("marketing", True), house.now)
    with fails("consent_refused"):
        house.as_(phone, consent.record, house.enrolled().statement("messages", True), house.now)
    with fails("malformed"):
        house.as_(phone, consent.record, new_id(), house.now)
    (said,) = house.as_(phone, consent.listed)
    assert (said.purpose, said.given, said.counter) == ("messages", False, 2)
    with fails("not_allowed"):
        house.as_(house.chief, consent.record, given, house.now)


def test_a_withdrawal_is_not_undone_by_what_another_device_said_before_it(house):
    """The old phone was offline when it gave; the new one has withdrawn since."""
    old = house.enrolled()
    new = house.invite(contact=old.contact)
    new.enrol()
    new.card = old.card
    both = house.card(new, old, cosign=house.by("C-02"))
    house.as_(house.chief, enrolments.card, both, None, house.now)
    late = old.statement("messages", True)
    house.pass_(minutes=1)
    new.consent("messages", given=False)
    house.pass_(minutes=1)
    assert house.as_(old, consent.record, late, house.now) == "withdrawn"
    with fails("no_consent"):
        house.write_to(new)
    old.consent("messages")
    house.write_to(new)
    house.pass_(minutes=1)
    late = new.statement("messages", False)
    house.pass_(minutes=1)
    old.consent("messages")
    assert house.as_(new, consent.record, late, house.now) == "withdrawn"  # taking back is never too late


def test_pausing_is_seen_by_the_office_however_it_was_asked(house):
    phone = house.enrolled("messages", telegram_id=8)

    def paused() -> bool:
        return house.as_(house.chief, contacts.one, phone.contact, house.now).paused

    account = house.write(accounts.known, house.vault, 8, house.now).id
    assert paused() is False
    house.write(accounts.pause, account, True, house.now)
    assert paused() is True
    house.as_(phone, contacts.pause, False, house.now)
    assert paused() is False
    house.as_(phone, contacts.pause, True, house.now)
    assert paused() is True


def test_a_refused_device_may_not_ask_for_more(house):
    phone = house.invite()
    phone.enrol()
    house.as_(house.chief, enrolments.refuse, phone.secret.invitation, house.now)
    assert house.read(auth.device_of, phone.device, house.now).state == "refused"
    with fails("not_enrolled"):
        phone.consent("messages")
