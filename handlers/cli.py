"""`qasid`: run the relay, admit an office, look after the database."""

import asyncio
import gc
import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from handlers import log
from handlers.commands import doctor, jobs, outbox, retention, webapp
from handlers.commands.audit import audit
from handlers.commands.backup import backup
from handlers.commands.common import out, told
from handlers.commands.ledger import ledger
from handlers.commands.migrate import migrate
from handlers.commands.office import office
from handlers.commands.vault import vault
from handlers.config import ConfigError, Role, Settings, variables
from handlers.leaving import leave_at_once, stop_on_signals
from handlers.version import VERSION

app = typer.Typer(
    help="Qasid relay: carries sealed letters between offices and people over Telegram, and cannot read them.",
    epilog=f"Settings are environment variables: {', '.join(variables())}. docs/SETTINGS.md says what each does.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for group, name in (
    (office, "office"),
    (audit, "audit"),
    (ledger, "ledger"),
    (backup, "backup"),
    (vault, "vault"),
):
    app.add_typer(group, name=name)


def main() -> None:
    """The console script; whatever it writes is for this user alone."""
    os.umask(0o077)
    # What is loaded stays: to look through it all the time took a fifth of the start.
    gc.set_threshold(20_000, 20, 50)
    app()


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
        leave_at_once()
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
def serve(
    role: Annotated[
        Role | None,
        typer.Option(
            help="On PostgreSQL: what this process does, instead of QASID_ROLE; several may run as each."
        ),
    ] = None,
) -> None:
    """Run the relay with QASID_BOT_TOKEN and QASID_PUBLIC_URL, on a database that is up to date."""
    with told():
        leave_at_once()
        settings = Settings.load(**({"role": role} if role else {}))
        log.configure(as_json=settings.log_json)
        _serve(settings)


app.command()(migrate)
app.command()(jobs.jobs)
app.command()(outbox.outbox)
app.command()(doctor.doctor)
app.command()(retention.retention)
app.command()(webapp.verify_webapp)
app.command()(webapp.export_webapp)


def _serve(settings: Settings) -> None:
    from handlers.app import House, open_parts  # noqa: PLC0415 – --help stays quick
    from handlers.clock import clock_of  # noqa: PLC0415 – --help stays quick
    from handlers.server import listen  # noqa: PLC0415 – --help stays quick

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
