"""`manifest`, `manifests`: who is on a movement, for others; as numbers, or by name with two officers."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from crypto.disclosure import Disclosure
from crypto.encoding import b64u
from desk import countersignatures, headcounts, mail, manifestfiles, manifests, partners, rolls
from desk.commands.common import Json, Yes, at_desk
from desk.commands.missives import exchange
from desk.errors import DeskError, UsageError
from desk.headcounts import OUTSIDER, Headcount
from desk.manifests import CAP, FIELDS, LeftOut
from desk.office import Desk
from desk.rolls import Roll
from desk.state import HeldManifest
from desk.times import parse_time, show_time
from desk.voice import Voice, table

app = typer.Typer(
    no_args_is_help=True,
    help="Manifests by name, proposed, sent and received. Each is destroyed at both offices on its date.",
)

Id = Annotated[str, typer.Argument(metavar="ID", help="The manifest's id or its beginning.")]


def manifest(
    context: typer.Context,
    *,
    code: Annotated[str, typer.Argument(metavar="MOVEMENT", help="Its code name, e.g. AIR-07.")],
    to: Annotated[str, typer.Option("--for", help=f"An office's name here (`office list`), or {OUTSIDER}.")],
    named: Annotated[
        str, typer.Option("--fields", help=f"By name, with these fields: {', '.join(FIELDS)}.")
    ] = "",
    until: Annotated[str, typer.Option("--until", help="When it is destroyed there and here.")] = "+14d",
    cap: Annotated[int, typer.Option("--cap", help="At most so many people; more are refused.")] = CAP,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Count who is on a movement: parties, adults, minors. With --fields, propose a manifest by name.

    A headcount for an outsider hides counts under 5. By name it goes to a pinned office alone, of those alone who
    consent to just that, and only when a second officer has approved it at their own desk.

    Example: qasid-desk manifest AIR-07 --for North --fields identity-name,needs-help
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        if not named:
            counted = headcounts.make(desk, code, to)
            data = {"movement": code, "for": to, **asdict(counted)}
            voice.result(data, lambda out: _count(out, code, to, counted))
            return
        headcounts.check_name(to)
        codes = manifests.fields(named)
        mail.fetch(desk)
        if cap > CAP:
            voice.note(f"Up to {cap} people: more than the usual {CAP}.")
        voice.confirm(f"Propose to give {', '.join(codes)} of who is on {code} to {to}?", yes=yes)
        end = parse_time(until, desk.now())
        held, out_of = manifests.propose(desk, code, to, codes, destroy_by=end, cap=cap)
        data = _proposal(desk, held) | {"left_out": [asdict(each) for each in out_of], "cap": cap}
        voice.result(data, lambda out: _proposed(out, data))


@app.command("list")
def listed(context: typer.Context, *, as_json: Json = False) -> None:
    """Fetch the mail, and list proposals that wait for a second officer, and manifests sent and received.

    Example: qasid-desk manifests list
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        warnings = exchange(voice, desk)
        waiting = [_proposal(desk, held) for held in desk.state.manifests.values()]
        rows = [_roll(desk, roll) for roll in rolls.listed(desk)]
        data = {"proposals": waiting, "manifests": rows, "warnings": warnings}
        voice.result(data, lambda out: _list(out, waiting, rows))


@app.command("approve")
def approve(
    context: typer.Context,
    *,
    id_: Id,
    called: Annotated[
        str, typer.Option("--called", help="What people read as that office's name; left out, its name here.")
    ] = "",
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Sign a colleague's proposal as the second officer: it is sent, and everybody in it is told.

    Each row is checked again against what this desk knows. Run again, it goes on where it was cut off.

    Example: qasid-desk manifests approve 4fzK --called "Embassy of Northland"
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        mail.fetch(desk)
        held = manifests.find(desk, id_)
        data = _proposal(desk, held)
        if not voice.as_json:
            _proposed(voice.out, data)
        voice.confirm(f"Give this of {data['people']} people to {data['office']}?", yes=yes)
        untold = countersignatures.approve_and_send(desk, held, called.strip())
        sent = data | {"state": "queued" if untold is None else "sent", "untold": untold or []}
        voice.result(sent, lambda out: _sent(out, sent))


@app.command("show")
def show(
    context: typer.Context,
    *,
    id_: Id,
    form: Annotated[
        str, typer.Option("--format", help=f"{', '.join(manifestfiles.FORMATS)} (ICAO 9303 lines).")
    ] = "table",
    path: Annotated[
        Path | None,
        typer.Option(
            "--out", help="A file for your eyes alone, noted in the log by its name; else none is written."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show a manifest, or a proposal whole. A file is deleted on the manifest's date, when this desk is used next.

    Example: qasid-desk manifests show 4fzK --format mrz
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        if form not in manifestfiles.FORMATS:
            raise UsageError(
                f"There is no format {form!r}.", f"Give one of {', '.join(manifestfiles.FORMATS)}."
            )
        exchange(voice, desk)
        try:
            roll = rolls.find(desk, id_)
        except UsageError:
            held = manifests.find(desk, id_)
            if path is not None:
                raise DeskError("A proposal is written to no file.", "It takes a second officer.") from None
            data = _proposal(desk, held)
            voice.result(data, lambda out: _proposed(out, data))
            return
        _show(voice, desk, roll, form, path)


def _show(voice: Voice, desk: Desk, roll: Roll, form: str, path: Path | None) -> None:
    data = _roll(desk, roll) | {"rows": [_row(row) for row in roll.rows], "left_out": []}
    lines, left_out = manifestfiles.mrz_lines(roll) if form == "mrz" else ({}, [])
    data |= {"mrz": {alias: list(each) for alias, each in lines.items()}}
    data["left_out"] = [asdict(each) for each in left_out]
    text = "\n".join("\n".join(each) for each in lines.values()) + "\n" if form == "mrz" else ""
    if path is not None or form == "csv":
        text = text or manifestfiles.csv_text(roll)
    if path is not None:
        manifestfiles.write(desk, roll, path, text, len(lines) if form == "mrz" else len(roll.rows))
        data["file"] = str(path)
        voice.result(data, lambda out: out.print(f"Written: {path}, for your eyes alone.", markup=False))
        return
    if form == "csv":
        data["csv"] = text
    voice.result(data, lambda out: _print(out, data, text, left_out))


def _proposal(desk: Desk, held: HeldManifest) -> dict[str, Any]:
    body = manifests.body_of(held)
    author = desk.roster.entry(held.author)
    return {
        "manifest": b64u(body.manifest),
        "movement": body.code,
        "office": partners.called(desk, body.recipient),
        "fields": list(body.fields),
        "people": len(body.rows),
        "until": body.destroy_by,
        "state": "sending" if held.sending else "proposed" if manifests.whole(held) else "incomplete",
        "author": author.role_code if author else "an officer removed since",
        "rows": [_row(Disclosure.parse(row)) for row in held.rows],
    }


def _roll(desk: Desk, roll: Roll) -> dict[str, Any]:
    return {
        "manifest": b64u(roll.body.manifest),
        "movement": roll.body.code,
        "office": partners.called(desk, roll.office),
        "own": roll.own,
        "fields": list(roll.body.fields),
        "people": len(roll.rows),
        "gone": roll.gone,
        "until": roll.body.destroy_by,
        "signed": roll.signed,
    }


def _row(row: Disclosure) -> dict[str, Any]:
    return {"alias": row.alias, "fields": manifestfiles.told(row)}


def _count(out: Console, code: str, to: str, counted: Headcount) -> None:
    shown = table(f"Headcount of {code} for {to}", "people", "parties", "adults", "minors", "unknown")
    shown.add_row(*("hidden" if count is None else str(count) for count in asdict(counted).values()))
    out.print(shown)


def _list(out: Console, waiting: list[dict[str, Any]], rows: list[dict[str, Any]]) -> None:
    if not waiting and not rows:
        out.print("No manifest. Propose one with `qasid-desk manifest … --fields`.", markup=False)
        return
    shown = table("Manifests", "manifest", "movement", "office", "people", "signed by", "destroyed by")
    for row in waiting:
        state = (
            f"{row['author']} proposes it" if row["state"] != "sending" else "being sent: approve it again"
        )
        shown.add_row(*_cells(row, f"to {row['office']}", state))
    for row in rows:
        word = "to" if row["own"] else "from"
        shown.add_row(*_cells(row, f"{word} {row['office']}", " and ".join(row["signed"])))
    out.print(shown)


def _cells(row: dict[str, Any], office: str, signed: str) -> list[str]:
    people = f"{row['people']}" + (f" ({row['gone']} gone)" if row.get("gone") else "")
    return [row["manifest"], row["movement"], office, people, signed, show_time(row["until"])]


def _proposed(out: Console, data: dict[str, Any]) -> None:
    head = f"Manifest {data['manifest']} of {data['movement']} for {data['office']}, by {data['author']}"
    out.print(head, style="bold", markup=False)
    out.print(f"{data['people']} people; destroyed by {show_time(data['until'])}", markup=False)
    _people(out, data["rows"])
    for each in data.get("left_out", ()):
        out.print(f"Left out: {each['alias']}: {each['why']}", style="yellow", markup=False)
    if "left_out" in data:
        out.print("Proposed. A second officer approves it: `qasid-desk manifests approve`.", markup=False)


def _sent(out: Console, data: dict[str, Any]) -> None:
    if data["state"] == "queued":
        out.print("Signed, and queued (the relay is out of reach): approve it again, and it goes on.")
        return
    out.print(f"Sent to {data['office']}; the people in it are told.", markup=False)
    if data["untold"]:
        out.print(f"Could not be told: {', '.join(data['untold'])}.", style="yellow", markup=False)


def _print(out: Console, data: dict[str, Any], text: str, left_out: list[LeftOut]) -> None:
    by = " and ".join(data["signed"])
    word = "to" if data["own"] else "from"
    out.print(
        f"Manifest of {data['movement']} {word} {data['office']}, signed by {by}; "
        f"destroyed by {show_time(data['until'])}",
        style="bold",
        markup=False,
    )
    if text:
        out.print(text, markup=False, soft_wrap=True)
    else:
        _people(out, data["rows"])
    for each in left_out:
        out.print(f"Left out: {each.alias}: {each.why}", style="yellow", markup=False)
    if data["gone"]:
        out.print(f"{data['gone']} taken back, or not here yet.", style="yellow", markup=False)


def _people(out: Console, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        out.print(row["alias"], style="cyan", markup=False)
        for code, text in row["fields"].items():
            out.print(f"    {code}: {text}", markup=False, soft_wrap=True)
