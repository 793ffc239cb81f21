"""`invite` and `invitations`: letters of introduction."""

import io
from pathlib import Path
from typing import Annotated, Any

import segno
import typer
from rich.console import Console

from crypto.encoding import b64u
from desk import letters, newphones
from desk.commands import mass
from desk.commands.common import Json, Yes, at_desk
from desk.commands.newphones import INVITED
from desk.errors import UsageError
from desk.letters import Invitation
from desk.lifetimes import DAY
from desk.times import show_time
from desk.voice import table


def invite(
    context: typer.Context,
    *,
    alias: Annotated[
        str, typer.Option("--alias", help="A pseudonym, e.g. K-4821; left out, the relay draws one.")
    ] = "",
    again: Annotated[
        str, typer.Option("--again", help="For a new phone of a contact you know: the alias.")
    ] = "",
    days: Annotated[
        int, typer.Option("--days", help="How long the letter admits somebody.", min=1, max=60)
    ] = 14,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            help="Also write a page to print, with instructions. With --from: a folder for one page each, "
            "or NAME.html for all in one.",
        ),
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option(
            "--from",
            help="A CSV list of people: columns name, and if need be note and alias. It stays at this desk.",
            dir_okay=False,
        ),
    ] = None,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="With --from: invite the good lines though others are bad.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="With --from: judge the list, and do nothing else.")
    ] = False,
    listing: Annotated[
        Path | None,
        typer.Option("--list", help="With --from: also write a CSV of aliases and names, for handing out."),
    ] = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Make a letter of introduction: QR code, text and twelve words. Or one for each person of a list.

    Hand it over in person, or read the twelve words over a telephone you trust. Whoever reads it first can be the
    contact: never send it by Telegram, SMS or mail.

    With --from, names go into this desk's sealed address book (see `qasid-desk people`) and nowhere else: the relay
    gets aliases. All lines are judged first; one bad line stops everything, unless you say --skip-bad. Run it again
    after a cut: it goes on, and nobody is invited twice. Pages and list are secrets on paper: mode 0600; delete them
    when they are handed out.

    With --again, for somebody who lost the phone or has another one: it then asks to take the place of the one they
    have, and two officers compare its number with them by voice (`qasid-desk confirm`).

    Example: qasid-desk invite --out letter.html

    Example: qasid-desk invite --again K-4821

    Example: qasid-desk invite --from people.csv --out letters --list handing-out.csv
    """
    if again and (alias or source):
        with at_desk(context, as_json=as_json):
            raise UsageError("--again is for one contact, who has an alias.", "Leave --alias and --from out.")
    if source:
        mass.from_list(
            context, mass.Wish(source, out, listing, days * DAY, skip_bad, check, yes), as_json=as_json
        )
        return
    with at_desk(context, as_json=as_json) as (voice, desk):
        if listing or skip_bad or check:
            raise UsageError("--list, --skip-bad and --check go with --from.", "Name the list with --from.")
        if out and out.exists():
            raise UsageError(
                f"{out} exists already.", "A letter is never written over another; choose a new name."
            )
        if again:
            known = newphones.known(desk, again)
            voice.confirm(INVITED.format(known.alias), yes=yes)
            made = letters.invite(desk, known.alias, days * DAY, known.contact)
        else:
            made = letters.invite(desk, alias, days * DAY)
        if out:
            from desk import page  # noqa: PLC0415  # the catalogues take a third of a command's start

            page.write(out, made)
        data = describe(made) | {"page": str(out) if out else None}
        voice.result(data, lambda console: show(console, made, out))


def invitations(
    context: typer.Context,
    *,
    void: Annotated[
        str, typer.Option("--void", help="End this open letter: id (or its beginning) or alias.")
    ] = "",
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """List letters and what became of them; end one that went astray.

    Example: qasid-desk invitations --void K-4821
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        if void:
            name = letters.resolve(desk, void)
            voice.confirm(f"End the letter {void}? It admits nobody afterwards.", yes=yes)
            letters.void(desk, name)
        rows: list[dict[str, Any]] = [
            {
                "invitation": row.text("invitation"),
                "alias": row.text("alias"),
                "state": row.text("state"),
                "expires": row.integer("expires"),
                "kept_here": row.text("invitation") in desk.state.letters,
            }
            for row in letters.listed(desk)
        ]
        voice.result({"invitations": rows}, lambda out: _table(out, rows))


def describe(made: Invitation) -> dict[str, Any]:
    return {
        "invitation": b64u(made.invitation),
        "alias": made.alias,
        "contact": b64u(made.contact),
        "text": made.text,
        "words": made.words,
        "link": made.link or None,
        "expires": made.expires,
    }


def show(out: Console, made: Invitation, written: Path | None) -> None:
    """The letter at a terminal."""
    out.print(f"Letter for [bold]{made.alias}[/], valid until {show_time(made.expires)}\n")
    code = io.StringIO()
    segno.make(made.text, error="m").terminal(out=code, compact=True)
    out.out(code.getvalue(), end="")
    out.print(f"\n{made.text}\n", soft_wrap=True, markup=False)
    for start in range(0, 12, 4):
        words = made.words[start : start + 4]
        out.print(
            "  ".join(f"{start + n:2}. {word:10}" for n, word in enumerate(words, start=1)), markup=False
        )
    if made.link:
        out.print(f"\nOpens the chat (holds no secret): {made.link}", soft_wrap=True, markup=False)
    if written:
        out.print(f"\nPage to print: {written}", markup=False)
    out.print("\nHand it over in person. Then: qasid-desk confirm", style="bold")


def _table(out: Console, rows: list[dict[str, Any]]) -> None:
    shown = table("Letters", "alias", "state", "valid until", "invitation", "secret")
    for row in rows:
        where = "here" if row["kept_here"] else "gone" if row["state"] == "used" else "another desk"
        shown.add_row(row["alias"], row["state"], show_time(row["expires"]), row["invitation"], where)
    out.print(shown)
