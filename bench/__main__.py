"""`python -m bench [NAME…] [--quick] [--json FILE]`: run benchmarks, print one table. Exit 1 when one broke down."""

import argparse
import json
import logging
import os
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import delivery, ingest, lateness, release, sealing, serve, storing, upload
from bench.figure import Bench, Figure
from handlers import log

#: Where the output is no terminal.
WIDTH = 140

BENCHES: tuple[Bench, ...] = (
    storing.BENCH,
    ingest.BENCH,
    delivery.BROADCAST,
    delivery.REFUSAL,
    release.BENCH,
    lateness.BENCH,
    sealing.BENCH,
    upload.BENCH,
    serve.MEMORY,
    serve.STARTUP,
)


def main(arguments: list[str] | None = None) -> int:
    """Run what is asked for; 0 also when goals are missed, 1 when a benchmark could not measure."""
    asked = _asked(arguments)
    console = Console() if sys.stdout.isatty() else Console(width=WIDTH)
    log.configure(level=logging.ERROR)
    results: dict[str, list[Figure]] = {}
    broken = False
    for bench in (each for each in BENCHES if not asked.names or each.name in asked.names):
        console.print(f"[dim]{bench.name}: {bench.promise} …[/dim]")
        with tempfile.TemporaryDirectory(prefix="qasid-bench-") as folder:
            try:
                results[bench.name] = bench.run(asked.quick, Path(folder))
            except Exception:  # noqa: BLE001 - the others are still worth measuring
                broken = True
                console.print(f"[red]{bench.name} broke down[/red]")
                console.print_exception()
    figures = [figure for found in results.values() for figure in found]
    console.print(_table(figures))
    if asked.json:
        kept = {name: [figure.json() for figure in found] for name, found in results.items()}
        asked.json.write_text(
            json.dumps({"cpus": os.cpu_count(), "quick": asked.quick, "results": kept}, indent=1)
        )
    return 1 if broken else 0


def _asked(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m bench", description=__doc__)
    names = [bench.name for bench in BENCHES]
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names))
    parser.add_argument(
        "--quick", action="store_true", help="fewer and smaller samples: is it in order at all?"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there as well")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.names) - set(names):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    return asked


def _table(figures: list[Figure]) -> Table:
    table = Table("figure", "limit in the same run", "min", "median", "max", "goal", "", show_lines=True)
    for figure in figures:
        table.add_row(
            f"{figure.name}\n[dim]{figure.note}[/dim]" if figure.note else figure.name,
            figure.limit,
            figure.shown(min(figure.samples)),
            f"[bold]{figure.shown(figure.median)}[/bold]",
            figure.shown(max(figure.samples)),
            f"{'≤' if figure.at_most else '≥'} {figure.goal:g}",
            "[green]met[/green]" if figure.met else "[red]MISSED[/red]",
        )
    return table


if __name__ == "__main__":
    sys.exit(main())
