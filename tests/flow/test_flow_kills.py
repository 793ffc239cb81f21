"""kill -9 of the real relay process, at random moments of its work."""

import os
from pathlib import Path

import pytest

from tests.flow.kills import Report, trial
from tests.proofs import figures


def judge(report: Report) -> None:
    print(report.line())
    assert report.unanswered == 0, "an update was lost"
    assert report.out_of_order == 0, "a chat's answers came out of order"
    assert report.not_in_mail == 0, "an envelope was lost"
    assert report.handed_in_lost == 0, "a letter handed in through the chat was lost"
    assert report.never_rung == 0, "somebody was not rung"
    assert report.most_rings <= 1 + report.kills, "somebody was rung more than once more than the kills"
    # A chat hears one answer a second. A lease of the dead process's that had to lapse first would take a minute.
    assert report.drained_seconds <= 1.1 * report.backlog + 30, "something waited for the end of a lease"
    again = report.answered_again + report.rung_again
    assert again <= report.in_flight, "more was sent again than kills had cut off"


async def test_three_kills_lose_nothing(tmp_path: Path) -> None:
    with trial(tmp_path, seed=3, burst=1) as run:  # no long queue to wait for
        report = await run.run(kills=3)
    judge(report)
    assert report.kills == 3


@pytest.mark.prove
@pytest.mark.timeout(900)
async def test_fifty_kills_lose_nothing(tmp_path: Path) -> None:
    """Must show 5. QASID_SEED repeats a run."""
    with trial(tmp_path, seed=int(os.environ.get("QASID_SEED", "50"))) as run:
        report = await run.run(kills=50)
    judge(report)
    seed = os.environ.get("QASID_SEED", "50")
    figures.note(f"kill -9 (seed {seed})", report.line())
    assert report.kills == 50
    assert report.hit >= 10, "most kills found the process idle: the window is too long"
    assert report.behind >= 10, "hardly a kill met a chat with answers waiting: order was not put to the test"
