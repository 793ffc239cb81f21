"""A message between offices as officers see it, and what both of its commands do: exchange, send, tell."""

import sys
from typing import Annotated, Any

import typer
from rich.console import Console

from crypto.content import TextMessage
from crypto.disclosure import Disclosure
from crypto.encoding import b64u
from crypto.manifest import Manifest
from crypto.missive import Missive, Original, Outcome, Paraphrase, Request
from desk import mail, mediation, partners, threads
from desk.office import Desk
from desk.state import HeldMissive
from desk.times import show_time
from desk.voice import Voice

Text = Annotated[str, typer.Argument(help="The text; - or nothing reads it from standard input.")]


def given(text: str) -> str:
    """What `Text` stands for."""
    return sys.stdin.read() if text == "-" else text


def exchange(voice: Voice, desk: Desk) -> list[dict[str, str]]:
    """Fetches the mail and sends what is queued; the warnings, which are said too."""
    report = mail.fetch(desk)
    threads.flush(desk)
    warnings = [{"code": code, "message": text} for code, text in report.warnings if code != "threads"]
    for warning in warnings if not voice.as_json else ():
        voice.note(warning["message"])
    return warnings


def sent(voice: Voice, desk: Desk, *held: HeldMissive) -> None:
    """Sends what was just queued, and tells what became of it."""
    threads.flush(desk)
    numbers = {(found.office, found.thread): found.number for found in threads.threads(desk)}
    rows = []
    for each in held:
        missive = threads.read(each)
        rows.append(row(desk, each) | {"thread": numbers[missive.to, missive.thread]})

    def human(out: Console) -> None:
        for row in rows:
            word = "Sent" if row["state"] == "accepted" else "Queued (the relay is out of reach)"
            out.print(f"{word}: message {row['id']} to {row['to']}, thread {row['thread']}.", markup=False)

    voice.result({"messages": rows}, human)


def row(desk: Desk, held: HeldMissive) -> dict[str, Any]:
    """One message as a document. `origin`: whose words it carries, and whether that was verified."""
    missive = threads.read(held)
    payload = missive.read()
    shown: dict[str, Any] = {
        "id": held.id,
        "from": partners.called(desk, missive.office),
        "to": partners.called(desk, missive.to),
        "role_code": held.role_code,
        "kind": missive.kind.name.lower(),
        "sent_at": missive.sent_at,
        "gap": held.gap,
        "state": held.state,
        "text": "",
        "headline": headline(desk, held),
    }
    if isinstance(payload, TextMessage):
        shown["text"] = payload.text
    elif isinstance(payload, Disclosure):
        shown["text"] = "\n".join(f"{field.code}: {field.text}" for field in payload.fields)
        shown |= {"alias": payload.alias, "fields": {field.code: field.text for field in payload.fields}}
    elif isinstance(payload, Request):
        said = mediation.outcome(desk, missive)
        shown |= {
            "text": payload.text,
            "pass_to": partners.called(desk, payload.to),
            "outcome": _verdict(said),
        }
        shown["reason"] = said.reason.name.lower().replace("_", "-") if said and said.reason else None
    elif isinstance(payload, Original):
        author = payload.signed.missive
        shown |= {"text": payload.request.text, "author": partners.called(desk, author.office)}
        shown |= {"author_office": b64u(author.office), "origin": threads.origin(desk, held)}
    elif isinstance(payload, Paraphrase):
        shown |= {"text": payload.text, "author": partners.called(desk, payload.origin)}
        shown |= {"author_office": b64u(payload.origin), "origin": "paraphrase"}
    return shown


def headline(desk: Desk, held: HeldMissive) -> str:
    """In one line, what this is."""
    missive = threads.read(held)
    return _words(desk, held, missive) + (" FAILED: the relay refused it" if held.state == "failed" else "")


def _words(desk: Desk, held: HeldMissive, missive: Missive) -> str:
    payload = missive.read()
    if isinstance(payload, Request):
        became = _verdict(mediation.outcome(desk, missive)) or "nothing decided yet"
        return f"to be passed on to {partners.called(desk, payload.to)}: {became}"
    if isinstance(payload, Original):
        author = partners.called(desk, payload.signed.missive.office)
        return f"passed on for {author}, the signed original: {threads.origin(desk, held)}"
    if isinstance(payload, Paraphrase):
        author = partners.called(desk, payload.origin)
        return f"for {author}, PARAPHRASED: the mediator's words, not theirs"
    if isinstance(payload, Outcome):
        return f"what became of a request: {_verdict(payload)}"
    return _about(held, payload)


def _about(held: HeldMissive, payload: object) -> str:
    if isinstance(payload, Disclosure):
        whole = "" if not held.hash else "; the rest was taken back and destroyed"
        return f"about {payload.alias}, by their own consent: {', '.join(payload.groups)}{whole}"
    if isinstance(payload, Manifest):
        name, body = b64u(payload.body.manifest)[:8], payload.body
        return f"manifest of {body.code}, {len(body.rows)} people: qasid-desk manifests show {name}"
    return "taken back, or its date over: destroyed" if held.hash else "text"


def _verdict(said: Outcome | None) -> str | None:
    if said is None:
        return None
    word = mediation.VERDICTS[said.verdict]
    return f"{word} ({said.reason.name.lower().replace('_', '-')})" if said.reason else word


def show(out: Console, row: dict[str, Any]) -> None:
    """One message in full, as `row` gave it."""
    who = f"{row['id']}  {show_time(row['sent_at'])}  {row['role_code']} of {row['from']} to {row['to']}"
    out.print(who + ("  (something before it is missing)" if row["gap"] else ""), style="cyan", markup=False)
    if row["headline"] != "text":
        out.print(f"    {row['headline']}", style="yellow", markup=False)
    for line in row["text"].splitlines():
        # Another office's words must not steer this terminal.
        out.print("    " + "".join(c if c.isprintable() else "�" for c in line), markup=False, soft_wrap=True)
