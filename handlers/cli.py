"""`qasid`: run the relay, admit an office, look after the database."""

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from rich.console import Console
from rich.progress import Progress

from crypto.encoding import b64u
from handlers import log
from handlers.config import ConfigError, Settings
from handlers.version import VERSION

app = typer.Typer(
    help="Qasid relay: carries sealed letters between offices and people over Telegram, and cannot read them.",
    epilog="Settings are environment variables: QASID_BOT_TOKEN, QASID_PUBLIC_URL, QASID_DATABASE_URL, "
    "QASID_VAULT_KEY_FILE, QASID_HOST, QASID_PORT, QASID_TRUSTED_PROXIES, "
    "QASID_APP_DIR, QASID_BOT_API_URL, QASID_POLLING, QASID_LOG_JSON.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
office = typer.Typer(help="Offices that this relay serves.", no_args_is_help=True)
db = typer.Typer(help="The database.", no_args_is_help=True)
audit = typer.Typer(
    help="The audit logs: one chain for each office, and the relay's own.", no_args_is_help=True
)
app.add_typer(office, name="office")
app.add_typer(db, name="db")
app.add_typer(audit, name="audit")

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def main() -> None:
    """The console script; whatever it writes is for this user alone."""
    os.umask(0o077)
    app()


@contextmanager
def told() -> Iterator[None]:
    """Turns a ConfigError into a message and exit code 2."""
    try:
        yield
    except ConfigError as error:
        err.print(f"[bold red]qasid:[/] {error}", soft_wrap=True)
        raise typer.Exit(2) from None


@app.callback(invoke_without_command=True)
def version(
    show: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    if show:
        out.print(VERSION)
        raise typer.Exit


@app.command()
def run(
    state: Annotated[Path, typer.Option(help="Folder of the demonstration's state.")] = Path("var"),
) -> None:
    """Run the relay. Without QASID_BOT_TOKEN: a demonstration on an emulated Telegram, on this machine only."""
    with told():
        settings = Settings.load()
        log.configure(as_json=settings.log_json)
        if settings.bot_token is None:
            from handlers import demo  # noqa: PLC0415 - the emulator is loaded for the demonstration only

            _loop(lambda: demo.run(settings, state))
            return
        from handlers.app import prepare  # noqa: PLC0415 - --help stays quick

        prepare(settings)
        _serve(settings)


@app.command()
def serve() -> None:
    """Run the relay with QASID_BOT_TOKEN and QASID_PUBLIC_URL, on a database that is up to date."""
    with told():
        settings = Settings.load()
        log.configure(as_json=settings.log_json)
        _serve(settings)


@office.command()
def admit() -> None:
    """Print a one-time code with which an office registers: qasid-desk init --relay URL --code CODE."""
    with told():
        from handlers.app import open_parts  # noqa: PLC0415
        from relay import offices  # noqa: PLC0415

        store, _ = open_parts(Settings.load())
        try:
            admission = store.write_now(lambda tx: offices.admit(tx, datetime.now(UTC)))
        finally:
            store.close()
        out.print(admission.code)
        err.print(
            f"Works once, until {admission.expires:%Y-%m-%d %H:%M} UTC. Hand it over in person or by a safe channel."
        )


@db.command()
def upgrade() -> None:
    """Bring the database to this version; a new one is made, with a vault key beside it."""
    with told():
        from handlers.app import prepare  # noqa: PLC0415

        settings = Settings.load()
        prepare(settings)
        out.print("The database is up to date.")


@db.command()
def check() -> None:
    """Say whether database and vault key can be used."""
    with told():
        from handlers.app import check as look  # noqa: PLC0415

        look(Settings.load())
        out.print("Database and vault key can be used.")


@audit.command()
def heads() -> None:
    """Print where each log stands now. Keep it away from this machine: audit verify --heads FILE asks for it."""
    with told():
        from handlers import witness  # noqa: PLC0415
        from handlers.app import open_parts  # noqa: PLC0415
        from relay import audit as logs  # noqa: PLC0415

        store, _ = open_parts(Settings.load())
        try:
            out.print(witness.written(store.read_now(logs.heads)), end="", soft_wrap=True)
        finally:
            store.close()


@audit.command()
def verify(
    heads: Annotated[
        Path | None, typer.Option(help="What audit heads printed earlier: finds what was cut off since, too.")
    ] = None,
) -> None:
    """Check that no entry was edited, removed, added or moved; exit code 1 when one was."""
    with told():
        from handlers import witness  # noqa: PLC0415
        from handlers.app import open_parts  # noqa: PLC0415
        from relay import audit as logs  # noqa: PLC0415

        witnessed = {} if heads is None else witness.read(heads)
        store, _ = open_parts(Settings.load())
        try:
            with Progress("{task.description}", "{task.completed:,}", console=err, transient=True) as bar:
                task = bar.add_task("entries checked:", total=None)
                reports = store.read_now(
                    lambda tx: logs.verify(tx, witnessed, lambda n: bar.advance(task, n))
                )
        finally:
            store.close()
        for report in reports:
            whose = "the relay" if report.office == logs.RELAY else f"office {b64u(report.office)}"
            verdict = f"[bold red]TAMPERED:[/] {report.wrong}" if report.wrong else "as they were written"
            out.print(f"{whose}: {report.entries} entries, {verdict}", soft_wrap=True)
        if not reports:
            out.print("There is no entry yet.")
        if any(report.wrong for report in reports):
            raise typer.Exit(1)


def _serve(settings: Settings) -> None:
    from handlers.app import House, open_parts  # noqa: PLC0415
    from handlers.clock import clock_of  # noqa: PLC0415
    from handlers.server import listen, stop_on_signals  # noqa: PLC0415

    if settings.bot_token is None:
        raise ConfigError(
            "QASID_BOT_TOKEN is missing: get one from @BotFather (qasid run shows a demonstration)."
        )

    async def serving() -> None:
        house = House(settings, store, vault, clock=clock_of(settings.clock_file))
        stop_on_signals(house.stop)
        log.get("cli").info("serving", host=settings.host, port=settings.port, version=VERSION)
        await house.run(bound)

    with listen(settings.host, settings.port) as bound:
        store, vault = open_parts(settings)
        _loop(serving)


def _loop(main_coroutine: Callable[[], object]) -> None:
    # Coverage of mypy: asyncio.Runner wants the coroutine itself.
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main_coroutine())  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
