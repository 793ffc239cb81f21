"""How notices look at a terminal."""

from typing import Any

from rich.console import Console

from desk.templates import TIMES
from desk.times import show_moment, show_time
from desk.voice import table

WITHHELD = {
    "roster": "roster expired, renew it (`qasid-desk roster renew`)",
    "approvals": "an approval stands no more, approve it anew and seal it again",
    "sender": "who sealed it stands no more, seal it again",
    "phones": "a phone was changed or could not open its copy by then, seal it again",
    "movement": "its movement was called off or has left, cancel it",
    "warned": "a threat alert for its route came after its approvals, draft it anew",
}
"""What to do about a notice that was due and that phones would have refused, or could not open."""


def notice(out: Console, data: dict[str, Any]) -> None:
    out.print(
        f"Notice {data['notice']}, version {data['version']}: {data['kind'].upper()}",
        style="bold",
        markup=False,
    )
    facts = table("", "what", "")
    for name in ("code", "movement", "route", "place"):
        facts.add_row(name, str(data[name]) or "—")
    for name in TIMES:
        facts.add_row(name.replace("_", " "), show_moment(data[name]) or "—")
    out.print(facts)
    previews(out, data["previews"])
    people = ", ".join(_recipient(row) for row in data["to"])
    out.print(f"For {people or 'a list that has not arrived'}", markup=False)
    codes = ", ".join(row["role_code"] for row in data["approvals"])
    out.print(f"By {data['author']}; approved by {codes or 'nobody yet'}", markup=False)


def _recipient(row: dict[str, Any]) -> str:
    waits = f", standby {row['standby']}" if row["standby"] else ""
    held = f", held until {show_moment(row['hold_until'])}" if row["hold_until"] else ""
    return f"{row['alias']} ({row['party']}{waits}{held})"


def previews(out: Console, shown: list[dict[str, Any]]) -> None:
    """No table: a terminal that writes from right to left turns single lines alone."""
    for each in shown:
        out.print(f"\nAs it will be read in {each['language']}:", style="bold", markup=False)
        for line in each["lines"]:
            out.print(line, markup=False, soft_wrap=True)
    out.print()


def templates(out: Console, rows: list[dict[str, Any]]) -> None:
    shown = table("Templates", "template", "kind", "routes", "takes from the notice", "to be filled in")
    for row in rows:
        cells = (", ".join(row[name]) or "—" for name in ("routes", "times", "fill"))
        shown.add_row(row["template"], row["kind"], *cells)
    out.print(shown)


def notices(out: Console, rows: list[dict[str, Any]]) -> None:
    shown = table("Notices", "notice", "version", "kind", "movement", "state", "approved by", "answers")
    for row in rows:
        counts = row["counts"] or {}
        shown.add_row(
            row["notice"],
            str(row["version"]),
            row["kind"],
            row["movement"],
            _state(row),
            ", ".join(row["approvals"]) or "—",
            f"{counts.get('answered', 0)} of {row['recipients']}",
        )
    out.print(shown)


def _state(row: dict[str, Any]) -> str:
    why = WITHHELD.get(row["why"]) or ("review it (`qasid-desk notice review`)" if _unreviewed(row) else None)
    return f"{row['state']}: {why}" if why else str(row["state"])


def _unreviewed(row: dict[str, Any]) -> bool:
    """A threat alert goes by one coordinator; another one reads it afterwards."""
    return row["reviewed"] is False


def answers(out: Console, data: dict[str, Any]) -> None:
    shown = table("Answers", "alias", "answer", "party", "at")
    for row in data["answers"]:
        shown.add_row(row["alias"], row["answer"], str(row["party"]), show_time(row["at"]))
    out.print(shown)
    if data["waiting"]:
        out.print(f"No answer yet (which is no answer): {', '.join(data['waiting'])}", markup=False)
    if late := data["unacknowledged"]:
        out.print(f"Changed shortly before, and not acknowledged; call them: {', '.join(late)}", markup=False)
