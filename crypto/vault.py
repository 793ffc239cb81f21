"""The relay's vault: Telegram ids encrypted at rest, found again by a blind index (PROTOCOL section 11).

The key stands in a file outside the database. It opens no message. Whoever holds it can reverse the index by
trying every id, which is why it stays out of backups of the database.

While a key is exchanged the file holds two, the newer one first: both open, and find, what is there. Every process
looks at the file before each use. What is new is sealed with the older key until the newer has stood there for SETTLE,
so that nobody meets a seal whose key they have not read yet.
"""

import os
import secrets
import stat
import time
from datetime import timedelta
from pathlib import Path
from typing import Final, NamedTuple, Self

from nacl import bindings
from nacl.exceptions import CryptoError as NaclError

from crypto.disk import make_folder, sync_folder
from crypto.encoding import kdf, mac
from crypto.errors import Malformed, Refused

KEY_SIZE: Final = 32
MOST_KEYS: Final = 2
SETTLE: Final = timedelta(minutes=10)
"""How long a newer key stands in the file before it seals."""
_NONCE_SIZE: Final = 24
_ID: Final = b"qasid/1 telegram id"
_PRESS: Final = b"qasid/1 callback id"
_ENCLOSED: Final = b"qasid/1 enclosed"


class _Key:
    """One key: XChaCha20-Poly1305 for the ids, HMAC-SHA256 for their index."""

    __slots__ = ("_button", "_index", "_seal", "raw")

    def __init__(self, key: bytes) -> None:
        self.raw = key
        self._seal = kdf(key, b"", "vault seal")
        self._index = kdf(key, b"", "vault index")
        self._button = kdf(key, b"", "vault button")

    def index(self, telegram_id: int) -> bytes:
        return mac("vault index", self._index, _signed64(telegram_id))

    def tag(self, data: bytes) -> bytes:
        return mac("vault button", self._button, data)

    def encrypt(self, data: bytes, purpose: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE_SIZE)
        return nonce + bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(data, purpose, nonce, self._seal)

    def decrypt(self, sealed: bytes, purpose: bytes) -> bytes | None:
        """None when it is not sealed with this key, or for something else."""
        nonce, ciphertext = sealed[:_NONCE_SIZE], sealed[_NONCE_SIZE:]
        try:
            return bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(ciphertext, purpose, nonce, self._seal)
        except (NaclError, ValueError):
            return None


class _Held(NamedTuple):
    """The keys of a file, the newest first; since when it is as it is, and what shows that it was changed."""

    keys: tuple[_Key, ...]
    since: float = 0
    stamp: tuple[int, int, int] | None = None


class Vault:
    """Encrypts Telegram ids with the key that is settled, and opens them with any. For several threads at once."""

    __slots__ = ("_held", "_path")

    def __init__(self, *keys: bytes) -> None:
        """`keys` are 32 random bytes each, the newest first, and settled; Malformed otherwise."""
        if not keys or any(len(key) != KEY_SIZE for key in keys):
            raise Malformed("the vault key is 32 bytes")
        self._held = _Held(tuple(_Key(key) for key in keys))
        self._path: Path | None = None

    @classmethod
    def create(cls, path: Path) -> Self:
        """Make a new key file, readable by its owner alone; Refused if there is a file already."""
        make_folder(path.parent)
        try:
            _write(path, secrets.token_bytes(KEY_SIZE))
        except FileExistsError:
            raise Refused(f"there is a vault key at {path} already: it is never overwritten") from None
        return cls.load(path)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the key file. Refused, saying what to do, when it is missing, readable by others, or damaged."""
        held = _read(path)
        vault = cls(*(key.raw for key in held.keys))
        vault._held, vault._path = held, path
        return vault

    @property
    def rotating(self) -> bool:
        """Whether there is an older key besides the newest."""
        return len(self._look().keys) > 1

    @property
    def settles_at(self) -> float:
        """Unix seconds at which the newest key begins to seal."""
        return self._look().since + SETTLE.total_seconds()

    @property
    def settled(self) -> bool:
        """Whether the newest key seals."""
        return time.time() >= self.settles_at

    def rotate(self) -> None:
        """Put a new key before the one in the file; Refused while there are two."""
        if self.rotating:
            raise Refused("the vault key is being exchanged already: end that with qasid vault retire")
        self._replace(secrets.token_bytes(KEY_SIZE), self._look().keys[0].raw)

    def retire(self) -> None:
        """Take the older key out of the file; Refused when there is none. Nothing may need it any more."""
        if not self.rotating:
            raise Refused("there is one vault key only: nothing is to be retired")
        self._replace(self._look().keys[0].raw)

    def entry(self, telegram_id: int) -> tuple[bytes, bytes]:
        """The id, sealed, and its blind index, both of one key."""
        key = self._sealing()
        return key.encrypt(_signed64(telegram_id), _ID), key.index(telegram_id)

    def seal_id(self, telegram_id: int) -> bytes:
        """A Telegram id, encrypted: 48 bytes, different every time."""
        return self._encrypt(_signed64(telegram_id), _ID)

    def open_id(self, sealed: bytes) -> int:
        """The Telegram id in `sealed`; Refused under another key or when changed."""
        return int.from_bytes(self._decrypt(sealed, _ID), "big", signed=True)

    def seal_press(self, callback_id: str) -> bytes:
        """The id of a pressed button, encrypted: Telegram puts the person's own id into it."""
        return self._encrypt(callback_id.encode(), _PRESS)

    def open_press(self, sealed: bytes) -> str:
        """The callback id in `sealed`; Refused as open_id."""
        return self._decrypt(sealed, _PRESS).decode()

    def seal_enclosed(self, text: str) -> bytes:
        """Armoured text on its way through a chat, or where Telegram keeps it, encrypted until it is dealt with."""
        return self._encrypt(text.encode(), _ENCLOSED)

    def open_enclosed(self, sealed: bytes) -> str:
        """The text in `sealed`; Refused as open_id."""
        return self._decrypt(sealed, _ENCLOSED).decode()

    def older(self, sealed: bytes) -> bool:
        """Whether it, whatever it is, opens with an older key than the newest."""
        purposes = (_ID, _PRESS, _ENCLOSED)
        older = self._look().keys[1:]
        return any(key.decrypt(sealed, purpose) is not None for key in older for purpose in purposes)

    def index(self, telegram_id: int) -> bytes:
        """The blind index of a Telegram id, 32 bytes, the same as long as the same key seals."""
        return self._sealing().index(telegram_id)

    def indexes(self, telegram_id: int) -> list[bytes]:
        """The blind indexes under which it may stand: one of each key."""
        return [key.index(telegram_id) for key in self._look().keys]

    def tag(self, data: bytes) -> bytes:
        """What vouches for a button that the relay made, 32 bytes: nobody else can make it."""
        return self._sealing().tag(data)

    def tags(self, data: bytes) -> list[bytes]:
        """What may vouch for it: one of each key."""
        return [key.tag(data) for key in self._look().keys]

    def _look(self) -> _Held:
        """The keys as they stand in the file now. A file that went, or was damaged, stops nobody who has read it."""
        held, path = self._held, self._path
        if path is not None:
            try:
                if _stamp(os.stat(path)) != held.stamp:  # noqa: PTH116 – pathlib takes twice as long
                    self._held = held = _read(path)
            except (OSError, Refused):
                return held
        return held

    def _sealing(self) -> _Key:
        held = self._look()
        return held.keys[0 if time.time() >= held.since + SETTLE.total_seconds() else -1]

    def _encrypt(self, data: bytes, purpose: bytes) -> bytes:
        return self._sealing().encrypt(data, purpose)

    def _decrypt(self, sealed: bytes, purpose: bytes) -> bytes:
        for key in self._look().keys:
            data = key.decrypt(sealed, purpose)
            if data is not None:
                return data
        raise Refused("a stored Telegram id does not open: is this the vault key it was made with?")

    def _replace(self, *keys: bytes) -> None:
        """These keys stand in the file, all of them or, after a power cut, those of before."""
        if self._path is None:
            raise Refused("this vault key stands in no file")
        beside = self._path.with_name(self._path.name + ".new")
        beside.unlink(missing_ok=True)  # of an exchange that was cut off
        _write(beside, b"".join(keys))
        beside.replace(self._path)
        sync_folder(self._path.parent)


def _write(path: Path, content: bytes) -> None:
    """A new file that only its owner reads, whole or not at all; FileExistsError if there is one."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)  # half a key would only stand in the way
        raise
    sync_folder(path.parent)


def _read(path: Path) -> _Held:
    """Raises Refused as Vault.load."""
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            content = file.read(MOST_KEYS * KEY_SIZE + 1)
    except FileNotFoundError:
        raise Refused(
            f"the vault key {path} is missing: restore it from its backup; without it no stored Telegram id"
            " can be read"
        ) from None
    except OSError as error:
        raise Refused(f"the vault key {path} cannot be read: {error.strerror}") from None
    if stat.S_IMODE(status.st_mode) & 0o077:
        raise Refused(f"the vault key {path} can be read by others: run chmod 600 {path}")
    keys = [content[start : start + KEY_SIZE] for start in range(0, len(content), KEY_SIZE)]
    if not 1 <= len(keys) <= MOST_KEYS or len(keys[-1]) != KEY_SIZE:
        raise Refused(
            f"the vault key {path} is damaged (not {KEY_SIZE} bytes, nor two keys): restore it from its backup"
        )
    return _Held(tuple(_Key(key) for key in keys), status.st_mtime, _stamp(status))


def _stamp(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_mtime_ns, status.st_ino, status.st_size


def _signed64(number: int) -> bytes:
    if not -(2**63) <= number < 2**63:
        raise Malformed("a Telegram id fits 64 bits")
    return number.to_bytes(8, "big", signed=True)
