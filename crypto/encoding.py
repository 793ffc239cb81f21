"""Base64url, ids, the three keyed and unkeyed hashes of PROTOCOL section 1, and times."""

import base64
import binascii
import hashlib
import hmac
import secrets
from datetime import UTC, datetime
from functools import cache
from typing import Final

from crypto.errors import Malformed
from crypto.record import MAX_TIME, ZERO_32

_PREFIX: Final = b"qasid/1 "


def b64u(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64u(text: str, length: int | None = None) -> bytes:
    """The bytes of canonical base64url without padding, exactly `length` of them where given; else Malformed."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Malformed("not base64url") from None
    # One spelling per value: padding, the other alphabet and stray bits are all caught here.
    if b64u(data) != text:
        raise Malformed("not canonical base64url")
    if length is not None and len(data) != length:
        raise Malformed(f"{len(data)} bytes where {length} are needed")
    return data


def new_id() -> bytes:
    """A fresh id, 16 random bytes."""
    return secrets.token_bytes(16)


@cache
def domain(purpose: str) -> bytes:
    """What stands before everything hashed or signed for a purpose."""
    return _PREFIX + purpose.encode() + b"\0"


def digest(purpose: str, data: bytes) -> bytes:
    """`H(purpose, data)`, 32 bytes."""
    return hashlib.sha256(domain(purpose) + data).digest()


def mac(purpose: str, key: bytes, data: bytes) -> bytes:
    """`HMAC(purpose, key, data)`, 32 bytes."""
    return hmac.digest(key, domain(purpose) + data, "sha256")


def extract(salt: bytes, ikm: bytes) -> bytes:
    """HKDF-Extract with SHA-256 (RFC 5869 section 2.2)."""
    return hmac.digest(salt or ZERO_32, ikm, "sha256")


def expand(prk: bytes, info: bytes, length: int) -> bytes:
    """HKDF-Expand with SHA-256 (RFC 5869 section 2.3); Malformed beyond 255 blocks."""
    if length <= 32:  # what sealing asks for thousands of times
        return hmac.digest(prk, info + b"\x01", "sha256")[:length]
    if length > 255 * 32:
        raise Malformed("HKDF-SHA256 gives at most 8160 bytes")
    block, blocks = b"", []
    for counter in range(1, -(-length // 32) + 1):
        block = hmac.digest(prk, block + info + bytes([counter]), "sha256")
        blocks.append(block)
    return b"".join(blocks)[:length]


def kdf(ikm: bytes, salt: bytes, purpose: str, length: int = 32) -> bytes:
    """`KDF(ikm, salt, purpose)`: HKDF-SHA256 with info `qasid/1 purpose`."""
    return expand(extract(salt, ikm), _PREFIX + purpose.encode(), length)


def equal(a: bytes, b: bytes) -> bool:
    """Comparison in constant time."""
    return hmac.compare_digest(a, b)


def unix(moment: datetime) -> int:
    """Seconds since 1970 of an aware datetime; a naive one is a programming error."""
    if moment.tzinfo is None:
        raise TypeError("an aware datetime is needed")
    return int(moment.timestamp())


def moment(time: int) -> datetime:
    """The aware UTC datetime of a protocol time."""
    if not 0 <= time <= MAX_TIME:
        raise Malformed("a time is out of its range")
    return datetime.fromtimestamp(time, UTC)
