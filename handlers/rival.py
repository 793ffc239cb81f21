"""Another process with this bot's token, as far as this one notices: a 409 for getUpdates, a webhook that is not ours.

Telegram hands each update to whoever asked last, or was named last, and tells nobody.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from telegram import Bot
from telegram.error import TelegramError

from handlers import log
from handlers.clock import Clock, rest

#: Between two looks at the webhook; so two relays that set it in turn do it once a minute each.
LOOK = timedelta(minutes=1)
#: So long without a sign of it, it is gone: longer than two relays leave each other alone.
GONE = timedelta(minutes=5)
#: One 409 may be left over from a process of ours that has just been stopped.
SIGNS = 2

logger = log.get("rival")


class Rival:
    """Of one process, on the relay's clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._signs = 0
        self._seen_at: datetime | None = None

    @property
    def there(self) -> bool:
        """Whether somebody else uses the token, or did minutes ago."""
        return self._signs >= SIGNS and self._lately

    @property
    def _lately(self) -> bool:
        return self._seen_at is not None and timedelta() <= self._clock.now() - self._seen_at < GONE

    def seen(self, signs: int = 1) -> None:
        """A sign of it, or one that counts for several."""
        self._signs = signs + (self._signs if self._lately else 0)
        self._seen_at = self._clock.now()

    async def keep(self, bot: Bot, ours: str, again: Callable[[], Awaitable[None]]) -> None:
        """Until cancelled: where Telegram posts updates anywhere but to `ours` ("": nowhere), `again` is called."""
        while True:
            await rest(self._clock, LOOK)
            try:
                found = (await bot.get_webhook_info()).url
                if found != ours:
                    self.seen(SIGNS)
                    logger.warning(
                        "another process uses this bot token: stop it; the webhook is as it should be again",
                        was="elsewhere" if found else "none",
                    )
                    await again()
            except TelegramError:
                pass  # whoever asks for updates, or sends, says so; the next look is soon
            except Exception:
                logger.exception("an answer of Telegram's could not be read")
