"""The relay's vault: Telegram ids encrypted at rest, found again by a blind index (PROTOCOL section 11).

The key stands in a file outside the database. It opens no message. Whoever holds it can reverse the index by
trying every id, which is why it stays out of backups of the database.
"""

import os
import secrets
import stat
from pathlib import Path
from typing import Final, Self

from nacl import bindings
from nacl.exceptions import CryptoError as NaclError

from crypto.disk import sync_folder
from crypto.encoding import kdf, mac
from crypto.errors import Malformed, Refused

KEY_SIZE: Final = 32
_NONCE_SIZE: Final = 24
_ID: Final = b"qasid/1 telegram id"
_PRESS: Final = b"qasid/1 callback id"
_ENCLOSED: Final = b"qasid/1 enclosed"


class Vault:
    """Encrypts Telegram ids with XChaCha20-Poly1305 and indexes them with HMAC-SHA256."""

    __slots__ = ("_button", "_index", "_seal")

    def __init__(self, key: bytes) -> None:
        """`key` is 32 random bytes; Malformed otherwise."""
        if len(key) != KEY_SIZE:
            raise Malformed("the vault key is 32 bytes")
        self._seal = kdf(key, b"", "vault seal")
        self._index = kdf(key, b"", "vault index")
        self._button = kdf(key, b"", "vault button")

    @classmethod
    def create(cls, path: Path) -> Self:
        """Make a new key file, readable by its owner alone; Refused if there is a file already."""
        key = secrets.token_bytes(KEY_SIZE)
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise Refused(f"there is a vault key at {path} already: it is never overwritten") from None
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(key)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            path.unlink(missing_ok=True)  # half a key would only stand in the way
            raise
        sync_folder(path.parent)
        return cls(key)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the key file. Refused, saying what to do, when it is missing, readable by others, or damaged."""
        try:
            with path.open("rb") as file:
                status = os.fstat(file.fileno())
                key = file.read(KEY_SIZE + 1)
        except FileNotFoundError:
            raise Refused(
                f"the vault key {path} is missing: restore it from its backup; without it no stored Telegram id"
                " can be read"
            ) from None
        except OSError as error:
            raise Refused(f"the vault key {path} cannot be read: {error.strerror}") from None
        if stat.S_IMODE(status.st_mode) & 0o077:
            raise Refused(f"the vault key {path} can be read by others: run chmod 600 {path}")
        if len(key) != KEY_SIZE:
            raise Refused(
                f"the vault key {path} is damaged (not {KEY_SIZE} bytes): restore it from its backup"
            )
        return cls(key)

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

    def index(self, telegram_id: int) -> bytes:
        """The blind index of a Telegram id, 32 bytes, always the same."""
        return mac("vault index", self._index, _signed64(telegram_id))

    def tag(self, data: bytes) -> bytes:
        """What vouches for a button that the relay made, 32 bytes: nobody else can make it."""
        return mac("vault button", self._button, data)

    def _encrypt(self, data: bytes, purpose: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE_SIZE)
        return nonce + bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(data, purpose, nonce, self._seal)

    def _decrypt(self, sealed: bytes, purpose: bytes) -> bytes:
        nonce, ciphertext = sealed[:_NONCE_SIZE], sealed[_NONCE_SIZE:]
        try:
            return bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(ciphertext, purpose, nonce, self._seal)
        except (NaclError, ValueError):
            raise Refused(
                "a stored Telegram id does not open: is this the vault key it was made with?"
            ) from None


def _signed64(number: int) -> bytes:
    if not -(2**63) <= number < 2**63:
        raise Malformed("a Telegram id fits 64 bits")
    return number.to_bytes(8, "big", signed=True)
