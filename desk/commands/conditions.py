"""`condition`, `route`: whether the way is clear."""

from typing import Annotated, Any

import typer
from rich.console import Console

from desk import conditions, movements
from desk.commands.common import Json, at_desk
from desk.conditions import Listing
from desk.times import parse_time, show_age, show_time
from desk.voice import table

app = typer.Typer(
    no_args_is_help=True,
    help="Go or no go: what must be green before a movement's notice goes out, and before you give the go.",
)
routes = typer.Typer(
    no_args_is_help=True,
    help="How the routes stand: said by any office of the relay, seen by all, without a name.",
)

Code = Annotated[str, typer.Argument(metavar="MOVEMENT", help="Its code name, e.g. AIR-07.")]
Source = Annotated[
    str,
    typer.Option("--source", help="official, partner, media or rumour; only official ones let people go."),
]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Since when it is known; left out, now.")]
Life = Annotated[str | None, typer.Option("--for", help="How long it holds, e.g. 12h; needed with green.")]


@app.command("list")
def listed(context: typer.Context, *, code: Code, as_json: Json = False) -> None:
    """Show a movement's list: every condition, its source, and what stops a release.

    Example: qasid-desk condition list AIR-07
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        found = conditions.listed(desk, code)
        voice.result(_document(code, found), lambda out: _table(out, code, found, desk.now()))


@app.command("set")
def say(
    context: typer.Context,
    *,
    code: Code,
    condition: Annotated[str, typer.Argument(help=f"{', '.join(conditions.CONDITIONS)}.")],
    state: Annotated[str, typer.Argument(help="green or red.")],
    source: Source,
    life: Life = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Say how a condition stands; nothing said before is lost. One that is new joins the movement's list.

    A red one stops what has not gone out, and its coordinators hear of it.

    Example: qasid-desk condition set AIR-07 permit green --source official --for 12h
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        now = desk.now()
        times = {
            "as_of": parse_time(as_of, now) if as_of else None,
            "expires": parse_time(f"+{life.lstrip('+')}", now) if life else None,
        }
        found = conditions.say(desk, code, condition, state, grade=source, **times)
        voice.result(_document(code, found), lambda out: _table(out, code, found, now))


@routes.command("list")
def board(context: typer.Context, *, as_json: Json = False) -> None:
    """Show the board: what counts still, by route. The most cautious official word decides.

    Example: qasid-desk route list
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        rows = conditions.board(desk)
        voice.result({"statuses": rows}, lambda out: _board(out, rows, desk.now()))


@routes.command("set")
def put_up(
    context: typer.Context,
    *,
    route: Annotated[str, typer.Argument(help="AIR, LAND-PK, LAND-UZ or LAND-TJ.")],
    status: Annotated[str, typer.Argument(help=f"{', '.join(conditions.STATUSES)}.")],
    source: Source,
    life: Annotated[str, typer.Option("--for", help="How long it holds, e.g. 12h; at most a week.")],
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Say how a route stands. Every office of this relay sees it, and not who said it.

    discussion: it is talked about. technical: crews only. Then nobody is sent there, as when it is closed.

    Example: qasid-desk route set AIR limited --source official --for 24h
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        now = desk.now()
        rows = conditions.put_up(
            desk,
            movements.parse_route(route),
            status,
            grade=source,
            as_of=parse_time(as_of, now) if as_of else None,
            expires=parse_time(f"+{life.lstrip('+')}", now),
        )
        voice.result({"statuses": rows}, lambda out: _board(out, rows, now))


def _document(code: str, found: Listing) -> dict[str, Any]:
    lacking = [{"condition": name, "why": why} for name, why in found.lacking]
    return {"movement": code, "clear": not lacking, "lacking": lacking, "conditions": found.rows}


def _table(out: Console, code: str, found: Listing, now: int) -> None:
    shown = table(
        f"Conditions of {code}", "condition", "state", "source", "as of", "holds for", "by", "lacks"
    )
    for row in found.rows:
        left = show_age(row["expires"] - now) if row["expires"] and row["expires"] > now else "—"
        style = "red" if row["lacks"] else "green"
        shown.add_row(
            row["condition"],
            f"[{style}]{row['state']}[/]",
            row["grade"] or "—",
            show_time(row["as_of"] or 0) or "—",
            left,
            row["role_code"] or "—",
            row["lacks"] or "",
        )
    out.print(shown)
    route = next((why for name, why in found.lacking if name == "route"), None)
    if route:
        out.print(f"The route is {route}: see `qasid-desk route list`.", markup=False)
    if found.lacking:
        out.print("NO GO: nothing goes out that sends people there.", style="red", markup=False)
    else:
        out.print("GO: everything is green by an official source.", style="green", markup=False)


def _board(out: Console, rows: list[dict[str, Any]], now: int) -> None:
    shown = table("Routes", "route", "status", "source", "as of", "holds for", "said by")
    for row in rows:
        left = show_age(max(row["expires"] - now, 0))
        said = "us" if row["own"] else "another office"
        shown.add_row(row["route"], row["status"], row["grade"], show_time(row["as_of"]), left, said)
    out.print(
        shown if rows else "Nobody says anything about any route. See `route set --help`.", markup=False
    )
