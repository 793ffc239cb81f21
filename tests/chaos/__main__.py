"""`make chaos`: one broadcast or, for so many minutes, several in each database; exit 0 only if all was verified."""

import argparse
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random

from rich.console import Console
from rich.table import Table

from bench.progress import family
from relay.pacing import PAID
from tests import databases
from tests.chaos.storm import ROLES, Plan, blow
from tests.chaos.verdict import Line, examined, judged

#: With fewer nobody would be left beside those who change their minds.
FEWEST = 100


def main() -> int:
    asked = arguments()
    names = list(ROLES) if asked.database == "both" else [asked.database]
    results: list[tuple[str, list[Line]]] = []
    console = Console(highlight=False)
    try:
        for place, name in enumerate(names, 1):
            with family(name, f"{place} of {len(names)}"):
                results += storms(name, asked)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    console.print(table(results))
    failed = [name for name, lines in results if not all(line.holds for line in lines)]
    if failed:
        console.print(f"[red]Not kept: {', '.join(failed)}[/]. Led again, as near as may be, by the seed.")
    return 1 if failed else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--database", choices=["both", *ROLES], default="both")
    parser.add_argument("--minutes", type=float, default=0, help="broadcasts in each database until then")
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--rate", type=int, default=100, help="messages a second; 30 is what is free")
    parser.add_argument("--seed", type=int, help="leads a run again as near as may be")
    parser.add_argument(
        "--hour", type=int, choices=range(24), help="of the day in Kabul; else the seed draws it"
    )
    asked = parser.parse_args()
    if not (asked.people >= FEWEST and 1 <= asked.rate <= PAID and asked.minutes >= 0):
        parser.error(f"people from {FEWEST} on, a rate from 1 to {PAID}, and no time below 0")
    return asked


def storms(name: str, asked: argparse.Namespace) -> list[tuple[str, list[Line]]]:
    """Each under its name and seed."""
    end = time.monotonic() + asked.minutes * 60
    seed = secrets.randbelow(1_000_000) if asked.seed is None else asked.seed
    found = []
    while not found or time.monotonic() < end:
        hour = Random(seed).randrange(24) if asked.hour is None else asked.hour
        plan = Plan(name, asked.people, asked.rate, seed, hour)
        found.append((f"{name}, seed {seed}, {hour} o'clock", storm(plan)))
        seed += 1
    return found


def storm(plan: Plan) -> list[Line]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="qasid-chaos-")))
        address = stack.enter_context(server(folder)) if plan.database == "postgresql" else ""
        record = blow(plan, folder, address)
        return judged(record) + examined(record, folder)


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """A PostgreSQL as it comes, durable, with an empty database; its address."""
    home = folder / "server"
    home.mkdir()
    databases.open_way(home / "data")
    with databases.restartable(home) as (address, _, _):
        yield address


def table(results: list[tuple[str, list[Line]]]) -> Table:
    """A row for each promise, a column for each broadcast."""
    made = Table("promise", *(name for name, _ in results), show_lines=True)
    for row in zip(*(lines for _, lines in results), strict=True):
        cells = [f"{'[green]✓[/]' if line.holds else '[red]✗[/]'} {line.figure}" for line in row]
        made.add_row(row[0].promise, *cells)
    return made


if __name__ == "__main__":
    sys.exit(main())
