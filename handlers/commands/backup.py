"""`backup`: copies of the database that only an offline key opens."""

from pathlib import Path
from typing import Annotated

import typer

from handlers.commands.common import counting, err, now, opened, opened_store, out, told

backup = typer.Typer(
    help="Backups of the database, which only an offline key opens and which erasing a person reaches: a contact's "
    "rows are sealed with the contact's own key, and those keys stand in a file of their own, the newest only. "
    "Run `make` every night, and again after somebody was erased: until then the older file of keys opens what was "
    "theirs. Keep the file of keys apart from the backups and make no other copies of it. The vault key is in none of "
    "them: keep it apart, too; without it no restored relay can ring anybody.",
    no_args_is_help=True,
)


@backup.command()
def key(
    file: Annotated[Path, typer.Argument(help="Where the offline key is kept: a medium, not this machine.")],
) -> None:
    """Make the offline key, under a passphrase, and print its public half: that is what backups are made to.

    Best on another machine. Lost, no backup opens. QASID_BACKUP_PASSPHRASE_FILE names a file with the passphrase.
    """
    with told():
        from handlers import backup as backups  # noqa: PLC0415 – --help stays quick

        out.print(backups.make_key(file), soft_wrap=True)
        err.print(f"{file} opens every backup made to this: keep it and its passphrase away from the relay.")


@backup.command()
def make(
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

        public = backups.public_key(to)
        with opened_store() as store, counting("rows written:") as begun:
            rows = backups.make(store, file, keys, public, now=now(), begun=begun)
        out.print(f"{file}: {rows:,} rows, put back in memory and counted.", soft_wrap=True)
        err.print("The vault key is not in it: keep it apart.")


@backup.command()
def restore(
    file: Annotated[Path, typer.Argument(help="The backup.")],
    keys: Annotated[Path, typer.Option(help="The newest file of contacts' keys.")],
    key: Annotated[Path, typer.Option(help="The file of the offline key.")],
) -> None:
    """Put a backup into an empty database of the same version, with the old vault key in its place.

    First bring the vault key back to QASID_VAULT_KEY_FILE, then run qasid migrate, then this. Notices that were
    scheduled are withheld until an office approves and seals them anew: they may have been called off since.
    """
    with told():
        from handlers import backup as backups  # noqa: PLC0415 – --help stays quick

        with opened() as (store, vault), counting("rows read:") as begun:
            found = backups.restore(store, vault, file, keys, key, now=now(), begun=begun)
        out.print(f"{found.rows.total():,} rows of {found.made_at:%Y-%m-%d %H:%M} UTC are back.")
        if found.erased:
            out.print(f"Left out: {found.erased} contacts who were erased since, or wiped their phone.")
