"""Where a run is: one line that changes on a terminal, a line each elsewhere."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

#: On the error stream, so that the table alone can be kept.
_console = Console(stderr=True, highlight=False)
_family = ""


@contextmanager
def family(name: str, place: str) -> Iterator[None]:
    """Name what runs, and say at its end how long it took; `place` is its number among all, as "3 of 9"."""
    global _family  # noqa: PLW0603 - a terminal has one last line
    _family = f"{place} {name}"
    began = time.monotonic()
    step("preparing")
    try:
        yield
    finally:
        _clear()
        _console.print(f"[dim]{_family}: {time.monotonic() - began:.0f} s[/dim]")
        _family = ""


def step(text: str) -> None:
    """Say what happens now; nothing outside of a family, as in tests."""
    if not _family:
        return
    _clear()
    _console.print(f"[dim]{_family}: {text} …[/dim]", end="" if _console.is_terminal else "\n")


def _clear() -> None:
    if _console.is_terminal:
        sys.stderr.write("\r\x1b[2K")
