"""The second act holds, and says so when it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import databases
from tests.story.flight import GATE, STEPS, Flight, boarding
from tests.story.stage import StoryError

pytestmark = [pytest.mark.prove, pytest.mark.timeout(300)]


def told(folder: Path, said: list[str], *, spoil: tuple[str, str] = ("", "")) -> None:
    """The whole act; before the step of that name, somebody runs this SQL on the relay's database."""
    before, statement = spoil
    with boarding(folder, said.append) as flight:
        for step in STEPS:
            if step.__name__ == before:
                databases.behind(flight.stage.database, statement)
            step(flight)


def test_every_step_is_verified(tmp_path: Path) -> None:
    said: list[str] = []
    told(tmp_path, said)
    assert len(said) > 2 * len(STEPS)


@pytest.mark.parametrize(
    ("step", "statement", "noticed"),
    [
        (
            Flight.the_books_balance_and_say_nothing,
            "UPDATE allotments SET confirmed = confirmed + 1 WHERE seats > held + confirmed",
            "ledger verify failed",
        ),
        (
            Flight.the_books_balance_and_say_nothing,
            f"UPDATE movements SET code = code || '{GATE}'",
            "no place",
        ),
        (
            Flight.one_declines_and_who_waits_is_called,
            "DELETE FROM offers WHERE state = 'standby'",
            "in vain",
        ),
        (Flight.the_go_waits_for_the_airport, "DROP TABLE conditions", "refused"),
    ],
)
def test_what_is_spoilt_is_noticed(tmp_path: Path, step, statement: str, noticed: str) -> None:
    with pytest.raises(StoryError, match=noticed):
        told(tmp_path, [], spoil=(step.__name__, statement))
