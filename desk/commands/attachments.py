"""`attachment`: photographs and voice notes that came with messages."""

import os
import secrets
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from desk import attachments, messages
from desk.commands.common import Json, Yes, at_desk
from desk.commands.inbox import described
from desk.errors import UsageError

app = typer.Typer(no_args_is_help=True, help="Photographs and voice notes that came with messages.")


@app.command("save")
def save(
    context: typer.Context,
    *,
    number: Annotated[int, typer.Argument(metavar="ID", help="The message's number in the inbox.")],
    path: Annotated[Path, typer.Argument(metavar="FILE", help="Where to, readable by you alone.")],
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Fetch what is attached to a message, check that it is all of it and unchanged, and write it into a file.

    When the line breaks, the same command goes on where it was. The file is outside what this desk protects: delete
    it when it is not needed any more.

    Example: qasid-desk attachment save 12 ./tazkira.jpg
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        message = messages.find(desk, number)
        if path.is_dir() or not path.parent.is_dir():
            raise UsageError(f"{path} is no place for a file.", "Name a new file in a folder that is there.")
        if path.exists():
            voice.confirm(f"{path} exists already. Write over it?", yes=yes)
        with voice.progress() as tick:
            data = attachments.fetch(desk, message, partial(tick, "fetching, chunks"))
        _write(path, data)
        voice.result(
            {"id": message.id, "file": str(path), "attachment": described(message.attachment)},
            lambda out: out.print(f"{len(data)} bytes are in {path}.", markup=False),
        )


def _write(path: Path, data: bytes) -> None:
    """All of it or nothing, with nobody else's rights; what was there is replaced."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
