"""`movement`: departures by code name, with their seats."""

from typing import Annotated, Any

import typer
from rich.console import Console

from crypto.notice import Route
from desk import movements
from desk.answers import Answer
from desk.commands.common import Json, at_desk
from desk.times import parse_time, show_time
from desk.voice import table

app = typer.Typer(
    no_args_is_help=True, help="Movements: code names and seats. Places and names stay at the desks."
)


@app.command("new")
def new(
    context: typer.Context,
    *,
    code: Annotated[str, typer.Argument(help="A code name that tells nothing, e.g. AIR-07.")],
    route: Annotated[str, typer.Option("--route", help="AIR, LAND-PK, LAND-UZ, LAND-TJ or none.")],
    departs_at: Annotated[str, typer.Option("--departs-at", help="2026-11-21T10:00+04:30, or +60h.")],
    seats: Annotated[
        int, typer.Option("--seats", help="Seats; held and confirmed never exceed them.", min=1)
    ],
    as_json: Json = False,
) -> None:
    """Open a movement.

    Example: qasid-desk movement new AIR-07 --route AIR --departs-at +60h --seats 120
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        made = movements.make(
            desk, code, movements.parse_route(route), parse_time(departs_at, desk.now()), seats
        )
        data = _row(made)
        voice.result(data, lambda out: out.print(f"Opened {code} with {seats} seats.", markup=False))


@app.command("list")
def listed(context: typer.Context, *, as_json: Json = False) -> None:
    """List movements: seats held (offered), confirmed (accepted) and left.

    Example: qasid-desk movement list
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        rows = [_row(row) for row in movements.listed(desk)]
        voice.result({"movements": rows}, lambda out: _table(out, rows))


def _row(answer: Answer) -> dict[str, Any]:
    row = dict(answer.plain())
    row["route"] = movements.route_name(Route(answer.integer("route")))
    return row


def _table(out: Console, rows: list[dict[str, Any]]) -> None:
    shown = table("Movements", "code", "route", "departs", "seats", "held", "confirmed", "left", "state")
    for row in rows:
        left = row["seats"] - row["held"] - row["confirmed"]
        numbers = [str(row["seats"]), str(row["held"]), str(row["confirmed"]), str(left)]
        shown.add_row(row["code"], row["route"], show_time(row["departs_at"]), *numbers, row["state"])
    out.print(shown)
