"""The story on a line that loses one request in five: it completes, and nothing comes twice or in another order."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.proofs import figures
from tests.story.loss import MESSAGE, SHARE, Lossy
from tests.story.stage import until
from tests.story.steps import STEPS
from tests.story.tale import Tale, staged
from tests.story.texts import WALKING

pytestmark = [pytest.mark.prove, pytest.mark.timeout(600)]
SEED = 20
THERE = [f"{number} of five, from the phone" for number in range(1, 6)]
BACK = [f"{number} of five, from the office" for number in range(1, 6)]


def words_keep_their_order(tale: Tale) -> None:
    """Five texts written one after the other, whatever the line does meanwhile, and five back."""
    phone = tale.phone
    phone.home()
    phone.tap("open-thread")
    for text in THERE:
        phone.write("thread-input", text)
        phone.tap("thread-send")
    phone.home()
    until("the texts to be taken", lambda: _written(tale)[-1:] == THERE[-1:])
    for text in BACK:
        tale.first.run("reply", "K-4821", text)
    tale.phone_until_text(BACK[-1])
    shown = phone.read_thread()
    assert [text for text in shown if text in THERE] == THERE
    assert [text for text in shown if text in BACK] == BACK


def _written(tale: Tale) -> list[str]:
    """What the person wrote, as the desk has it, oldest first."""
    messages = tale.first.run("inbox", "--all")["messages"]
    own = [each for each in messages if each["from"] == "K-4821" and each["kind"] in {"text", "status"}]
    texts = [str(tale.first.run("read", str(each["id"]))["text"]) for each in own]
    apart = {text: (each["gap"], each["late"]) for text, each in zip(texts, own, strict=True)}
    # The page cannot know what was sent since its keys were saved: its counters leap, and the desk says so.
    assert apart.pop(WALKING, (True, False)) == (True, False)
    assert not any(gap or late for gap, late in apart.values()), apart
    return texts


def test_the_story_completes_on_a_line_that_loses_one_request_in_five(tmp_path: Path) -> None:
    """By the app's own tries; its owner opens a page anew that did not come, and taps again where it says so."""
    with staged(tmp_path, lambda _: None, seed=SEED) as (tale, line):
        assert isinstance(line, Lossy)
        for step in (*STEPS[:-1], words_keep_their_order):
            step(tale)
        written = _written(tale)
        STEPS[-1](tale)
    assert len(written) == len(set(written)), "something came twice"
    assert written[-len(THERE) :] == THERE
    assert MESSAGE in line.unanswered
    lost, all_ = line.unheard + len(line.unanswered), line.unheard + len(line.unanswered) + line.passed
    figures.note(
        "story, one request in five lost",
        f"{len(STEPS)} steps; of {all_} requests {line.unheard} never arrived and {len(line.unanswered)} were done "
        f"and never answered; {len(written)} messages to the desk, each once and in order",
    )
    assert all_ > 100
    assert lost > SHARE / 2 * all_
