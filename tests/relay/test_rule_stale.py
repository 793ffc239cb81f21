"""Whose phone could not open its copy when it goes out is listed, and the same version is sealed anew for all."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from relay import answers, notices, prekeys
from relay.notices import Draft
from tests.relay.house import House, Phone
from tests.relay.refusal import fails

BOTH = ("messages", "departures")


@pytest.fixture
def phones(house: House) -> list[Phone]:
    return [house.enrolled(*BOTH) for _ in range(3)]


@pytest.fixture
def draft(house: House, phones: list[Phone]) -> Draft:
    draft = house.draft(house.movement(5), phones)
    house.schedule(draft)
    return draft


def stale(house: House) -> tuple[str, str | None, list[bytes]]:
    (view,) = house.as_(house.chief, answers.listed)
    return view.state, view.why, view.stale


def expiring(house: House, phone: Phone, left: timedelta, draft: Draft) -> None:
    """The phone destroys its prekey so long after the release."""
    at = int((draft.release_at + left).timestamp() * 1_000_000)
    named = {"at": at, "device": phone.device}
    query = text("UPDATE prekeys SET delete_at = :at WHERE device = :device")
    house.write(lambda tx: tx.execute(query, named))


def test_a_prekey_that_is_gone_by_then(house, phones, draft):
    expiring(house, phones[0], timedelta(seconds=1), draft)
    assert stale(house) == ("scheduled", None, [])
    expiring(house, phones[0], timedelta(0), draft)
    assert stale(house) == ("scheduled", "phones", [phones[0].contact])


@pytest.mark.parametrize("purpose", BOTH)
def test_who_agrees_no_more_is_not_missing(house, phones, draft, purpose):
    phones[1].consent(purpose, given=False)
    assert stale(house) == ("scheduled", None, [])


def test_sealed_anew_it_goes_to_all_once(house, phones, draft):
    again = replace(draft, envelope=house.seal(house.chief, house.to(*phones), urgent=True))
    with fails("version_out_of_order"):
        house.schedule(again)
    expiring(house, phones[0], timedelta(0), draft)
    phones[0].prekeys.append(house._device_prekey(phones[0].keys, 2))
    wire = phones[0].prekeys[-1].prekey.sign(phones[0].keys.sign_seed)
    house.as_(phones[0], prekeys.add, [wire], house.now)
    again = replace(draft, envelope=house.seal(house.chief, house.to(*phones), urgent=True))
    assert house.schedule(again) == "scheduled"
    assert stale(house) == ("scheduled", None, [])
    house.release()
    assert [len(phone.mail().items) for phone in phones] == [1, 1, 1]
    assert house.write(notices.release_due, house.now) == 0
