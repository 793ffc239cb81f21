"""`root`: the office root on its own medium."""

from pathlib import Path
from typing import Annotated

import typer

from crypto.encoding import b64u
from desk import medium, sheet
from desk.clock import Clock
from desk.commands.common import Json, Medium, QuickKdf, Yes, cost, office_root
from desk.errors import UsageError
from desk.passphrases import ROOT, passphrase
from desk.voice import speaking

app = typer.Typer(no_args_is_help=True, help="The office root: made and used on a medium of its own.")

SuccessorMedium = Annotated[
    Path | None,
    typer.Option(
        "--successor-medium",
        help="Another folder for the successor (better: another place).",
        file_okay=False,
    ),
]


@app.command("init")
def init(
    *, folder: Medium, successor: SuccessorMedium = None, quick: QuickKdf = False, as_json: Json = False
) -> None:
    """Make the office root and its committed successor.

    Each stands in a file of its own, sealed with the medium's passphrase. Make a copy and keep it elsewhere: who
    has a root file and its passphrase is the office.

    Example: qasid-desk root init --medium /media/usb
    """
    with speaking(as_json=as_json) as voice:
        second = successor or folder
        for place in {folder, second}:
            if not place.is_dir():
                voice.note(f"{place} does not exist yet and is made: is the medium plugged in?")
        medium.check_free(folder, second)
        word = passphrase(ROOT, "the root medium (choose one)", new=True, ask=not as_json)
        root = medium.create(folder, second, word, cost(quick=quick))
        data = {
            "office": b64u(root.office),
            "root_file": str(folder / medium.ROOT_FILE),
            "successor_file": str(second / medium.SUCCESSOR_FILE),
        }
        voice.result(
            data,
            lambda out: out.print(
                f"Office [bold]{data['office']}[/]\nRoot       {data['root_file']}\n"
                f"Successor  {data['successor_file']}\n\n"
                "Next: qasid-desk init --relay URL --medium … --role-code C-01"
            ),
        )


@app.command("succession")
def succession(
    *,
    folder: Medium,
    successor: SuccessorMedium = None,
    yes: Yes = False,
    quick: QuickKdf = False,
    as_json: Json = False,
) -> None:
    """Replace a lost or exposed root by its successor.

    Needs only the successor's file. The old root signs nothing from the next roster on; a new successor is
    committed to. Afterwards run `qasid-desk roster renew`.

    Example: qasid-desk root succession --medium /media/usb
    """
    with speaking(as_json=as_json) as voice:
        medium.check(successor or folder, medium.SUCCESSOR_FILE)
        voice.confirm("The present root ends for good. Go on?", yes=yes)
        word = passphrase(ROOT, "the root medium", ask=not as_json)
        root = medium.succeed(folder, successor or folder, word, cost(quick=quick))
        data = {
            "office": b64u(root.office),
            "root": b64u(root.current.root_pk),
            "successions": len(root.successions),
        }
        voice.result(
            data,
            lambda out: out.print(
                f"The successor is the root now ({data['successions']} successions).\nNext: qasid-desk roster renew"
            ),
        )


@app.command("sheet")
def recovery_sheet(
    *,
    folder: Medium,
    out: Annotated[Path, typer.Option("--out", help="The page to write, to be printed.")],
    as_json: Json = False,
) -> None:
    """Write the recovery sheet: what to have and what to do when a desk, the root or its holder is lost.

    It holds no secret. Fill in by hand where the media are and who knows the passphrase; never the passphrase.

    Example: qasid-desk root sheet --medium /media/usb --out recovery.html
    """
    with speaking(as_json=as_json) as voice:
        if out.exists():
            raise UsageError(
                f"{out} exists already.", "Nothing is written over another file; choose a new name."
            )
        root = office_root(folder, ask=not as_json)
        sheet.write(out, root, Clock().now())
        data = {"office": b64u(root.office), "page": str(out), "successions": len(root.successions)}
        voice.result(data, lambda console: console.print(f"Page to print: {out}", markup=False))
