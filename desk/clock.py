"""The time at this desk, in unix seconds."""

import ipaddress
import os
import time
from pathlib import Path
from urllib.parse import urlsplit


def is_loopback(url: str) -> bool:
    """Whether `url` names this very machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Clock:
    """The machine's clock; against a loopback relay the offset in QASID_CLOCK_FILE is added (stories, tests).

    A real relay never gets a stepped desk: approvals and go orders carry the desk's time.
    """

    def __init__(self, offset_file: Path | None = None) -> None:
        self._offset_file = offset_file

    @classmethod
    def for_relay(cls, url: str) -> "Clock":
        name = os.environ.get("QASID_CLOCK_FILE", "")
        return cls(Path(name) if name and is_loopback(url) else None)

    def now(self) -> int:
        """Unix seconds; the offset is read anew each time, a missing or empty file counts as 0."""
        offset = 0
        if self._offset_file is not None and self._offset_file.exists():
            offset = int(self._offset_file.read_text(encoding="ascii").strip() or 0)
        return int(time.time()) + offset
