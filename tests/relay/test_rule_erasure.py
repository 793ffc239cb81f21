"""An officer erases somebody whose phone cannot: nothing is left, and nobody sets out on what they hold."""

import asyncio
from pathlib import Path

import pytest

from crypto.statement import Reply
from relay import (
    answers,
    attempts,
    audit,
    cases,
    claims,
    contacts,
    erasure,
    invitations,
    movements,
)
from relay.audit import Event
from store.tables import metadata
from tests import databases
from tests.relay.house import House, Phone
from tests.relay.refusal import fails
from tests.relay.test_rule_cases import alias_of, show


@pytest.fixture
def phone(house: House) -> Phone:
    return house.enrolled("messages", "departures", telegram_id=41)


def erase(house: House, phone: Phone, by: str = "C-01") -> None:
    house.as_(house.by(by), erasure.erase, alias_of(house, phone), house.now)


def everything(house: House) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the database, by table."""
    return house.read(
        lambda tx: {
            name: [tuple(row) for row in tx.execute(t.select())] for name, t in metadata.tables.items()
        }
    )


def names(rows: dict[str, list[tuple[object, ...]]], *marks: bytes) -> set[str]:
    """In which tables any of these byte strings stands."""
    return {
        name
        for name, each in rows.items()
        for row in each
        for value in row
        if isinstance(value, bytes | memoryview) and any(mark in bytes(value) for mark in marks)
    }


def test_nothing_of_the_person_is_left(house, phone):
    alias, case = alias_of(house, phone), None
    house.as_(house.by("W-01"), attempts.record, alias, way="telephone", outcome="unanswered", now=house.now)
    case = house.as_(house.chief, cases.open_, contact=alias, now=house.now)
    house.as_(house.chief, claims.take, alias, house.now)
    draft = house.draft(house.movement(4), [phone])
    house.schedule(draft)
    house.release()
    phone.read()
    house.as_(phone, answers.answer, phone.answer(draft, Reply.ACCEPT), house.now)
    house.pass_(days=3)
    phone.send()
    house.write_to(phone)
    marks = (phone.contact, phone.device, phone.secret.invitation)
    assert len(names(everything(house), *marks)) > 10
    erase(house, phone)
    assert names(everything(house), *marks) == set()
    assert {row.alias for row in house.as_(house.chief, contacts.listed, house.now)} == set()
    assert [(each.kind, each.contact) for each in show(house, case).members] == [("adult", None)]
    last = house.as_(house.by("A-01"), audit.listed).entries[-2]
    assert (last.event, last.role_code, last.subject) == (Event.CONTACT_ERASED, "C-01", "")
    with fails("contact_not_found"):
        house.as_(house.chief, erasure.erase, alias, house.now)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nor_in_the_file_and_its_log(house, phone, sqlite_url):
    phone.send()
    house.write_to(phone)
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    marks = (phone.contact, phone.device, phone.secret.invitation, phone.keys.record.encode())

    def found() -> bool:
        content = databases.content(file)
        return any(mark in content for mark in marks)

    assert found()
    erase(house, phone)
    asyncio.run(house.store.clear())
    assert not found()


def test_its_seats_are_free_again(house, phone):
    other = house.enrolled("messages", "departures")
    draft = house.draft(house.movement(2), [phone, other])
    house.schedule(draft)
    house.cancel(draft)
    again = house.draft(movement := house.movement(1, "M-2"), [phone])
    house.schedule(again)
    erase(house, phone)
    (plan,) = [each for each in house.as_(house.chief, movements.listed) if each.movement == movement]
    assert (plan.held, plan.confirmed) == (0, 0)


def test_not_while_a_come_may_be_acted_on(house, phone):
    draft = house.draft(house.movement(2), [phone])
    house.schedule(draft)
    house.release()
    before = everything(house)
    with fails("notice_held"):
        erase(house, phone)
    assert everything(house) == before
    phone.read()
    off = house.seal(house.chief, house.to(phone), urgent=True)
    house.cancel(draft, off)
    with fails("notice_held"):  # the word that it is off has not arrived
        erase(house, phone)
    phone.read()
    erase(house, phone)


def test_by_whom(house, phone):
    for code in ("W-01", "A-01"):
        with fails("not_allowed"):
            erase(house, phone, by=code)
    with fails("not_allowed"):
        house.as_(phone, erasure.erase, alias_of(house, phone), house.now)


def test_of_others_nothing_changes(house, phone):
    other = house.enrolled("messages", telegram_id=42)
    other.send()
    house.write_to(other)
    seen = names(everything(house), other.contact, other.device)
    erase(house, phone)
    assert names(everything(house), other.contact, other.device) == seen
    assert other.read()


def test_a_letter_nobody_used_and_a_frozen_one(house):
    open_, frozen = house.invite(), house.invite()
    frozen.enrol()
    second = house.phone(frozen.secret, frozen.contact, None)
    second.enrol()
    for phone in (open_, frozen):
        erase(house, phone)
    rows = everything(house)
    assert names(rows, open_.contact, frozen.contact, frozen.device, second.device) == set()
    assert house.as_(house.chief, invitations.listed, house.now) == []
