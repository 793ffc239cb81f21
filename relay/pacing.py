"""Pacing: when the next call to Telegram may go out. Pure: no clock, no sleep.

Telegram allows about 30 messages a second overall (a thousand, if they are paid for) and one a second per private
chat; it counts when they arrive. So the window is widened by how much round trips scatter, and by every refusal.
Its third limit, 20 a minute in a group, is not kept here: the relay writes to people only, never to a group.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Hashable, Iterable
from datetime import datetime, timedelta
from operator import itemgetter

from relay.circuit import Circuit

FREE = 30
PAID = 1000
SECOND = timedelta(seconds=1)
MARGIN = timedelta(milliseconds=5)
MOST_MARGIN = timedelta(milliseconds=250)
LESSON = timedelta(milliseconds=5)
"""What a refusal adds to the margin; what several left together add is one lesson."""
QUIET = timedelta(minutes=10)
"""So long without a refusal halves what refusals taught."""
SAMPLES = 64
AT_ONCE = timedelta(milliseconds=20)
"""What the rate allows in that time may leave together."""


def doubled(first: timedelta, times: int, most: timedelta) -> timedelta:
    """A wait that begins with `first` and has doubled so many times, `most` at most."""
    return min(first * (1 << min(times, 16)), most)


class Pacer:
    """Sliding logs over everything and per chat, one not-before that a refusal sets for all, and the circuit."""

    def __init__(self, overall: int = FREE, margin: timedelta = MARGIN) -> None:
        self._overall = overall
        self._least = margin
        self._penalty = timedelta()
        self._taught: datetime | None = None
        self._log: deque[datetime] = deque(maxlen=overall)
        #: When each was last sent to, the latest last.
        self._chats: dict[Hashable, datetime] = {}
        self._trips: deque[timedelta] = deque(maxlen=SAMPLES)
        self._not_before: datetime | None = None
        self._latest: datetime | None = None
        self._circuit = Circuit()

    @property
    def paid(self) -> bool:
        """Whether it is faster than Telegram allows for nothing."""
        return self._overall > FREE

    @property
    def at_once(self) -> int:
        """How many may leave together. Not all that there is room for: a bunch that comes too early is refused whole,
        and its last ones leave later than was noted."""
        return max(1, int(self._overall * (AT_ONCE / SECOND)))

    @property
    def unreached_since(self) -> datetime | None:
        """Since when only one call at a time goes out, to try whether Telegram answers; None while all may."""
        return self._circuit.broken_since

    def margin(self, now: datetime) -> timedelta:
        """What is added to each window: the least, the scatter of round trips, and what refusals taught."""
        scatter = max(self._trips) - min(self._trips) if self._trips else timedelta()
        return min(self._least + scatter + self._lessons(now), MOST_MARGIN)

    def when(self, now: datetime, chat: Hashable) -> datetime:
        """The earliest moment, not before now, at which this chat may be sent to."""
        self._mind_the_clock(now)
        earliest = [self._circuit.when(now)]
        if self._not_before is not None:
            earliest.append(self._not_before)
        if len(self._log) == self._overall:
            earliest.append(self._log[0] + SECOND + self.margin(now))
        if chat in self._chats:
            earliest.append(self._chats[chat] + SECOND + self.margin(now))
        return max(earliest)

    def room(self, now: datetime) -> int:
        """How many calls may leave now, each to a chat that does not rest."""
        self._mind_the_clock(now)
        if self.silent(now) or now < self._circuit.when(now):
            return 0
        over = bisect_right(self._log, now - SECOND - self.margin(now))
        room = self._overall - (len(self._log) - over)
        return room if self._circuit.broken_since is None else min(room, 1)

    def silent(self, now: datetime) -> datetime | None:
        """Until when Telegram asked for silence, whomever a call is for; None when it did not, or that is over."""
        return self._not_before if self._not_before is not None and now < self._not_before else None

    def sent(self, now: datetime, chat: Hashable) -> None:
        """A message goes out now."""
        self._log.append(now)
        self._chats.pop(chat, None)
        self._chats[chat] = now
        self._forget(now)

    def recall(self, sends: Iterable[tuple[Hashable, datetime]]) -> None:
        """Another process sent these: to whom, and when."""
        others = sorted(sends, key=itemgetter(1))
        self._log = deque(sorted([*self._log, *(at for _, at in others)]), maxlen=self._overall)
        for chat, at in others:
            self._chats[chat] = max(at, self._chats.pop(chat, at))

    def left(self, now: datetime) -> None:
        """A call of any kind goes out now; `reached`, `refused` or `failed` tells its end."""
        self._circuit.left(now)

    def answered(self, took: timedelta) -> None:
        """A call came back after so long."""
        self._trips.append(took)

    def reached(self) -> None:
        """Telegram answered a call, whatever it said."""
        self._circuit.reached()

    def failed(self, now: datetime, *, at_once: bool = False) -> None:
        """Nothing of Telegram's came back, or (`at_once`) what no other call will fare better with."""
        self._circuit.failed(now, at_once=at_once)

    def refused(self, now: datetime, retry_after: timedelta | None) -> datetime:
        """Telegram said 429: nothing goes out until the time that is returned, and margins grow.

        Without a `retry_after`: one call at a time tries it, after a second, two, four …
        """
        if self._not_before is None or now >= self._not_before:
            self._penalty = min(self._lessons(now) + LESSON, MOST_MARGIN)
            self._taught = now
        if retry_after is None:
            self._circuit.failed(now, at_once=True)
            return self._circuit.when(now)
        self._circuit.reached()
        until = now + retry_after
        self._not_before = until if self._not_before is None else max(self._not_before, until)
        return until

    def resting(self, now: datetime) -> set[Hashable]:
        """Chats that were sent to less than a second ago."""
        self._mind_the_clock(now)
        pause = SECOND + self.margin(now)
        return {chat for chat, sent in self._chats.items() if now < sent + pause}

    def _lessons(self, now: datetime) -> timedelta:
        quiet = max(now - self._taught, timedelta()) if self._taught is not None else timedelta()
        return self._penalty // (1 << min(quiet // QUIET, 32))

    def _mind_the_clock(self, now: datetime) -> None:
        """A clock that was set back takes the logs along: or nothing would leave until it has caught up."""
        back = self._latest - now if self._latest is not None else timedelta()
        self._latest = now
        if back <= SECOND:
            return
        self._log = deque((at - back for at in self._log), maxlen=self._log.maxlen)
        self._chats = {chat: sent - back for chat, sent in self._chats.items()}
        self._not_before = self._not_before and self._not_before - back
        self._taught = self._taught and self._taught - back
        self._circuit.set_back(back)

    def _forget(self, now: datetime) -> None:
        """Chats that no margin holds any more, from the oldest on."""
        while now - self._chats[oldest := next(iter(self._chats))] > SECOND + MOST_MARGIN:
            del self._chats[oldest]
