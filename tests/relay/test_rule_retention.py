"""What is past its time goes; a clock that is wrong for a moment destroys nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from relay import accounts, retention
from relay.belief import believed
from relay.terms import USUAL
from store.tables.mail import wraps
from store.tables.offices import prekeys
from store.tables.sweeps import sweeps
from tests.relay.house import DAY, House


@pytest.fixture
def house(store, vault):
    return House(store, vault).register()


@pytest.fixture
def phone(house):
    """Somebody with one unread letter."""
    phone = house.enrolled("messages", "departures")
    house.write_to(phone)
    return phone


def sweep(house):
    """As the job does; None while the clock is doubted and nobody can tell the time."""
    return house.write(lambda tx: retention.forget(tx, house.now) if believed(tx, house.now) else None)


def count(house, table) -> int:
    return house.store.read_now(lambda tx: tx.execute(select(func.count()).select_from(table)).scalar())


def letters(house) -> int:
    return count(house, wraps)


def run(house, hours: int) -> int:
    """Sweep every hour, as the beat does; how many envelopes went."""
    went = envelopes(house)
    for _ in range(hours):
        house.pass_(hours=1)
        went += envelopes(house)
    return went


def envelopes(house) -> int:
    swept = sweep(house)
    return 0 if swept is None else swept.envelopes


def test_what_expires_while_the_relay_runs_goes_within_the_hour(house, phone):
    house.write_to(phone, life=DAY)
    assert run(house, 23) == 0
    assert run(house, 2) == 1
    assert letters(house) == 1


def test_the_first_sweep_waits_an_hour(house, phone):
    """Whoever starts a relay with a wrong clock has an hour to set it right."""
    house.pass_(days=60)
    assert sweep(house) is None
    house.pass_(minutes=59)
    assert sweep(house) is None
    house.pass_(minutes=1)
    assert sweep(house).envelopes == 1


@pytest.mark.parametrize("days", [1, 10, 40, 400, 365 * 50])
def test_a_clock_that_jumps_ahead_for_a_moment(house, phone, days):
    run(house, 3)
    before = letters(house), count(house, prekeys)
    house.pass_(days=days)
    assert sweep(house) is None
    house.pass_(days=-days)
    assert run(house, 3) == 0
    assert (letters(house), count(house, prekeys)) == before
    assert len(phone.mail().items) == 1


def test_again_and_again(house, phone):
    """A clock that swings does not add its moments up to an hour."""
    run(house, 1)
    for _ in range(30):
        house.pass_(days=40)
        assert sweep(house) is None
        house.pass_(days=-40, minutes=5)
        sweep(house)
    assert letters(house) == 1


def test_at_start_and_back_before_the_next_look(house, phone):
    """As after a boot whose clock is set by the network a minute later: the relay starts twice."""
    house.pass_(days=40)
    sweep(house)
    house.pass_(minutes=1)
    sweep(house)
    house.pass_(days=-40)
    assert run(house, 3) == 0
    assert letters(house) == 1


def test_from_jump_to_jump(house, phone):
    """Another time than the one that was doubted is doubted anew."""
    run(house, 1)
    for days in (40, 1, 1, -2, 5):
        house.pass_(days=days)
        assert sweep(house) is None
    assert letters(house) == 1


def test_a_relay_that_was_down_for_weeks_sweeps_an_hour_after_its_start(house, phone):
    run(house, 2)
    house.pass_(days=60)
    assert run(house, 0) == 0
    house.pass_(hours=1)
    assert sweep(house).envelopes == 1


def test_a_clock_set_back_stops_nothing(house, phone):
    """Wrongly ahead for long enough to be believed, then right: sweeping goes on by the right time."""
    house.pass_(days=3)
    run(house, 2)
    house.pass_(days=-3)
    house.write_to(phone, life=DAY)
    assert run(house, 26) == 1


def test_no_more_than_one_row_is_kept(house):
    run(house, 5)
    (row,) = house.store.read_now(lambda tx: tx.execute(select(sweeps)).all())
    assert (row.believed_at, row.doubted_at) == (house.now, None)


def test_a_relay_restarted_every_half_hour_sweeps_nevertheless(house, phone):
    house.pass_(days=60)
    went = 0
    for _ in range(4):
        went += envelopes(house)
        house.pass_(minutes=30)
    assert went == 1


def test_settings_say_for_how_long_and_every_kind_is_counted(house, phone):
    house.pass_(days=20)
    keep = replace(USUAL, handled=timedelta(days=2), strangers=timedelta(days=5))
    house.write(accounts.known, house.vault, 77, house.now - timedelta(days=6))
    rehearsed = house.store.rehearse_now(lambda tx: retention.forget(tx, house.now, keep))
    assert rehearsed.accounts == 1
    assert house.write(retention.forget, house.now).accounts == 0, (
        "a rehearsal keeps all, and thirty days are usual"
    )
    assert house.write(retention.forget, house.now, replace(keep, strangers=timedelta(days=7))).accounts == 0
    assert house.write(retention.forget, house.now, keep).accounts == 1


def test_a_rehearsal_that_fails_says_so_and_what_it_wrote_is_gone(house, phone):
    def unit(tx):
        retention.forget(tx, house.now + timedelta(days=99))
        raise KeyError("broken")

    with pytest.raises(KeyError):
        house.store.rehearse_now(unit)
    assert (
        house.store.rehearse_now(lambda tx: retention.forget(tx, house.now + timedelta(days=99))).envelopes
        == 1
    )
    assert letters(house) == 1
