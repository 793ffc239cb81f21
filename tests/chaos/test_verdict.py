"""What judges a storm: it finds nothing in a record without fault, and each fault in its own line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.chaos.book import Claim
from tests.chaos.cast import Cast
from tests.chaos.storm import WEATHER, Record, Ring, Stop
from tests.chaos.verdict import PROMISES, judged

PLAIN, OTHER, OFF, EXPIRED, BACK, GONE = range(1, 7)
#: The account of each chat.
APART = 100


def cast() -> Cast:
    return Cast(
        house=None,
        draft=None,
        plain={PLAIN, OTHER},
        called_off={OFF},
        expiring={EXPIRED},
        returning={BACK},
        leaving={GONE},
        withdrawing={},
        answering={},
        letters={},
        url="",
        key=Path(),
        heads=Path(),
        chats={chat + APART: chat for chat in range(1, 7)},
    )


def record() -> Record:
    """One that keeps all promises: a kill hit one ring, Telegram's answer to another was lost."""
    made = Record(cast())
    made.rings = {
        PLAIN: [Ring(1.0, 11, False), Ring(2.0, 12, False)],
        OTHER: [Ring(1.0, 13, True), Ring(4.0, 14, False)],
        BACK: [Ring(1.0, 15, False), Ring(6.0, 16, False)],
    }
    made.cut = {Claim(1, 1, PLAIN + APART, "host:1/a")}
    made.kills["both"] = 1
    made.stops = {OFF: Stop("called off", 3.0, flying=False), EXPIRED: Stop("expired", 3.0, flying=False)}
    made.returned = {BACK: 5.0}
    made.faults.update(dict.fromkeys(WEATHER, 1))
    made.bells = {PLAIN: 12, OTHER: 14, BACK: 16}
    made.standing = {PLAIN: {11, 12}, OTHER: {13, 14}, BACK: {16}}
    made.blocked = {GONE}
    made.exits = [0]
    return made


def wrong(found: Record) -> list[str]:
    return [line.promise for line in judged(found) if not line.holds]


def test_a_record_without_fault() -> None:
    assert wrong(record()) == []


def nobody_rang(found: Record) -> None:
    found.rings[PLAIN] = []


def only_before_they_left(found: Record) -> None:
    found.rings[BACK].pop()
    found.bells[BACK], found.standing[BACK] = 15, {15}


def one_too_many(found: Record) -> None:
    found.rings[PLAIN].append(Ring(3.0, 17, False))


def too_late(found: Record) -> None:
    found.rings[OFF] = [Ring(3.5, 18, False)]


def again_though_in_flight(found: Record) -> None:
    found.stops[OFF] = Stop("called off", 3.0, flying=True)
    found.rings[OFF] = [Ring(3.5, 18, False), Ring(4.5, 19, False)]


def stands_for_nothing(found: Record) -> None:
    found.bells[EXPIRED] = 20


def another_doorbell(found: Record) -> None:
    found.bells[PLAIN] = 99


def left_over(found: Record) -> None:
    found.unsettled = 1


def unknown(found: Record) -> None:
    found.blocked.clear()


def crashed(found: Record) -> None:
    found.exits.append(None)


def calm(found: Record) -> None:
    found.kills.clear()


def one_kind_missing(found: Record) -> None:
    found.faults["half"] = 0


LOST, COPIES, AGAIN, STALE, BLOCKING, SETTLED, ENDED, STORMY = PROMISES


@pytest.mark.parametrize(
    ("fault", "promises"),
    [
        (nobody_rang, {LOST}),
        (only_before_they_left, {LOST, BLOCKING}),
        (one_too_many, {COPIES, AGAIN}),
        (too_late, {STALE}),
        (again_though_in_flight, {STALE, COPIES, AGAIN}),
        (stands_for_nothing, {SETTLED}),
        (another_doorbell, {SETTLED}),
        (left_over, {SETTLED}),
        (unknown, {BLOCKING}),
        (crashed, {ENDED}),
        (calm, {STORMY}),
        (one_kind_missing, {STORMY}),
    ],
)
def test_each_fault_is_found(fault: Callable[[Record], None], promises: set[str]) -> None:
    found = record()
    fault(found)
    assert promises <= set(wrong(found))


def test_what_was_in_flight_may_come() -> None:
    found = record()
    found.stops[OFF] = Stop("called off", 3.0, flying=True)
    found.rings[OFF] = [Ring(3.5, 18, False)]
    assert STALE not in wrong(found)
