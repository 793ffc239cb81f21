"""`migrate`: the database's version."""

from typing import Annotated

import typer

from handlers.commands.common import out, told
from handlers.config import Settings


def migrate(
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing: say whether all can be used.")
    ] = False,
) -> None:
    """Bring the database to this version, in one transaction; a new one is made, with a vault key beside it."""
    with told():
        from handlers import app  # noqa: PLC0415 – --help stays quick

        settings = Settings.load()
        if check:
            app.check(settings)
            out.print("Database and vault key can be used.")
        else:
            app.prepare(settings)
            out.print("The database is up to date.")
