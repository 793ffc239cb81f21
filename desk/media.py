"""Photographs and voice notes as files: read strictly, and without what else is in them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crypto.attachment import MOST, Attachment, Media
from desk import jpeg, ogg, webp
from desk.errors import UsageError

LARGEST: Final = 64 * 1024 * 1024
LONGEST: Final = 600
WIDEST: Final = 16_384
TYPES: Final = {
    Media.JPEG: "image/jpeg", Media.WEBP: "image/webp", Media.OGG_OPUS: "audio/ogg", Media.WEBM_OPUS: "audio/webm",
}  # fmt: skip


@dataclass(frozen=True)
class Medium:
    """What is sent of a file; a voice note has seconds, a photograph a width and height."""

    media: Media
    data: bytes
    seconds: int = 0
    width: int = 0
    height: int = 0


def read(path: Path) -> Medium:
    """A file without its metadata. Raises UsageError for one that is none of ours, too large, or cannot be cleaned."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as wrong:
        raise UsageError(f"{path} cannot be read.", "Name a photograph or a voice note.") from wrong
    made = clean(data)
    if len(made.data) > MOST:
        raise UsageError(
            f"{len(made.data) // 1000} kB are too much: at most {MOST // 1000}.",
            "Save the photograph smaller (1,600 pixels are enough for a document), or speak for less long.",
        )
    if made.seconds > LONGEST or max(made.width, made.height) > WIDEST:
        raise UsageError(
            "It is too long, or too wide.", f"At most {LONGEST} seconds, or {WIDEST} pixels either way."
        )
    return made


def clean(data: bytes) -> Medium:
    """As `read`, of a file's bytes."""
    match kind_of(data):
        case Media.JPEG:
            stripped, width, height = jpeg.strip(data)
            return Medium(Media.JPEG, stripped, width=width, height=height)
        case Media.WEBP:
            stripped, width, height = webp.strip(data)
            return Medium(Media.WEBP, stripped, width=width, height=height)
        case Media.OGG_OPUS:
            return Medium(Media.OGG_OPUS, data, seconds=ogg.seconds(data))
        case _:
            raise UsageError(
                "That is no file this desk can clean of what it says besides.",
                "Attach a JPEG, a WebP, or a voice note in Ogg with Opus.",
            )


def kind_of(data: bytes) -> Media | None:
    """What a file says that it is, by its first bytes."""
    if data.startswith(b"\xff\xd8\xff"):
        return Media.JPEG
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return Media.WEBP
    if data.startswith(b"OggS"):
        return Media.OGG_OPUS
    return Media.WEBM_OPUS if data.startswith(b"\x1a\x45\xdf\xa3") else None


def called(attachment: Attachment) -> str:
    """How it stands among the messages: `[photograph, 143 kB]`."""
    size = f"{-(-attachment.size // 1000)} kB"
    if attachment.media.is_voice:
        return f"[voice note, {attachment.seconds // 60}:{attachment.seconds % 60:02} min, {size}]"
    return f"[photograph, {size}]"
