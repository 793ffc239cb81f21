"""Confirming a contact's second device, and taking a device off: two officers, each at a desk of their own."""

from typing import Annotated, Any, Final

import typer

from crypto.encoding import b64u
from desk import cardchanges
from desk.cardchanges import Change
from desk.commands.common import Json, Yes, agreed, at_desk
from desk.office import Desk
from desk.voice import Voice

ASKED: Final = (
    "{0}: a second device, asked for by the first one's signature. Whoever holds the first one, open, can ask. When "
    "you doubt it, call them by a way you know. It takes two officers; then both devices read what is sent to {0}."
)
OFF: Final = (
    "{0}: a device is to be taken off. It takes two officers; then nothing is sealed to it any more. What it "
    "holds it keeps."
)


def drop_device(
    context: typer.Context,
    *,
    alias: Annotated[str, typer.Argument(help="The contact's alias.")],
    number: Annotated[
        str, typer.Argument(help="Five digits or more: how the device's number begins in `verify`.")
    ],
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Take one of several devices off a contact's card: lost, taken away, or not needed any more.

    Two officers say so, each at a desk of their own: the second one's way is this command, too, or `confirm`.

    Example: qasid-desk drop-device K-4821 40718
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        row = decide(voice, desk, cardchanges.removal(desk, alias, number), yes=yes)
        voice.result(row, lambda out: out.print(told(row), markup=False))


def decide(voice: Voice, desk: Desk, change: Change, *, yes: bool, reject: bool = False) -> dict[str, Any]:
    """What became of it: `first` is who has signed already."""
    first = cardchanges.signed_by(desk, change)
    row: dict[str, Any] = {
        "alias": change.alias,
        "contact": b64u(change.contact),
        "device": b64u(change.device),
        "change": "added" if change.added else "taken off",
        "first": first or None,
    }
    if reject:
        voice.confirm(f"Turn down what waits for {change.alias}?", yes=yes)
        cardchanges.refuse(desk, change)
        return row | {"outcome": "rejected", "why": ""}
    if change.fault:
        return row | {"outcome": "refused", "why": change.fault}
    if first and cardchanges.mine(desk, change):
        return row | {"outcome": "waits", "why": "you have signed; another officer has to, at another desk"}
    text = (ASKED if change.added else OFF).format(change.alias)
    voice.note(text + (f" {first} has signed." if first else ""))
    if not agreed(voice, f"Sign for it, as {desk.entry.role_code}?", yes=yes):
        return row | {"outcome": "skipped", "why": "not confirmed"}
    done = cardchanges.certify(desk, change)
    return row | {"outcome": row["change"] if done else "waits for a second officer", "why": ""}


def told(row: dict[str, Any]) -> str:
    """A row in words."""
    what = "a second device" if row["change"] == "added" else "a device to be taken off"
    return f"{what} of {row['alias']}: {row['outcome']}" + (f" ({row['why']})" if row["why"] else "")
