"""The pacer against a strict sliding window."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from relay.pacing import MARGIN, SECOND, Pacer

START = datetime(2026, 11, 21, tzinfo=UTC)
MS = timedelta(milliseconds=1)


def sends(pacer: Pacer, chats, step: timedelta = timedelta(), group: bool = False) -> list[datetime]:
    now, times = START, []
    for chat in chats:
        now = pacer.when(now + step, chat, group)
        pacer.sent(now, chat, group)
        times.append(now)
    return times


def worst(times: list[datetime], window: timedelta) -> int:
    return max(sum(1 for other in times if time <= other < time + window) for time in times)


def test_thirty_a_second_and_nearly_as_many():
    times = sends(Pacer(), range(600))
    assert worst(times, SECOND) == 30
    assert 599 / (times[-1] - times[0]).total_seconds() > 0.98 * 30


def test_one_a_second_per_private_chat_and_twenty_a_minute_per_group():
    assert worst(sends(Pacer(), ["a"] * 5), SECOND) == 1
    group = sends(Pacer(), ["g"] * 45, group=True)
    assert worst(group, timedelta(minutes=1)) == 20


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
    pacer.refused(START, timedelta(seconds=3))
    pacer.refused(START, timedelta(seconds=1))
    assert pacer.when(START, "b") == START + timedelta(seconds=3)
    assert pacer.margin == MARGIN + 10 * MS
    for _ in range(100):
        pacer.refused(START, timedelta())
    assert pacer.margin == 250 * MS


def test_scattered_round_trips_widen_the_margin():
    pacer = Pacer()
    for took in (80, 110, 95):
        pacer.answered(took * MS)
    assert pacer.margin == MARGIN + 30 * MS


def test_resting_chats_are_those_of_the_last_second():
    pacer = Pacer()
    pacer.sent(START, "a")
    pacer.sent(START, "g", True)
    pacer.sent(START + 500 * MS, "b")
    assert pacer.resting(START + 900 * MS) == {"a", "b"}
    assert pacer.resting(START + 1400 * MS) == {"b"}


def test_chats_are_forgotten():
    pacer = Pacer()
    sends(pacer, range(5000))
    assert len(pacer._chats) <= 2100


def test_a_clock_set_back_stops_nothing_and_keeps_the_distances():
    pacer = Pacer()
    sends(pacer, range(30))
    pacer.refused(START + SECOND, 5 * SECOND)
    earlier = START - timedelta(hours=1)
    pacer.when(START + SECOND, 99)
    due = pacer.when(earlier, 99)
    assert due - earlier == 5 * SECOND
    assert pacer.when(earlier + 5 * SECOND, 0) == earlier + 5 * SECOND
