"""What a thief of the relay's disk gets: all of the database and the log, searched for what must not be there."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from nacl import bindings

from tests import databases
from tests.story.stage import Stage, StoryError


def spellings(secret: bytes) -> Iterator[bytes]:
    """The ways a value may have been written down."""
    yield secret
    yield secret.hex().encode()
    yield secret.hex().upper().encode()
    for encoder in (base64.b64encode, base64.urlsafe_b64encode):
        # Base64 of a value inside a longer one depends on where it begins: leave out what neighbours share.
        for lead in range(3):
            yield encoder(bytes(lead) + secret)[(lead * 8 + 5) // 6 : -4].rstrip(b"=")
    with contextlib.suppress(UnicodeDecodeError):
        yield secret.decode().encode("utf-16-le")


def number_spellings(number: int) -> Iterator[bytes]:
    """A Telegram id as text and as integers of the usual widths."""
    yield str(number).encode()
    for width in (5, 6, 8):
        for order in ("big", "little"):
            yield number.to_bytes(width, order)  # type: ignore[arg-type]  # both are literals


def values(database: Path) -> list[bytes]:
    """Every value of every column of every table, as bytes."""
    found: list[bytes] = []
    for table in databases.tables(database):
        for row in databases.behind(database, f'select * from "{table}"'):
            found += [
                value if isinstance(value, bytes) else str(value).encode()
                for value in row
                if value is not None
            ]
    return found


def files(stage: Stage) -> dict[str, bytes]:
    """All that a relay wrote, now that it stands: its folder but for the vault key, its database, its log; all raw."""
    folder = stage.database.parent
    kept = {
        path.name: path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path != folder / "vault.key"
    }
    return kept | databases.files(stage.database) | {"log": stage.log.read_bytes()}


def search(haystacks: dict[str, bytes], needles: dict[str, Iterable[bytes]]) -> None:
    """Raises StoryError naming (never showing) what was found and where."""
    for what, ways in needles.items():
        for way in ways:
            if len(way) < 4:
                continue
            for where, content in haystacks.items():
                if way in content:
                    raise StoryError(f"{what} stands in the relay's {where}")


def private_keys_of(publics: set[bytes], found: Iterable[bytes], *, everywhere: bool) -> int:
    """How many 32-byte pieces of the values are a private key of one of these public keys; and how many were tried.

    `everywhere` tries every offset of every value of at most 4 KiB, else values and 32-byte fields of records.
    """
    tried: set[bytes] = set()
    for value in found:
        if len(value) > 4096:
            continue  # envelope bodies: ciphertext, searched for known private keys as bytes instead
        offsets = range(len(value) - 31) if everywhere else _field_offsets(value)
        for offset in offsets:
            piece = value[offset : offset + 32]
            if len(piece) == 32 and piece not in tried:
                tried.add(piece)
                if bindings.crypto_scalarmult_base(piece) in publics:
                    raise StoryError("the relay's database holds an X25519 private key")
                if bindings.crypto_sign_seed_keypair(piece)[0] in publics:
                    raise StoryError("the relay's database holds an Ed25519 private key")
    return len(tried)


def _field_offsets(value: bytes) -> Iterator[int]:
    yield 0
    yield max(0, len(value) - 32)
    marker = (32).to_bytes(4, "big")
    at = value.find(marker)
    while at >= 0:
        yield at + 4
        at = value.find(marker, at + 1)
