"""A relay's backup: a stream of records that the offline key alone opens, some of which need a person's key too.

A file is `magic ‖ sealed box of the file's key ‖ secretstream header ‖ messages`, each message a length (u32) and a
ciphertext of records one after the other; the last one is tagged, so that a file that was cut or goes on is refused.
Whoever knows the public key can make such a file: it does not say who made it.
"""

import secrets
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import IO, Final, Self

from nacl import bindings
from nacl.exceptions import CryptoError as NaclError
from nacl.public import PrivateKey, PublicKey, SealedBox

from crypto.encoding import b64u, digest, domain, kdf, unb64u
from crypto.errors import Malformed, Refused
from crypto.record import rec, unrec

_TEXT: Final = "QASID-BACKUP1."
_VERSION: Final = b"\x01"
_FILE_KEY: Final = 32
_SEALED_KEY: Final = _FILE_KEY + bindings.crypto_box_SEALBYTES
_HEADER: Final = bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
_MORE: Final = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_LAST: Final = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
_NONCE: Final = 24
_FULL: Final = 64 * 1024
_LARGEST: Final = 64 * 1024 * 1024
"""What one message may take at most, so that no file can have us take up more."""
_MISTYPED: Final = "the key for backups is damaged or mistyped"
_DAMAGED: Final = "the file is damaged: take another copy"


class Kind(Enum):
    """What a file holds; the value is what it begins with."""

    ROWS = b"qasid backup 1\n"
    KEYS = b"qasid contact keys 1\n"


@dataclass(frozen=True, slots=True)
class BackupKey:
    """The public half of the offline key: what backups are made to."""

    public: bytes

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read `QASID-BACKUP1.…`, white space inside ignored; Malformed when damaged or mistyped."""
        bare = "".join(text.split())
        if not bare.startswith(_TEXT):
            raise Malformed(f"this is no key for backups: one begins with {_TEXT}")
        try:
            data = unb64u(bare.removeprefix(_TEXT), 1 + 32 + 4)
        except Malformed:
            raise Malformed(_MISTYPED) from None
        if data[-4:] != _check(data[:-4]):
            raise Malformed(_MISTYPED)
        if data[:1] != _VERSION:
            raise Malformed("the key for backups is of a newer kind than this program knows")
        return cls(data[1:-4])

    def text(self) -> str:
        """`QASID-BACKUP1.` and base64url, 64 characters."""
        data = _VERSION + self.public
        return _TEXT + b64u(data + _check(data))


@dataclass(frozen=True, slots=True)
class OfflineKey:
    """Opens backups; it is kept away from the relay. `secret` is 32 bytes, Malformed otherwise."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != 32:
            raise Malformed("an offline key is 32 bytes")

    @classmethod
    def generate(cls) -> Self:
        return cls(secrets.token_bytes(32))

    @property
    def public(self) -> BackupKey:
        return BackupKey(bytes(PrivateKey(self.secret).public_key))


class Writer:
    """Writes one file. `close` ends it: without, what was written is refused as cut short."""

    def __init__(self, file: IO[bytes], kind: Kind, to: BackupKey) -> None:
        #: The file's own key, to read it again while it is at hand.
        self.key = secrets.token_bytes(_FILE_KEY)
        begin = kind.value + SealedBox(PublicKey(to.public)).encrypt(self.key)
        self._file, self._held, self._size = file, list[bytes](), 0
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        self._begin = digest("backup file", begin)
        header = bindings.crypto_secretstream_xchacha20poly1305_init_push(self._state, self.key)
        file.write(begin + header)

    def write(self, record: bytes) -> None:
        """Append a record. Malformed beyond 60 MiB or so."""
        self._held.append(record)
        self._size += len(record)
        if self._size >= _FULL:
            self._push(_MORE)

    def close(self) -> None:
        """Mark the end; nothing can follow."""
        self._push(_LAST)

    def _push(self, tag: int) -> None:
        push = bindings.crypto_secretstream_xchacha20poly1305_push
        sealed = push(self._state, rec(*self._held), self._begin, tag)
        if len(sealed) > _LARGEST:
            raise Malformed("a row is too large for a backup")
        self._file.write(len(sealed).to_bytes(4, "big") + sealed)
        self._held, self._size = [], 0


def read(file: IO[bytes], kind: Kind, key: OfflineKey | bytes) -> Iterator[bytes]:
    """The records, in order; `key` is the offline key, or the file's own.

    Malformed for another kind of file, or one that is cut short; Refused for another key or a changed byte. Both may
    come after records were given: nothing counts before the end is reached.
    """
    if file.read(len(kind.value)) != kind.value:
        wanted = "a backup of a relay" if kind is Kind.ROWS else "a file of contacts' keys (--keys)"
        raise Malformed(f"the file is not {wanted}, or of a kind this program does not know")
    sealed_key = _exactly(file, _SEALED_KEY)
    header = _exactly(file, _HEADER)
    file_key = key if isinstance(key, bytes) else _opened(key, sealed_key)
    begin = digest("backup file", kind.value + sealed_key)
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, header, file_key)
    tag = _MORE
    while tag != _LAST:
        size = int.from_bytes(_exactly(file, 4), "big")
        if not bindings.crypto_secretstream_xchacha20poly1305_ABYTES <= size <= _LARGEST:
            raise Malformed(_DAMAGED)
        try:
            message, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(
                state, _exactly(file, size), begin
            )
        except NaclError:
            raise Refused(_DAMAGED) from None
        if tag not in {_MORE, _LAST}:
            raise Malformed(_DAMAGED)
        yield from unrec(message)
    if file.read(1):
        raise Malformed("the file goes on after its end: take another copy")


def mark(secret: bytes) -> bytes:
    """By which a row names a contact's key, 16 bytes: says nothing of whose it is."""
    return digest("backup mark", secret)[:16]


def seal_row(keys: Collection[bytes], data: bytes) -> bytes:
    """Encrypted so that all of these contacts' keys are needed."""
    nonce = secrets.token_bytes(_NONCE)
    seal = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt
    return nonce + seal(data, domain("backup row"), nonce, _row_key(keys))


def open_row(keys: Collection[bytes], sealed: bytes) -> bytes:
    """What seal_row sealed; Refused under other keys or when changed."""
    open_ = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt
    try:
        return open_(sealed[_NONCE:], domain("backup row"), sealed[:_NONCE], _row_key(keys))
    except (NaclError, ValueError):
        raise Refused(_DAMAGED) from None


def _row_key(keys: Collection[bytes]) -> bytes:
    return kdf(b"".join(sorted(keys)), b"", "backup row")


def _check(data: bytes) -> bytes:
    return digest("backup key check", data)[:4]


def _opened(key: OfflineKey, sealed: bytes) -> bytes:
    try:
        return bytes(SealedBox(PrivateKey(key.secret)).decrypt(sealed))
    except (NaclError, ValueError):
        raise Refused("the file was made to another offline key, or it is damaged") from None


def _exactly(file: IO[bytes], size: int) -> bytes:
    data = file.read(size)
    if len(data) != size:
        raise Malformed("the file is cut short: take another copy")
    return data
