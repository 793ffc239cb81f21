"""`referrals`: people who came without a letter."""

from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.console import Console

from crypto.encoding import b64u
from desk import mail, referrals
from desk.commands.common import Json, Yes, at_desk
from desk.errors import DeskError
from desk.office import Desk
from desk.referrals import Unverified
from desk.times import show_age
from desk.voice import table

app = typer.Typer(invoke_without_command=True)
Alias = Annotated[str, typer.Argument(help="The alias of somebody who waits, e.g. U-48213.")]


class Why(StrEnum):
    """The reason a phone is told."""

    UNKNOWN = "unknown"
    DUPLICATE = "duplicate"
    MISMATCH = "mismatch"
    ELSEWHERE = "elsewhere"
    ABUSE = "abuse"


@app.callback()
def listed(context: typer.Context, *, as_json: Json = False) -> None:
    """People who came without a letter: list who waits, the oldest first. Neither side is verified.

    Whoever nobody vouches for in 30 days is deleted, with all they wrote. Answer with `reply`; never send them what
    only the right person may know.

    Example: qasid-desk referrals
    """
    if context.invoked_subcommand is not None:
        return
    with at_desk(context, as_json=as_json) as (voice, desk):
        waiting = referrals.listed(desk)
        report = mail.fetch(desk)
        rows = [_row(desk, one) for one in waiting]
        warnings = [
            {"code": "alarm", "message": f"{row['alias']}: {row['fault']}."} for row in rows if row["fault"]
        ] + [{"code": code, "message": text} for code, text in report.warnings]
        voice.result({"referrals": rows, "warnings": warnings}, lambda out: _table(out, rows, desk.now()))
        for warning in [] if as_json else warnings:
            voice.note(warning["message"])


@app.command("open")
def open_(
    context: typer.Context,
    *,
    code: Annotated[str, typer.Argument(help="The code name everybody reads, e.g. KABUL-2; never a name.")],
    as_json: Json = False,
) -> None:
    """Take people without a letter from now on. Everybody can read that this office does, under this code name.

    Example: qasid-desk referrals open DOHA-7
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        referrals.take_open(desk, code)
        voice.result({"open": True, "code": code}, lambda out: out.print(f"Open as {code}.", markup=False))


@app.command("close")
def close(context: typer.Context, *, as_json: Json = False) -> None:
    """Take nobody new without a letter. Who waits stays.

    Example: qasid-desk referrals close
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        referrals.close(desk)
        voice.result({"open": False, "code": None}, lambda out: out.print("Closed."))


@app.command("certify")
def certify(
    context: typer.Context,
    *,
    alias: Alias,
    matches: Annotated[
        bool,
        typer.Option("--matches", help="You read the number to each other by voice, and it is the same."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Show the comparison number of a phone; with --matches, vouch for it. It takes two officers.

    Only a voice proves anything: never compare by chat. The phone shows the same twelve groups, and its owner says
    there that they are the same. Who they are is another question: see `case`.

    Example: qasid-desk referrals certify U-48213 --matches
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        one = referrals.find(desk, alias)
        first = referrals.voucher(desk, one)
        data: dict[str, Any] = {"alias": alias, "number": " ".join(one.number), "first": first or None}
        if not matches:
            data["outcome"] = "shown"
        elif referrals.certify(desk, one):
            data["outcome"] = "enrolled"
        else:
            data["outcome"] = "waits for a second officer"
        voice.result(data, lambda out: _certified(out, data))


@app.command("refuse")
def refuse(
    context: typer.Context,
    *,
    alias: Alias,
    reason: Annotated[
        Why,
        typer.Option(
            "--reason",
            help="unknown to us, duplicate of a contact, mismatch of the number, elsewhere, abuse.",
        ),
    ],
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Turn somebody away. The phone is told the reason; what they wrote is deleted.

    Example: qasid-desk referrals refuse U-48213 --reason mismatch
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        one = next((each for each in referrals.listed(desk) if each.alias == alias), None)
        if one is None:
            raise DeskError(f"Nobody waits as {alias}.", "See `qasid-desk referrals`.", "no_referral")
        voice.confirm(f"Turn {alias} away ({reason.value}) and delete what they wrote?", yes=yes)
        referrals.refuse(desk, one, reason.value)
        data = {"alias": alias, "outcome": "refused", "reason": reason.value}
        voice.result(data, lambda out: out.print(f"{alias}: refused ({reason.value}).", markup=False))


def _row(desk: Desk, one: Unverified) -> dict[str, Any]:
    letters = [
        message for message in desk.state.messages if message.contact == one.contact and not message.own
    ]
    return {
        "contact": b64u(one.contact),
        "alias": one.alias,
        "at": one.at,
        "expires": one.expires,
        "language": one.language,
        "number": " ".join(one.number),
        "first": referrals.voucher(desk, one) or None,
        "letters": [message.id for message in letters],
        "unread": sum(not message.read for message in letters),
        "need_help": any(message.status == "need help" for message in letters),
        "fault": one.fault,
    }


def _table(out: Console, rows: list[dict[str, Any]], now: int) -> None:
    if not rows:
        out.print("Nobody waits.")
        return
    shown = table("Unverified", "alias", "waits", "deleted in", "language", "messages", "vouched for", "note")
    for row in rows:
        notes = ["ALARM: " + row["fault"] if row["fault"] else "", "needs help" if row["need_help"] else ""]
        shown.add_row(
            row["alias"],
            show_age(now - row["at"]),
            show_age(max(0, row["expires"] - now)),
            row["language"],
            ", ".join(map(str, row["letters"])) + (f" ({row['unread']} unread)" if row["unread"] else ""),
            f"by {row['first']}: a second officer is needed" if row["first"] else "—",
            ", ".join(note for note in notes if note),
        )
    out.print(shown)


def _certified(out: Console, data: dict[str, Any]) -> None:
    out.print(data["number"])
    if data["outcome"] == "shown":
        by = f" {data['first']} has vouched for it already." if data["first"] else ""
        out.print(f"Not verified.{by} Read it to each other by voice; then add --matches.", markup=False)
    else:
        out.print(f"{data['alias']}: {data['outcome']}.", markup=False)
