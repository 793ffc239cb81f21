"""`make story`: tell it, step by step; exit 0 only if every step was verified."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Error as PlaywrightError
from rich.console import Console

from tests.browser.chromium import NoChromiumError
from tests.story.stage import StoryError
from tests.story.steps import STEPS
from tests.story.tale import staged


def main() -> int:
    console = Console(highlight=False)
    with tempfile.TemporaryDirectory(prefix="qasid-story-") as folder:
        try:
            with staged(Path(folder), lambda said: console.print(f"   [green]✓[/] {said}")) as (tale, _):
                for number, step in enumerate(STEPS, 1):
                    console.print(f"[bold]{number:2}. {step.__name__.replace('_', ' ')}[/]")
                    step(tale)
        except (StoryError, PlaywrightError, NoChromiumError) as error:
            console.print(f"   [red]✗ {error}[/]")
            console.print("The story broke here.")
            return 1
    console.print(
        f"All {len(STEPS)} steps verified. The relay and Telegram carried ciphertext and one doorbell phrase.",
        soft_wrap=True,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
