"""The story holds; and it breaks, at a step that names the trouble, for each way of sabotaging it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.proofs import figures
from tests.story.evil import LIES, Lie
from tests.story.stage import StoryError
from tests.story.tale import STEPS, Tale, staged

pytestmark = [pytest.mark.prove, pytest.mark.timeout(300)]

# Which step must refuse each lie.
CAUGHT_AT = {
    "swap-contact-key": {"a_reply_travels", "the_office_confirms"},
    "swap-contact-prekey": {"a_reply_travels", "the_office_confirms"},
    "swap-epoch": {"a_second_officer_joins", "the_phone_enrols", "the_office_confirms"},
    "flip-mail": {"a_second_officer_joins", "a_status_travels"},
    "withhold-mail": {"a_second_officer_joins", "a_status_travels"},
    "forge-card": {"the_office_confirms"},
    "forge-answers": {"the_person_answers"},
}


def tell(folder: Path, lie: Lie | None = None, *, begin_lying: str = "", **sabotage: bool) -> tuple[str, str]:
    """The step that broke and why; two empty strings when none did."""
    with staged(folder, lambda _: None, lie, **sabotage) as (tale, liar):
        if liar:
            liar.lie = None
        for step in STEPS:
            if liar and step.__name__ == begin_lying:
                liar.lie = lie
            try:
                step(tale)
            except StoryError as error:
                if liar:
                    assert liar.told, "nothing was changed: the lie was not told"
                return step.__name__, str(error)
    return "", ""


def test_the_story_holds_and_the_dump_is_searched_everywhere(tmp_path: Path) -> None:
    said: list[str] = []
    with staged(tmp_path, said.append) as (tale, _):
        for step in STEPS[:-1]:
            step(tale)
        Tale.the_relay_knows_nothing(tale, everywhere=True)
    figures.note("story", f"{len(STEPS)} steps, {len(said)} facts verified")
    figures.note("dump", said[-2])


def test_the_truth_through_the_proxy_holds(tmp_path: Path) -> None:
    """So that a lie is refused for being one, and not for coming through a proxy."""
    nothing = Lie("nothing", "GET", "/v1/", lambda answer: answer)
    with staged(tmp_path, lambda _: None, nothing) as (tale, _):
        for step in STEPS:
            step(tale)


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.name)
def test_a_lying_relay_is_caught(tmp_path: Path, lie: Lie) -> None:
    begin = min(CAUGHT_AT[lie.name], key=[step.__name__ for step in STEPS].index)
    broke, why = tell(tmp_path, lie, begin_lying=begin)
    assert broke in CAUGHT_AT[lie.name], why
    figures.note(f"sabotage {lie.name}", f"caught at “{broke.replace('_', ' ')}”")


@pytest.mark.parametrize(
    ("sabotage", "at"),
    [
        ("twice", "a_notice_is_sealed_ahead"),
        ("early", "it_waits_for_its_time"),
        ("leak", "the_relay_knows_nothing"),
    ],
)
def test_other_sabotage_is_caught(tmp_path: Path, sabotage: str, at: str) -> None:
    broke, why = tell(tmp_path, **{sabotage: True})
    assert broke == at, why
    figures.note(f"sabotage {sabotage}", f"caught at “{broke.replace('_', ' ')}”")
