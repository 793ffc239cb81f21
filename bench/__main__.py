"""Benchmarks: figures beside their physical limits, measured by turns in one run.

A figure is a ratio to its limit wherever it can be, because machines differ and a shared one differs from itself
within minutes. A goal that is missed fails nothing: it is shown. The status is 1 when something could not be measured.
"""

import argparse
import logging
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import progress
from bench.families import FAMILIES
from bench.figure import Figure
from bench.record import Record, kept
from handlers import log

#: Where the output is no terminal.
WIDTH = 140
DOCS = Path(__file__).resolve().parents[1] / "docs"
EXAMPLES = """
examples:
  make bench                         all of them; some twenty minutes on a machine that does nothing else
  make bench FAMILY=store,ingest     two of them
  python -m bench paid --quick       is it in order at all? (nothing is kept)
  python -m bench --draw             the pictures and docs/BENCH.md anew, from what is kept
"""


def main(arguments: list[str] | None = None) -> int:
    """Run what is asked for; 0 also when goals are missed, 1 when a benchmark could not measure."""
    asked = _asked(arguments)
    console = Console() if sys.stdout.isatty() else Console(width=WIDTH)
    log.configure(level=logging.ERROR)
    records: list[Record] = []
    for number, name in enumerate([] if asked.draw else asked.names, 1):
        with (
            tempfile.TemporaryDirectory(prefix="qasid-bench-") as folder,
            progress.family(name, f"{number} of {len(asked.names)}"),
        ):
            try:
                found = FAMILIES[name].run(asked.quick, Path(folder))
            except Exception:  # noqa: BLE001 - the others are still worth measuring
                console.print(f"[red]{name} broke down[/red]")
                console.print_exception()
            else:
                records.append(Record.of(FAMILIES[name], found, quick=asked.quick))
                _keep(records[-1], asked.into)
    if records:
        console.print(_table([figure for record in records for figure in record.figures]))
    if asked.draw or asked.into is not None:
        _draw(asked.into or DOCS / "bench")
    return 0 if asked.draw or len(records) == len(asked.names) else 1


def _keep(record: Record, folder: Path | None) -> None:
    """At once: what a later family does must not cost an earlier one its figures."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        record.write(folder)


def _draw(folder: Path) -> None:
    from bench import page, plot  # noqa: PLC0415 - matplotlib takes its time, and is not needed to measure

    records = kept(folder)
    for record in records:
        plot.draw(record, folder)
    if folder == DOCS / "bench":
        page.renew(DOCS / "BENCH.md", records)


def _asked(arguments: list[str] | None) -> argparse.Namespace:
    width = max(map(len, FAMILIES))
    families = "\n".join(
        f"  {name:<{width}}  {bench.promise}{' (only when named)' if bench.seldom else ''}"
        for name, bench in FAMILIES.items()
    )
    parser = argparse.ArgumentParser(
        "python -m bench",
        description=__doc__,
        epilog=f"families:\n{families}\n{EXAMPLES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "names", nargs="*", metavar="FAMILY", help="one or several of those below; without: all"
    )
    parser.add_argument(
        "--quick", action="store_true", help="fewer and smaller samples: is it in order at all?"
    )
    parser.add_argument(
        "--into",
        type=Path,
        metavar="FOLDER",
        help="keep figures and pictures there (without: docs/bench, and nowhere with --quick)",
    )
    parser.add_argument("--draw", action="store_true", help="measure nothing, draw what is kept")
    asked = parser.parse_args(arguments)
    asked.names = [name for part in asked.names for name in part.split(",") if name]
    if unknown := set(asked.names) - set(FAMILIES):
        parser.error(f"no such family: {', '.join(sorted(unknown))}; there are {', '.join(FAMILIES)}")
    asked.names = asked.names or [name for name, bench in FAMILIES.items() if not bench.seldom]
    asked.into = asked.into or (None if asked.quick else DOCS / "bench")
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
