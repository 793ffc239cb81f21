"""`composition`: of whom a movement was made up, in numbers alone."""

from typing import Annotated, Any

import typer
from rich.console import Console

from desk import compositions
from desk.commands.common import Json, at_desk
from desk.compositions import STAGES
from desk.errors import UsageError
from desk.times import parse_time
from desk.voice import table

app = typer.Typer(
    no_args_is_help=True,
    help="Of whom a movement was made up: planned, boarded, arrived. What nobody knows is unknown, never 0; the parts "
    "need not add up to the total.",
)

Code = Annotated[str, typer.Argument(metavar="MOVEMENT", help="Its code name, e.g. AIR-07.")]
Shared = Annotated[
    bool,
    typer.Option("--shared", help="As it may be passed on: counts under 5, and what betrays them, hidden."),
]


@app.command("set")
def say(
    context: typer.Context,
    *,
    code: Code,
    party: Annotated[
        str, typer.Argument(help="A country (AFG, FRA), office:NAME, linked (linked persons), or total.")
    ],
    stage: Annotated[str, typer.Argument(help=f"{', '.join(STAGES)}.")],
    people: Annotated[int | None, typer.Argument(help="How many; left out with --unknown.")] = None,
    approximate: Annotated[bool, typer.Option("--approximate", help="Around that many.")] = False,
    unknown: Annotated[bool, typer.Option("--unknown", help="An unspecified number.")] = False,
    as_json: Json = False,
) -> None:
    """Say how many of a party were planned, boarded or arrived; nothing said before is lost, the newest counts.

    Example: qasid-desk composition set AIR-07 FRA boarded 11
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        if (people is None) is not unknown:
            raise UsageError("Give either a count or --unknown.", "What nobody knows is not 0.")
        found = compositions.say(desk, code, party, stage, people, approximate=approximate)
        voice.result(_document(code, found), lambda out: _table(out, f"Composition of {code}", found))


@app.command("show")
def show(context: typer.Context, *, code: Code, shared: Shared = False, as_json: Json = False) -> None:
    """Show a movement's composition.

    Example: qasid-desk composition show AIR-07
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        found = compositions.show(desk, code, shared=shared)
        voice.result(_document(code, found), lambda out: _table(out, f"Composition of {code}", found))


@app.command("since")
def since(
    context: typer.Context,
    *,
    day: Annotated[str, typer.Argument(metavar="DAY", help="2026-08-15 (from 0:00 UTC), or a moment.")],
    shared: Shared = False,
    as_json: Json = False,
) -> None:
    """Add up all movements that departed on that day or later.

    Example: qasid-desk composition since 2026-08-15 --shared
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        departed = parse_time(day if len(day) != len("2026-08-15") else f"{day}T00:00Z", desk.now())
        found = compositions.since(desk, departed, shared=shared)
        title = f"Composition of {found['movements']} movements since {day}"
        voice.result({"since": departed, **found}, lambda out: _table(out, title, found))


def _document(code: str, found: dict[str, Any]) -> dict[str, Any]:
    return {"movement": code, **found}


def _table(out: Console, title: str, found: dict[str, Any]) -> None:
    shown = table(title, "party", *STAGES)
    said = {(cell["party"], cell["stage"]): cell for cell in found["cells"]}
    for party in dict.fromkeys(cell["party"] for cell in found["cells"]):
        shown.add_row(party, *(_count(said.get((party, stage))) for stage in STAGES))
    out.print(shown if said else "Nothing was said of it.", markup=False)
    if said and found["shared"]:
        out.print("Fit to be passed on: counts under 5, and what would betray them, are hidden.")
    elif said:
        out.print("For coordinators alone; what may be passed on shows --shared.", style="yellow")


def _count(cell: dict[str, Any] | None) -> str:
    """`around 60`, `11 and an unknown number`, `hidden`; a dash where nobody said anything."""
    if cell is None:
        return "—"
    if cell["people"] is None:
        return "hidden" if cell["hidden"] else "unknown"
    number = f"around {cell['people']}" if cell["approximate"] else str(cell["people"])
    more = " and some hidden" if cell["hidden"] else ""
    return number + more + (" and an unknown number" if cell["unknown"] else "")
