"""`thread`: messages between offices."""

from typing import Annotated, Any

import typer
from rich.console import Console

from desk import mediation, partners, threads
from desk.commands import missives
from desk.commands.common import Json, at_desk
from desk.office import Desk
from desk.times import show_age, show_time
from desk.voice import table

app = typer.Typer(
    no_args_is_help=True,
    help="Threads with other offices: sealed to them, signed by you. Pin them first: `qasid-desk office --help`.",
)
Number = Annotated[int, typer.Argument(metavar="THREAD", help="The thread's number in `thread list`.", min=1)]


@app.command("list")
def listed(context: typer.Context, *, as_json: Json = False) -> None:
    """Fetch the mail, and list the threads with other offices: unread, and since when.

    Example: qasid-desk thread list
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        warnings = missives.exchange(voice, desk)
        rows = [_thread(desk, each) for each in threads.threads(desk)]
        count = len(mediation.waiting(desk))
        data = {"threads": rows, "waiting": count, "warnings": warnings}
        voice.result(data, lambda out: _threads(out, rows, count))


@app.command("start")
def start(
    context: typer.Context,
    *,
    name: Annotated[str, typer.Argument(metavar="OFFICE", help="A pinned office, by its name here.")],
    text: missives.Text = "-",
    pass_to: Annotated[
        str,
        typer.Option("--pass-to", help="Ask them to pass it on to this office: its name here, id or card."),
    ] = "",
    as_json: Json = False,
) -> None:
    """Begin a thread with a pinned office; with --pass-to, ask it to pass your message on to a third one.

    A mediator reads what it passes on. `thread read` then shows what it did: passed on, paraphrased, held, or
    returned with a reason.

    Example: qasid-desk thread start Doha "Can six come on Sunday?" --pass-to Kabul
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        to = partners.named(desk, name)
        third = partners.office_id(desk, pass_to) if pass_to else b""
        missives.sent(voice, desk, threads.send(desk, to, missives.given(text), pass_to=third))


@app.command("send")
def send(
    context: typer.Context,
    *,
    number: Number,
    text: missives.Text = "-",
    pass_to: Annotated[
        str,
        typer.Option("--pass-to", help="Ask them to pass it on to this office: its name here, id or card."),
    ] = "",
    as_json: Json = False,
) -> None:
    """Write on in a thread.

    Example: qasid-desk thread send 3 "Thank you. We wait for the list."
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        found = threads.thread(desk, number)
        to = partners.pinned(desk, found.office)
        third = partners.office_id(desk, pass_to) if pass_to else b""
        missives.sent(
            voice, desk, threads.send(desk, to, missives.given(text), within=found.thread, pass_to=third)
        )


@app.command("read")
def read(context: typer.Context, *, number: Number, as_json: Json = False) -> None:
    """Show a thread: who wrote, what was passed on for whom (verified or not), and what became of your requests.

    Example: qasid-desk thread read 3
    """
    with at_desk(context, as_json=as_json, lenient=True) as (voice, desk):
        found = threads.thread(desk, number)
        rows = [missives.row(desk, held) for held in found.missives]
        for held in found.missives:
            held.read = True
        desk.save()
        data = {"thread": number, "office": partners.called(desk, found.office), "messages": rows}
        voice.result(data, lambda out: _read(out, data))


def _thread(desk: Desk, found: threads.Thread) -> dict[str, Any]:
    last = found.missives[-1]
    unread = [held for held in found.missives if not held.read]
    return {
        "thread": found.number,
        "office": partners.called(desk, found.office),
        "messages": len(found.missives),
        "unread": len(unread),
        "oldest_unread": desk.now() - unread[0].received_at if unread else None,
        "last": missives.headline(desk, last),
        "last_id": last.id,
        "last_at": threads.read(last).sent_at,
    }


def _threads(out: Console, rows: list[dict[str, Any]], count: int) -> None:
    shown = table("Threads", "no.", "office", "messages", "unread", "oldest", "last", "at")
    for row in rows:
        age = show_age(row["oldest_unread"]) if row["oldest_unread"] is not None else "—"
        counts = [str(row["messages"]), str(row["unread"]), age]
        shown.add_row(str(row["thread"]), row["office"], *counts, row["last"], show_time(row["last_at"]))
    out.print(shown if rows else "No thread yet. Begin one with `qasid-desk thread start`.", markup=False)
    if count:
        out.print(f"{count} to be passed on: qasid-desk mediate list", style="yellow", markup=False)


def _read(out: Console, data: dict[str, Any]) -> None:
    out.print(f"Thread {data['thread']} with {data['office']}", style="bold", markup=False)
    for row in data["messages"]:
        missives.show(out, row)
