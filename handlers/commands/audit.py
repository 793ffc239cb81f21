"""`audit`: the logs of what was done."""

from pathlib import Path
from typing import Annotated

import typer

from crypto.encoding import b64u
from handlers.commands.common import counted, opened, out, told

audit = typer.Typer(
    help="The audit logs: one chain for each office, and the relay's own.", no_args_is_help=True
)


@audit.command()
def heads() -> None:
    """Print where each log stands now. Keep it away from this machine: audit verify --heads FILE asks for it."""
    with opened() as (store, _):
        from handlers import witness  # noqa: PLC0415 – --help stays quick
        from relay import audit as logs  # noqa: PLC0415 – --help stays quick

        out.print(witness.written(store.read_now(logs.heads)), end="", soft_wrap=True)


@audit.command()
def verify(
    heads: Annotated[
        Path | None, typer.Option(help="What audit heads printed earlier: finds what was cut off since, too.")
    ] = None,
) -> None:
    """Check that no entry was edited, removed, added or moved; exit code 1 when one was."""
    with told():
        from handlers import witness  # noqa: PLC0415 – --help stays quick
        from relay import audit as logs  # noqa: PLC0415 – --help stays quick

        witnessed = {} if heads is None else witness.read(heads)
        with opened() as (store, _), counted("entries checked:") as more:
            reports = store.read_now(lambda tx: logs.verify(tx, witnessed, more))
        for report in reports:
            whose = "the relay" if report.office == logs.RELAY else f"office {b64u(report.office)}"
            verdict = f"[bold red]TAMPERED:[/] {report.wrong}" if report.wrong else "as they were written"
            out.print(f"{whose}: {report.entries} entries, {verdict}", soft_wrap=True)
        if not reports:
            out.print("There is no entry yet.")
        if any(report.wrong for report in reports):
            raise typer.Exit(1)
