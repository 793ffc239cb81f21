"""What a person on a bad line waits for, and what they pay: the real app in Chromium, the real relay."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.proofs import figures
from tests.proofs.line import BANDWIDTH
from tests.proofs.statuses import NEWS, ROSTER, statuses
from tests.proofs.visit import Visit, visits

pytestmark = [pytest.mark.prove, pytest.mark.timeout(300)]
KIB = 1024


def judge(name: str, visit: Visit, aside: str) -> None:
    """Hold a visit against 1.5 times the line's own limit."""
    limit = 1.5 * visit.limit
    figures.note(
        name,
        f"{visit.took:.1f} s of {limit:.1f} s allowed, {aside}; {visit.up:,} B up + {visit.down:,} B down; "
        f"{len(visit.trips)} requests one after another ({', '.join(visit.trips)}); "
        f"the page computed {visit.computed:.1f} s",
    )
    assert visit.took >= visit.down / BANDWIDTH, "faster than the line: nothing was slowed down"
    assert visit.took <= limit


def test_the_first_sealed_message(tmp_path: Path) -> None:
    """On a new phone, and on the second visit (tests/proofs/visit.py)."""
    first, second = visits(tmp_path)
    assert first.down > 70 * KIB, "a new phone loads the whole app: something was here before"
    judge("first sealed message, new phone", first, "the PIN's stretching included")
    assert second.down < 8 * KIB, "what was loaded before is loaded again"
    judge("first sealed message, second visit", second, f"less {second.unlocked:.1f} s of unlocking")


def test_a_status_to_an_office_of_forty_devices(tmp_path: Path) -> None:
    """At most 8 KiB both ways, with HTTP's headers: a status, and the round of news that it comes after.

    A new roster comes on top, once for each: its 40 pairs of keys, packed, are 6 KiB by themselves.
    """
    costs = statuses(tmp_path, rounds=1)
    for before, most in (("", 8), (NEWS, 8), (ROSTER, 13)):
        (cost,) = costs[before]
        figures.note(
            f"one status, 20 officers, 40 devices, before it {before or 'nothing'}", f"{cost / KIB:.1f} KiB"
        )
        assert cost <= most * KIB
