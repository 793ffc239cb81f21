"""A bot's queue of updates: what getUpdates takes from and a webhook is fed with."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from emulator.waiting import Signal
from emulator.wire import Json

DAY = 86_400.0
WEEK = 7 * DAY
#: What a bot gets that never named any: all but these.
NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}


@dataclass(frozen=True)
class Update:
    """One update: `body` is the Bot API object under its `kind`; `chat_id` keeps the order of one chat."""

    id: int
    kind: str
    chat_id: int
    body: Json
    made: float

    def json(self) -> Json:
        return {"update_id": self.id, self.kind: self.body}


@dataclass
class UpdateQueue:
    """Pending updates in order of their ids, kept for 24 hours; after an idle week the ids restart at random."""

    random: Random
    allowed: tuple[str, ...] = ()
    changed: Signal = field(default_factory=Signal)
    #: Whether an update that is being confirmed comes once more all the same: an injected fault.
    comes_again: Callable[[], bool] = lambda: False
    #: Updates that come once more.
    again: deque[Update] = field(default_factory=deque)
    #: The last updates that were confirmed, for redelivery.
    confirmed: deque[Update] = field(default_factory=lambda: deque(maxlen=1000))

    def __post_init__(self) -> None:
        self.pending: deque[Update] = deque()
        self._next = self.random.randrange(100_000_000, 900_000_000)
        self._last_made: float | None = None

    def put(self, kind: str, chat_id: int, body: Json, now: float) -> None:
        """Queue an update, unless the bot did not ask for its kind."""
        if kind not in self.allowed if self.allowed else kind in NOT_BY_DEFAULT:
            return
        if self._last_made is not None and now - self._last_made >= WEEK:
            self._next = self.random.randrange(100_000_000, 900_000_000)
        self._last_made = now
        self.pending.append(Update(self._next, kind, chat_id, body, now))
        self._next += 1
        self.changed.fire()

    def take(self, offset: int, limit: int, now: float) -> list[Update]:
        """What getUpdates answers: confirms all before `offset`; a negative one keeps only the last ones.

        An offset beyond the next id cannot come from this sequence of ids and confirms nothing.
        """
        self.expire(now)
        if offset < 0:
            while len(self.pending) > -offset:
                self._confirmed(self.pending.popleft())
        elif offset <= self._next:
            while self.pending and self.pending[0].id < offset:
                self._confirmed(self.pending.popleft())
        again = [self.again.popleft() for _ in range(min(limit, len(self.again)))]
        return again + [self.pending[i] for i in range(min(limit - len(again), len(self.pending)))]

    def settle(self, update: Update) -> None:
        """A webhook took this update."""
        if update in self.pending:
            self.pending.remove(update)
            self._confirmed(update)

    def redeliver(self, count: int) -> int:
        """Send the last `count` confirmed updates once more under their old ids; return how many there were."""
        chosen = list(self.confirmed)[-count:] if count else []
        self.again.extend(chosen)
        self.changed.fire()
        return len(chosen)

    def drop(self) -> None:
        """Forget everything pending (drop_pending_updates)."""
        self.pending.clear()
        self.again.clear()

    def allow(self, kinds: Sequence[str] | None) -> None:
        """Remember which kinds the bot wants; None keeps the old set, an empty list means the default."""
        if kinds is not None:
            self.allowed = tuple(kinds)

    def expire(self, now: float) -> None:
        """Forget what was kept for 24 hours."""
        while self.pending and now - self.pending[0].made >= DAY:
            self.pending.popleft()

    def _confirmed(self, update: Update) -> None:
        self.confirmed.append(update)
        if self.comes_again():
            self.again.append(update)
