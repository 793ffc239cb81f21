"""`ledger`: the ledgers of seats."""

import typer

from crypto.encoding import b64u
from handlers.commands.common import counted, opened, out

ledger = typer.Typer(help="The ledgers of seats, one for each movement.", no_args_is_help=True)


@ledger.command()
def verify() -> None:
    """Check that entries, offers and counts of seats say the same; exit code 1 when they do not."""
    with opened() as (store, _):
        from relay import ledger as ledgers  # noqa: PLC0415 – --help stays quick

        with counted("entries checked:") as more:
            reports = store.read_now(lambda tx: ledgers.verify(tx, more))
        for report in reports:
            verdict = f"[bold red]DOES NOT BALANCE:[/] {report.wrong}" if report.wrong else "balances"
            whose = f"{report.code} of office {b64u(report.office)}"
            out.print(f"{whose}: {report.entries} entries, {verdict}", soft_wrap=True)
        if not reports:
            out.print("There is no movement yet.")
        if any(report.wrong for report in reports):
            raise typer.Exit(1)
