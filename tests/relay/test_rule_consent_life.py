"""A consent stands for a year: then nothing goes out for it, and what waited is destroyed."""

from datetime import timedelta

import pytest

from crypto.encoding import unix
from crypto.statement import CONSENT_LIFE, Consent
from relay import audit, consent, contacts, delivery, doorbells, lapses, movements
from relay.audit import Event
from tests.relay.house import House, Phone
from tests.relay.refusal import fails

YEAR = timedelta(seconds=CONSENT_LIFE)
CHAT = 4711


def say(phone: Phone, purpose: str, ago: timedelta) -> str:
    """Give it, signed this long ago."""
    house, counter = phone.house, phone.counters.get(purpose, 0) + 1
    phone.counters[purpose] = counter
    at = unix(house.now - ago)
    said = Consent(
        house.office, phone.contact, phone.device, purpose, house.office, "all", 1, "en", True, counter, at
    )
    return house.as_(phone, consent.record, said.sign(phone.keys.sign_seed), house.now)


@pytest.fixture
def phone(house: House) -> Phone:
    """One whose consents end in a day."""
    made = house.enrolled(telegram_id=CHAT)
    for purpose in ("messages", "departures"):
        assert say(made, purpose, YEAR - timedelta(days=1)) == "given"
    return made


def rings(house: House) -> list[str]:
    lead = house.write(delivery.lead, "one", house.now)
    claims = house.write(delivery.claim, house.vault, lead, house.now, limit=10)
    return [claim.kind for claim in claims]


def test_a_year_after_its_signature_nothing_may_be_sent(house, phone):
    house.write_to(phone)
    house.pass_(days=1)
    with fails("no_consent"):
        house.write_to(phone)
    with fails("no_consent"):
        phone.send()
    assert rings(house) == []
    assert house.read(doorbells.missed, house.now) == {}
    phone.consent("messages")
    house.write_to(phone)
    assert rings(house) == ["ring"]


def test_what_waited_is_destroyed_and_the_seat_goes_back(house, phone):
    movement = house.movement(5)
    house.schedule(
        house.draft(
            movement,
            [phone],
            answer_by=house.now + timedelta(hours=12),
            expires=house.now + timedelta(hours=20),
        )
    )
    house.release()
    house.write_to(phone)
    assert len(phone.mail().items) == 2
    assert house.write(consent.lapse, house.now) == 0
    house.pass_(days=1)
    house.write(lapses.lapse, house.now)
    assert phone.mail().items == []
    (view,) = house.as_(house.chief, movements.listed)
    assert (view.held, view.confirmed) == (0, 0)
    assert house.as_(house.chief, contacts.one, phone.contact, house.now).consents == []
    events = [each.event for each in house.as_(house.by("A-01"), audit.listed).entries]
    assert events.count(Event.CONSENT_LAPSED) == 2
    assert house.write(consent.lapse, house.now) == 0


def test_given_anew_it_stands_for_another_year(house, phone):
    house.write_to(phone)
    phone.consent("messages")
    house.pass_(days=2)
    assert house.write(consent.lapse, house.now) == 1  # the other one
    assert len(phone.mail().items) == 1
    house.write_to(phone)


def test_no_offer_outlasts_the_consent_to_it(house, phone):
    """Else somebody who relies on a seat would lose it, and no go could reach them."""
    draft = house.draft(house.movement(5), [phone])
    with fails("no_consent"):
        house.schedule(draft)
    phone.consent("messages")
    with fails("no_consent"):
        house.schedule(draft)
    phone.consent("departures")
    house.schedule(draft)


def test_one_that_is_over_already_is_refused(house, phone):
    with fails("consent_refused"):
        say(phone, "messages", YEAR)
    assert say(phone, "messages", YEAR - timedelta(seconds=1)) == "given"


def test_a_withdrawal_never_lapses(house, phone):
    phone.consent("messages", given=False)
    house.pass_(days=1)
    house.write(consent.lapse, house.now)
    view = house.as_(house.chief, contacts.one, phone.contact, house.now)
    assert [(said.purpose, said.given) for said in view.consents] == [("messages", False)]
