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
    inbox,
    invitations,
    movements,
    outbox,
    proposals,
    retention,
    summaries,
    wipe,
)
from relay.audit import AuditView, Event
from relay.delivery import Later
from relay.inbox import Update
from store import marks as marked
from store.tables import metadata
from tests import databases
from tests.relay.house import House, Phone
from tests.relay.refusal import fails
from tests.relay.test_rule_cases import alias_of, show
from tests.relay.test_rule_delivery import Courier, officer_account


@pytest.fixture
def phone(house: House) -> Phone:
    return house.enrolled("messages", "departures", telegram_id=41)


def erase(house: House, phone: Phone, by: str = "C-01") -> None:
    house.as_(house.by(by), erasure.erase, alias_of(house, phone), house.now)


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
        for value in row.values()
        for mark in marks
        if (_within(mark, value) if isinstance(mark, bytes) else mark in str(value))
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


CHAT = 41


def accounts_left(house: House) -> list[int]:
    """Whose accounts there are, officers' apart."""
    house.write(retention.forget, house.now)
    theirs = {row["account"] for row in everything(house)["links"] if row["officer"] is not None}
    rows = everything(house)["accounts"]
    return [house.vault.open_id(row["sealed"]) for row in rows if row["id"] not in theirs]


def gone(house: House, phone: Phone, how: str) -> None:
    if how == "erased":
        erase(house, phone)
    else:
        house.write(wipe.wipe, phone.wipe(), house.now)


@pytest.mark.parametrize("how", ["erased", "wiped"])
def test_the_account_goes_with_its_last_bell(house, phone, how):
    courier = Courier(house)
    house.write(inbox.take, house.vault, [Update(1, CHAT, {"kind": "start"})], house.now)
    house.write(inbox.done, 1, house.now)
    house.write_to(phone)
    assert [claim.kind for claim in courier.run()] == ["ring"]
    gone(house, phone, how)
    assert accounts_left(house) == [CHAT]  # the bell is still to be taken away
    assert [claim.kind for claim in courier.run()] == ["delete"]
    assert accounts_left(house) == []
    assert not any(everything(house)[name] for name in ("links", "doorbells", "inbox", "outbox"))


@pytest.mark.parametrize("how", ["erased", "wiped"])
def test_an_account_that_is_somebody_elses_too_stays(house, phone, how):
    house.enrolled("messages", telegram_id=CHAT)
    gone(house, phone, how)
    assert accounts_left(house) == [CHAT]


def test_an_account_that_only_asked_goes_with_who_asked(house):
    letter = house.invite(telegram_id=CHAT)
    letter.enrol()
    assert accounts_left(house) == [CHAT]
    erase(house, letter)
    assert accounts_left(house) == []


def test_what_waits_in_officers_chats_and_names_the_person_goes(house, phone):
    alias, other = alias_of(house, phone), alias_of(house, house.enrolled("messages"))
    account, courier = officer_account(house, chat=5), Courier(house)
    for number, name in enumerate([alias, alias, other]):
        said = {"then": [{"key": "line", "alias": name}]}
        house.write(outbox.reply, account, "queue", said, house.now, dedupe=f"a{number}")
        typed = {"kind": "command", "text": f"/case {name.lower()}"}
        house.write(inbox.take, house.vault, [Update(number, 5, typed)], house.now)
        house.as_(house.by("W-01"), proposals.propose, house.now, kind="invite", words=f"again {name}")
    (flying,) = courier.claim(limit=1)
    assert alias in str(flying.params)
    erase(house, phone)
    courier.settle(flying, Later(house.now))
    assert [other in str(claim.params) for claim in courier.run()] == [True]
    texts = [
        value.upper()
        for rows in everything(house).values()
        for row in rows
        for value in row.values()
        if isinstance(value, str)
    ]
    assert not [text for text in texts if alias in text]
    assert (
        len([text for text in texts if other in text]) == 4
    )  # of the contact, their mark, a proposal, an update
