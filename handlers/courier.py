"""The Bot API, outwards: one claimed row in, one outcome out. Nothing here decides what happens next."""

from collections.abc import Callable
from datetime import timedelta

from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    TelegramError,
)

from handlers import log, offline
from handlers.clock import Clock
from handlers.offline import OfflinePage
from handlers.wire import LONGEST_WAIT, FailedError, TooManyError, UnreachedError
from handlers.wording import DOORBELL, NO_PAGE, OFFLINE_PAGE, Wording
from relay.delivery import Claim, Gone, Later, Outcome, Refused, Sent, Uncertain
from relay.outbox import MESSAGES
from relay.pacing import Pacer, doubled

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


class LapsedError(Exception):
    """The lead that a claim was made under is over."""


class Courier:
    """Sends, deletes and answers through one Bot, which must be initialized."""

    def __init__(
        self,
        bot: Bot,
        wording: Wording,
        clock: Clock,
        pacer: Pacer,
        page: OfflinePage | None = None,
    ) -> None:
        """`pacer` hears what came of each call; `page` goes out with its caption."""
        self._bot = bot
        self._wording = wording
        self._clock = clock
        self._pacer = pacer
        self._page = page

    async def deliver(self, claim: Claim, stands: Callable[[], bool]) -> Outcome:
        """Carry out one claim. Every error, of Telegram, of the network and of our own, is an outcome.

        `stands`: whether the lead still does that it was claimed under; asked before each further request.
        """
        self._pacer.left(self._clock.now())
        try:
            if self._pacer.unreached_since is not None:
                await self._knock()
            outcome: Outcome = Sent(await self._carry(claim, stands))
        except LapsedError:  # Telegram had answered the request before
            outcome = Later(self._clock.now())
        except TooManyError as error:
            return self._rest(claim, error)
        except InvalidToken:
            logger.error("Telegram refuses the bot token: set QASID_BOT_TOKEN anew")  # noqa: TRY400 - no trace needed
            self._pacer.failed(self._clock.now(), at_once=True)
            return self._again(claim)
        except (BadRequest, Forbidden, ChatMigrated) as error:
            outcome = _refusal(claim, error)
        except (UnreachedError, FailedError, Conflict) as error:
            self._pacer.failed(self._clock.now())
            # What is no message may be asked for twice, and an answer to a press has no time to wait.
            unknown = isinstance(error, FailedError) and claim.kind in MESSAGES
            return Uncertain() if unknown else self._again(claim)
        except TelegramError:
            self._pacer.failed(self._clock.now())
            return Uncertain()
        except Exception:
            # JSON of Telegram's form and not of the method's: what it did is unknown.
            logger.exception("an answer of Telegram's could not be read", kind=claim.kind)
            self._pacer.failed(self._clock.now())
            return Uncertain()
        self._reached()
        return outcome

    @property
    def _paid(self) -> bool | None:
        """For answers as for doorbells: one pacer counts them all, and what is within the free rate costs nothing."""
        return self._pacer.paid or None

    def _reached(self) -> None:
        since = self._pacer.unreached_since
        if since is not None:
            logger.info("Telegram answers again", seconds=int((self._clock.now() - since).total_seconds()))
        self._pacer.reached()

    def _rest(self, claim: Claim, error: TooManyError) -> Later:
        logger.warning("Telegram asks for a rest", kind=claim.kind, seconds=error.seconds)
        if error.seconds is not None and error.seconds > LONGEST_WAIT.total_seconds():
            logger.error("Telegram asks for a rest of more than a day: it is tried again after one")
        return Later(self._pacer.refused(self._clock.now(), error.wait), everyone=True)

    def _again(self, claim: Claim) -> Later:
        return Later(self._clock.now() + pause(claim.tries))

    async def _knock(self) -> None:
        """Try Telegram by what changes nothing: a vain send might have arrived, and says it again each time.

        Raises what keeps it from answering; UnreachedError where that is no answer of Telegram's.
        """
        try:
            await self._bot.get_me()
        except (TooManyError, InvalidToken):
            raise
        except Exception as error:  # noqa: BLE001 - whatever was wrong with the answer, none was sent
            raise UnreachedError(type(error).__name__) from None

    async def _carry(self, claim: Claim, stands: Callable[[], bool]) -> int | None:
        _look(stands)
        match claim.kind:
            case "ring":
                if claim.replaces is not None:
                    await self._sweep(claim.chat, claim.replaces)
                    _look(stands)
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
            allow_paid_broadcast=self._paid,
        )
        return message.message_id

    async def _hand_out(self, claim: Claim) -> int:
        """Armour, which can be copied out of the chat: as text where Telegram takes so much."""
        if len(claim.enclosed) > MOST_TEXT:
            return await self._document(claim.chat, claim.enclosed.encode(), LETTER)
        message = await self._bot.send_message(claim.chat, claim.enclosed, allow_paid_broadcast=self._paid)
        return message.message_id

    async def _send_page(self, claim: Claim) -> int:
        """The offline page as it is now: since it was asked for there may be a new one, or none."""
        page = self._page.read() if self._page else None
        if page is None:
            return await self._send(claim, NO_PAGE)
        caption = self._wording.text(claim.language, claim.key, {"hash": page.hash})
        return await self._document(claim.chat, page.content, offline.NAME, caption)

    async def _document(self, chat: int, content: bytes, name: str, caption: str | None = None) -> int:
        message = await self._bot.send_document(
            chat,
            content,
            caption=caption,
            filename=name,
            disable_content_type_detection=True,
            allow_paid_broadcast=self._paid,
        )
        return message.message_id

    async def _sweep(self, chat: int, message_id: int) -> None:
        """Delete the doorbell that this one replaces, so that at most one is seen."""
        try:
            await self._bot.delete_message(chat, message_id)
        except BadRequest:
            logger.info("an old doorbell could not be deleted")


def _look(stands: Callable[[], bool]) -> None:
    if not stands():
        raise LapsedError


def pause(tries: int, error: TelegramError | None = None) -> timedelta:
    """How long to wait after that many attempts; at least what a 429 asks for."""
    usual = doubled(FIRST_PAUSE, tries, LAST_PAUSE)
    asked = error.wait if isinstance(error, TooManyError) else None
    return max(usual, asked or usual)


def _refusal(claim: Claim, error: BadRequest | Forbidden | ChatMigrated) -> Outcome:
    words = error.message.lower()
    if isinstance(error, Forbidden) or any(each in words for each in NO_CHAT):
        return Gone()
    if claim.kind == "delete" and any(each in words for each in NO_MESSAGE):
        return Sent(None)
    logger.warning("Telegram refused a message", kind=claim.kind)
    return Refused("bad_request")
