"""Telegram's sending limits as strict sliding windows.

Telegram publishes "about 30 a second, 1 a second in one chat, 20 a minute in one group" and neither the window nor the
leniency it grants. Here there is none: at no instant do the last `seconds` hold more than `count` accepted sends, and
after a refusal everything is refused until its `retry_after` has passed.

Sends with `allow_paid_broadcast` are counted apart, 1,000 a second, as long as the bot has Stars for them: each that
finds the free window full costs a tenth of a Star. Without Stars they are as any other; Telegram does not say what it
answers then, and this is what its words on the "free amount" and "increased limits" leave.
"""

import math
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from emulator.errors import BotApiError, too_many

MESSAGES_A_STAR = 10


@dataclass
class Rate:
    """At most `count` sends in any `seconds`."""

    count: int
    seconds: float


class SlidingWindow:
    """The accepted sends of the last `rate.seconds`, and the not-before of the last refusal."""

    def __init__(self, rate: Rate) -> None:
        self.rate = rate
        self.not_before = 0.0
        self._accepted: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Seconds until one more send fits; 0 when it fits now."""
        while self._accepted and now - self._accepted[0] >= self.rate.seconds:
            self._accepted.popleft()
        if len(self._accepted) < self.rate.count:
            return 0.0
        return self._accepted[-self.rate.count] + self.rate.seconds - now

    def accept(self, now: float) -> None:
        """Record a send at `now`."""
        self._accepted.append(now)


@dataclass
class Limits:
    """One bot's limits; the rates may be changed at any time."""

    overall: Rate = field(default_factory=lambda: Rate(30, 1.0))
    private: Rate = field(default_factory=lambda: Rate(1, 1.0))
    group: Rate = field(default_factory=lambda: Rate(20, 60.0))
    paid: Rate = field(default_factory=lambda: Rate(1000, 1.0))
    refused: Counter[str] = field(default_factory=Counter)
    #: Messages over the free count that the bot's Stars still pay for.
    payable: int = 0

    def __post_init__(self) -> None:
        self._bot = SlidingWindow(self.overall)
        self._paid = SlidingWindow(self.paid)
        self._chats: dict[int, SlidingWindow] = {}

    def set(
        self,
        *,
        overall: Rate | None = None,
        paid: Rate | None = None,
        private: Rate | None = None,
        group: Rate | None = None,
    ) -> None:
        """Change rates; what was already counted stays counted."""
        self.overall = self._bot.rate = overall or self.overall
        self.paid = self._paid.rate = paid or self.paid
        self.private, self.group = private or self.private, group or self.group
        for chat_id, window in self._chats.items():
            window.rate = self.group if chat_id < 0 else self.private

    def admit(self, chat_id: int, now: float, *, paid: bool = False) -> Callable[[], None]:
        """Return the function that records the send once it has gone through; groups have negative ids.

        Raises 429 and counts it in `refused` as "bot" or "chat" when a window is full, "wait" within a retry_after.
        """
        window = self._chats.setdefault(chat_id, SlidingWindow(self.group if chat_id < 0 else self.private))
        bot = self._paid if paid and self.payable else self._bot
        waiting = max(bot.not_before, window.not_before) - now
        if waiting > 0:
            raise self._refuse("wait", waiting)
        for name, each in (("bot", bot), ("chat", window)):
            seconds = each.wait(now)
            if seconds > 0:
                each.not_before = now + max(1, math.ceil(seconds))
                raise self._refuse(name, seconds)

        def record() -> None:
            if self._bot.wait(now) > 0:
                self.payable -= 1
            else:
                self._bot.accept(now)
            if paid:
                self._paid.accept(now)
            window.accept(now)

        return record

    def refuse(self, seconds: int, now: float) -> BotApiError:
        """An injected refusal of the whole bot: it holds for `seconds` as a true one does."""
        for each in (self._bot, self._paid):
            each.not_before = max(each.not_before, now + seconds)
        return self._refuse("injected", seconds)

    def _refuse(self, reason: str, seconds: float) -> BotApiError:
        self.refused[reason] += 1
        return too_many(max(1, math.ceil(seconds)))
