"""`audit`: what was done in the office."""

from typing import Annotated, Any

import typer
from rich.console import Console

from desk import log
from desk.commands.common import Json, at_desk
from desk.times import show_time
from desk.voice import table


def audit(
    context: typer.Context,
    *,
    about: Annotated[
        str | None, typer.Argument(help="A code, e.g. K-4821, AIR-07 or C-01: entries about or by it alone.")
    ] = None,
    last: Annotated[int, typer.Option("--last", help="How many entries to show; 0 for all.", min=0)] = 30,
    as_json: Json = False,
) -> None:
    """Show what was done in the office, verified link by link against what this desk saw before.

    Role codes and pseudonyms only; never a name, never what was written. Who was erased since has a mark in place of
    the pseudonym; it finds their entries, too. For coordinators and auditors.

    Example: qasid-desk audit K-4821 --last 0
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        with voice.progress() as tick:
            found = log.read(desk, tick)
        wanted = None if about is None else {about, about.upper()}  # a mark has small letters
        rows = [
            {
                "seq": entry.seq,
                "at": entry.at // 1_000_000,
                "event": entry.event,
                "role_code": entry.role_code,
                "subject": entry.subject,
                "about": found.about(entry),
                "new": entry.seq > found.seen,
            }
            for entry in found.entries
            if wanted is None or wanted & {entry.subject, found.about(entry), entry.role_code}
        ]
        shown = rows[-last:] if last else rows
        data = {"entries": shown, "of": len(rows), "verified": len(found.entries), "seen_before": found.seen}
        voice.result(data, lambda out: _table(out, data))


def _table(out: Console, data: dict[str, Any]) -> None:
    shown = table("Audit log", "no.", "when", "what", "by", "about")
    for row in data["entries"]:
        words = row["event"].replace("_", " ")
        number = f"{row['seq']} new" if row["new"] and data["seen_before"] else str(row["seq"])
        shown.add_row(number, show_time(row["at"]), words, row["role_code"] or "—", row["about"] or "—")
    out.print(shown if data["entries"] else "No entry about that.")
    if len(data["entries"]) < data["of"]:
        out.print(f"The last {len(data['entries'])} of {data['of']}; --last 0 shows all.")
    before = f", {data['seen_before']} of them as this desk saw them before" if data["seen_before"] else ""
    out.print(f"{data['verified']} entries, each hashing the one before{before}.")
