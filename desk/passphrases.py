"""Passphrases: asked for, or read from a file that nobody else may read. Never from the command line."""

import os
import stat
import sys
from pathlib import Path
from typing import Final

import typer

from desk.errors import UsageError

DESK: Final = "QASID_DESK_PASSPHRASE_FILE"
ROOT: Final = "QASID_DESK_ROOT_PASSPHRASE_FILE"
BACKUP: Final = "QASID_DESK_BACKUP_PASSPHRASE_FILE"
SHORTEST: Final = 10


def passphrase(variable: str, what: str, *, new: bool = False, ask: bool = True) -> str:
    """The passphrase for `what`. A `new` one is asked for twice and has at least ten characters.

    Raises UsageError where it cannot be asked for, is too short, or its file may be read by others.
    """
    name = os.environ.get(variable, "")
    if name:
        value = _from_file(Path(name), variable)
    elif ask and sys.stdin.isatty():
        value = str(typer.prompt(f"Passphrase of {what}", hide_input=True, confirmation_prompt=new, err=True))
    else:
        raise UsageError(
            f"The passphrase of {what} is needed.", f"Name a file that holds it with {variable}."
        )
    if new and len(value) < SHORTEST:
        raise UsageError(
            f"A passphrase has at least {SHORTEST} characters.",
            "Five or more words that you do not write down.",
        )
    return value


def _from_file(path: Path, variable: str) -> str:
    try:
        mode = path.stat().st_mode
        value = path.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    except OSError as missing:
        raise UsageError(f"The passphrase file {path} cannot be read.", f"Check {variable}.") from missing
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise UsageError(
            f"Others may read the passphrase file {path}.", f"Run: chmod 600 {path}", "world_readable"
        )
    if not value:
        raise UsageError(f"The passphrase file {path} is empty.", "Its first line is the passphrase.")
    return value
