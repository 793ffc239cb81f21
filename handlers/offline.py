"""The offline page: the app as one file, which the bot hands out."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

#: What the build calls it, and what it is called in the chat.
NAME = "offline.html"


@dataclass(frozen=True)
class Page:
    """Its bytes; `hash` is their SHA-256, for people to compare."""

    content: bytes

    @property
    def hash(self) -> str:
        """Sixteen groups of four hexadecimal digits, four to a line."""
        digits = hashlib.sha256(self.content).hexdigest()
        groups = [digits[at : at + 4] for at in range(0, 64, 4)]
        return "\n".join(" ".join(groups[at : at + 4]) for at in range(0, 16, 4))


@dataclass(frozen=True)
class OfflinePage:
    """The page in the app's folder."""

    folder: Path

    def read(self) -> Page | None:
        """As it lies there now, None where there is none."""
        try:
            return Page((self.folder / NAME).read_bytes())
        except FileNotFoundError:
            return None
