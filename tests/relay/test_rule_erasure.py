"""An officer erases somebody whose phone cannot: nothing is left, and nobody sets out on what they hold."""

import asyncio
from pathlib import Path

import pytest

from crypto.statement import Reply
from relay import (
    answers,
    assignments,
    attempts,
    audit,
    cases,
    claims,
    contacts,
    erasure,
    invitations,
    movements,
    proposals,
    summaries,
    wipe,
)
from relay.audit import AuditView, Event
from store import marks as marked
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


#: Columns that may still name an alias until they are cleared in their time.
LATER = {("inbox", "payload"), ("outbox", "params"), ("proposals", "words")}

Rows = dict[str, list[dict[str, object]]]


def everything(house: House) -> Rows:
    """Every row of the database, by table."""
    return house.read(
        lambda tx: {
            name: [dict(row) for row in tx.execute(t.select()).mappings()]
            for name, t in metadata.tables.items()
        }
    )


def names(rows: Rows, *marks: bytes | str) -> set[str]:
    """In which tables any of these stands: bytes within bytes, words within whatever else."""
    return {
        name
        for name, each in rows.items()
        for row in each
        for column, value in row.items()
        for mark in marks
        if (
            _within(mark, value)
            if isinstance(mark, bytes)
            else (name, column) not in LATER and mark in str(value)
        )
    }


def _within(mark: bytes, value: object) -> bool:
    return isinstance(value, bytes | memoryview) and mark in bytes(value)


def log(house: House) -> list[AuditView]:
    return house.as_(house.by("A-01"), audit.listed).entries


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
    house.as_(house.chief, assignments.assign, alias, "W-01", house.now)
    house.as_(house.chief, proposals.propose, house.now, kind="assign", subject=alias, words="C-02")
    marks = (phone.contact, phone.device, phone.secret.invitation, alias)
    assert len(names(everything(house), *marks)) > 10
    assert names(everything(house), alias) == {"contacts", "marks", "assignments", "proposals"}
    about = [each.seq for each in log(house) if each.alias == alias]
    assert len(about) > 5
    erase(house, phone)
    assert names(everything(house), *marks) == set()
    assert {row.alias for row in house.as_(house.chief, contacts.listed, house.now)} == set()
    assert [(each.kind, each.contact) for each in show(house, case).members] == [("adult", None)]
    last = log(house)[-2]
    assert (last.event, last.role_code, last.subject) == (Event.CONTACT_ERASED, "C-01", "")
    assert [each.seq for each in log(house) if each.erased] == about, "they stay, about nobody"
    assert house.as_(house.chief, audit.newest, 100, about=alias) == []
    assert [each.wrong for each in house.read(audit.verify, {}) if each.wrong] == []
    with fails("contact_not_found"):
        house.as_(house.chief, erasure.erase, alias, house.now)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nor_in_the_file_and_its_log(house, phone, sqlite_url):
    phone.send()
    house.write_to(phone)
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    alias = alias_of(house, phone).encode()
    marks = (phone.contact, phone.device, phone.secret.invitation, phone.keys.record.encode(), alias)

    def found() -> bool:
        content = databases.content(file)
        return any(mark in content for mark in marks)

    assert found()
    erase(house, phone)
    asyncio.run(house.store.clear())
    assert not found()


def test_of_a_phone_that_wipes_itself_the_log_keeps_a_mark(house, phone):
    alias = alias_of(house, phone)
    mark = house.read(marked.mark, house.office, alias)
    house.write(wipe.wipe, phone.wipe(), house.now)
    last = log(house)[-1]
    assert (last.event, last.subject, last.erased) == (Event.DEVICE_WIPED, mark, True)
    assert names(everything(house), alias) == {"contacts"}, "that there was somebody"
    house.as_(house.chief, summaries.case, alias, house.now)
    assert log(house)[-1].alias == alias, "who looks for them now is known to have looked"
    assert log(house)[-1].subject != mark
    erase(house, phone)
    assert names(everything(house), alias) == set()


def test_of_an_erased_household_too(house, phone):
    case = house.as_(house.chief, cases.open_, contact=alias_of(house, phone), now=house.now)
    house.as_(house.chief, cases.close, case, reason="arrived", now=house.now)
    assert (last := log(house)[-1]).alias == case
    house.as_(house.chief, cases.close, case, reason="erased", now=house.now)
    again = log(house)[-1]
    assert (again.event, again.subject, again.erased) == (Event.CASE_CLOSED, last.subject, True)
    assert names(everything(house), case) == {"cases"}
    assert any(each.alias == alias_of(house, phone) for each in log(house)), (
        "its people are not erased with it"
    )


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
