"""A file of secrets under a passphrase: Argon2id (RFC 9106) and XSalsa20-Poly1305, parameters stored beside."""

import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar, Final

from nacl import bindings, pwhash
from nacl.exceptions import CryptoError as NaclError

from crypto.disk import sync_folder
from crypto.errors import Malformed, Refused
from crypto.record import Blob, Bytes16, Octets, Record, Unsigned

_MAGIC: Final = b"qasid key file 1\n"
_LARGEST: Final = 16 * 1024 * 1024


class WrongPassphrase(Refused):
    """The passphrase does not open the file."""


@dataclass(frozen=True, slots=True)
class Cost(Record):
    """What guessing a passphrase costs: Argon2id passes and KiB of memory, bounded so a bad file cannot stall us."""

    operations: Annotated[int, Unsigned(4, 64, least=1)]
    memory: Annotated[int, Unsigned(4, 1024 * 1024, least=8)]

    STRONG: ClassVar["Cost"]
    QUICK: ClassVar["Cost"]


Cost.STRONG = Cost(3, 64 * 1024)
Cost.QUICK = Cost(1, 8)  # for tests


@dataclass(frozen=True, slots=True)
class _Sealed(Record):
    cost: Cost
    salt: Bytes16
    nonce: Annotated[bytes, Octets((24,))]
    ciphertext: Blob


def write(path: Path, secret: bytes, passphrase: str, cost: Cost = Cost.STRONG) -> None:
    """Replace the file at `path` in one step, readable by its owner alone and on disk when this returns.

    Refused for an empty passphrase; OSError when the disk says no, the old file then being intact.
    """
    if not passphrase:
        raise Refused("an empty passphrase protects nothing: choose one")
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(24)
    ciphertext = bindings.crypto_secretbox(secret, nonce, _key(passphrase, salt, cost))
    data = _MAGIC + _Sealed(cost, salt, nonce, ciphertext).encode()
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def read(path: Path, passphrase: str) -> bytes:
    """The secret in the file at `path`. Raises WrongPassphrase, Malformed for no key file, Refused when missing."""
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except FileNotFoundError:
        raise Refused(f"there is no key file at {path}") from None
    except OSError as error:
        raise Refused(f"the key file {path} cannot be read: {error.strerror}") from None
    if not data.startswith(_MAGIC) or len(data) > _LARGEST:
        raise Malformed(f"{path} is no key file of a kind this program knows")
    try:
        sealed = _Sealed.parse(data.removeprefix(_MAGIC))
    except Malformed:
        raise Malformed(f"the key file {path} is damaged: restore it from its backup") from None
    key = _key(passphrase, sealed.salt, sealed.cost)
    try:
        return bindings.crypto_secretbox_open(sealed.ciphertext, sealed.nonce, key)
    except (NaclError, ValueError):
        raise WrongPassphrase(f"the passphrase does not open {path} (or the file is damaged)") from None


def _key(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    # A terminal hands over bytes that are not UTF-8 as lone surrogates; they are as good a passphrase as any.
    secret = passphrase.encode(errors="surrogatepass")
    try:
        return pwhash.argon2id.kdf(32, secret, salt, opslimit=cost.operations, memlimit=cost.memory * 1024)
    except NaclError:
        raise Refused(
            f"the passphrase takes {cost.memory // 1024} MiB of memory to check: close other programs"
        ) from None
