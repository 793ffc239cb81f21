"""A still WebP without its metadata (RFC 9649)."""

from collections.abc import Iterator
from typing import Final

from desk.errors import UsageError

PICTURE: Final = frozenset({b"VP8 ", b"VP8L", b"ALPH"})
ALPHA: Final = 0x10
ANIMATED: Final = 0x02


def strip(data: bytes) -> tuple[bytes, int, int]:
    """The picture alone, its width and height. Raises UsageError for what is no still WebP, or cannot be read."""
    found = dict(_chunks(data))
    kept = [(name, body) for name, body in found.items() if name in PICTURE]
    frame = found.get(b"VP8 ") or found.get(b"VP8L") or b""
    size = _lossy(frame) if b"VP8 " in found else _lossless(frame)
    if b"ALPH" in found:
        header = found.get(b"VP8X", b"")
        if len(header) != 10 or header[0] & ANIMATED:
            raise _damaged()
        kept.insert(0, (b"VP8X", bytes([ALPHA]) + header[1:]))
    body = b"".join(
        [name + len(each).to_bytes(4, "little") + each + b"\0" * (len(each) % 2) for name, each in kept]
    )
    return b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WEBP" + body, *size


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    end = 8 + int.from_bytes(data[4:8], "little")
    at, seen = 12, set[bytes]()
    while at < end:
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if at + 8 + size > min(end, len(data)) or name in seen or name == b"ANMF":
            raise _damaged()
        seen.add(name)
        yield name, data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _lossy(frame: bytes) -> tuple[int, int]:
    if len(frame) < 10 or frame[0] & 1 or frame[3:6] != b"\x9d\x01\x2a":
        raise _damaged()
    width, height = (int.from_bytes(frame[at : at + 2], "little") & 0x3FFF for at in (6, 8))
    if not width or not height:
        raise _damaged()
    return width, height


def _lossless(frame: bytes) -> tuple[int, int]:
    if len(frame) < 5 or frame[0] != 0x2F:
        raise _damaged()
    bits = int.from_bytes(frame[1:5], "little")
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


def _damaged() -> UsageError:
    return UsageError("This WebP is damaged, or no single picture.", "Save it as a JPEG and try again.")
