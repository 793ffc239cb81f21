"""The story holds; and it breaks, at a step that names the trouble, for each way of sabotaging it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.proofs import figures
from tests.story.evil import LIES, Lie
from tests.story.stage import StoryError
from tests.story.steps import STEPS
from tests.story.tale import Tale, staged
from tests.story.texts import PLACE

pytestmark = [pytest.mark.prove, pytest.mark.timeout(600)]

# Each lie, and the step at which it is begun to be told and must be refused.
TOLD_AT = (
    ("swap-epoch", "a_second_officer_joins"),  # the colleague's desk
    ("withhold-mail", "a_second_officer_joins"),  # the grant
    ("swap-epoch", "the_phone_enrols"),  # the phone
    ("forge-card", "the_office_confirms"),
    ("swap-contact-key", "the_office_confirms"),
    ("flip-mail", "a_status_travels"),  # on its way to the desk
    ("swap-contact-key", "a_reply_travels"),
    ("swap-contact-prekey", "a_reply_travels"),
    ("flip-mail", "a_reply_travels"),  # on its way to the phone
    ("withhold-mail", "the_clock_releases_it"),
    ("forge-answers", "the_person_answers"),
)


def tell(
    folder: Path, lie: Lie | None = None, begin: str = "", **sabotage: bool
) -> Iterator[tuple[str, str, Tale]]:
    """Where and why the story broke, with its cast still on stage; nothing when it did not break."""
    with staged(folder, lambda _: None, lie, **sabotage) as (tale, liar):
        if liar:
            liar.lie = None
        for step in STEPS:
            if liar and step.__name__ == begin:
                liar.lie = lie
            try:
                step(tale)
            except StoryError as error:
                assert liar is None or liar.told, "nothing was changed: the lie was not told"
                yield step.__name__, str(error), tale
                return


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


@pytest.mark.parametrize(("name", "at"), TOLD_AT)
def test_a_lying_relay_is_caught(tmp_path: Path, name: str, at: str) -> None:
    lie = next(lie for lie in LIES if lie.name == name)
    [(broke, why, _)] = tell(tmp_path, lie, at)
    assert broke == at, why
    figures.note(f"sabotage {name}", f"caught at “{broke.replace('_', ' ')}”")


def test_every_lie_is_told() -> None:
    assert {name for name, _ in TOLD_AT} == {lie.name for lie in LIES}


@pytest.mark.parametrize(
    ("sabotage", "at"),
    [
        ("curious", "the_bot_hands_out_a_page"),
        ("drop", "the_page_seals"),
        ("twice", "a_notice_is_sealed_ahead"),
        ("leak", "the_relay_knows_nothing"),
    ],
)
def test_other_sabotage_is_caught(tmp_path: Path, sabotage: str, at: str) -> None:
    [(broke, why, _)] = tell(tmp_path, **{sabotage: True})
    assert broke == at, why
    figures.note(f"sabotage {sabotage}", f"caught at “{broke.replace('_', ' ')}”")


def test_a_notice_released_early_sends_nobody_anywhere(tmp_path: Path) -> None:
    for broke, why, tale in tell(tmp_path, early=True):
        assert broke == "it_waits_for_its_time", why
        tale.phone.refresh()
        tale.phone.see("latest-notice", '[data-standing="unconfirmed"]')
        tale.phone.tap("latest-notice")
        tale.phone.see("standing", '[data-standing="unconfirmed"]')
        assert PLACE not in tale.phone.text("screen-notice")
        figures.note("sabotage early", "seen by the office; the phone says not confirmed, and shows no place")
        return
    pytest.fail("the story did not notice")
