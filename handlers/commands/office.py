"""`office`: the offices that this relay serves."""

import typer

from handlers.commands.common import err, now, opened, out

office = typer.Typer(help="Offices that this relay serves.", no_args_is_help=True)


@office.command()
def admit() -> None:
    """Print a one-time code with which an office registers: qasid-desk init --relay URL --code CODE."""
    with opened() as (store, _):
        from relay import offices  # noqa: PLC0415 – --help stays quick

        admission = store.write_now(lambda tx: offices.admit(tx, now()))
        out.print(admission.code)
        err.print(
            f"Works once, until {admission.expires:%Y-%m-%d %H:%M} UTC. Hand it over in person or by a safe channel."
        )
