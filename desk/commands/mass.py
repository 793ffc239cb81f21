"""`invite --from`: letters for a whole list of people."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import typer
from rich.console import Console

from desk import batch, csvfile
from desk.batch import Outcome
from desk.commands.common import at_desk
from desk.csvfile import Bad, Row
from desk.errors import UsageError
from desk.office import Desk
from desk.voice import Voice, table

MOST_IN_ONE: Final = 500
SHOWN: Final = 30


@dataclass(frozen=True)
class Wish:
    """What was asked for. `life` in seconds."""

    source: Path
    out: Path | None
    listing: Path | None
    life: int
    skip_bad: bool
    check: bool
    yes: bool


def from_list(context: typer.Context, wish: Wish, *, as_json: bool) -> None:
    """Judges the list, asks, invites, writes the pages and says what became of each line."""
    with at_desk(context, as_json=as_json, online=not wish.check) as (voice, desk):
        rows, bad = csvfile.read(wish.source)
        if not as_json:
            _show_bad(voice.err, bad)
        if wish.check:
            data = {"good": len(rows), "bad": _plain(bad)}
            voice.result(
                data, lambda out: out.print(f"{len(rows)} good lines, {len(bad)} bad; nothing was done.")
            )
            return
        _check(wish, rows, bad)
        voice.confirm(
            f"Make letters for the {len(rows)} people of {wish.source} who have none? "
            "Each is a secret to be handed over in person.",
            yes=wish.yes,
        )
        with voice.progress() as tick:
            outcome = batch.invite(desk, rows, wish.life, tick)
            pages = _pages(desk, wish, outcome, tick)
        if wish.listing:
            _listing(wish.listing, rows, outcome)
        data = {
            "made": outcome.made,
            "already": outcome.already,
            "enrolled": outcome.enrolled,
            "bad": _plain([*bad, *outcome.refused]),
            "pages": pages,
            "out": str(wish.out),
            "letters": [{"line": line, "alias": outcome.aliases[line]} for line in sorted(outcome.open)],
        }
        _say(voice, wish, data, outcome)


def _check(wish: Wish, rows: list[Row], bad: list[Bad]) -> None:
    if bad and not wish.skip_bad:
        lines = "; ".join(f"line {each.line} {each.why}" for each in bad[:3])
        raise UsageError(
            f"{len(bad)} of {len(bad) + len(rows)} lines are bad ({lines}{'; …' if len(bad) > 3 else ''}). "
            "Nobody was invited.",
            "Mend them, or invite the others with --skip-bad.",
            "bad_lines",
        )
    if not rows:
        raise UsageError(
            "The list names nobody.", "One person a line, below the line with the columns' names."
        )
    if wish.out is None:
        raise UsageError(
            "Where shall the letters go?", "Name a folder with --out, or NAME.html for one document."
        )
    if wish.listing and wish.listing.exists():
        raise UsageError(f"{wish.listing} exists already.", "Nothing is written over another file.")
    if _in_one(wish.out):
        if wish.out.exists():
            raise UsageError(f"{wish.out} exists already.", "Nothing is written over another file.")
        if len(rows) > MOST_IN_ONE:
            raise UsageError(
                f"{len(rows)} letters are too many for one document (at most {MOST_IN_ONE}).",
                "Name a folder with --out.",
            )
    elif wish.out.exists() and not wish.out.is_dir():
        raise UsageError(
            f"{wish.out} is no folder.", "Name a folder with --out, or NAME.html for one document."
        )
    elif not wish.out.parent.is_dir():
        raise UsageError(f"There is no folder {wish.out.parent}.", "Make it first, or name another.")


def _pages(desk: Desk, wish: Wish, outcome: Outcome, tick: batch.Tick) -> int:
    if wish.out is None or not outcome.open:
        return 0
    made = batch.opened(desk, [outcome.open[line] for line in sorted(outcome.open)])
    if not _in_one(wish.out):
        return batch.write_pages(wish.out, made, tick)
    from desk import page  # noqa: PLC0415  # the catalogues take a third of a command's start

    page.write(wish.out, *made)
    return len(made)


def _in_one(out: Path) -> bool:
    return out.suffix.lower() in (".html", ".htm")


def _listing(path: Path, rows: list[Row], outcome: Outcome) -> None:
    cells = [
        (outcome.aliases[row.line], row.name, row.note, "letter" if row.line in outcome.open else "enrolled")
        for row in rows
        if row.line in outcome.aliases
    ]
    csvfile.write(path, ("alias", "name", "note", "state"), cells)


def _plain(bad: list[Bad]) -> list[dict[str, Any]]:
    return [{"line": each.line, "why": each.why} for each in bad]


def _show_bad(out: Console, bad: list[Bad]) -> None:
    if not bad:
        return
    shown = table(f"{len(bad)} bad lines", "line", "what is wrong")
    for each in bad[:SHOWN]:
        shown.add_row(str(each.line), each.why)
    out.print(shown, markup=False)
    if len(bad) > SHOWN:
        out.print(f"… and {len(bad) - SHOWN} more (all with --json)")


def _say(voice: Voice, wish: Wish, data: dict[str, Any], outcome: Outcome) -> None:
    def human(out: Console) -> None:
        out.print(
            f"{data['made']} letters made, {data['already']} had one, {data['enrolled']} are enrolled; "
            f"{data['pages']} pages written to {wish.out}.",
            markup=False,
        )
        _show_bad(out, outcome.refused)
        if wish.listing:
            out.print(f"Who is who: {wish.listing}; delete it when the letters are handed out.", markup=False)
        out.print("Hand them over in person. Then: qasid-desk confirm", style="bold")

    voice.result(data, human)
