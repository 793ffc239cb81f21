"""`mediate`: what other offices ask us to pass on."""

from typing import Annotated, Any

import typer
from rich.console import Console

from desk import mediation
from desk.commands import missives
from desk.commands.common import Json, at_desk
from desk.times import show_age

app = typer.Typer(
    no_args_is_help=True,
    help="What other offices ask us to pass on. You read it, and pass it on, put it in your own words, hold it or "
    "return it; its author is told which, and the reader sees whether it is the signed original or your words.",
)

Asked = Annotated[int, typer.Argument(metavar="ID", help="The message's number in `mediate list`.", min=1)]


@app.command("list")
def listed(context: typer.Context, *, as_json: Json = False) -> None:
    """Fetch the mail, and list what waits to be passed on, oldest first, with its text.

    Example: qasid-desk mediate list
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        warnings = missives.exchange(voice, desk)
        rows = [missives.row(desk, held) for held in mediation.waiting(desk)]
        voice.result({"messages": rows, "warnings": warnings}, lambda out: _waiting(out, rows, desk.now()))


@app.command("pass")
def pass_on(context: typer.Context, *, number: Asked, as_json: Json = False) -> None:
    """Pass a message on with its author's signed original enclosed; the reader can verify it.

    Example: qasid-desk mediate pass 12
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        missives.sent(voice, desk, *mediation.pass_on(desk, number))


@app.command("paraphrase")
def paraphrase(
    context: typer.Context, *, number: Asked, text: missives.Text = "-", as_json: Json = False
) -> None:
    """Pass a message on in your own words. Both sides are told that these are not the author's.

    Example: qasid-desk mediate paraphrase 12 "They ask whether six people may travel."
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        missives.sent(voice, desk, *mediation.pass_on(desk, number, missives.given(text), own_words=True))


@app.command("hold")
def hold(context: typer.Context, *, number: Asked, as_json: Json = False) -> None:
    """Hold a message for now, and tell its author. You can still pass it on or return it.

    Example: qasid-desk mediate hold 12
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        missives.sent(voice, desk, mediation.hold(desk, number))


@app.command("return")
def give_back(
    context: typer.Context,
    *,
    number: Asked,
    reason: Annotated[
        str, typer.Option("--reason", help="unclear, wording, not-now, not-accepted or no-channel.")
    ],
    as_json: Json = False,
) -> None:
    """Return a message to its author with a reason; it goes no further.

    unclear: say it again. wording: it cannot be carried as it is put. not-now: later. not-accepted: the other office
    does not take it. no-channel: we are in no contact with that office.

    Example: qasid-desk mediate return 12 --reason wording
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        missives.sent(voice, desk, mediation.give_back(desk, number, reason))


def _waiting(out: Console, rows: list[dict[str, Any]], now: int) -> None:
    for row in rows:
        out.print(f"Waits {show_age(now - row['sent_at'])}:", markup=False)
        missives.show(out, row)
    out.print("Then: mediate pass, paraphrase, hold or return." if rows else "Nothing waits.", markup=False)
