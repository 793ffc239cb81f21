"""The text in a document that a person sent, fetched from Telegram only when it is small enough."""

import asyncio

from telegram import Document
from telegram.error import BadRequest, Forbidden, TelegramError

from handlers import log
from handlers.courier import pause
from relay.armour import MOST

#: A person waits, and so does everything they wrote after it.
TRIES = 3

logger = log.get("documents")


async def text(document: Document) -> str:
    """ "" for what is too large, no text, or not handed over by Telegram: the person can send it once more."""
    content = await _fetch(document)
    try:
        return content.decode("ascii")
    except UnicodeDecodeError:
        return ""


async def _fetch(document: Document) -> bytes:
    for tries in range(TRIES if (document.file_size or 0) <= MOST else 0):
        try:
            file = await document.get_file()
            if (file.file_size or 0) > MOST:
                return b""
            return bytes(await file.download_as_bytearray())
        except (BadRequest, Forbidden):
            return b""
        except TelegramError as error:
            logger.warning("a document was not fetched", error=type(error).__name__, tries=tries)
            await asyncio.sleep(pause(tries).total_seconds())
    return b""
