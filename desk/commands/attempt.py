"""`attempt`, `not-reached`: who was tried to be reached, and whom nobody reached."""

from typing import Annotated, Any

import typer

from desk import cases
from desk.answers import Answer
from desk.commands.common import Json, at_desk
from desk.errors import UsageError
from desk.times import show_time
from desk.voice import table

WAYS = ("app", "telephone", "relative", "person")
OUTCOMES = ("reached", "unanswered", "wrong", "refused")


def attempt(
    context: typer.Context,
    *,
    alias: Annotated[str, typer.Argument(help="The contact's alias, e.g. K-4821.")],
    way: Annotated[str | None, typer.Argument(help="app, telephone, relative or person.")] = None,
    outcome: Annotated[str | None, typer.Argument(help="reached, unanswered, wrong or refused.")] = None,
    as_json: Json = False,
) -> None:
    """Log that you tried to reach a contact, by codes alone; with the alias only, show all attempts.

    wrong: somebody else answered, or nobody is known there. No number and no text is ever kept.

    Example: qasid-desk attempt K-4821 telephone unanswered
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        desk.require(cases.KEEPERS, "log attempts")
        name = cases.code(alias)
        if way is not None:
            if outcome is None:
                raise UsageError("What came of it?", f"Give one of {', '.join(OUTCOMES)}.")
            said = {
                "way": cases.word(way, WAYS, "way"),
                "outcome": cases.word(outcome, OUTCOMES, "outcome"),
            }
            desk.relay.post(f"/attempts/{name}", said)
            voice.result({"alias": name, **said}, lambda out: out.print(f"Noted for {name}.", markup=False))
            return
        rows: list[dict[str, Any]] = [
            {
                "way": cases.word(row.text("way"), WAYS, "way"),
                "outcome": cases.word(row.text("outcome"), OUTCOMES, "outcome"),
                "role_code": cases.code(row.text("role_code")),
                "at": row.integer("at"),
            }
            for row in Answer(desk.relay.get(f"/attempts/{name}")).many("attempts")
        ]
        shown = table(f"Attempts to reach {name}", "when", "way", "outcome", "by")
        for row in rows:
            shown.add_row(show_time(row["at"]), row["way"], row["outcome"], row["role_code"])
        voice.result({"alias": name, "attempts": rows}, lambda out: out.print(shown))


def not_reached(context: typer.Context, *, as_json: Json = False) -> None:
    """List contacts whom nobody reached since they last wrote, who waits longest first. The look is logged.

    Example: qasid-desk not-reached
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        desk.require(cases.KEEPERS, "see contacts")
        rows: list[dict[str, Any]] = [
            {
                "alias": cases.code(row.text("alias")),
                "since": row.integer("since"),
                "last": row.integer("last"),
                "tries": row.integer("tries"),
                "assigned": None if row.plain().get("assigned") is None else cases.code(row.text("assigned")),
            }
            for row in Answer(desk.relay.get("/not-reached")).many("contacts")
        ]
        shown = table("Not reached", "alias", "since", "last try", "tries", "officer")
        for row in rows:
            times = (show_time(row["since"]), show_time(row["last"]))
            shown.add_row(row["alias"], *times, str(row["tries"]), row["assigned"] or "—")
        voice.result(
            {"contacts": rows}, lambda out: out.print(shown if rows else "Everybody has been reached.")
        )
