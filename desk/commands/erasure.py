"""`erase`: a person whose phone cannot ask for it."""

from typing import Annotated

import typer

from desk import erasure
from desk.commands.common import Json, Yes, at_desk


def erase(
    context: typer.Context,
    *,
    alias: Annotated[str, typer.Argument(help="The contact's alias.")],
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Erase a person for good: at the relay, and what this desk has of them, messages and name included.

    For somebody who asks for it and lost the phone; who has it erases by the app. Coordinators only. It cannot be
    undone, and they get nothing any more: compare voices first. Not while a notice is out to them. The office's log
    keeps that somebody was erased. Colleagues' desks and backups keep what they have: run it at each desk, too.

    Example: qasid-desk erase K-4821
    """
    alias = alias.upper()
    with at_desk(context, as_json=as_json) as (voice, desk):
        voice.confirm(
            f"Erase {alias} for good? The relay and this desk forget all of them, and nothing reaches them any more.",
            yes=yes,
        )
        gone = erasure.erase(desk, alias)
        data = {"alias": alias, "messages": gone}
        said = f"{alias} is erased. Messages deleted here: {gone}. Colleagues' desks keep theirs: erase there too."
        voice.result(data, lambda out: out.print(said, markup=False))
