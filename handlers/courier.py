"""The Bot API, outwards: one claimed row in, one outcome out. Nothing here decides what happens next."""

import os
from collections.abc import Callable
from datetime import timedelta

from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from handlers import log, offline
from handlers.clock import Clock
from handlers.offline import OfflinePage
from handlers.wire import UnreachedError
from handlers.wording import DOORBELL, NO_PAGE, OFFLINE_PAGE, Wording
from relay.delivery import Claim, Gone, Later, Outcome, Refused, Sent, Uncertain

# python-telegram-bot 22: retry_after as a timedelta, as it will always be; without it each 429 warns.
os.environ.setdefault("PTB_TIMEDELTA", "1")

#: Between attempts when Telegram is not reachable or in trouble: doubles from the first to the last.
FIRST_PAUSE = timedelta(milliseconds=200)
LAST_PAUSE = timedelta(seconds=30)
#: Telegram's words for a chat that is not there, or never was.
NO_CHAT = ("chat not found", "user is deactivated", "bot was blocked", "peer_id_invalid")
#: … for a message that is not there any more, which is all that a deletion wants.
NO_MESSAGE = ("message to delete not found", "message_id_invalid")
#: Characters that Telegram takes in one message.
MOST_TEXT = 4096
#: A letter as a document: the name says of nobody and nothing.
LETTER = "letter.qasid"

logger = log.get("courier")


class Courier:
    """Sends, deletes and answers through one Bot, which must be initialized."""

    def __init__(
        self,
        bot: Bot,
        wording: Wording,
        clock: Clock,
        refused: Callable[[timedelta], None],
        page: OfflinePage | None = None,
    ) -> None:
        """`refused` hears of each 429 and for how long; `page` goes out with its caption."""
        self._bot = bot
        self._wording = wording
        self._clock = clock
        self._refused = refused
        self._page = page

    async def deliver(self, claim: Claim) -> Outcome:
        """Carry out one claim. Every error of Telegram and of the network is an outcome."""
        try:
            return Sent(await self._carry(claim))
        except RetryAfter as error:
            wait = _wait(error)
            self._refused(wait)
            return Later(self._clock.now() + wait)
        except (BadRequest, Forbidden, ChatMigrated) as error:
            return _refusal(claim, error)
        except NetworkError as error:
            return self._trouble(claim, error)
        except InvalidToken:
            logger.error("Telegram refuses the bot token: set QASID_BOT_TOKEN anew")  # noqa: TRY400 - no trace needed
            return Later(self._clock.now() + LAST_PAUSE)
        except TelegramError as error:
            # Somebody else's answer: a captive portal, a broken gateway. Telegram has not decided anything.
            logger.warning("unexpected answer from Telegram", code=type(error).__name__, kind=claim.kind)
            return Later(self._clock.now() + pause(claim.tries))

    def _trouble(self, claim: Claim, error: NetworkError) -> Outcome:
        if isinstance(error, UnreachedError) or _is_answer(error):
            return Later(self._clock.now() + pause(claim.tries))
        return Uncertain()

    async def _carry(self, claim: Claim) -> int | None:
        match claim.kind:
            case "ring":
                if claim.replaces is not None:
                    await self._sweep(claim.chat, claim.replaces)
                return await self._send(claim, DOORBELL, silent=claim.silent)
            case "reply" if claim.enclosed:
                return await self._hand_out(claim)
            case "reply" if claim.key == OFFLINE_PAGE:
                return await self._send_page(claim)
            case "reply":
                return await self._send(claim, claim.key)
            case "delete":
                if claim.message_id is not None:
                    await self._bot.delete_message(claim.chat, claim.message_id)
                return None
            case "answer_callback":
                text = self._wording.text(claim.language, claim.key, claim.params) if claim.key else None
                await self._bot.answer_callback_query(claim.callback_id, text)
                return None
            case _:
                raise ValueError(claim.kind)

    async def _send(self, claim: Claim, key: str, *, silent: bool = False) -> int:
        message = await self._bot.send_message(
            claim.chat,
            self._wording.text(claim.language, key, claim.params),
            reply_markup=self._wording.keyboard(claim.language, key, claim.params),
            disable_notification=silent,
            protect_content=True,
        )
        return message.message_id

    async def _hand_out(self, claim: Claim) -> int:
        """Armour, which can be copied out of the chat: as text where Telegram takes so much."""
        if len(claim.enclosed) > MOST_TEXT:
            return await self._document(claim.chat, claim.enclosed.encode(), LETTER)
        return (await self._bot.send_message(claim.chat, claim.enclosed)).message_id

    async def _send_page(self, claim: Claim) -> int:
        """The offline page as it is now: since it was asked for there may be a new one, or none."""
        page = self._page.read() if self._page else None
        if page is None:
            return await self._send(claim, NO_PAGE)
        caption = self._wording.text(claim.language, claim.key, {"hash": page.hash})
        return await self._document(claim.chat, page.content, offline.NAME, caption)

    async def _document(self, chat: int, content: bytes, name: str, caption: str | None = None) -> int:
        message = await self._bot.send_document(
            chat, content, caption=caption, filename=name, disable_content_type_detection=True
        )
        return message.message_id

    async def _sweep(self, chat: int, message_id: int) -> None:
        """Delete the doorbell that this one replaces, so that at most one is seen."""
        try:
            await self._bot.delete_message(chat, message_id)
        except BadRequest:
            logger.info("an old doorbell could not be deleted")


def pause(tries: int) -> timedelta:
    """How long to wait after that many attempts."""
    return min(FIRST_PAUSE * (1 << min(tries, 16)), LAST_PAUSE)


def _is_answer(error: NetworkError) -> bool:
    """Whether Telegram itself answered with a server error: then it did not send. `wire` gives bare type names."""
    return " " in error.message


def _wait(error: RetryAfter) -> timedelta:
    wait: object = error.retry_after  # an int unless PTB_TIMEDELTA was set early enough
    if isinstance(wait, timedelta):
        return wait
    return timedelta(seconds=wait if isinstance(wait, int) else 1)


def _refusal(claim: Claim, error: BadRequest | Forbidden | ChatMigrated) -> Outcome:
    words = error.message.lower()
    if isinstance(error, Forbidden) or any(each in words for each in NO_CHAT):
        return Gone()
    if claim.kind == "delete" and any(each in words for each in NO_MESSAGE):
        return Sent(None)
    logger.warning("Telegram refused a message", kind=claim.kind)
    return Refused("bad_request")
