"""`verify-webapp` and `export-webapp`: the phone app's files, at any server."""

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from handlers.commands.common import err, out, told
from handlers.config import APP_DIR, ConfigError, checked_origin


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
