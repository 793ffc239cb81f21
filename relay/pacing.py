"""Pacing: when the next call to Telegram may go out. Pure: no clock, no sleep.

Telegram allows about 30 messages a second overall, one a second per private chat and 20 a minute per group; it
counts when they arrive. So the window is widened by how much round trips scatter, and by every refusal.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Hashable
from datetime import datetime, timedelta

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
GROUP = 20
MARGIN = timedelta(milliseconds=5)
MOST_MARGIN = timedelta(milliseconds=250)
SAMPLES = 64


class Pacer:
    """Sliding logs: over everything, per chat, and one not-before that a refusal sets for all."""

    def __init__(self, overall: int = 30, margin: timedelta = MARGIN) -> None:
        self._overall = overall
        self._least = margin
        self._penalty = timedelta()
        self._log: deque[datetime] = deque(maxlen=overall)
        self._chats: dict[Hashable, deque[datetime]] = {}
        self._trips: deque[timedelta] = deque(maxlen=SAMPLES)
        self._not_before: datetime | None = None
        self._latest: datetime | None = None

    @property
    def margin(self) -> timedelta:
        """What is added to each window: the least, the scatter of round trips, and what refusals taught."""
        scatter = max(self._trips) - min(self._trips) if self._trips else timedelta()
        return min(self._least + scatter + self._penalty, MOST_MARGIN)

    def when(self, now: datetime, chat: Hashable, is_group: bool = False) -> datetime:
        """The earliest moment, not before now, at which this chat may be sent to."""
        earliest = [now]
        self._mind_the_clock(now)
        if self._not_before is not None:
            earliest.append(self._not_before)
        if len(self._log) == self._overall:
            earliest.append(self._log[0] + SECOND + self.margin)
        sent = self._chats.get(chat)
        if sent:
            if is_group and len(sent) == GROUP:
                earliest.append(sent[0] + MINUTE + self.margin)
            elif not is_group:
                earliest.append(sent[-1] + SECOND + self.margin)
        return max(earliest)

    def room(self, now: datetime) -> int:
        """How many calls may leave now, each to a chat that does not rest."""
        self._mind_the_clock(now)
        if self._not_before is not None and now < self._not_before:
            return 0
        over = bisect_right(self._log, now - SECOND - self.margin)
        return self._overall - (len(self._log) - over)

    def sent(self, now: datetime, chat: Hashable, is_group: bool = False) -> None:
        """A call goes out now."""
        self._log.append(now)
        self._chats.setdefault(chat, deque(maxlen=GROUP if is_group else 1)).append(now)
        if len(self._chats) > 50 * self._overall:
            self._forget(now)

    def answered(self, took: timedelta) -> None:
        """A call came back after so long."""
        self._trips.append(took)

    def refused(self, now: datetime, retry_after: timedelta) -> None:
        """Telegram said 429: nothing goes out until retry_after has passed, and margins grow."""
        until = now + retry_after
        self._not_before = until if self._not_before is None else max(self._not_before, until)
        self._penalty = min(self._penalty + timedelta(milliseconds=5), MOST_MARGIN)

    def resting(self, now: datetime) -> set[Hashable]:
        """Private chats that were sent to less than a second ago."""
        self._mind_the_clock(now)
        pause = SECOND + self.margin
        return {chat for chat, sent in self._chats.items() if sent.maxlen == 1 and now < sent[-1] + pause}

    def _mind_the_clock(self, now: datetime) -> None:
        """A clock that was set back takes the logs along: or nothing would leave until it has caught up."""
        back = self._latest - now if self._latest is not None else timedelta()
        self._latest = now
        if back <= SECOND:
            return
        self._log = deque((at - back for at in self._log), maxlen=self._log.maxlen)
        for chat, sent in self._chats.items():
            self._chats[chat] = deque((at - back for at in sent), maxlen=sent.maxlen)
        if self._not_before is not None:
            self._not_before -= back

    def _forget(self, now: datetime) -> None:
        stale = [chat for chat, sent in self._chats.items() if now - sent[-1] > MINUTE + MOST_MARGIN]
        for chat in stale:
            del self._chats[chat]
