"""The part of docs/BENCH.md that is made from the figures in docs/bench: a table, and why some fall short."""

from collections.abc import Sequence
from pathlib import Path

from bench.figure import Figure
from bench.record import Record

BEGIN, END = "<!-- made by python -m bench: begin -->\n", "<!-- made by python -m bench: end -->"
UNKNOWN = "not looked into yet"
#: Why a family falls short of its goal, where that is known.
REASONS: dict[str, str] = {
    "store": "a batch of 64 takes the rule 5 ms of processor, of which writing the rows that sqlite3 writes, too, is "
    "1.3; the rest is seven look-ups (1.5: sender, office, id, nonce, epoch, consent, whom to ring), cutting up and "
    "hashing (0.6), the checks of each (1.0), and what else is written (0.4: when each contact wrote, and by when they "
    "are owed an answer). The rows alone meet the goal.",
    "ingest": "64 connections come to the writer a dozen at a time, and each time costs fifteen statements, however "
    "few letters it is for: 0.2 ms of processor a letter. Waiting for the commit costs the loop 0.2 more (futures, and "
    "being woken from another thread), on top of the 0.6 that HTTP and the signature take; all of it shares one core.",
    "release": "the figure is near its goal, 2.5 to 3.5 by the machine's minute, for the bare insert waits for the "
    "disk alone and the release for the processor, too. It numbers every recipient's copy besides queuing the ring; "
    "held against both writes it takes a quarter to a third more.",
    "lateness": "a release of one notice costs about 1.4 ms of processor, so that 500 a second keep one core two "
    "thirds busy; whatever else the machine does shows in the last hundredth (46 to 101 ms minutes apart, and 39 on "
    "a quiet one).",
    "growth": "ids are random: in a large index each letter has a page of its own to read and to log, where among "
    "ten thousand several share one.",
    "growth-large": "as with a million; and 22 GB do not fit SQLite's page cache, and hardly a machine's memory of "
    "24, so that pages are fetched anew. How much of it is which was not measured.",
    "paid": "a send costs the relay about 1.1 ms of processor (python-telegram-bot and aiohttp 0.4, where a bare "
    "client takes 0.25; claim, settlement and commit 0.35; the rest the loop), and one interpreter has one core. In "
    "one round of fifteen (three runs) what was on its way together was refused, 86 calls, and left a second later; "
    "why is not known. The other two runs had no refusal.",
    "sealing": "the figures are near their goals and go with the machine's minute: three runs of one hour gave 0.91, "
    "0.80 and 0.88 beside the bare loop, and 1.54, 1.64 and 1.74 on two cores, where bare loops scale by 1.9 and the "
    "second process has to be started first.",
}


def renew(page: Path, records: Sequence[Record]) -> None:
    """Put these records into the page. Raises ValueError when the page has no place for them."""
    before, begun, rest = page.read_text("utf-8").partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not begun or not ended:
        raise ValueError(f"{page.name} has no lines between which figures belong: {BEGIN.strip()} … {END}")
    page.write_text(f"{before}{BEGIN}{made(records)}{END}{after}", "utf-8")


def made(records: Sequence[Record]) -> str:
    """The table, its pictures, and each shortfall."""
    if not records:
        return "\nNot measured yet.\n\n"
    lines = [
        "",
        "| family | figure | limit in the same run | median (least to most) | goal | |",
        "|---|---|---|---|---|---|",
    ]
    for record in records:
        lines += [_line(record, figure) for figure in record.figures]
    lines += ["", "### What falls short, and why", ""]
    short = [record for record in records if not all(figure.met for figure in record.figures)]
    lines += [f"- `{each.name}`: {REASONS.get(each.name, UNKNOWN)}" for each in short] or ["Nothing."]
    lines += ["", "### Measured on", ""]
    lines += sorted({_machine(record) for record in records})
    lines += ["", *(f"![{each.promise}](bench/{each.name}.png)" for each in records), ""]
    return "\n".join(lines) + "\n"


def _line(record: Record, figure: Figure) -> str:
    span = f"{figure.shown(min(figure.samples))} to {figure.shown(max(figure.samples))}"
    goal = f"{'≤' if figure.at_most else '≥'} {figure.goal:g}"
    note = f"<br><small>{figure.note}</small>" if figure.note else ""
    met = "met" if figure.met else "**missed**"
    name = f"`{record.name}`{' (quick)' if record.quick else ''}"
    middle = f"**{figure.shown(figure.median)}** ({span})"
    return f"| {name} | {figure.name}{note} | {figure.limit} | {middle} | {goal} | {met} |"


def _machine(record: Record) -> str:
    has = record.machine
    return f"- {record.date}: {has['cores']} cores, {has['system']}, Python {has['python']}, SQLite {has['sqlite']}"
