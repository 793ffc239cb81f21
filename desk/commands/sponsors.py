"""`sponsor`: relatives abroad, who may ask the bot when a contact was last heard of."""

from typing import Annotated, Any

import typer

from desk import cases
from desk.answers import Answer
from desk.commands.common import Json, Yes, at_desk
from desk.times import show_time
from desk.voice import table

app = typer.Typer(
    no_args_is_help=True,
    help="Relatives abroad: they may ask when a contact was last heard of, as long as the contact permits it.",
)

Alias = Annotated[str, typer.Argument(help="The contact's alias, e.g. K-4821.")]


@app.command("invite")
def invite(context: typer.Context, *, alias: Alias, as_json: Json = False) -> None:
    """Print a one-time link for a relative of a contact; hand it over by another channel, and to nobody else.

    Whoever opens it may ask the bot, and is told nothing unless the contact permits it in the app. Compare voices
    first: a link proves nothing about who opens it. It is good for a week, and no more than five go with one contact.

    Example: qasid-desk sponsor invite K-4821
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        desk.require(cases.KEEPERS, "make links for relatives")
        name = cases.code(alias)
        answer = Answer(desk.relay.post("/sponsors", {"contact": name}))
        data = {"alias": name, "link": answer.text("link"), "expires": answer.integer("expires")}
        said = f"{data['link']}\nvalid once, until {show_time(answer.integer('expires'))}"
        voice.result(data, lambda out: out.print(said, markup=False, soft_wrap=True))


@app.command("list")
def listed(context: typer.Context, *, as_json: Json = False) -> None:
    """List contacts about whom relatives may ask, and whether the contact permits it: else nobody is told anything.

    Example: qasid-desk sponsor list
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        desk.require(cases.KEEPERS, "see contacts")
        rows: list[dict[str, Any]] = [
            {
                "alias": cases.code(row.text("alias")),
                "sponsors": row.integer("sponsors"),
                "codes": row.integer("codes"),
                "permitted": row.truth("permitted"),
            }
            for row in Answer(desk.relay.get("/sponsors")).many("contacts")
        ]
        shown = table("Relatives who may ask", "alias", "relatives", "links not opened", "permitted")
        for row in rows:
            numbers = (str(row["sponsors"]), str(row["codes"]))
            shown.add_row(row["alias"], *numbers, "yes" if row["permitted"] else "no")
        voice.result({"contacts": rows}, lambda out: out.print(shown if rows else "No relative may ask."))


@app.command("end")
def end(context: typer.Context, *, alias: Alias, yes: Yes = False, as_json: Json = False) -> None:
    """End it for all relatives of a contact; links that nobody opened are void.

    They are not told: the bot answers them as it answers anybody.

    Example: qasid-desk sponsor end K-4821
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        desk.require(cases.KEEPERS, "end links of relatives")
        name = cases.code(alias)
        voice.confirm(f"No relative may ask about {name} any more, and links are void?", yes=yes)
        gone = Answer(desk.relay.post("/sponsors/end", {"contact": name})).integer("sponsors")
        data = {"alias": name, "sponsors": gone}
        voice.result(data, lambda out: out.print(f"Ended for {name}. Relatives: {gone}.", markup=False))
