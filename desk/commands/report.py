"""`report`: how many households there are, by what is known of them."""

from typing import Any

import typer
from rich.console import Console

from crypto.roster import Role
from desk import cases
from desk.answers import Answer
from desk.commands.common import Json, at_desk
from desk.errors import DeskError
from desk.times import show_time
from desk.voice import table

ABOUT = (*cases.FACTS, "intent")


def report(context: typer.Context, *, as_json: Json = False) -> None:
    """Count open households by each fact and by intent, and as of when: the report that leaves no one behind.

    Fit to be passed on: counts under 5 are hidden, and others with them where the total would betray them. What is
    unknown is counted as unknown. Your own list of households is `qasid-desk case list`.

    Example: qasid-desk report
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        desk.require(Role.COORDINATOR, "make the report")
        row = Answer(desk.relay.get("/report"))
        lines = row.many("lines")
        if tuple(line.text("about") for line in lines) != ABOUT:
            raise _bad()
        data = {
            "households": _maybe(row, "households"),
            "lines": [
                {
                    "about": line.text("about"),
                    "cells": [_cell(line.text("about"), each) for each in line.many("cells")],
                }
                for line in lines
            ],
        }
        voice.result(data, lambda out: _show(out, data))


def _cell(about: str, row: Answer) -> dict[str, Any]:
    answer, grade = row.text("answer"), row.plain().get("grade")
    if answer not in (cases.INTENTS if about == "intent" else cases.ANSWERS) and answer != "unknown":
        raise _bad()
    if grade is not None and grade not in cases.GRADES:
        raise _bad()
    return {"answer": answer, "grade": grade, "count": _maybe(row, "count"), "as_of": _maybe(row, "as_of")}


def _maybe(row: Answer, name: str) -> int | None:
    return None if row.plain().get(name) is None else row.integer(name)


def _bad() -> DeskError:
    return DeskError(
        "The relay's report is not of a form that this desk knows.",
        "Relay and desk may be of different versions.",
        "bad_answer",
    )


def _show(out: Console, data: dict[str, Any]) -> None:
    total = data["households"]
    out.print(
        f"Open households: {'hidden (under 5)' if total is None else total}", style="bold", markup=False
    )
    shown = table("By what is known", "about", "answer", "grade", "households", "oldest")
    for line in data["lines"]:
        for cell in line["cells"]:
            count = "hidden" if cell["count"] is None else str(cell["count"])
            oldest = show_time(cell["as_of"])[:10] if cell["as_of"] else "—"
            shown.add_row(line["about"], cell["answer"], cell["grade"] or "—", count, oldest)
    out.print(shown)
