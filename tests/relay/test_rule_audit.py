"""The audit log finds whatever was done to it behind the relay's back."""

import random
import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from relay import audit, proposals
from relay.audit import AuditHead, AuditReport
from relay.unit import Tx
from store import holdings
from tests.proofs import figures
from tests.relay.house import House

NOW = datetime(2026, 11, 21, 12, 0, 0, 7, tzinfo=UTC)
OFFICES = (bytes([1]) * 32, bytes([2]) * 32, None)
ENTRIES = 12


class Undone(Exception):  # noqa: N818
    """Rolls a tampering back."""


@pytest.fixture
def logs(store):
    """Three logs of some entries each, written in turns."""

    def fill(tx: Tx) -> None:
        for number in range(ENTRIES):
            for office in OFFICES:
                audit.happened(
                    tx,
                    f"event_{number % 5}",
                    NOW + timedelta(seconds=number),
                    office=office,
                    about=f"K-{number % 3}",
                )

    store.write_now(fill)
    return store


def wrongs(reports: list[AuditReport]) -> list[str]:
    return [report.wrong for report in reports if report.wrong]


def test_what_was_written_verifies(logs):
    seen: list[int] = []
    reports = logs.read_now(lambda tx: audit.verify(tx, {}, seen.append))
    assert [(report.office, report.entries, report.wrong) for report in reports] == [
        (office, ENTRIES, "") for office in sorted(office or audit.RELAY for office in OFFICES)
    ]
    assert sum(seen) == 3 * ENTRIES


def test_nothing_yet(store):
    assert store.read_now(lambda tx: audit.verify(tx, {})) == []


def _at(chance: random.Random) -> dict[str, object]:
    return {"o": chance.choice(OFFICES) or audit.RELAY, "s": chance.randint(1, ENTRIES)}


def edited(tx: Tx, chance: random.Random) -> None:
    column, value = chance.choice(
        [
            ("event", "'notice_approved'"),
            ("role_code", "'C-09'"),
            ("subject", "'~12345678901'"),
            ("subject", "''"),
            ("at", "at + 1"),
            ("at", "-5"),
            ("at", "9223372036854775807"),
            ("link", ":l"),
        ]
    )
    named = _at(chance) | ({"l": chance.randbytes(32)} if value == ":l" else {})
    tx.execute(text(f"UPDATE audit SET {column} = {value} WHERE office = :o AND seq = :s"), named)


def removed(tx: Tx, chance: random.Random) -> None:
    tx.execute(text("DELETE FROM audit WHERE office = :o AND seq = :s"), _at(chance))


def cut_off(tx: Tx, chance: random.Random) -> None:
    tx.execute(text("DELETE FROM audit WHERE office = :o AND seq >= :s"), _at(chance))


def closed_up(tx: Tx, chance: random.Random) -> None:
    """One is taken out, and the rest moved into its place."""
    named = _at(chance)
    tx.execute(text("DELETE FROM audit WHERE office = :o AND seq = :s"), named)
    for seq in range(int(str(named["s"])) + 1, ENTRIES + 1):
        tx.execute(
            text("UPDATE audit SET seq = :n - 1 WHERE office = :o AND seq = :n"), {"o": named["o"], "n": seq}
        )


def swapped(tx: Tx, chance: random.Random) -> None:
    one, other = chance.sample(range(1, ENTRIES + 1), 2)
    for old, new in ((one, 1000), (other, one), (1000, other)):
        tx.execute(
            text("UPDATE audit SET seq = :new WHERE office = :o AND seq = :old"),
            {"o": OFFICES[0], "old": old, "new": new},
        )


def moved_to_another_office(tx: Tx, chance: random.Random) -> None:
    named = {"a": OFFICES[0], "b": OFFICES[1], "s": chance.randint(1, ENTRIES)}
    tx.execute(text("DELETE FROM audit WHERE office = :b AND seq = :s"), named)
    tx.execute(text("UPDATE audit SET office = :b WHERE office = :a AND seq = :s"), named)


def added(tx: Tx, chance: random.Random) -> None:
    named = {"o": _at(chance)["o"], "s": chance.choice([ENTRIES + 1, ENTRIES + 5]), "l": chance.randbytes(32)}
    tx.execute(
        text(
            "INSERT INTO audit (office, seq, at, event, role_code, subject, link) VALUES (:o, :s, 1, 'x', '', '', :l)"
        ),
        named,
    )


def head_changed(tx: Tx, chance: random.Random) -> None:
    how = chance.choice(
        [
            "UPDATE audit_heads SET seq = seq - 1",
            "UPDATE audit_heads SET link = :l",
            "DELETE FROM audit_heads",
        ]
    )
    named = {"o": _at(chance)["o"]} | ({"l": chance.randbytes(32)} if ":l" in how else {})
    tx.execute(text(f"{how} WHERE office = :o"), named)


TAMPERINGS = (edited, removed, cut_off, closed_up, swapped, moved_to_another_office, added, head_changed)


def tamper(store, chance: random.Random) -> list[str]:
    """What verify says after a random tampering, which is then undone."""
    how = chance.choice(TAMPERINGS)
    found: list[str] = []

    def unit(tx: Tx) -> None:
        how(tx, chance)
        found.extend(wrongs(audit.verify(tx, {})))
        raise Undone

    with pytest.raises(Undone):
        store.write_now(unit)
    assert found, f"{how.__name__} was not found"
    return found


def test_random_tamperings_are_all_found(logs):
    chance = random.Random(20210815)
    for _ in range(100):
        tamper(logs, chance)
    assert wrongs(logs.read_now(lambda tx: audit.verify(tx, {}))) == []


@pytest.mark.prove
@pytest.mark.timeout(900)
def test_a_thousand_tamperings_are_all_found(logs):
    chance = random.Random(20210826)
    for _ in range(1000):
        tamper(logs, chance)
    figures.note("random tamperings found", "1,000 of 1,000")


def _forged(tx: Tx, cut: int) -> None:
    """Somebody who knows the formula and writes the database: the last entries never were."""
    kept = tx.execute(
        text("SELECT link FROM audit WHERE office = :o AND seq = :s"), {"o": OFFICES[0], "s": ENTRIES - cut}
    ).scalar_one()
    tx.execute(
        text("DELETE FROM audit WHERE office = :o AND seq > :s"), {"o": OFFICES[0], "s": ENTRIES - cut}
    )
    tx.execute(
        text("UPDATE audit_heads SET seq = :s, link = :l WHERE office = :o"),
        {"o": OFFICES[0], "s": ENTRIES - cut, "l": kept},
    )


def test_a_witness_finds_what_a_forger_hides(logs):
    witnessed = {head.office: head for head in logs.read_now(audit.heads)}
    assert witnessed.keys() == {office or audit.RELAY for office in OFFICES}
    logs.write_now(lambda tx: _forged(tx, 2))
    assert wrongs(logs.read_now(lambda tx: audit.verify(tx, {}))) == []
    (wrong,) = wrongs(logs.read_now(lambda tx: audit.verify(tx, witnessed)))
    assert "12 were witnessed" in wrong
    for number in range(2):  # and writes others in their place
        logs.write_now(
            lambda tx, number=number: audit.happened(
                tx, "harmless", NOW + timedelta(hours=number), office=OFFICES[0]
            )
        )
    (wrong,) = wrongs(logs.read_now(lambda tx: audit.verify(tx, witnessed)))
    assert "not the one that was witnessed" in wrong


def test_a_log_that_is_gone_altogether_is_missed_by_its_witness(logs):
    witnessed = {head.office: head for head in logs.read_now(audit.heads)}
    for table in ("audit", "audit_heads"):
        logs.write_now(
            lambda tx, table=table: tx.execute(
                text(f"DELETE FROM {table} WHERE office = :o"), {"o": OFFICES[1]}
            )
        )
    (wrong,) = wrongs(logs.read_now(lambda tx: audit.verify(tx, witnessed)))
    assert "12 were witnessed" in wrong


def test_an_older_witness_holds_while_the_log_goes_on(logs):
    witnessed = {head.office: head for head in logs.read_now(audit.heads)}
    logs.write_now(lambda tx: audit.happened(tx, "later", NOW, office=OFFICES[0]))
    assert wrongs(logs.read_now(lambda tx: audit.verify(tx, witnessed))) == []
    stranger = {bytes([9]) * 32: AuditHead(bytes([9]) * 32, 1, bytes(32))}
    assert len(wrongs(logs.read_now(lambda tx: audit.verify(tx, stranger)))) == 1


def test_people_stand_in_it_by_a_mark_of_their_office(logs):
    rows = logs.read_now(lambda tx: tx.execute(text("SELECT office, alias, mark FROM marks")).all())
    assert {(bytes(row.office), row.alias) for row in rows} == {
        (office or audit.RELAY, f"K-{number}") for office in OFFICES for number in range(3)
    }
    marks = {row.mark for row in rows}
    assert len(marks) == len(rows), "offices cannot tell by it that they know the same person"
    assert all(re.fullmatch(r"~[A-Za-z0-9_-]{11}", mark) for mark in marks)
    subjects = logs.read_now(lambda tx: tx.execute(text("SELECT subject FROM audit")).scalars().all())
    assert set(subjects) == marks


def test_an_alias_finds_what_is_under_its_mark_and_what_was_written_before_marks(house):
    house.invite(alias="K-7")
    house.invite(alias="K-8")
    house.movement(4, "M-1")
    house.write(audit.happened, "before", house.now, office=house.office, subject="K-7")
    found = house.as_(house.chief, audit.newest, 10, about="K-7")
    assert [(each.event, each.alias, each.about, each.erased) for each in found] == [
        ("before", "", "K-7", False), ("invited", "K-7", "K-7", False),
    ]  # fmt: skip
    assert house.read(holdings.logged, house.office, "K-7") == 2
    assert house.read(holdings.logged, house.office, "K-8") == 1
    *_, planned = house.as_(house.chief, audit.newest, 10, about="M-1")
    assert (planned.subject, planned.alias, planned.about) == ("M-1", "", "M-1")
    assert len(house.as_(house.chief, audit.newest, 10, about="C-01")) > 2
    other = House(house.store, house.vault).register()
    assert other.as_(other.chief, audit.newest, 10, about="K-7") == []


def test_an_officer_whose_code_is_in_a_proposal_has_no_mark(house):
    house.as_(house.chief, proposals.propose, house.now, kind="offboard", subject="W-01")
    last = house.as_(house.chief, audit.newest, 1)[0]
    assert (last.event, last.subject) == ("offboarding_proposed", "W-01")
