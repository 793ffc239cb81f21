"""`movement`: departures by code name, with their seats."""

from typing import Annotated, Any

import typer
from rich.console import Console

from crypto.encoding import unb64u
from crypto.notice import Route
from desk import movements, partners
from desk.answers import Answer
from desk.commands.common import Json, Yes, at_desk
from desk.times import parse_time, show_time
from desk.voice import table

app = typer.Typer(
    no_args_is_help=True, help="Movements: code names and seats. Places and names stay at the desks."
)

Code = Annotated[str, typer.Argument(metavar="CODE", help="The movement's code name, or its id.")]


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
    planned: Annotated[
        bool, typer.Option("--planned", help="Its seats are not offered before `movement open`.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Open a movement.

    Example: qasid-desk movement new AIR-07 --route AIR --departs-at +60h --seats 120
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        departs = parse_time(departs_at, desk.now())
        made = movements.make(
            desk, movements.Form(code, movements.parse_route(route), departs, seats, planned)
        )
        word = "Planned" if planned else "Opened"
        voice.result(_row(made), lambda out: out.print(f"{word} {code} with {seats} seats.", markup=False))


@app.command("open")
def open_(context: typer.Context, *, code: Code, as_json: Json = False) -> None:
    """Open a planned movement: its seats may be offered.

    Example: qasid-desk movement open AIR-07
    """
    _step(context, code, "open", as_json=as_json)


@app.command("call")
def call(context: typer.Context, *, code: Code, as_json: Json = False) -> None:
    """Say that people were called forward.

    Example: qasid-desk movement call AIR-07
    """
    _step(context, code, "call", as_json=as_json)


@app.command("depart")
def depart(context: typer.Context, *, code: Code, yes: Yes = False, as_json: Json = False) -> None:
    """Say that it left: no seat of it is offered or accepted any more.

    Example: qasid-desk movement depart AIR-07 --yes
    """
    _step(context, code, "depart", as_json=as_json, ask="Has it left?", yes=yes)


@app.command("arrive")
def arrive(context: typer.Context, *, code: Code, as_json: Json = False) -> None:
    """Say that it arrived.

    Example: qasid-desk movement arrive AIR-07
    """
    _step(context, code, "arrive", as_json=as_json)


@app.command("cancel")
def cancel(context: typer.Context, *, code: Code, yes: Yes = False, as_json: Json = False) -> None:
    """Call a movement off for good. Cancel your notices first; guests cancel theirs: tell them.

    Example: qasid-desk movement cancel AIR-07 --yes
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        voice.confirm(f"Call {code} off for good?", yes=yes)
        movements.cancel(desk, code)
        data = {"code": code, "state": "cancelled"}
        voice.result(data, lambda out: out.print(f"{code} is cancelled.", markup=False))


@app.command("standby")
def standby(context: typer.Context, *, code: Code, as_json: Json = False) -> None:
    """List who waits for a seat, in the order of calling: class, then who waits longest.

    Seats that become free go to the first whose whole party fits, by themselves, until 6 hours before departure.

    Example: qasid-desk movement standby AIR-07
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        rows = [row.plain() for row in movements.standby(desk, code)]
        voice.result({"standby": rows}, lambda out: _waiting(out, rows))


@app.command("silent")
def silent(context: typer.Context, *, code: Code, as_json: Json = False) -> None:
    """List who has not answered: their seats are given back only after you tried to reach them (`attempt`).

    Example: qasid-desk movement silent AIR-07
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        rows = [row.plain() for row in movements.silent(desk, code)]
        voice.result({"silent": rows}, lambda out: _silent(out, rows))


@app.command("list")
def listed(context: typer.Context, *, as_json: Json = False) -> None:
    """List movements: seats of your office that are held (offered), confirmed (accepted) and left; then what it lent.

    Example: qasid-desk movement list
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        rows = [_row(row) for row in movements.listed(desk)]
        for guest in (guest for row in rows for guest in row["allotments"]):
            guest["name"] = partners.called(desk, unb64u(guest["office"]))
        voice.result({"movements": rows}, lambda out: _table(out, rows))


def _step(
    context: typer.Context, code: str, word: str, *, as_json: bool, ask: str = "", yes: bool = True
) -> None:
    with at_desk(context, as_json=as_json) as (voice, desk):
        if ask:
            voice.confirm(ask, yes=yes)
        state = movements.step(desk, code, word)
        data = {"code": code, "state": state}
        voice.result(data, lambda out: out.print(f"{code} is {state}.", markup=False))


def _waiting(out: Console, rows: list[dict[str, Any]]) -> None:
    shown = table("Standby", "place", "alias", "class", "waits since", "party", "notice")
    for row in rows:
        out_ = "out" if row["out"] else "not yet out"
        shown.add_row(
            str(row["place"]),
            row["alias"],
            str(row["rank"]),
            show_time(row["since"]),
            str(row["party"]),
            out_,
        )
    out.print(shown)


def _silent(out: Console, rows: list[dict[str, Any]]) -> None:
    shown = table("No answer yet", "alias", "party", "held until", "last attempt")
    for row in rows:
        tried = show_time(row["tried_at"]) if row["tried_at"] else "none: try to reach them"
        shown.add_row(row["alias"], str(row["party"]), show_time(row["hold_until"]), tried)
    out.print(shown)


def _row(answer: Answer) -> dict[str, Any]:
    row = dict(answer.plain())
    row["route"] = movements.route_name(Route(answer.integer("route")))
    return row


def _numbers(row: dict[str, Any]) -> list[str]:
    left = row["seats"] - row["held"] - row["confirmed"]
    return [str(row["seats"]), str(row["held"]), str(row["confirmed"]), str(left)]


def _table(out: Console, rows: list[dict[str, Any]]) -> None:
    shown = table("Movements", "code", "route", "departs", "seats", "held", "confirmed", "left", "state")
    for row in rows:
        shown.add_row(row["code"], row["route"], show_time(row["departs_at"]), *_numbers(row), row["state"])
        for guest in row["allotments"]:
            shown.add_row(f"  lent to {guest['name']}", "", "", *_numbers(guest), "")
    out.print(shown)
