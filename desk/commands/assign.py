"""`assign`: which officer looks after whom."""

from typing import Annotated

import typer

from desk import cases
from desk.answers import Answer
from desk.commands.common import Json, at_desk
from desk.errors import UsageError
from desk.voice import table


def assign(
    context: typer.Context,
    *,
    alias: Annotated[str | None, typer.Argument(help="A household or contact, e.g. H-48213.")] = None,
    officer: Annotated[str | None, typer.Argument(help="The officer's role code, e.g. W-02.")] = None,
    nobody: Annotated[bool, typer.Option("--nobody", help="End it.")] = False,
    as_json: Json = False,
) -> None:
    """Let an officer look after a household or a contact; without either, list who looks after whom.

    It forbids nobody to help. It ends with the case, and when the officer is off-boarded.

    Example: qasid-desk assign H-48213 W-02
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        desk.require(cases.KEEPERS, "assign")
        if alias is not None:
            if (officer is None) is not nobody:
                raise UsageError("Say who is to look after them.", "Give a role code, or --nobody.")
            said = {"alias": cases.code(alias), "role_code": None if officer is None else cases.code(officer)}
            desk.relay.post("/assignments", said)
            data = {"alias": said["alias"], "role_code": said["role_code"]}
            text = f"{said['role_code'] or 'Nobody'} looks after {said['alias']}."
            voice.result(data, lambda out: out.print(text, markup=False))
            return
        rows = [
            {"alias": cases.code(row.text("alias")), "role_code": cases.code(row.text("role_code"))}
            for row in Answer(desk.relay.get("/assignments")).many("assignments")
        ]
        shown = table("Assignments", "alias", "officer")
        for row in rows:
            shown.add_row(row["alias"], row["role_code"])
        voice.result({"assignments": rows}, lambda out: out.print(shown))
