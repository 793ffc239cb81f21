"""Small files as cameras and recorders write them, with what they say besides."""

import struct

SECRET = b"34.5553N 69.2075E by Farid"


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


SCAN = segment(0xDA, bytes(10)) + b"\x12\xff\x00\x34\xff\xd0\x56"


def jpeg(size: int = 0, *, width: int = 640, height: int = 480) -> bytes:
    """Progressive, with EXIF, XMP, an editor's block, a comment, and a second picture behind the first."""
    exif = segment(0xE1, b"Exif\0\0" + SECRET)
    frame = segment(0xC2, b"\x08" + struct.pack(">HH", height, width) + b"\1\1\x11\0")
    noise = bytes(1 + at * 7 % 254 for at in range(size))
    return b"".join(
        [
            b"\xff\xd8", segment(0xE0, b"JFIF\0" + SECRET), exif, segment(0xED, SECRET), segment(0xFE, SECRET),
            segment(0xEE, b"Adobe" + bytes(7)), segment(0xDB, bytes(65)), frame, segment(0xC4, bytes(20)),
            SCAN, noise, b"\xff" + segment(0xC4, bytes(20)), segment(0xE1, SECRET), SCAN, b"\xff\xd9",
            b"\xff\xd8\xff\xe1" + SECRET,
        ]
    )  # fmt: skip


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"".join(
        name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for name, data in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


LOSSY = b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 320, 200) + b"picture"
LOSSLESS = b"\x2f" + struct.pack("<I", 319 | 199 << 14) + b"picture"


def webp(*, alpha: bool = False) -> bytes:
    header = bytes([0x3C]) + bytes(3) + (319).to_bytes(3, "little") + (199).to_bytes(3, "little")
    see_through = [(b"ALPH", b"\1\2\3")] if alpha else []
    notes = [(b"EXIF", SECRET), (b"XMP ", SECRET)]
    return riff((b"VP8X", header), (b"ICCP", SECRET), *see_through, (b"VP8 ", LOSSY), *notes)


def page(packets: bytes, sizes: list[int], granule: int, serial: int = 9) -> bytes:
    head = b"OggS\0\0" + struct.pack("<QIII", granule, serial, 0, 0)
    return head + bytes([len(sizes)]) + bytes(sizes) + packets


def tags(*comments: bytes) -> bytes:
    told = b"".join(struct.pack("<I", len(each)) + each for each in comments)
    return b"OpusTags" + struct.pack("<I", 7) + b"libopus" + struct.pack("<I", len(comments)) + told


def ogg(*comments: bytes, seconds: float = 6.5, serial: int = 9, size: int = 300) -> bytes:
    head = b"OpusHead\1\1" + struct.pack("<HIh", 312, 48_000, 0) + b"\0"
    told = tags(b"ENCODER=opusenc", *comments)
    voice = bytes(1 + at * 7 % 254 for at in range(size))
    lacing = [255] * (size // 255) + [size % 255]
    return (
        page(head, [len(head)], 0)
        + page(told, [255] * (len(told) // 255) + [len(told) % 255], 0)
        + page(voice, lacing, int(seconds * 48_000) + 312, serial)
    )
