"""`people`: the desk's own address book."""

import sys
from typing import Annotated, Any

import typer
from rich.console import Console

from crypto.encoding import unb64u
from desk import people as book
from desk.commands.common import Json, Yes, at_desk
from desk.errors import UsageError
from desk.office import Desk
from desk.voice import table


def people(
    context: typer.Context,
    *,
    name: Annotated[
        str,
        typer.Option("--name", help="Write down who this alias is; the name is read from standard input."),
    ] = "",
    forget: Annotated[str, typer.Option("--forget", help="Strike this alias's name out for good.")] = "",
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Who is who: the names this desk keeps for aliases, from `invite --from` or written down here.

    They stand in the desk's sealed state, go into its backups, and are told to nobody, not even to the relay; to a
    colleague's desk by `qasid-desk handover` alone.

    Example: echo "Ahmad Zia" | qasid-desk people --name K-4821
    """
    with at_desk(context, as_json=as_json, online=False) as (voice, desk):
        if name:
            contact = _contact(desk, name)
            book.put(desk, contact, book.clean(sys.stdin.readline().rstrip("\r\n")), "")
            desk.save()
        if forget:
            contact = _contact(desk, forget)
            voice.confirm(f"Strike out who {forget} is? Backups made before still know.", yes=yes)
            if not book.forget(desk, contact):
                raise UsageError(f"This desk has no name for {forget}.", "See `qasid-desk people`.")
            desk.save()
        aliases = book.aliases(desk)
        rows: list[dict[str, Any]] = [
            {"alias": aliases.get(contact, ""), "contact": contact, "name": each.name, "note": each.note}
            for contact, each in desk.state.people.items()
        ]
        rows.sort(key=lambda row: row["alias"])
        voice.result({"people": rows}, lambda out: _table(out, rows))


def _contact(desk: Desk, alias: str) -> bytes:
    for contact, held in desk.state.contacts.items():
        if held.alias == alias:
            return unb64u(contact, 16)
    for letter in desk.state.letters.values():
        if letter.alias == alias:
            return letter.contact
    for contact in desk.state.people:
        if contact == alias:
            return unb64u(contact, 16)
    raise UsageError(f"This desk knows no contact {alias}.", "See `qasid-desk contacts`.")


def _table(out: Console, rows: list[dict[str, Any]]) -> None:
    if not rows:
        out.print("This desk keeps no names.")
        return
    shown = table(f"{len(rows)} people", "alias", "name", "note")
    for row in rows:
        shown.add_row(row["alias"] or row["contact"], row["name"], row["note"])
    out.print(shown, markup=False)
