"""Message entities: what Telegram marks in a text by itself. Offsets and lengths count UTF-16 units."""

import re

from emulator.wire import Json

_FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"]+)"
    r"|(?<![\w/])(?P<bot_command>/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]{5,32})?)(?![\w/])"
    r"|(?<!\w)(?P<mention>@[A-Za-z0-9_]{5,32})(?!\w)"
    r"|(?<!\w)(?P<hashtag>#\w+)"
)


def utf16_length(text: str) -> int:
    """Length of `text` in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def detect(text: str) -> list[Json]:
    """Commands, mentions, hashtags and links of `text`, in order, as Bot API MessageEntity objects."""
    return [
        {
            "type": match.lastgroup,
            "offset": utf16_length(text[: match.start()]),
            "length": utf16_length(match.group()),
        }
        for match in _FOUND.finditer(text)
    ]
