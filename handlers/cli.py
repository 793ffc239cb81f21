"""`qasid`: run the relay, admit an office, look after the database."""

import asyncio
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress
from rich.table import Table

from crypto.encoding import b64u
from handlers import log
from handlers.config import APP_DIR, ConfigError, Settings, checked_origin
from handlers.version import VERSION

app = typer.Typer(
    help="Qasid relay: carries sealed letters between offices and people over Telegram, and cannot read them.",
    epilog="Settings are environment variables: QASID_BOT_TOKEN, QASID_PUBLIC_URL, QASID_DATABASE_URL, "
    "QASID_VAULT_KEY_FILE, QASID_HOST, QASID_PORT, QASID_TRUSTED_PROXIES, "
    "QASID_APP_DIR, QASID_APP_ORIGIN, QASID_BOT_API_URL, QASID_POLLING, QASID_LOG_JSON.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
office = typer.Typer(help="Offices that this relay serves.", no_args_is_help=True)
db = typer.Typer(help="The database.", no_args_is_help=True)
audit = typer.Typer(
    help="The audit logs: one chain for each office, and the relay's own.", no_args_is_help=True
)
ledger = typer.Typer(help="The ledgers of seats, one for each movement.", no_args_is_help=True)
app.add_typer(office, name="office")
app.add_typer(db, name="db")
backup = typer.Typer(
    help="Backups of the database, which only an offline key opens and which erasing a person reaches: a contact's "
    "rows are sealed with the contact's own key, and those keys stand in a file of their own, the newest only. "
    "Run `make` every night, and again after somebody was erased: until then the older file of keys opens what was "
    "theirs. Keep the file of keys apart from the backups and make no other copies of it. The vault key is in none of "
    "them: keep it apart, too; without it no restored relay can ring anybody.",
    no_args_is_help=True,
)
app.add_typer(audit, name="audit")
app.add_typer(ledger, name="ledger")
app.add_typer(backup, name="backup")

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
        err.print(f"[bold red]qasid:[/] {escape(str(error))}", soft_wrap=True)
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


@app.command()
def jobs(
    as_json: Annotated[bool, typer.Option("--json", help="For programs: one object.")] = False,
) -> None:
    """List what the clock starts: when each job runs next, when it ran last, how late and how that ended."""
    with told():
        from handlers.app import open_parts  # noqa: PLC0415 – --help stays quick
        from relay import beats  # noqa: PLC0415 – --help stays quick

        settings = Settings.load()
        store, _ = open_parts(settings)
        try:
            found = store.read_now(beats.listed)
        finally:
            store.close()
        now = _now(settings)
        asleep = beats.asleep(found, now)
        if as_json:
            rows = [asdict(job) | {"what": beats.JOBS[job.name]} for job in found]
            out.print_json(json.dumps({"running": not asleep, "now": now, "jobs": rows}, default=_iso))
            return
        table = Table("job", "next", "last run", "late", "outcome", "count")
        for job in found:
            outcome = (
                "" if job.outcome is None else f"[red]{job.outcome}[/]" if job.outcome == "failed" else "done"
            )
            table.add_row(
                f"{job.name}\n[dim]{beats.JOBS[job.name]}[/]",
                _shown(job.next_at),
                _shown(job.began_at),
                "" if job.late_ms is None else str(timedelta(milliseconds=job.late_ms)),
                outcome,
                "" if job.count is None else str(job.count),
            )
        out.print(table)
        if asleep:
            err.print(
                "[bold red]The relay does not run:[/] jobs are past their time. Start it: qasid run, qasid serve."
            )


@app.command("verify-webapp")
def verify_webapp(
    address: Annotated[
        str, typer.Argument(help="Where phones open the app: https://relay.example", metavar="URL")
    ],
    manifest: Annotated[
        Path | None,
        typer.Option(help="A bundle.json that was published elsewhere, in place of this build's."),
    ] = None,
    bundle_hash: Annotated[
        str | None,
        typer.Option(
            "--hash", help="A hash that was published elsewhere: hexadecimal, or sixteen groups of digits."
        ),
    ] = None,
    relay: Annotated[
        str,
        typer.Option(
            help="The relay that the app speaks to, where its files are served from another origin."
        ),
    ] = "",
) -> None:
    """Check from anywhere that a server hands out this very build of the phone app, and says nothing else.

    Needs no settings. Fetches both pages and every file, asking as a phone does, and compares them with the build that
    this installation has (or --manifest, or --hash). Exit code 0: it is this build, and its hash is printed; 1: it is
    not, each file that differs, is missing or extra is named, and each security header that is not as it should be;
    2: nothing could be compared.

    A server can answer others otherwise than it answers you: ask from several places, and at times it does not expect.
    """
    with told():
        from handlers import bundle, webapp  # noqa: PLC0415 – --help stays quick

        if manifest and bundle_hash:
            raise ConfigError("--manifest and --hash say the same thing twice: give one of them.")
        try:
            own = manifest or Path(os.environ.get("QASID_APP_DIR") or APP_DIR) / "bundle.json"
            expected = bundle.parse_hash(bundle_hash) if bundle_hash else bundle.Bundle.read(own)
            report = asyncio.run(webapp.verify(address, expected, relay=checked_origin("--relay", relay)))
        except bundle.BundleError as error:
            where = "--hash" if bundle_hash else f"{own}, the build to compare with"
            raise ConfigError(f"{where}: {error}.") from None
        except webapp.WebappError as error:
            raise ConfigError(str(error)) from None
        for warning in report.warnings:
            err.print(f"[bold yellow]qasid:[/] {warning}", soft_wrap=True)
        if report.faults:
            for fault in report.faults:
                out.print(fault, soft_wrap=True, markup=False)
            err.print(
                f"[bold red]{escape(report.folder)} does not serve the build {report.hash}.[/]",
                soft_wrap=True,
            )
            raise typer.Exit(1)
        for line in (f"{report.folder} serves this build.", report.hash, bundle.groups(report.hash)):
            out.print(line, soft_wrap=True, markup=False)


@app.command("export-webapp")
def export_webapp(
    folder: Annotated[Path, typer.Argument(help="A new folder for the files.")],
    relay: Annotated[
        str, typer.Option(help="The relay's address, which the pages will name.", envvar="QASID_PUBLIC_URL")
    ],
) -> None:
    """Write the phone app as plain files, to be served from another origin than the relay.

    Serve the folder as it is, by https, with the headers that stand in its file _headers; set QASID_APP_ORIGIN for the
    relay, and look with qasid verify-webapp URL --relay RELAY.
    """
    with told():
        from handlers import bundle, export  # noqa: PLC0415 – --help stays quick

        source = Path(os.environ.get("QASID_APP_DIR") or APP_DIR)
        try:
            made = export.export(source, folder, checked_origin("--relay", relay))
        except bundle.BundleError as error:
            raise ConfigError(f"The phone app cannot be exported from {source}: {error}.") from None
        out.print(f"{folder}: {len(made.files)} files.\n{made.hash}", soft_wrap=True, markup=False)


@office.command()
def admit() -> None:
    """Print a one-time code with which an office registers: qasid-desk init --relay URL --code CODE."""
    with told():
        from handlers.app import open_parts  # noqa: PLC0415 – --help stays quick
        from relay import offices  # noqa: PLC0415 – --help stays quick

        settings = Settings.load()
        store, _ = open_parts(settings)
        try:
            admission = store.write_now(lambda tx: offices.admit(tx, _now(settings)))
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


@audit.command()
def heads() -> None:
    """Print where each log stands now. Keep it away from this machine: audit verify --heads FILE asks for it."""
    with told():
        from handlers import witness  # noqa: PLC0415 – --help stays quick
        from handlers.app import open_parts  # noqa: PLC0415 – --help stays quick
        from relay import audit as logs  # noqa: PLC0415 – --help stays quick

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
        from handlers import witness  # noqa: PLC0415 – --help stays quick
        from handlers.app import open_parts  # noqa: PLC0415 – --help stays quick
        from relay import audit as logs  # noqa: PLC0415 – --help stays quick

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


@ledger.command("verify")
def verify_ledger() -> None:
    """Check that entries, offers and counts of seats say the same; exit code 1 when they do not."""
    with told():
        from handlers.app import open_parts  # noqa: PLC0415 – --help stays quick
        from relay import ledger as ledgers  # noqa: PLC0415 – --help stays quick

        store, _ = open_parts(Settings.load())
        try:
            with Progress("{task.description}", "{task.completed:,}", console=err, transient=True) as bar:
                task = bar.add_task("entries checked:", total=None)
                reports = store.read_now(lambda tx: ledgers.verify(tx, lambda n: bar.advance(task, n)))
        finally:
            store.close()
        for report in reports:
            verdict = f"[bold red]DOES NOT BALANCE:[/] {report.wrong}" if report.wrong else "balances"
            whose = f"{report.code} of office {b64u(report.office)}"
            out.print(f"{whose}: {report.entries} entries, {verdict}", soft_wrap=True)
        if not reports:
            out.print("There is no movement yet.")
        if any(report.wrong for report in reports):
            raise typer.Exit(1)


@backup.command("key")
def backup_key(
    file: Annotated[Path, typer.Argument(help="Where the offline key is kept: a medium, not this machine.")],
) -> None:
    """Make the offline key, under a passphrase, and print its public half: that is what backups are made to.

    Best on another machine. Lost, no backup opens. QASID_BACKUP_PASSPHRASE_FILE names a file with the passphrase.
    """
    with told():
        from handlers import backup as backups  # noqa: PLC0415 – --help stays quick

        out.print(backups.make_key(file), soft_wrap=True)
        err.print(f"{file} opens every backup made to this: keep it and its passphrase away from the relay.")


@backup.command("make")
def backup_make(
    file: Annotated[Path, typer.Argument(help="The backup: a new file, best on another medium.")],
    to: Annotated[
        str, typer.Option(help="The public half, QASID-BACKUP1.…", envvar="QASID_BACKUP_KEY", metavar="KEY")
    ],
    keys: Annotated[
        Path, typer.Option(help="The contacts' keys: replaced each time, so that only the newest remains.")
    ],
) -> None:
    """Write a backup, also while the relay runs, and try whether it can be restored.

    That is tried in memory, of which it takes as much as the database is large. What waits to be said to Telegram,
    and what came from there, is not in it; nor is the vault key.
    """
    with told():
        from handlers import backup as backups  # noqa: PLC0415 – --help stays quick
        from handlers.app import open_parts  # noqa: PLC0415 – --help stays quick

        public = backups.public_key(to)
        settings = Settings.load()
        store, _ = open_parts(settings)
        try:
            with _counting("rows written:") as begun:
                rows = backups.make(store, file, keys, public, now=_now(settings), begun=begun)
        finally:
            store.close()
        out.print(f"{file}: {rows:,} rows, put back in memory and counted.", soft_wrap=True)
        err.print("The vault key is not in it: keep it apart.")


@backup.command("restore")
def backup_restore(
    file: Annotated[Path, typer.Argument(help="The backup.")],
    keys: Annotated[Path, typer.Option(help="The newest file of contacts' keys.")],
    key: Annotated[Path, typer.Option(help="The file of the offline key.")],
) -> None:
    """Put a backup into an empty database of the same version, with the old vault key in its place.

    First bring the vault key back to QASID_VAULT_KEY_FILE, then run qasid db upgrade, then this. Notices that were
    scheduled are withheld until an office approves and seals them anew: they may have been called off since.
    """
    with told():
        from handlers import backup as backups  # noqa: PLC0415 – --help stays quick
        from handlers.app import open_parts  # noqa: PLC0415 – --help stays quick

        settings = Settings.load()
        store, vault = open_parts(settings)
        try:
            with _counting("rows read:") as begun:
                found = backups.restore(store, vault, file, keys, key, now=_now(settings), begun=begun)
        finally:
            store.close()
        out.print(f"{found.rows.total():,} rows of {found.made_at:%Y-%m-%d %H:%M} UTC are back.")
        if found.erased:
            out.print(f"Left out: {found.erased} contacts who were erased since, or wiped their phone.")


def _shown(time: datetime | None) -> str:
    return "" if time is None else f"{time:%Y-%m-%d %H:%M:%S}"


def _iso(time: datetime) -> str:
    return time.isoformat()


def _now(settings: Settings) -> datetime:
    """By the relay's own clock."""
    from handlers.clock import clock_of  # noqa: PLC0415 – --help stays quick

    return clock_of(settings.clock_file).now()


@contextmanager
def _counting(what: str) -> Iterator[Callable[[int | None], Callable[[], None]]]:
    """Shows how far it is; begun anew when the work is."""
    with Progress(
        "{task.description}", "{task.completed:,}", BarColumn(), console=err, transient=True
    ) as bar:

        def begun(total: int | None) -> Callable[[], None]:
            for each in bar.task_ids:
                bar.remove_task(each)
            task = bar.add_task(what, total=total)
            return lambda: bar.advance(task)

        yield begun


def _serve(settings: Settings) -> None:
    from handlers.app import House, open_parts  # noqa: PLC0415 – --help stays quick
    from handlers.clock import clock_of  # noqa: PLC0415 – --help stays quick
    from handlers.server import listen, stop_on_signals  # noqa: PLC0415 – --help stays quick

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
