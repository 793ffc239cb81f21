"""The desk's folder: one passphrase-sealed key file, one sealed state file, one lock.

The key file holds a random 32-byte key under the passphrase (Argon2id, its cost stored beside it). The state,
which changes with every command, is sealed under that key: so the slow derivation is paid once a command, and
a new passphrase rewrites 32 bytes only.
"""

import json
import os
import secrets
import sys
from pathlib import Path

from crypto import keyfile
from crypto.disk import make_folder, sync_folder
from crypto.encoding import b64u
from crypto.errors import CryptoError
from desk.codec import decode, encode
from desk.errors import DeskError, UsageError
from desk.state import State

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

KEY_FILE = "desk.qasid-key"
STATE_FILE = "state.sealed"
LOCK_FILE = "lock"
PART_SIZE = 8 * 1024 * 1024  # a key file is read up to 16 MiB
INLINE, PARTED = b"0", b"1"


class Home:
    """An unlocked home; holds the lock until `close`."""

    def __init__(self, folder: Path, key: bytes, lock: int) -> None:
        self.folder = folder
        self._key = key
        self._lock = lock

    @staticmethod
    def exists(folder: Path) -> bool:
        return (folder / KEY_FILE).exists()

    @classmethod
    def create(cls, folder: Path, passphrase: str, cost: keyfile.Cost) -> "Home":
        """Makes the folder (mode 0700) and its key. Raises UsageError when a desk lives there already."""
        make_folder(folder, 0o700)
        lock = _take_lock(folder)
        if cls.exists(folder):
            os.close(lock)
            raise UsageError(
                f"There is a desk in {folder} already.", "Use it, or name another folder with --home."
            )
        key = secrets.token_bytes(32)
        keyfile.write(folder / KEY_FILE, key, passphrase, cost)
        return cls(folder, key, lock)

    @classmethod
    def check(cls, folder: Path) -> None:
        """Raises DeskError for a missing desk: before anybody is asked for its passphrase."""
        if not cls.exists(folder):
            raise DeskError(
                f"There is no desk in {folder}.",
                "Start one with `qasid-desk init` (first officer) or `qasid-desk device new`.",
                "no_desk",
            )

    @classmethod
    def unlock(cls, folder: Path, passphrase: str) -> "Home":
        """Raises DeskError for a missing desk, a wrong passphrase, or another desk at work here."""
        cls.check(folder)
        lock = _take_lock(folder)
        try:
            return cls(folder, keyfile.read(folder / KEY_FILE, passphrase), lock)
        except keyfile.WrongPassphrase as wrong:
            os.close(lock)
            raise DeskError(
                "The passphrase is wrong (or the key file is damaged).",
                "Try again; nothing was changed. Without the passphrase this desk cannot be opened.",
                "wrong_passphrase",
            ) from wrong
        except BaseException:
            os.close(lock)
            raise

    def opens_with(self, passphrase: str) -> bool:
        """Whether it is this desk's own passphrase."""
        try:
            return keyfile.read(self.folder / KEY_FILE, passphrase) == self._key
        except keyfile.WrongPassphrase:
            return False

    def change_passphrase(self, passphrase: str, cost: keyfile.Cost) -> None:
        keyfile.write(self.folder / KEY_FILE, self._key, passphrase, cost)

    def load(self) -> State:
        """Raises DeskError when the state is missing or damaged."""
        if not (self.folder / STATE_FILE).exists():
            raise DeskError(
                f"{self.folder} holds a key but no state.", "Restore the folder from its backup.", "no_state"
            )
        try:
            head = self._read(STATE_FILE)
            parts = [head[1:]] if head[:1] == INLINE else [self._read(name) for name in json.loads(head[1:])]
            return decode(State, b"".join(parts))
        except (CryptoError, ValueError) as damaged:
            raise DeskError(
                f"The state in {self.folder} cannot be read.",
                "Restore the folder from its backup.",
                "damaged",
            ) from damaged

    def save(self, state: State) -> None:
        """Writes the whole state atomically: after a crash the old or the new one stands there, never half.

        A large one goes into several files under fresh names first; the state file then names them in one step.
        """
        text = encode(state)
        names: list[str] = []
        if len(text) <= PART_SIZE:
            self._write(STATE_FILE, INLINE + text)
        else:
            generation = secrets.token_hex(8)
            for start in range(0, len(text), PART_SIZE):
                names.append(f"part-{generation}-{len(names)}.sealed")
                self._write(names[-1], text[start : start + PART_SIZE])
            self._write(STATE_FILE, PARTED + json.dumps(names).encode())
        old = [part for part in self.folder.glob("part-*.sealed") if part.name not in names]
        for part in old:
            part.unlink()
        if old:
            sync_folder(self.folder)  # what was forgotten does not come back

    def _read(self, name: str) -> bytes:
        return keyfile.read(self.folder / name, b64u(self._key))

    def _write(self, name: str, text: bytes) -> None:
        # The "passphrase" is 256 random bits, so the cheapest derivation loses nothing.
        keyfile.write(self.folder / name, text, b64u(self._key), keyfile.Cost.QUICK)

    def put(self, name: str, data: bytes) -> None:
        """A file that needs no sealing because it is ciphertext already; on disk when this returns."""
        handle = os.open(self.folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(self.folder)

    def get(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()

    def drop(self, name: str) -> None:
        (self.folder / name).unlink(missing_ok=True)

    def close(self) -> None:
        os.close(self._lock)


def _take_lock(folder: Path) -> int:
    handle = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as taken:
        os.close(handle)
        raise DeskError(
            f"Another qasid-desk is at work in {folder}.",
            "Wait until it has finished, then try again.",
            "busy",
        ) from taken
    return handle
