"""`make story`: tell it, step by step; exit 0 only if every step was verified.

Its two acts share nothing, so that they are told at once, each by a process of its own, and heard one after the other.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from playwright.sync_api import Error as PlaywrightError
from rich.console import Console

from tests.browser.chromium import NoChromiumError
from tests.story import flight
from tests.story.stage import StoryError
from tests.story.steps import STEPS
from tests.story.tale import Say, staged

T = TypeVar("T")
SECOND = "second"


def main() -> int:
    console = Console(highlight=False, soft_wrap=True)
    try:
        if sys.argv[1:] == [SECOND]:
            return told(console, second_act)
        with beginning(console) as second:
            if told(console, first_act):
                return 1
            assert second.stdout is not None
            for line in second.stdout:
                print(line, end="", flush=True)  # as it was styled there
            if second.wait():
                return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    steps = len(STEPS) + len(flight.STEPS)
    console.print(
        f"All {steps} steps verified. The relay and Telegram carried ciphertext and one doorbell phrase."
    )
    return 0


def told(console: Console, act: Callable[[Path, Console, Say], None]) -> int:
    """Tell an act; 0 if every step was verified."""

    def say(said: str) -> None:
        console.print(f"   [green]✓[/] {said}")

    with tempfile.TemporaryDirectory(prefix="qasid-story-") as folder:
        try:
            act(Path(folder), console, say)
        except (StoryError, PlaywrightError, NoChromiumError) as error:
            console.print(f"   [red]✗ {error}[/]")
            console.print("The story broke here.")
            return 1
    return 0


def first_act(folder: Path, console: Console, say: Say) -> None:
    with staged(folder, say) as (tale, _):
        tell(console, STEPS, tale, 1)


def second_act(folder: Path, console: Console, say: Say) -> None:
    with flight.boarding(folder, say) as cast:
        tell(console, flight.STEPS, cast, 1 + len(STEPS))


def tell(console: Console, steps: Sequence[Callable[[T], None]], cast: T, number: int) -> None:
    for place, step in enumerate(steps, number):
        console.print(f"[bold]{place:2}. {step.__name__.replace('_', ' ')}[/]")
        step(cast)


@contextmanager
def beginning(console: Console) -> Iterator[subprocess.Popen[str]]:
    """The process that tells the second act; ended as by Ctrl-C when nobody hears it any more."""
    environment = os.environ | ({"FORCE_COLOR": "1"} if console.is_terminal else {})
    process = subprocess.Popen(
        [sys.executable, "-m", __package__, SECOND],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
        start_new_session=True,  # Ctrl-C reaches it once, by this process
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.communicate()


if __name__ == "__main__":
    sys.exit(main())
