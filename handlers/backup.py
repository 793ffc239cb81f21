"""Backups of the database: the files, and the passphrase of the key that opens them; relay/backup.py has the rules."""

import io
import os
import stat
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import typer

from crypto import archive, keyfile
from crypto.archive import BackupKey, Kind, OfflineKey, Writer
from crypto.errors import CryptoError
from handlers.config import ConfigError
from relay import backup, beats
from relay.backup import Restored
from relay.errors import RelayError, StoreError
from relay.unit import Store, Tx, Vault

PASSPHRASE = "QASID_BACKUP_PASSPHRASE_FILE"  # noqa: S105 – a variable's name
SHORTEST = 10
ROWS_PART, KEYS_PART = ".qasid-backup.part", ".qasid-keys.part"
Begun = Callable[[int | None], Callable[[], None]]
"""Told how many rows there are, or None where nobody knows; gives what is to be called at each."""


def make_key(path: Path) -> str:
    """Make the offline key in a new file under a passphrase; the public half as text. Raises ConfigError."""
    with _told():
        if path.exists():
            raise ConfigError(f"{path} exists already: a key is never written over another file")
        _folder_of(path)
        key = OfflineKey.generate()
        keyfile.write(path, key.secret, _passphrase(new=True))
        return key.public.text()


def public_key(text: str) -> BackupKey:
    """Raises ConfigError."""
    with _told():
        return BackupKey.from_text(text)


def make(store: Store, file: Path, keys: Path, to: BackupKey, *, now: datetime, begun: Begun) -> int:
    """Write a backup into a new file and replace the file of contacts' keys; how many rows are in it.

    It counts once it was put back, in memory, as it was written: else both are as before. Killed at any moment it
    leaves at most parts, which the next one takes away before anything else. Raises ConfigError, also while another
    backup is made in one of the folders.
    """
    from handlers.part import part  # noqa: PLC0415 – its locks are not Windows', where offices may make their key

    with _told():
        _check_places(file, keys)
        with part(keys.parent / KEYS_PART) as held, part(file.parent / ROWS_PART) as rows:
            # Until they count the keys are in memory alone: a second file of them opens what the newest does not.
            secrets = io.BytesIO()

            def unit(tx: Tx) -> tuple[Counter[str], Writer, Writer]:
                for each in (rows.file, secrets):  # a unit runs again when the database went away
                    each.seek(0)
                    each.truncate()
                ours, theirs = Writer(rows.file, Kind.ROWS, to), Writer(secrets, Kind.KEYS, to)
                return backup.make(tx, ours, theirs, now, begun(backup.size(tx))), ours, theirs

            counts, ours, theirs = store.read_now(unit)
            secrets.seek(0)
            read = (
                archive.read(rows.synced(), Kind.ROWS, ours.key),
                archive.read(secrets, Kind.KEYS, theirs.key),
            )
            found = backup.rehearse(*read)
            if (found.rows, found.erased) != (counts, 0):
                raise ConfigError("the backup does not hold what the database does: nothing was kept of it")
            held.file.write(secrets.getvalue())
            if held.synced().read() != secrets.getvalue():
                raise ConfigError(f"{keys.parent} does not give back what is written there: nothing was kept")
            _check_places(file, keys)  # nothing has come there meanwhile
            held.become(keys)  # first, for they open older backups too, and older ones would not open this
            rows.become(file)
        store.write_now(lambda tx: beats.backed_up(tx, now, now, counts.total()))
        return counts.total()


def restore(
    store: Store, vault: Vault, file: Path, keys: Path, key: Path, *, now: datetime, begun: Begun
) -> Restored:
    """Put a backup back into an empty database; all of it or, raising ConfigError, nothing."""
    with _told():
        offline = OfflineKey(keyfile.read(key, _passphrase()))

        def unit(tx: Tx) -> Restored:
            with file.open("rb") as rows, keys.open("rb") as held:
                opened = archive.read(rows, Kind.ROWS, offline), archive.read(held, Kind.KEYS, offline)
                return backup.restore(tx, vault, *opened, now=now, tick=begun(None))

        return store.write_now(unit)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (CryptoError, RelayError, StoreError) as error:
        raise ConfigError(str(error)) from None
    except OSError as error:
        raise ConfigError(f"{error.filename or 'a file'}: {error.strerror}") from None


def _check_places(file: Path, keys: Path) -> None:
    for path in (file, keys):
        _folder_of(path)
    if file.exists():
        raise ConfigError(f"{file} exists already: a backup is never written over another file")
    if keys.resolve() == file.resolve():
        raise ConfigError("the contacts' keys belong into a file of their own")
    if keys.exists():
        with keys.open("rb") as held:
            if held.read(len(Kind.KEYS.value)) != Kind.KEYS.value:
                raise ConfigError(f"{keys} is no file of contacts' keys: it is left as it is")


def _folder_of(path: Path) -> None:
    if not path.parent.is_dir():
        raise ConfigError(f"there is no folder {path.parent}: is the medium plugged in?")


def _passphrase(*, new: bool = False) -> str:
    """Asked for, a new one twice; or the first line of a file that nobody else may read."""
    name = os.environ.get(PASSPHRASE, "")
    if name:
        value = _first_line(Path(name))
    elif sys.stdin.isatty():
        value = str(
            typer.prompt("Passphrase of the offline key", hide_input=True, confirmation_prompt=new, err=True)
        )
    else:
        raise ConfigError(
            f"the passphrase of the offline key is needed: name a file that holds it with {PASSPHRASE}"
        )
    if new and len(value) < SHORTEST:
        raise ConfigError(f"a passphrase has at least {SHORTEST} characters: take five or more words")
    return value


def _first_line(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
            raise ConfigError(f"others may read the passphrase file {path}: run chmod 600 {path}")
        return file.readline().rstrip("\r\n")
