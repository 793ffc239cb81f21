"""`thread`, `mediate`: messages between offices."""

import sys
from typing import Annotated, Any

import typer
from rich.console import Console

from crypto.content import TextMessage
from crypto.disclosure import Disclosure
from crypto.encoding import b64u
from crypto.missive import Missive, Original, Outcome, Paraphrase, Request
from desk import mail, partners, threads
from desk.commands.common import Json, at_desk
from desk.office import Desk
from desk.state import HeldMissive
from desk.times import show_age, show_time
from desk.voice import Voice, table

app = typer.Typer(
    no_args_is_help=True,
    help="Threads with other offices: sealed to them, signed by you. Pin them first: `qasid-desk office --help`.",
)
mediate = typer.Typer(
    no_args_is_help=True,
    help="What other offices ask us to pass on. You read it, and pass it on, put it in your own words, hold it or "
    "return it; its author is told which, and the reader sees whether it is the signed original or your words.",
)

Number = Annotated[int, typer.Argument(metavar="THREAD", help="The thread's number in `thread list`.", min=1)]
Asked = Annotated[int, typer.Argument(metavar="ID", help="The message's number in `mediate list`.", min=1)]
Text = Annotated[str, typer.Argument(help="The text; - or nothing reads it from standard input.")]


@app.command("list")
def listed(context: typer.Context, *, as_json: Json = False) -> None:
    """Fetch the mail, and list the threads with other offices: unread, and since when.

    Example: qasid-desk thread list
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        warnings = _exchange(voice, desk)
        rows = [_thread(desk, each) for each in threads.threads(desk)]
        count = len(threads.waiting(desk))
        data = {"threads": rows, "waiting": count, "warnings": warnings}
        voice.result(data, lambda out: _threads(out, rows, count))


@app.command("start")
def start(
    context: typer.Context,
    *,
    name: Annotated[str, typer.Argument(metavar="OFFICE", help="A pinned office, by its name here.")],
    text: Text = "-",
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
        _sent(voice, desk, threads.send(desk, to, _text(text), pass_to=third))


@app.command("send")
def send(
    context: typer.Context,
    *,
    number: Number,
    text: Text = "-",
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
        _sent(voice, desk, threads.send(desk, to, _text(text), within=found.thread, pass_to=third))


@app.command("read")
def read(context: typer.Context, *, number: Number, as_json: Json = False) -> None:
    """Show a thread: who wrote, what was passed on for whom (verified or not), and what became of your requests.

    Example: qasid-desk thread read 3
    """
    with at_desk(context, as_json=as_json, lenient=True) as (voice, desk):
        found = threads.thread(desk, number)
        rows = [_missive(desk, held) for held in found.missives]
        for held in found.missives:
            held.read = True
        desk.save()
        data = {"thread": number, "office": partners.called(desk, found.office), "messages": rows}
        voice.result(data, lambda out: _read(out, data))


@mediate.command("list")
def waiting(context: typer.Context, *, as_json: Json = False) -> None:
    """Fetch the mail, and list what waits to be passed on, oldest first, with its text.

    Example: qasid-desk mediate list
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        warnings = _exchange(voice, desk)
        rows = [_missive(desk, held) for held in threads.waiting(desk)]
        voice.result({"messages": rows, "warnings": warnings}, lambda out: _waiting(out, rows, desk.now()))


@mediate.command("pass")
def pass_on(context: typer.Context, *, number: Asked, as_json: Json = False) -> None:
    """Pass a message on with its author's signed original enclosed; the reader can verify it.

    Example: qasid-desk mediate pass 12
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        _sent(voice, desk, *threads.pass_on(desk, number))


@mediate.command("paraphrase")
def paraphrase(context: typer.Context, *, number: Asked, text: Text = "-", as_json: Json = False) -> None:
    """Pass a message on in your own words. Both sides are told that these are not the author's.

    Example: qasid-desk mediate paraphrase 12 "They ask whether six people may travel."
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        _sent(voice, desk, *threads.pass_on(desk, number, _text(text), own_words=True))


@mediate.command("hold")
def hold(context: typer.Context, *, number: Asked, as_json: Json = False) -> None:
    """Hold a message for now, and tell its author. You can still pass it on or return it.

    Example: qasid-desk mediate hold 12
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        _sent(voice, desk, threads.hold(desk, number))


@mediate.command("return")
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
        _sent(voice, desk, threads.give_back(desk, number, reason))


def _text(given: str) -> str:
    return sys.stdin.read() if given == "-" else given


def _exchange(voice: Voice, desk: Desk) -> list[dict[str, str]]:
    report = mail.fetch(desk)
    threads.flush(desk)
    warnings = [{"code": code, "message": text} for code, text in report.warnings if code != "threads"]
    for warning in warnings if not voice.as_json else ():
        voice.note(warning["message"])
    return warnings


def _sent(voice: Voice, desk: Desk, *held: HeldMissive) -> None:
    threads.flush(desk)
    numbers = {(found.office, found.thread): found.number for found in threads.threads(desk)}
    rows = []
    for each in held:
        missive = threads.read(each)
        rows.append(_missive(desk, each) | {"thread": numbers[missive.to, missive.thread]})

    def human(out: Console) -> None:
        for row in rows:
            word = "Sent" if row["state"] == "accepted" else "Queued (the relay is out of reach)"
            out.print(f"{word}: message {row['id']} to {row['to']}, thread {row['thread']}.", markup=False)

    voice.result({"messages": rows}, human)


def _thread(desk: Desk, found: threads.Thread) -> dict[str, Any]:
    last = found.missives[-1]
    unread = [held for held in found.missives if not held.read]
    return {
        "thread": found.number,
        "office": partners.called(desk, found.office),
        "messages": len(found.missives),
        "unread": len(unread),
        "oldest_unread": desk.now() - unread[0].received_at if unread else None,
        "last": _headline(desk, last),
        "last_id": last.id,
        "last_at": threads.read(last).sent_at,
    }


def _missive(desk: Desk, held: HeldMissive) -> dict[str, Any]:
    """One message as a document. `origin`: whose words it carries, and whether that was verified."""
    missive = threads.read(held)
    payload = missive.read()
    row: dict[str, Any] = {
        "id": held.id,
        "from": partners.called(desk, missive.office),
        "to": partners.called(desk, missive.to),
        "role_code": held.role_code,
        "kind": missive.kind.name.lower(),
        "sent_at": missive.sent_at,
        "gap": held.gap,
        "state": held.state,
        "text": "",
        "headline": _headline(desk, held),
    }
    if isinstance(payload, TextMessage):
        row["text"] = payload.text
    elif isinstance(payload, Disclosure):
        row["text"] = "\n".join(f"{field.code}: {field.text}" for field in payload.fields)
        row |= {"alias": payload.alias, "fields": {field.code: field.text for field in payload.fields}}
    elif isinstance(payload, Request):
        said = threads.outcome(desk, missive)
        row |= {"text": payload.text, "pass_to": partners.called(desk, payload.to), "outcome": _verdict(said)}
        row["reason"] = said.reason.name.lower().replace("_", "-") if said and said.reason else None
    elif isinstance(payload, Original):
        author = payload.signed.missive
        row |= {"text": payload.request.text, "author": partners.called(desk, author.office)}
        row |= {"author_office": b64u(author.office), "origin": threads.origin(desk, held)}
    elif isinstance(payload, Paraphrase):
        row |= {"text": payload.text, "author": partners.called(desk, payload.origin)}
        row |= {"author_office": b64u(payload.origin), "origin": "paraphrase"}
    return row


def _headline(desk: Desk, held: HeldMissive) -> str:
    """In one line, what this is."""
    missive = threads.read(held)
    return _words(desk, held, missive) + (" FAILED: the relay refused it" if held.state == "failed" else "")


def _words(desk: Desk, held: HeldMissive, missive: Missive) -> str:
    payload = missive.read()
    if isinstance(payload, Request):
        became = _verdict(threads.outcome(desk, missive)) or "nothing decided yet"
        return f"to be passed on to {partners.called(desk, payload.to)}: {became}"
    if isinstance(payload, Original):
        author = partners.called(desk, payload.signed.missive.office)
        return f"passed on for {author}, the signed original: {threads.origin(desk, held)}"
    if isinstance(payload, Paraphrase):
        author = partners.called(desk, payload.origin)
        return f"for {author}, PARAPHRASED: the mediator's words, not theirs"
    if isinstance(payload, Outcome):
        return f"what became of a request: {_verdict(payload)}"
    if isinstance(payload, Disclosure):
        whole = "" if not held.hash else "; the rest was taken back and destroyed"
        return f"about {payload.alias}, by their own consent: {', '.join(payload.groups)}{whole}"
    return "taken back and destroyed" if held.hash else "text"


def _verdict(said: Outcome | None) -> str | None:
    if said is None:
        return None
    word = threads.VERDICTS[said.verdict]
    return f"{word} ({said.reason.name.lower().replace('_', '-')})" if said.reason else word


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
        _print(out, row)


def _waiting(out: Console, rows: list[dict[str, Any]], now: int) -> None:
    for row in rows:
        out.print(f"Waits {show_age(now - row['sent_at'])}:", markup=False)
        _print(out, row)
    out.print("Then: mediate pass, paraphrase, hold or return." if rows else "Nothing waits.", markup=False)


def _print(out: Console, row: dict[str, Any]) -> None:
    who = f"{row['id']}  {show_time(row['sent_at'])}  {row['role_code']} of {row['from']} to {row['to']}"
    out.print(who + ("  (something before it is missing)" if row["gap"] else ""), style="cyan", markup=False)
    if row["headline"] != "text":
        out.print(f"    {row['headline']}", style="yellow", markup=False)
    for line in row["text"].splitlines():
        # Another office's words must not steer this terminal.
        out.print("    " + "".join(c if c.isprintable() else "�" for c in line), markup=False, soft_wrap=True)
