"""Times as officers write and read them. The protocol has unix seconds."""

import re
from datetime import UTC, datetime
from typing import Final

from desk.errors import UsageError
from words.dates import moment

UNITS: Final = {"m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}


def parse_time(text: str, now: int) -> int:
    """ISO 8601 with an offset, unix seconds, or `+90m`, `+36h`, `+3d`, `+2w` from now. Raises UsageError."""
    text = text.strip()
    if text.isdigit():
        return int(text)
    if match := re.fullmatch(r"\+(\d+)([mhdw])", text):
        return now + int(match[1]) * UNITS[match[2]]
    try:
        value = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise UsageError(
            f"{text!r} is no time.", "Write 2026-11-21T10:00+04:30, unix seconds, or +36h from now."
        ) from wrong
    if value.tzinfo is None:
        raise UsageError(f"{text!r} does not say where.", "Add the offset: +04:30 for Kabul, Z for UTC.")
    return int(value.timestamp())


def show_time(value: int) -> str:
    """UTC, to the minute; empty for 0."""
    return f"{datetime.fromtimestamp(value, UTC):%Y-%m-%d %H:%M}Z" if value else ""


def show_moment(value: int) -> str:
    """UTC, and what people in Kabul call it; empty for 0."""
    return f"{show_time(value)}: {moment(value, 'en')}" if value else ""


def show_age(seconds: int) -> str:
    """`12 min`, `3 h`, `5 d`."""
    if seconds < 3600:
        return f"{max(seconds, 0) // 60} min"
    return f"{seconds // 3600} h" if seconds < 2 * 86400 else f"{seconds // 86400} d"
