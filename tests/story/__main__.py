"""`make story`: tell it, step by step; exit 0 only if every step was verified."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from typing import TypeVar

from playwright.sync_api import Error as PlaywrightError
from rich.console import Console

from tests.browser.chromium import NoChromiumError
from tests.story import flight
from tests.story.stage import StoryError
from tests.story.steps import STEPS
from tests.story.tale import staged

T = TypeVar("T")


def main() -> int:
    console = Console(highlight=False, soft_wrap=True)
    told = count(1)

    def say(said: str) -> None:
        console.print(f"   [green]✓[/] {said}")

    def tell(steps: Sequence[Callable[[T], None]], cast: T) -> None:
        for step in steps:
            console.print(f"[bold]{next(told):2}. {step.__name__.replace('_', ' ')}[/]")
            step(cast)

    with tempfile.TemporaryDirectory(prefix="qasid-story-") as folder:
        acts = [Path(folder) / name for name in ("letters", "flight")]
        for act in acts:
            act.mkdir()
        try:
            with staged(acts[0], say) as (tale, _):
                tell(STEPS, tale)
            with flight.boarding(acts[1], say) as cast:
                tell(flight.STEPS, cast)
        except (StoryError, PlaywrightError, NoChromiumError) as error:
            console.print(f"   [red]✗ {error}[/]")
            console.print("The story broke here.")
            return 1
    steps = len(STEPS) + len(flight.STEPS)
    console.print(
        f"All {steps} steps verified. The relay and Telegram carried ciphertext and one doorbell phrase."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
