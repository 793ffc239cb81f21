"""`inbox`, `read`, `reply`: the office's mail."""

import sys
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.markup import escape

from crypto.attachment import Attachment
from crypto.encoding import b64u
from crypto.envelope import Urgency
from desk import attachments, contacts, mail, media, messages, outbox, phrases
from desk.commands.common import Json, at_desk
from desk.errors import DeskError, UsageError
from desk.office import Desk
from desk.state import Message
from desk.times import show_age, show_time
from desk.voice import Voice, table

UPLOADING: Final = "uploading, chunks"


def inbox(
    context: typer.Context,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what has been read, and what this desk sent.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Fetch the office's mail, open and verify it, and list what is unread, oldest first.

    Gaps (something before it never came), late arrivals and envelopes that did not hold are shown.

    Example: qasid-desk inbox
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        report = mail.fetch(desk)
        warnings = [{"code": code, "message": text} for code, text in report.warnings]
        sent = 0
        try:
            sent = list(outbox.flush(desk).values()).count("accepted")
            with voice.progress() as tick:
                sent += len(attachments.flush(desk, partial(tick, UPLOADING)))
        except DeskError as refused:
            warnings.append({"code": refused.code, "message": refused.message})
        if report.waiting:
            text = f"{report.waiting} envelopes wait for an epoch that was not granted to this device yet."
            warnings.append({"code": "waiting", "message": text})
        waiting = messages.unread(desk)
        shown = sorted(desk.state.messages, key=lambda item: item.id) if everything else waiting
        oldest = desk.now() - waiting[0].received_at if waiting else None
        data = {
            "new": len(report.new),
            "unread": len(waiting),
            "oldest_unread": oldest,
            "messages": [row(message) for message in shown],
            "sent": sent,
            "warnings": warnings,
        }
        voice.result(data, lambda out: _table(out, shown, desk.now(), data))
        if not as_json:
            for warning in warnings:
                voice.note(warning["message"])


def read(
    context: typer.Context,
    *,
    number: Annotated[int, typer.Argument(metavar="ID", help="The message's number in the inbox.")],
    no_receipt: Annotated[
        bool, typer.Option("--no-receipt", help="Do not tell the sender that it was opened.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show a message, and tell its sender (sealed) that it was opened.

    Example: qasid-desk read 12
    """
    with at_desk(context, as_json=as_json, lenient=True) as (voice, desk):
        message = messages.find(desk, number)
        fresh = messages.mark_read(desk, message)
        receipt = messages.acknowledge(desk, message) if fresh and not no_receipt else "none"
        data = row(message) | {
            "contact": b64u(message.contact) if message.contact else None,
            "content_hash": b64u(message.content_hash),
            "text": message.text,
            "status": message.status or None,
            "about": b64u(message.about) if message.about else None,
            "receipt": receipt,
        }
        voice.result(data, lambda out: _show(out, message))


def reply(
    context: typer.Context,
    *,
    alias: Annotated[str, typer.Argument(help="The contact's alias.")],
    text: Annotated[
        str, typer.Argument(help="The text; left out or -, it is read from standard input.")
    ] = "-",
    code: Annotated[
        str, typer.Option("--phrase", help="Instead of a text: a code of `qasid-desk phrase list`.")
    ] = "",
    language: Annotated[
        str, typer.Option("--language", help="Of the phrase; left out, the one the contact has chosen.")
    ] = "",
    attach: Annotated[
        Path | None,
        typer.Option(
            "--attach",
            help="A photograph (JPEG, WebP) or voice note (Ogg with Opus), 256 KiB at most; the text is its caption.",
        ),
    ] = None,
    urgent: Annotated[bool, typer.Option("--urgent", help="Ring with sound, also at night.")] = False,
    as_json: Json = False,
) -> None:
    """Seal a message to a contact's phone (and to the office's own epoch, for the colleagues) and send it.

    Queued means: sealed and kept here, sent with the next command that reaches the relay. A text on the command
    line may stay in your shell's history; standard input leaves no trace (at a terminal, end with Ctrl-D).

    Example: echo "We have read it. Stay where you are." | qasid-desk reply K-4821

    What is attached is sent without its metadata: place, time, camera, and which way up it was held.

    Example: qasid-desk reply K-4821 --phrase received

    Example: qasid-desk reply K-4821 "The form, filled in" --attach form.jpg
    """
    with at_desk(context, as_json=as_json, lenient=True) as (voice, desk):
        urgency = Urgency.URGENT if urgent else Urgency.ROUTINE
        if attach:
            caption = _phrase(desk, alias, text, code, language) if code else text.removeprefix("-")
            _attach(voice, desk, alias, attach, caption, urgency)
            return
        body = _phrase(desk, alias, text, code, language) if code else _text(text)
        sent = messages.reply(desk, alias, body, urgency)
        data = {
            "id": sent.message.id,
            "envelope": b64u(sent.message.envelope),
            "state": sent.state,
            "at": sent.message.sent_at,
            "devices": sent.devices,
            "phrase": body if code else None,
        }
        words = {"accepted": "The relay has it.", "queued": "Queued here; it is sent with the next command."}
        voice.result(data, lambda out: _sent(out, f"{alias}: {words[sent.state]}", body if code else ""))


def _attach(  # noqa: PLR0917 - what the command was given
    voice: Voice, desk: Desk, alias: str, path: Path, caption: str, urgency: Urgency
) -> None:
    due = attachments.queue(desk, alias, media.read(path), caption, urgency)
    named = Attachment.parse(due.attachment)
    with voice.progress() as tick:
        sent = {each.message.attachment: each for each in attachments.flush(desk, partial(tick, UPLOADING))}
    done = sent.get(due.attachment)
    data = {
        "id": done.message.id if done else None,
        "envelope": b64u(done.message.envelope) if done else None,
        "state": done.state if done else "uploading",
        "at": done.message.sent_at if done else None,
        "attachment": described(due.attachment),
    }
    words = {
        "accepted": "The relay has it.",
        "queued": "The relay has it; its message is queued here, and sent with the next command.",
        "uploading": "Not all of it could be sent; the next `qasid-desk inbox` goes on.",
    }
    line = f"{alias}: {media.called(named)} {words[str(data['state'])]}"
    voice.result(data, lambda out: _sent(out, line, ""))


def described(payload: bytes) -> dict[str, Any]:
    """What a message says of what is attached to it, but for the key."""
    named = Attachment.parse(payload)
    return {
        "type": media.TYPES[named.media],
        "bytes": named.size,
        "seconds": named.seconds or None,
        "width": named.width or None,
        "height": named.height or None,
        "called": media.called(named),
    }


def attached(message: Message) -> str:
    """What came with a message, and how to see it."""
    called = media.called(Attachment.parse(message.attachment))
    return f"{called}: qasid-desk attachment save {message.id} FILE"


def _text(given: str) -> str:
    return sys.stdin.read() if given == "-" else given


def _phrase(desk: Desk, alias: str, text: str, code: str, language: str) -> str:
    if text != "-":
        raise UsageError("A text, or a phrase?", "Give the one or the other.")
    if not language:
        phrases.phrase(code, "en")  # a mistyped code is said before the relay is asked
        language = contacts.addressee(desk, alias).language
    return phrases.phrase(code, language)


def _sent(out: Console, line: str, phrase: str) -> None:
    if phrase:
        out.print(f"“{phrase}”", markup=False)
    out.print(line, markup=False)


def row(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "from": "me" if message.own else message.party,
        "to": message.party if message.own else None,
        "kind": message.kind,
        "at": message.sent_at,
        "received_at": message.received_at,
        "read": message.read,
        "gap": message.gap,
        "late": message.late,
        "unverified": message.unverified,
        "handed_by": message.handed or None,
        "receipt_state": message.receipt or None,
        "attachment": described(message.attachment) if message.attachment else None,
        "thread": b64u(message.thread),
        "envelope": b64u(message.envelope),
    }


def _table(out: Console, shown: list[Message], now: int, data: dict[str, Any]) -> None:
    if not shown:
        out.print("Nothing unread.")
        return
    oldest = (
        f", the oldest for {show_age(data['oldest_unread'])}" if data["oldest_unread"] is not None else ""
    )
    rows = table(f"{data['unread']} unread{oldest}", "ID", "from", "what", "age", "note")
    for message in shown:
        notes = [
            word
            for word, given in (
                ("something before it is missing", message.gap),
                ("came late", message.late),
                ("UNVERIFIED", message.unverified),
                (f"handed over by {message.handed}", bool(message.handed)),
                ("unread", not message.read and not message.own),
                (
                    f"{message.receipt}" if message.own else f"read by {message.receipt}",
                    bool(message.receipt),
                ),
            )
            if given
        ]
        what = f"{message.kind}: {message.status}" if message.status else message.kind
        if message.attachment:
            what = escape(media.called(Attachment.parse(message.attachment)))
        sender = f"me to {message.party}" if message.own else message.party
        rows.add_row(str(message.id), sender, what, show_age(now - message.received_at), ", ".join(notes))
    out.print(rows)


def _show(out: Console, message: Message) -> None:
    head = f"me to {message.party}" if message.own else message.party
    out.print(f"{head} · {show_time(message.sent_at)}", style="bold", markup=False)
    if message.unverified:
        out.print("Unverified: anybody may have written this, or read it.", style="yellow")
    if message.handed:
        out.print(f"As {message.handed}'s desk kept it; it did not come to this desk itself.", style="yellow")
    if message.gap:
        out.print("Something sent before this has not come (yet).", style="yellow")
    if message.status:
        out.print(f"Status: {message.status}", style="bold", markup=False)
    if message.attachment:
        out.print(attached(message), markup=False)
    if message.text:
        out.print(message.text, markup=False)
