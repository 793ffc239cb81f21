"""What every command shares: its options, and sitting down at the desk."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from platformdirs import user_data_path

from crypto.keyfile import Cost
from desk import grants, medium, rolls
from desk.devices import renew_prekeys
from desk.errors import DeskError, UnreachableError, UsageError
from desk.following import sync
from desk.home import Home
from desk.medium import RootFile
from desk.office import Desk
from desk.passphrases import DESK, ROOT, passphrase
from desk.times import show_age
from desk.voice import Voice, speaking

Json = Annotated[bool, typer.Option("--json", help="Answer with one JSON document and ask nothing.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask: I know this cannot be undone.")]
Medium = Annotated[
    Path,
    typer.Option("--medium", help="Folder of the office root's medium, e.g. a USB stick.", file_okay=False),
]
QuickKdf = Annotated[bool, typer.Option("--quick-kdf", hidden=True)]
RoleCode = Annotated[
    str, typer.Option("--role-code", help="How contacts see the officer, e.g. C-01; never a name.")
]
Roles = Annotated[
    str,
    typer.Option("--roles", help="Comma-separated: coordinator, caseworker, liaison; or auditor; or host."),
]
Until = Annotated[
    str | None, typer.Option("--until", help="When the officer's time ends, e.g. 2027-06-30T00:00Z or +180d.")
]


def cost(*, quick: bool) -> Cost:
    """How dear a guess at a passphrase is; `quick` is for tests and the demonstration, and is stored as such."""
    return Cost.QUICK if quick else Cost.STRONG


def folder(context: typer.Context) -> Path:
    """The desk's home."""
    given = context.find_root().params.get("home")
    return Path(given) if given else Path(os.environ.get("QASID_DESK_HOME") or user_data_path("qasid-desk"))


def text_from(given: str) -> str:
    """The text in the file `given`, or on standard input for `-`. Raises UsageError, which does not repeat `given`."""
    try:
        return sys.stdin.read() if given == "-" else Path(given).read_text(encoding="utf-8")
    except (OSError, UnicodeError, ValueError) as wrong:
        raise UsageError(
            "There is no such text file, or it cannot be read.", "Name a file, or give - for standard input."
        ) from wrong


def office_root(stick: Path, *, ask: bool) -> RootFile:
    """The office root on its medium. Raises DeskError."""
    medium.check(stick)
    return medium.load(stick, passphrase(ROOT, "the root medium", ask=ask))


def code_from(given: str, *, ask: bool) -> str:
    """A one-time code: in the file `given`, on standard input for `-`, `given` itself, or asked for when left out.

    Raises UsageError where it cannot be asked for.
    """
    if given == "-" or (given and Path(given).is_file()):
        return text_from(given).strip()
    if given:
        return given
    if not ask or not sys.stdin.isatty():
        raise UsageError(
            "The code that `qasid office admit` printed is needed.",
            "Give --code the name of a file that holds it, or - and the code on standard input.",
        )
    return str(typer.prompt("Code of `qasid office admit`", hide_input=True, err=True))


@contextmanager
def at_desk(
    context: typer.Context, *, as_json: bool, online: bool = True, lenient: bool = False
) -> Iterator[tuple[Voice, Desk]]:
    """The unlocked desk; `online` follows the roster first. `lenient`: goes on when the relay is out of reach."""
    with speaking(as_json=as_json) as voice:
        Home.check(folder(context))
        home = Home.unlock(folder(context), passphrase(DESK, "this desk", ask=not as_json))
        desk = None
        try:
            desk = Desk.open(home)
            if online:
                _arrive(voice, desk, lenient=lenient)
            yield voice, desk
        finally:
            if desk is None:
                home.close()
            else:
                desk.close()


def _arrive(voice: Voice, desk: Desk, *, lenient: bool) -> None:
    try:
        sync(desk)
        desk.forget_expired()
        for said in rolls.destroy_due(desk):
            voice.note(said)
        if desk.state.registered and desk.roster.stands(desk.device.device, desk.now()):
            renew_prekeys(desk)
            if desk.state.grants_due:
                grants.give(desk)
    except UnreachableError as gone:
        if not lenient:
            raise
        voice.note(gone.message)
    if abs(desk.relay.skew) > 300:
        voice.note(
            f"This machine's clock and the relay's are {show_age(abs(desk.relay.skew))} apart: set it right."
        )
    if desk.state.registered and not desk.roster.stands(desk.device.device, desk.now()):
        voice.note(
            "This device does not stand in the office's roster (removed, or its time is over): the relay knows it no "
            "more. What it holds can still be read here."
        )
    if not desk.roster.current(desk.now()):
        voice.note("The office's roster has expired: ask the holder of the root to run `roster renew`.")


def agreed(voice: Voice, question: str, *, yes: bool) -> bool:
    """Whether this one is wanted: a no passes on to the next. Raises UsageError where nobody can be asked."""
    try:
        voice.confirm(question, yes=yes)
    except UsageError:
        raise
    except DeskError:
        return False
    return True
