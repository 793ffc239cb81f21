"""A consent's free fields: both databases take and refuse the same, and what is refused leaves nothing."""

import pytest
from sqlalchemy import select

from crypto.encoding import unix
from crypto.statement import Consent
from relay import consent
from store.tables.people import consents
from tests.relay.house import House
from tests.relay.refusal import fails


@pytest.fixture
def phone(store, vault):
    return House(store, vault).register().enrolled()


def say(phone, language: str, text_version: int, *, given: bool = True) -> str:
    house = phone.house
    said = Consent(
        house.office,
        phone.contact,
        phone.device,
        "messages",
        house.office,
        "all",
        text_version,
        language,
        given,
        1,
        unix(house.now),
    )
    return house.as_(phone, consent.record, said.sign(phone.keys.sign_seed), house.now)


def rows(phone):
    return phone.house.store.read_now(lambda tx: tx.execute(select(consents.c.language)).scalars().all())


@pytest.mark.parametrize(
    "language", ["", "a", "a\0b", "\0", "فارسی", "en_GB", "en\n", "a" * 13, "a" * 200_000]
)
def test_a_language_that_is_none(phone, language):
    with fails("malformed"):
        say(phone, language, 1)
    assert rows(phone) == []


@pytest.mark.parametrize("text_version", [1 << 31, (1 << 32) - 1])
def test_a_text_version_out_of_range(phone, text_version):
    with fails("malformed"):
        say(phone, "en", text_version)
    assert rows(phone) == []


@pytest.mark.parametrize("text_version", [0, 2])
def test_a_wording_that_changed_between_showing_and_signing(phone, text_version):
    """It is asked anew; taking back needs no wording."""
    with fails("text_changed"):
        say(phone, "en", text_version)
    assert rows(phone) == []
    assert say(phone, "en", text_version, given=False) == "withdrawn"


@pytest.mark.parametrize(
    ("language", "text_version"), [("en", 0), ("fa-AF", 1), ("zh-Hant-TW", (1 << 31) - 1)]
)
def test_what_is_taken_is_kept_as_it_is(phone, language, text_version):
    assert say(phone, language, text_version, given=False) == "withdrawn"
    assert rows(phone) == [language]
