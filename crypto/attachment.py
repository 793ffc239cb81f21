"""An attachment as its message names it, and what the relay is told of it (PROTOCOL section 6, Attachments).

Its chunks are sealed in chunk.py, which the relay may not import.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Annotated, Final

from crypto.encoding import digest, kdf
from crypto.errors import Malformed
from crypto.record import U8, Bytes16, Bytes32, Record, Unsigned, Utf8

CHUNK: Final = 16_384
"""Bytes of padded plaintext in a chunk."""
SEALED_CHUNK: Final = CHUNK + 16
"""Bytes of a chunk at the relay."""
COUNTS: Final = (1, 2, 3, 4, 6, 8, 12, 16)
"""How many chunks an attachment may have, so that their number says little of its size."""
MOST: Final = CHUNK * COUNTS[-1]
"""Bytes of the largest attachment."""


class Media(IntEnum):
    JPEG = 1
    WEBP = 2
    OGG_OPUS = 3
    WEBM_OPUS = 4

    @property
    def is_voice(self) -> bool:
        return self in {Media.OGG_OPUS, Media.WEBM_OPUS}


def count_of(size: int) -> int:
    """How many chunks hold `size` bytes, padded; Malformed for none at all and above MOST."""
    if not 1 <= size <= MOST:
        raise Malformed("an attachment has 1 to 262,144 bytes")
    return next(count for count in COUNTS if size <= count * CHUNK)


def attachment_hash(data: bytes) -> bytes:
    """What the message names of the plaintext."""
    return digest("attachment", data)


def token_hash(token: bytes) -> bytes:
    """What the relay keeps of the token that fetches and deletes an attachment."""
    return digest("attachment token", token)


@dataclass(frozen=True, slots=True)
class Attachment(Record):
    """A photograph (its width and height in pixels) or a voice note (its seconds); `hash` is of the plaintext."""

    attachment: Bytes16
    key: Bytes32
    media: Media
    size: Annotated[int, Unsigned(4, MOST, least=1)]
    count: U8
    hash: Bytes32
    seconds: Annotated[int, Unsigned(4, 600)]
    width: Annotated[int, Unsigned(4, 16_384)]
    height: Annotated[int, Unsigned(4, 16_384)]
    caption: Annotated[str, Utf8(1024)]

    def _relate(self) -> None:
        if self.count != count_of(self.size):
            raise Malformed("an attachment has the fewest chunks that hold it")
        told = (self.seconds > 0, self.width > 0, self.height > 0)
        if told != ((True, False, False) if self.media.is_voice else (False, True, True)):
            raise Malformed("a voice note tells its seconds, a photograph its width and height")

    @property
    def token(self) -> bytes:
        """Shown to the relay by whoever may fetch or delete it; 32 bytes."""
        return kdf(self.key, self.attachment, "attachment token")

    def __repr__(self) -> str:
        return "Attachment(…)"
