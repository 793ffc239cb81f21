"""`movement outcome`, `board`, `rollovers`; `safety`: who boarded, and who is looked after because they did not."""

from typing import Annotated, Any

import typer
from rich.console import Console

from crypto.encoding import unb64u
from desk import outcomes, partners
from desk.commands.common import Json, Yes, at_desk
from desk.times import show_time
from desk.voice import table

app = typer.Typer()
safety = typer.Typer(
    no_args_is_help=True, help="People who did not come: are they all right? Nothing of theirs closes before."
)

Alias = Annotated[str, typer.Argument(metavar="ALIAS", help="The contact's alias, e.g. K-4821.")]
Code = Annotated[str, typer.Argument(metavar="CODE", help="The movement's code name, or its id.")]


@app.command("outcome")
def record(
    context: typer.Context,
    *,
    alias: Alias,
    code: Code,
    word: Annotated[
        str, typer.Argument(metavar="OUTCOME", help="The contact's own: boarded, no-show or not-lifted.")
    ],
    boarded: Annotated[int, typer.Option("--boarded", min=0, help="How many of the party boarded.")] = 0,
    no_show: Annotated[int, typer.Option("--no-show", min=0, help="How many did not come.")] = 0,
    not_lifted: Annotated[
        int, typer.Option("--not-lifted", min=0, help="How many came and were not taken along.")
    ] = 0,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Record what became of somebody and their party: of all of them, or counted person by person.

    Who boarded is in the headcount and in manifests, and nobody else: of a party that was parted, by name, the contact
    alone, and only if they boarded themselves.
    Who was not taken along is first for the next seats. Who did not come opens a safety check.

    Example: qasid-desk movement outcome K-4821 AIR-07 boarded --boarded 2 --not-lifted 1
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        voice.confirm(f"Record for good that {alias} on {code} is {word}?", yes=yes)
        counts = {"boarded": boarded, "no_show": no_show, "not_lifted": not_lifted}
        outcomes.record(desk, alias, code, word, counts)
        data = {"alias": alias, "code": code, "outcome": word}
        voice.result(data, lambda out: out.print(f"{alias} on {code}: {word}.", markup=False))


@app.command("board")
def board(context: typer.Context, *, code: Code, as_json: Json = False) -> None:
    """Show planned, held, accepted and boarded per office. What became of another office's people is its own matter.

    Example: qasid-desk movement board AIR-07
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        rows = [row.plain() for row in outcomes.board(desk, code)]
        for row in rows:
            row["name"] = partners.called(desk, unb64u(row["office"]))
        voice.result({"offices": rows}, lambda out: _board(out, rows))


@app.command("rollovers")
def rolled_over(context: typer.Context, *, as_json: Json = False) -> None:
    """List who came, was not taken along and has not boarded since: on standby they are first, whatever their class.

    Example: qasid-desk movement rollovers
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        rows = [row.plain() for row in outcomes.rolled_over(desk)]
        voice.result({"rollovers": rows}, lambda out: _rollovers(out, rows))


@safety.command("list")
def checks(context: typer.Context, *, as_json: Json = False) -> None:
    """List who did not come and was not reached since, the oldest first.

    Example: qasid-desk safety list
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        rows = [row.plain() for row in outcomes.checks(desk)]
        voice.result({"checks": rows}, lambda out: _checks(out, rows))


@safety.command("close")
def close(context: typer.Context, *, alias: Alias, yes: Yes = False, as_json: Json = False) -> None:
    """Close the check about somebody: it takes an attempt since that reached them (`attempt`).

    Example: qasid-desk safety close K-4821 --yes
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        voice.confirm(f"Is {alias} known to be looked after?", yes=yes)
        outcomes.close(desk, alias)
        voice.result({"alias": alias}, lambda out: out.print(f"Closed for {alias}.", markup=False))


def _board(out: Console, rows: list[dict[str, Any]]) -> None:
    names = ("planned", "held", "accepted", "boarded", "no_show", "not_lifted")
    shown = table("Board", "office", *(name.replace("_", " ") for name in names))
    for row in rows:
        shown.add_row(row["name"], *("—" if row[name] is None else str(row[name]) for name in names))
    out.print(shown)


def _rollovers(out: Console, rows: list[dict[str, Any]]) -> None:
    shown = table("Not taken along", "alias", "movement", "travellers", "recorded")
    for row in rows:
        shown.add_row(row["alias"], row["code"], str(row["travellers"]), show_time(row["at"]))
    out.print(shown)


def _checks(out: Console, rows: list[dict[str, Any]]) -> None:
    shown = table("Safety checks", "alias", "movement", "since", "last attempt", "reached")
    for row in rows:
        times = [show_time(row[name]) if row[name] else "—" for name in ("tried_at", "reached_at")]
        shown.add_row(row["alias"], row["code"], show_time(row["opened_at"]), *times)
    out.print(shown)
