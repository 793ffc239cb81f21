"""Claims: who sees to whom, for how long, and that two officers never both do."""

import threading

import pytest
from sqlalchemy import text

from relay import audit, claims, offices
from tests.relay.house import House
from tests.relay.refusal import fails

LONG = claims.LEASE.total_seconds()


@pytest.fixture
def alias(house: House) -> str:
    phone = house.enrolled("messages")
    found = house.write(lambda tx: tx.execute(text("SELECT contact, alias FROM contacts")).all())
    return next(row.alias for row in found if bytes(row.contact) == phone.contact)


def take(house: House, alias: str, by: str = "C-01"):
    return house.as_(house.by(by), claims.take, alias, house.now)


def release(house: House, alias: str, by: str = "C-01"):
    return house.as_(house.by(by), claims.release, alias, house.now)


def listed(house: House, by: str = "C-01") -> list[tuple[str, str, bool]]:
    rows = house.as_(house.by(by), claims.listed, house.now)
    return [(row.alias, row.role_code, row.mine) for row in rows]


def test_a_claim_is_one_officers_until_given_back(house, alias):
    first = take(house, alias.lower())
    assert first.until == house.now + claims.LEASE
    with fails("claimed") as refused:
        take(house, alias, "W-01")
    assert "C-01" in str(refused.value)
    release(house, alias, "W-01")
    assert listed(house, "W-01") == [(alias, "C-01", False)]
    release(house, alias)
    release(house, alias)
    assert take(house, alias, "W-01").role_code == "W-01"
    rows = house.as_(house.by("A-01"), audit.listed).entries
    assert [(row.event, row.role_code) for row in rows if row.alias == alias][-3:] == [
        ("contact_claimed", "C-01"),
        ("contact_released", "C-01"),
        ("contact_claimed", "W-01"),
    ]


def test_a_claim_ends_by_itself_and_ones_own_goes_on(house, alias):
    take(house, alias)
    house.pass_(seconds=LONG - 1)
    again = take(house, alias)
    assert again.until == house.now + claims.LEASE
    house.pass_(seconds=LONG - 1)
    with fails("claimed"):
        take(house, alias, "W-01")
    house.pass_(seconds=1)
    assert listed(house) == []
    assert take(house, alias, "W-01").role_code == "W-01"


def test_off_boarding_frees_claims_at_once(house, alias):
    take(house, alias, "W-01")
    house.as_(house.chief, offices.follow, house.next_roster(remove=["W-01"]), house.now)
    assert listed(house) == []
    assert take(house, alias).mine


def test_who_reads_no_mail_claims_nobody_and_strangers_are_nobody(house, alias):
    with fails("not_allowed"):
        take(house, alias, "A-01")
    with fails("contact_not_found"):
        take(house, "K-0000")


def test_two_at_once_never_both(house, alias):
    """Twenty officers' worth of haste, on both databases: exactly one has it each time."""
    outcome: list[str] = []
    ready = threading.Barrier(2)

    def hurry(by: str) -> None:
        me = house.by(by)
        ready.wait()
        try:
            outcome.append(house.as_(me, claims.take, alias, house.now).role_code)
        except Exception as refused:  # noqa: BLE001 – what it was is judged below
            outcome.append(getattr(refused, "code", repr(refused)))

    for _ in range(5):
        outcome.clear()
        both = [threading.Thread(target=hurry, args=(by,)) for by in ("C-01", "W-01")]
        for each in both:
            each.start()
        for each in both:
            each.join()
        assert sorted(outcome) in (["C-01", "claimed"], ["W-01", "claimed"])
        assert len(listed(house)) == 1
        for by in ("C-01", "W-01"):
            release(house, alias, by)
