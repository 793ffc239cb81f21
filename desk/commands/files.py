"""`file`: what people told about themselves, and passing it on by their consent."""

from typing import Annotated, Any

import typer
from rich.console import Console

from crypto.encoding import b64u
from desk import casefiles, contacts, disclosures, mail, partners, threads
from desk.commands.common import Json, Yes, at_desk
from desk.disclosures import PassedOn, TakenBack
from desk.office import Desk
from desk.times import show_age, show_time
from desk.voice import table

app = typer.Typer(
    help="Case files: what people told in the app. Passed on to another office only as they permit, field group by "
    "field group; what they take back is destroyed there, and that office signs it.",
    no_args_is_help=True,
)
Alias = Annotated[str, typer.Argument(help="The contact's alias.")]
Office = Annotated[str, typer.Option("--office", help="The other office's name here (`office list`).")]
Groups = Annotated[
    str, typer.Option("--fields", help=f"Comma-separated groups: {', '.join(casefiles.GROUPS)}.")
]


@app.command("show")
def show(context: typer.Context, *, alias: Alias, as_json: Json = False) -> None:
    """Fetch the mail, and show what a contact told about themselves, and to whom it may be passed on.

    Example: qasid-desk file show K-4821
    """
    with at_desk(context, as_json=as_json, lenient=True) as (voice, desk):
        mail.fetch(desk)
        view = contacts.find(contacts.refresh(desk), alias.upper())
        fields = casefiles.of(desk, view.alias)
        data: dict[str, Any] = {
            "alias": view.alias,
            "fields": {code: {"text": held.text, "at": held.at} for code, held in fields.items()},
            "sharing": [
                {"office": partners.called(desk, office), "fields": group, "given": said.given, "at": said.at}
                for (office, group), said in sorted(view.sharing.items())
            ],
        }
        voice.result(data, lambda out: _show(out, data))


@app.command("ask")
def ask(
    context: typer.Context,
    *,
    alias: Alias,
    office: Office,
    fields: Groups,
    called: Annotated[
        str,
        typer.Option(
            "--called", help="What the contact reads as that office's name; left out, its name here."
        ),
    ] = "",
    as_json: Json = False,
) -> None:
    """Ask a contact whether groups of what they tell may be passed on to another office. They answer in the app.

    Nothing is passed on by it. Say in a message of your own why you ask; help must not depend on the answer.

    Example: qasid-desk file ask K-4821 --office North --fields identity,family --called "Embassy of Northland"
    """
    with at_desk(context, as_json=as_json, lenient=True) as (voice, desk):
        named = casefiles.groups(fields)
        sent = casefiles.ask(desk, alias.upper(), office, named, called)
        data = {"id": sent.message.id, "state": sent.state, "fields": named}
        word = "Asked." if sent.state == "accepted" else "Queued here; it is sent with the next command."
        voice.result(data, lambda out: out.print(word))


@app.command("pass")
def pass_on(
    context: typer.Context,
    *,
    alias: Alias,
    office: Office,
    fields: Groups,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Pass on what a contact told, sealed, to another office: just these groups, which they consented to.

    Their signed consent goes with it. It cannot be called back by you; they can take it back.

    Example: qasid-desk file pass K-4821 --office North --fields identity
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        named = casefiles.groups(fields)
        mail.fetch(desk)
        voice.confirm(f"Pass on {', '.join(named)} of {alias.upper()} to {office}?", yes=yes)
        held = disclosures.pass_on(desk, alias.upper(), office, named)
        threads.flush(desk)
        data = {"id": held.id, "envelope": b64u(held.envelope), "state": held.state, "fields": named}
        word = "Passed on." if held.state == "accepted" else "Queued (the relay is out of reach)."
        voice.result(data, lambda out: out.print(word))


@app.command("passed")
def passed(context: typer.Context, *, as_json: Json = False) -> None:
    """List what this office passed on, what was taken back since, and which offices have not confirmed its end.

    Example: qasid-desk file passed
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        rows = [_passed(desk, each) for each in disclosures.passed(desk)]
        late = sum(row["state"] == "withdrawn" for row in rows)
        voice.result(
            {"disclosures": rows, "outstanding": late}, lambda out: _sent(out, rows, late, desk.now())
        )


@app.command("taken-back")
def taken_back(context: typer.Context, *, yes: Yes = False, as_json: Json = False) -> None:
    """Destroy what other offices' people took back, and sign to those offices that it is destroyed.

    What this desk holds goes at once. Confirm only when printed or copied pages are destroyed as well, at every desk.

    Example: qasid-desk file taken-back
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        mail.fetch(desk)
        found = disclosures.taken_back(desk)
        rows = [_taken_back(desk, each) for each in found]
        done = 0
        for each, row in zip(found, rows, strict=True):
            voice.confirm(_question(row), yes=yes)
            disclosures.acknowledge(desk, each)
            done += 1
        data = {"withdrawals": rows, "acknowledged": done}
        word = f"Acknowledged: {done}." if done else "Nothing was taken back that waits for a word."
        voice.result(data, lambda out: out.print(word))


def _passed(desk: Desk, each: PassedOn) -> dict[str, Any]:
    return {
        "envelope": b64u(each.envelope),
        "alias": each.alias,
        "fields": each.fields,
        "office": partners.called(desk, each.recipient),
        "state": each.state,
        "at": each.at,
        "withdrawn_at": each.withdrawn_at or None,
        "proof": each.proof,
    }


def _taken_back(desk: Desk, each: TakenBack) -> dict[str, Any]:
    return {
        "envelope": b64u(each.envelope),
        "fields": each.fields,
        "office": partners.called(desk, each.office),
        "reason": each.reason,
        "withdrawn_at": each.withdrawn_at,
        "word": each.word,
        "here": each.here,
    }


def _question(row: dict[str, Any]) -> str:
    what = "everything about somebody" if row["fields"] == "all" else row["fields"]
    why = {"withdrawn": "they took it back", "lapsed": "their consent is over", "erased": "they were erased"}
    here = f" ({row['word']})" if row["here"] else " (this desk holds nothing of it any more)"
    return (
        f"{what}, passed on by {row['office']}: {why.get(row['reason'], row['reason'])}{here}. "
        "Is it destroyed wherever this office kept it, on paper too? Sign that it is?"
    )


def _show(out: Console, data: dict[str, Any]) -> None:
    out.print(f"What {data['alias']} told", style="bold", markup=False)
    for code, held in data["fields"].items():
        out.print(f"{code} ({show_time(held['at'])})", style="cyan", markup=False)
        for line in held["text"].splitlines():
            out.print(
                "    " + "".join(c if c.isprintable() else "�" for c in line), markup=False, soft_wrap=True
            )
    if not data["fields"]:
        out.print("Nothing yet.")
    for row in data["sharing"]:
        word = "may be passed on to" if row["given"] else "may not be passed on to"
        out.print(f"{row['fields']} {word} {row['office']} (since {show_time(row['at'])})", markup=False)


def _sent(out: Console, rows: list[dict[str, Any]], late: int, now: int) -> None:
    if not rows:
        out.print("Nothing was passed on.")
        return
    shown = table("Passed on", "alias", "what", "to", "when", "state")
    for row in rows:
        state = {"standing": "stands", "acknowledged": f"destroyed there, {row['proof']}"}.get(
            row["state"], f"TAKEN BACK {show_age(now - (row['withdrawn_at'] or now))} ago, not confirmed"
        )
        shown.add_row(row["alias"] or "(erased)", row["fields"], row["office"], show_time(row["at"]), state)
    out.print(shown)
    if late:
        out.print(f"Not confirmed: {late}. Ask those offices, by another way if need be.", style="yellow")
