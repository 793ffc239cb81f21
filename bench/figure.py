"""One figure: samples of what Qasid does over what the machine allows, and the goal its median must meet."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from bench.progress import step


@dataclass
class Figure:
    """`goal` is a floor for the median, or a ceiling with `at_most`. Raises ValueError without samples."""

    name: str
    limit: str
    samples: list[float]
    goal: float
    at_most: bool = False
    unit: str = "×"
    #: Absolute values, for whoever wants to know; they hold for this machine and minute alone.
    note: str = ""
    #: Where the limit lies among the samples, if it does: a ratio's at 1.
    limit_at: float | None = None
    median: float = field(init=False)

    def __post_init__(self) -> None:
        if not self.samples:
            raise ValueError(f"{self.name}: no samples")
        self.median = median(self.samples)
        if self.limit_at is None and self.unit == "×":
            self.limit_at = 1.0

    @property
    def met(self) -> bool:
        return self.median <= self.goal if self.at_most else self.median >= self.goal

    def shown(self, value: float) -> str:
        text = f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"
        return f"{text} {self.unit}"

    def json(self) -> dict[str, Any]:
        return {**asdict(self), "min": min(self.samples), "max": max(self.samples), "met": self.met}


@dataclass(frozen=True)
class Bench:
    """A family of figures: `run(quick, folder)`; `folder` is its own and empty. `seldom`: only when it is named."""

    name: str
    promise: str
    run: Callable[[bool, Path], list[Figure]]
    seldom: bool = False


def turns(rounds: int) -> Iterator[tuple[int, bool]]:
    """(round, ours first?): who goes first changes from round to round, so that neither side profits from it."""
    for number in range(rounds):
        step(f"round {number + 1} of {rounds}")
        yield number, number % 2 == 0


def interleaved(
    rounds: int, ours: Callable[[int], float], limit: Callable[[int], float]
) -> tuple[list[float], list[float]]:
    """Seconds of both sides, round by round."""
    one: list[float] = []
    other: list[float] = []
    for number, first in turns(rounds):
        for mine in (first, not first):
            if mine:
                one.append(ours(number))
            else:
                other.append(limit(number))
    return one, other
