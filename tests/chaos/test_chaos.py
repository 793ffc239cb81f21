"""A small storm keeps every promise on both databases; and each way of breaking one is seen."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.chaos import sabotage
from tests.chaos.storm import Plan, blow
from tests.chaos.verdict import Line, examined, judged
from tests.proofs import figures

pytestmark = [pytest.mark.prove, pytest.mark.timeout(600)]
PEOPLE, RATE, KILLS, SEED, HOUR = 400, 60, 8, 9, 7


def lines(folder: Path, address: str = "", broken: Callable[[], None] | None = None) -> list[Line]:
    name = "postgresql" if address else "sqlite"
    plan = Plan(name, PEOPLE, RATE, SEED, HOUR, KILLS, broken)
    record = blow(plan, folder, address)
    return judged(record) + examined(record, folder)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_every_promise_is_kept(tmp_path: Path, database: str, request: pytest.FixtureRequest) -> None:
    address = request.getfixturevalue("postgres_url") if database == "postgresql" else ""
    found = lines(tmp_path, address)
    for line in found:
        figures.note(f"{database}: {line.promise}", line.figure)
    assert [line.promise for line in found if not line.holds] == []


@pytest.mark.parametrize(
    ("broken", "promise"),
    [
        (sabotage.settles_first, "0 lost"),
        (sabotage.minds_no_end, "none after expiry, cancellation or withdrawal but what was in flight"),
        (sabotage.rings_twice, "in all, no more twice than was cut off"),
    ],
)
def test_a_broken_promise_is_seen(tmp_path: Path, broken: Callable[[], None], promise: str) -> None:
    assert promise in [line.promise for line in lines(tmp_path, broken=broken) if not line.holds]
