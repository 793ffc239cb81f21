"""`office`: other offices, pinned by a card that two people compared."""

from typing import Annotated, Any

import typer
from rich.console import Console

from crypto.encoding import b64u
from crypto.officecard import OfficeCard
from desk import partners
from desk.commands.common import Json, Yes, at_desk
from desk.times import show_time
from desk.voice import table

app = typer.Typer(
    no_args_is_help=True,
    help="Other offices. You pin one by its card, once a number was compared by voice; never by the relay's word.",
)

Name = Annotated[str, typer.Argument(help="The office's name at this desk.")]


@app.command("card")
def card(context: typer.Context, *, as_json: Json = False) -> None:
    """Print this office's card and its number: send the card to the other office, then read the number to them.

    The card is no secret, but whoever changes it on the way becomes "you" for them: so compare the number over
    another channel (a call to a number you know, or face to face).

    Example: qasid-desk office card
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        mine = partners.card(desk)
        data = _named(mine) | {"card": mine.text()}

        def human(out: Console) -> None:
            out.print(data["card"], soft_wrap=True, markup=False)
            out.print(f"Office {data['office']}, roster {mine.version}. The number to compare:", markup=False)
            _number(out, mine)

        voice.result(data, human)


@app.command("pin")
def pin(
    context: typer.Context,
    *,
    given: Annotated[
        str, typer.Argument(metavar="CARD", help="What the other office's `office card` printed.")
    ],
    name: Annotated[str, typer.Option("--name", help="What to call it at this desk, e.g. Doha.")],
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Pin another office and accept its mail, after comparing the number with them by voice.

    Every officer who writes or reads pins it at their own desk; a coordinator's pin also accepts it at the relay.
    Neither can write until both offices have accepted each other.

    Example: qasid-desk office pin QASID-OFFICE1.AbC… --name Doha
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        theirs = partners.read_card(given)
        if not as_json:
            _number(voice.out, theirs)
        voice.confirm("Did the other office read you this very number?", yes=yes)
        held = partners.pin(desk, theirs, name)
        accepted = partners.accept(desk, held)
        data = _named(theirs) | {"name": held.name, "accepted": accepted}
        rest = "" if accepted else " A coordinator's desk has yet to accept it at the relay."
        voice.result(data, lambda out: out.print(f"{held.name} is pinned.{rest}", markup=False))


@app.command("list")
def listed(context: typer.Context, *, as_json: Json = False) -> None:
    """List pinned offices, and whether both sides have accepted each other at the relay.

    Example: qasid-desk office list
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        accepted = partners.accepted(desk)
        rows = [
            {
                "name": held.name,
                "office": b64u(held.office),
                "roster": partners.roster(held).version,
                "pinned_at": held.pinned_at,
                "accepted": held.office in accepted,
                "mutual": accepted.get(held.office, False),
            }
            for held in desk.state.partners.values()
        ]
        voice.result({"offices": rows}, lambda out: _list(out, rows))


@app.command("end")
def end(context: typer.Context, *, name: Name, yes: Yes = False, as_json: Json = False) -> None:
    """Take no more mail of an office. What was exchanged stays at the desks, and so does the pin.

    Example: qasid-desk office end Doha
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        voice.confirm(f"Neither office can then write to the other. End it with {name}?", yes=yes)
        held = partners.end(desk, name)
        voice.result({"name": held.name}, lambda out: out.print(f"Ended with {held.name}.", markup=False))


def _named(shown: OfficeCard) -> dict[str, Any]:
    return {"office": b64u(shown.office), "roster": shown.version, "number": " ".join(shown.number())}


def _number(out: Console, shown: OfficeCard) -> None:
    groups = shown.number()
    for start in range(0, len(groups), 4):
        out.print("    " + "  ".join(groups[start : start + 4]), style="bold", markup=False)


def _list(out: Console, rows: list[dict[str, Any]]) -> None:
    shown = table("Offices", "name", "office", "roster", "pinned", "mail")
    for row in rows:
        mail = (
            "both ways"
            if row["mutual"]
            else "not accepted by them yet"
            if row["accepted"]
            else "not accepted"
        )
        shown.add_row(row["name"], row["office"], str(row["roster"]), show_time(row["pinned_at"]), mail)
    out.print(shown)
