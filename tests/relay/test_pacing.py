"""The pacer against a strict sliding window, what refusals teach it, and its circuit."""

from bisect import bisect_left
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relay.pacing import FREE, MARGIN, PAID, SECOND, Pacer

START = datetime(2026, 11, 21, tzinfo=UTC)
MS = timedelta(milliseconds=1)


def sends(pacer: Pacer, chats) -> list[datetime]:
    now, times = START, []
    for chat in chats:
        now = pacer.when(now, chat)
        pacer.sent(now, chat)
        times.append(now)
    return times


def worst(times: list[datetime], window: timedelta) -> int:
    return max(bisect_left(times, time + window) - number for number, time in enumerate(times))


@pytest.mark.parametrize("overall", [FREE, 200])
def test_as_many_a_second_as_allowed_and_nearly_none_fewer(overall):
    times = sends(Pacer(overall), range(20 * overall))
    assert worst(times, SECOND) == overall
    assert (len(times) - 1) / (times[-1] - times[0]).total_seconds() > 0.98 * overall


def test_one_a_second_per_chat():
    assert worst(sends(Pacer(), ["a"] * 5), SECOND) == 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 400)), min_size=1, max_size=120))
def test_no_schedule_of_wishes_breaks_a_limit(wishes):
    pacer, now, by_chat, all_times = Pacer(), START, {}, []
    for chat, wait in wishes:
        now = pacer.when(now + wait * MS, chat)
        assert pacer.when(now, chat) == now
        pacer.sent(now, chat)
        by_chat.setdefault(chat, []).append(now)
        all_times.append(now)
    assert worst(all_times, SECOND) <= 30
    assert all(worst(times, SECOND) == 1 for times in by_chat.values())


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 40)), min_size=1, max_size=40))
def test_room_is_what_may_leave_at_once(wishes):
    pacer, now, times = Pacer(), START, []
    for wait, wanted in wishes:
        now += wait * MS
        room = pacer.room(now)
        for _ in range(min(wanted, room)):
            assert pacer.when(now, len(times)) == now
            pacer.sent(now, len(times))
            times.append(now)
        assert pacer.room(now) == room - min(wanted, room)
        assert (pacer.when(now, "nobody") == now) == (pacer.room(now) > 0)
    assert worst(times, SECOND) <= 30
    pacer.refused(now, SECOND)
    assert pacer.room(now) == 0


def test_a_refusal_stops_everything_until_it_ends_and_widens_the_margin():
    pacer = Pacer()
    pacer.sent(START, "a")
    assert pacer.refused(START, 3 * SECOND) == START + 3 * SECOND
    pacer.refused(START, SECOND)
    assert pacer.when(START, "b") == START + 3 * SECOND
    assert pacer.margin(START) == MARGIN + 5 * MS, "what left together with it is no second lesson"
    for number in range(100):
        pacer.refused(START + 3 * number * SECOND, SECOND)
    assert pacer.margin(START + 300 * SECOND) == 250 * MS


def test_ten_quiet_minutes_halve_what_refusals_taught():
    pacer, minute = Pacer(), 60 * SECOND
    for number in range(16):
        pacer.refused(START + number * SECOND, SECOND)
    last = START + 15 * SECOND
    assert pacer.margin(last + 10 * minute - MS) == MARGIN + 80 * MS
    assert pacer.margin(last + 10 * minute) == MARGIN + 40 * MS
    assert pacer.margin(last + 30 * minute) == MARGIN + 10 * MS
    pacer.refused(last + 20 * minute, SECOND)
    assert pacer.margin(last + 20 * minute) == MARGIN + 25 * MS, "from what was left of it"
    assert MARGIN <= pacer.margin(last + timedelta(days=9)) < MARGIN + MS


def test_a_refusal_without_a_time_is_tried_by_one_call_after_one_second_two_four():
    pacer, now = Pacer(), START
    for seconds in (1, 2, 4, 8, 16, 32, 60, 60):
        assert pacer.refused(now, None) == now + seconds * SECOND
        assert pacer.refused(now, None) == now + seconds * SECOND, "which had left together with the first"
        assert pacer.room(now + seconds * SECOND - MS) == 0
        now += seconds * SECOND
        assert pacer.room(now) == 1
        pacer.left(now)
        assert pacer.room(now) == 0
    pacer.reached()
    assert pacer.room(now) == 30
    assert pacer.refused(now, None) == now + SECOND


def test_five_failures_in_a_row_leave_one_call_at_a_time():
    pacer = Pacer()
    for _ in range(3):
        for _ in range(4):
            pacer.failed(START)
        pacer.reached()
    assert pacer.room(START) == 30, "never five in a row"
    for _ in range(30):
        pacer.failed(START)
    assert pacer.when(START, "a") == START + SECOND, "thirty that were under way are one lesson"
    now, tries = START, 0
    while now < START + timedelta(hours=1):
        now = pacer.when(now, "a")
        assert pacer.room(now) == 1
        pacer.left(now)
        assert pacer.when(now, "b") > now
        now += 10 * SECOND  # as long as the wire waits for an answer
        pacer.failed(now)
        tries += 1
    assert 50 < tries < 65
    assert pacer.unreached_since == START
    now = pacer.when(now, "a")
    pacer.left(now)
    pacer.reached()
    assert pacer.room(now) == 30, "at once"
    assert pacer.unreached_since is None


def test_a_call_that_never_ends_does_not_keep_the_circuit_broken():
    pacer = Pacer()
    pacer.failed(START, at_once=True)
    pacer.left(START + SECOND)
    assert pacer.when(START + SECOND, "a") == START + 61 * SECOND


def test_scattered_round_trips_widen_the_margin():
    pacer = Pacer()
    for took in (80, 110, 95):
        pacer.answered(took * MS)
    assert pacer.margin(START) == MARGIN + 30 * MS


def test_resting_chats_are_those_of_the_last_second():
    pacer = Pacer()
    pacer.sent(START, "a")
    pacer.sent(START + 500 * MS, "b")
    assert pacer.resting(START + 900 * MS) == {"a", "b"}
    assert pacer.resting(START + 1400 * MS) == {"b"}


def test_chats_are_forgotten():
    pacer = Pacer()
    sends(pacer, range(5000))
    assert len(pacer._chats) <= 60


def test_a_clock_set_back_stops_nothing_and_keeps_the_distances():
    pacer = Pacer()
    sends(pacer, range(30))
    pacer.refused(START + SECOND, 5 * SECOND)
    earlier = START - timedelta(hours=1)
    pacer.when(START + SECOND, 99)
    due = pacer.when(earlier, 99)
    assert due - earlier == 5 * SECOND
    assert pacer.when(earlier + 5 * SECOND, 0) == earlier + 5 * SECOND


def test_a_clock_set_back_moves_the_next_try_along():
    pacer = Pacer()
    pacer.when(START, 0)
    pacer.failed(START, at_once=True)
    assert pacer.when(START - timedelta(hours=1), 0) == START - timedelta(hours=1) + SECOND
    assert pacer.unreached_since == START - timedelta(hours=1)


def test_only_who_pays_sends_several_together():
    assert [Pacer(rate).at_once for rate in (FREE, 100, PAID)] == [1, 2, 20]


def test_what_another_process_sent_counts():
    pacer = Pacer()
    pacer.sent(START, "own")
    pacer.recall([(str(number), START + (100 - number) * MS) for number in range(FREE)])
    now = START + 101 * MS
    assert pacer.room(now) == 0
    assert pacer.when(now, "new") > START + SECOND + 70 * MS
    assert pacer.when(now, "0") > START + SECOND + 100 * MS
    assert pacer.when(now, "own") > START + SECOND
    assert {"0", "29", "own"} <= pacer.resting(now)
    later = START + SECOND + 80 * MS
    pacer.sent(later, "new")
    assert 0 < pacer.room(later) < FREE, "those of them that are a second old count no more"
