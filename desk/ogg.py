"""The length of a voice note in Ogg with Opus, and that it tells nothing besides (RFC 3533, RFC 7845)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from desk.errors import UsageError

RATE: Final = 48_000
SAID_BY_PROGRAMS: Final = b"encoder="
"""The only comment that is let through: which program wrote it."""
HEADERS: Final = 2


@dataclass(frozen=True)
class _Page:
    granule: int
    serial: int
    packets: list[bytes]
    """Those that end here."""


def seconds(data: bytes) -> int:
    """How long it lasts, rounded up.

    Raises UsageError for what is no single Opus voice, or has comments about who, where and when.
    """
    pages = list(_pages(data))
    packets = [packet for page in pages for packet in page.packets]
    if len({page.serial for page in pages}) != 1 or len(packets) <= HEADERS:
        raise _damaged()
    head, tags = packets[:HEADERS]
    if not head.startswith(b"OpusHead") or len(head) < 19:
        raise _damaged()
    for comment in _comments(tags):
        if not comment.lower().startswith(SAID_BY_PROGRAMS):
            raise UsageError(
                "The voice note has comments in it, about whom or what one cannot know.",
                "Record it anew, or save it without tags.",
            )
    samples = pages[-1].granule - int.from_bytes(head[10:12], "little")
    if not 0 < samples < RATE * 3600:
        raise _damaged()
    return -(-samples // RATE)


def _pages(data: bytes) -> Iterator[_Page]:
    at, open_ = 0, b""
    while at < len(data):
        sizes = data[at + 27 : at + 27 + data[at + 26]] if at + 27 <= len(data) else b""
        begin = at + 27 + len(sizes)
        end = begin + sum(sizes)
        if data[at : at + 5] != b"OggS\0" or not sizes or end > len(data):
            raise _damaged()
        packets = []
        for size in sizes:
            open_ += data[begin : begin + size]
            begin += size
            if size < 255:
                packets.append(open_)
                open_ = b""
        granule, serial = (int.from_bytes(data[at + a : at + b], "little") for a, b in ((6, 14), (14, 18)))
        yield _Page(granule, serial, packets)
        at = end


def _comments(tags: bytes) -> Iterator[bytes]:
    """What stands after the name of the program that made it. Nothing may follow the last one."""
    if not tags.startswith(b"OpusTags"):
        raise _damaged()
    _, at = _field(tags, 8)
    count, at = int.from_bytes(tags[at : at + 4], "little"), at + 4
    for _ in range(count):
        comment, at = _field(tags, at)
        yield comment
    if tags[at:].strip(b"\0"):
        raise _damaged()


def _field(data: bytes, at: int) -> tuple[bytes, int]:
    end = at + 4 + int.from_bytes(data[at : at + 4], "little")
    if end > len(data):
        raise _damaged()
    return data[at + 4 : end], end


def _damaged() -> UsageError:
    return UsageError("This is no voice note in Ogg with Opus, or it is damaged.", "Record it anew.")
