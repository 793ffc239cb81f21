"""`duplicates` and `merge`: two records of one person."""

from typing import Annotated, Any

import typer
from rich.console import Console

from desk import contacts, duplicates
from desk.commands.common import Json, Yes, at_desk
from desk.voice import table


def listed(context: typer.Context, *, as_json: Json = False) -> None:
    """List contacts that share a Telegram account. It proves nothing: several adults may share one telephone.

    The relay compares accounts by their blind index and tells no ids. That you looked is logged.

    Example: qasid-desk duplicates
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        rows = [{"one": one, "two": two} for one, two in duplicates.listed(desk)]
        voice.result({"pairs": rows}, lambda out: _table(out, rows))


def merge(
    context: typer.Context,
    *,
    keep: Annotated[str, typer.Argument(help="The alias that stays.")],
    end: Annotated[str, typer.Argument(help="The alias that ends.")],
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Make one of two records of the same person: the second is erased for good, here and at the relay.

    Its phone stops; its place in a household becomes the first one's, if that one has none; nothing else is handed on:
    messages, consents, attempts and who looks after it end with it. Coordinators only, and not while a notice is out
    to either. Colleagues' desks keep what they have: run `erase` for the second there.

    Example: qasid-desk merge K-4821 K-7730
    """
    keep, end = keep.upper(), end.upper()
    with at_desk(context, as_json=as_json) as (voice, desk):
        contacts.refresh(desk)
        voice.confirm(
            f"Are {keep} and {end} one person? {end} is erased for good and its phone stops; {keep} stays.",
            yes=yes,
        )
        moved, gone = duplicates.merge(desk, keep, end)
        data: dict[str, Any] = {"kept": keep, "erased": end, "household": moved, "messages": gone}
        said = f"{end} is erased, {keep} stays. Messages deleted here: {gone}."
        said += f" {keep} is in its household now." if moved else ""
        voice.result(data, lambda out: out.print(said, markup=False))


def _table(out: Console, rows: list[dict[str, str]]) -> None:
    if not rows:
        out.print("Nobody shares an account.")
        return
    shown = table("One Telegram account", "alias", "and")
    for row in rows:
        shown.add_row(row["one"], row["two"])
    out.print(shown)
