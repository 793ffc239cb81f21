"""`duty`: whether the officer's Telegram account is rung."""

from typing import Annotated

import typer

from desk import cases
from desk.answers import Answer
from desk.commands.common import Json, at_desk
from desk.times import show_time


def duty(
    context: typer.Context,
    *,
    wanted: Annotated[str | None, typer.Argument(help="on or off; left out, it is only shown.")] = None,
    as_json: Json = False,
) -> None:
    """Begin or end your duty: off duty, your Telegram account is not rung.

    It is rung all the same while nobody is on duty, or when something has waited for 15 minutes.

    Example: qasid-desk duty off
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        desk.require(cases.KEEPERS, "be rung")
        if wanted is None:
            found = Answer(desk.relay.get("/duty"))
        else:
            said = {"on": cases.word(wanted, ("on", "off"), "duty") == "on"}
            found = Answer(desk.relay.post("/duty", said))
        on, others = found.truth("on"), found.integer("others")
        data = {"on": on, "since": None if on else found.integer("since"), "others": others}
        state = "On duty." if on else f"Off duty since {show_time(data['since'] or 0)}."
        voice.result(data, lambda out: out.print(f"{state} Others on duty: {others}.", markup=False))
