"""`db`: the database."""

import typer

from handlers.commands.common import out, told
from handlers.config import Settings

db = typer.Typer(help="The database.", no_args_is_help=True)


@db.command()
def upgrade() -> None:
    """Bring the database to this version; a new one is made, with a vault key beside it."""
    with told():
        from handlers.app import prepare  # noqa: PLC0415 – --help stays quick

        settings = Settings.load()
        prepare(settings)
        out.print("The database is up to date.")


@db.command()
def check() -> None:
    """Say whether database and vault key can be used."""
    with told():
        from handlers.app import check as look  # noqa: PLC0415 – --help stays quick

        look(Settings.load())
        out.print("Database and vault key can be used.")
