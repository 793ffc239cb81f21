"""A JPEG without its metadata: what decides the picture stays, everything else is left out (ITU-T T.81 annex B)."""

from typing import Final

from desk.errors import UsageError

SOI, EOI, SOS, COM, TEM = 0xD8, 0xD9, 0xDA, 0xFE, 0x01
RESTARTS: Final = frozenset(range(0xD0, 0xD8))
FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
TABLES: Final = frozenset({0xC4, 0xCC, 0xDB, 0xDD})
"""Huffman, arithmetic and quantization tables, and the restart interval."""
NOTES: Final = frozenset({COM, *range(0xE0, 0xF0)})
"""Comments and application segments: EXIF with place and time, previews, colour profiles, what editors leave."""
ADOBE: Final = 0xEE
"""The one application segment without which colours are wrong."""


def strip(data: bytes) -> tuple[bytes, int, int]:
    """The picture alone, its width and height. Raises UsageError for what is no JPEG, or one that cannot be read."""
    kept, at, size = [data[:2]], 2, (0, 0)
    while True:
        marker, at = _marker(data, at)
        if marker == EOI:
            if 0 in size:
                raise _damaged()
            return b"".join([*kept, b"\xff\xd9"]), *size
        end = at + int.from_bytes(data[at : at + 2], "big")
        body = data[at + 2 : end]
        if end > len(data) or end < at + 2 or marker in {SOI, TEM, *RESTARTS}:
            raise _damaged()
        if marker == SOS:
            end = _scan_end(data, end)
        elif marker in FRAMES:
            size = (int.from_bytes(body[3:5], "big"), int.from_bytes(body[1:3], "big"))
        elif marker not in TABLES | NOTES:
            raise _damaged()
        if marker not in NOTES or (marker == ADOBE and len(body) == 12 and body.startswith(b"Adobe")):
            kept.append(bytes([0xFF, marker]) + data[at:end])
        at = end


def _marker(data: bytes, at: int) -> tuple[int, int]:
    """The marker that begins here, after any fill bytes, and where it ends."""
    if data[at : at + 1] != b"\xff":
        raise _damaged()
    while data[at : at + 1] == b"\xff":
        at += 1
    if at >= len(data) or data[at] == 0:
        raise _damaged()
    return data[at], at + 1


def _scan_end(data: bytes, at: int) -> int:
    """Where the coded picture that begins here ends: at the next marker that is none of its own."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise _damaged()
        if data[at + 1] not in {0, *RESTARTS}:
            return at
        at += 2


def _damaged() -> UsageError:
    return UsageError(
        "This JPEG is damaged, or of a kind that this desk cannot read.", "Save it anew and try again."
    )
