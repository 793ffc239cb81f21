"""Faults to inject: what goes wrong between a bot and Telegram. All off unless set.

Counting is over accepted attempts of `methods` (by default those that send), across all bots.
"""

from collections import Counter, deque
from dataclasses import dataclass, field, fields
from random import Random

from emulator.errors import AnswerLost, BotApiError, ConnectionDropped, WrongAnswer, too_many
from emulator.updates import Update
from emulator.wire import Json, Value

#: What one call may run into. Not accepted: refused with 429; with a 429 that gives no time, or an absurd one (and
#: that is not held against the next call); answered 500; answered by somebody else's page; dropped. Accepted: never
#: answered; answered with nonsense; answered by half.
KINDS = ("refuse", "bare", "huge", "fail", "stranger", "drop", "hang", "garbage", "half")
#: Seconds that a "huge" 429 asks for: more than most types of time can hold.
HUGE = 10**18
PAGE = b"<!DOCTYPE html><title>Blocked</title><p>This address is not available here."


@dataclass
class Faults:
    """Every nth call of `methods` (0 = never); `script` goes first, one entry per call, "ok" meaning none."""

    refuse_every: int = 0
    bare_every: int = 0
    huge_every: int = 0
    fail_every: int = 0
    stranger_every: int = 0
    drop_every: int = 0
    hang_every: int = 0
    garbage_every: int = 0
    half_every: int = 0
    #: Seconds that an injected 429 asks for, and the bot is then held to.
    retry_after: int = 1
    #: The status of a stranger's page, and status and body of an answer that is nonsense: also of a gateway that did
    #: not wait for what it had passed on.
    stranger_status: int = 403
    garbage_status: int = 200
    garbage: str = '{"ok": true, "result": true}'
    methods: set[str] = field(default_factory=lambda: {"sendMessage", "sendDocument"})
    script: deque[str] = field(default_factory=deque)
    #: Seconds on the wire each way: `latency` plus up to `jitter`, always in real time.
    latency: float = 0.0
    jitter: float = 0.0
    #: Updates: every nth comes twice in one answer; every nth comes once more after it was confirmed.
    duplicate_every: int = 0
    redeliver_every: int = 0
    #: Mix the updates of different chats within one answer; the order in each chat stays.
    reorder: bool = False
    happened: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._random = Random(7)  # noqa: S311 - faults are repeatable, not secret
        self._calls = 0
        self._delivered = 0
        self._confirmed = 0

    def set(self, **values: Value) -> None:
        """Change some; raises ValueError for a name or script entry that does not exist."""
        known = set(self.json()) - {"happened"}
        if unknown := set(values) - known:
            raise ValueError(
                f"no such fault: {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}"
            )
        if unknown := set(values.get("script", ())) - {*KINDS, "ok"}:
            raise ValueError(f"no such script entry: {', '.join(sorted(unknown))}")
        for name, value in values.items():
            kind = type(getattr(self, name))
            setattr(self, name, kind(value))

    def json(self) -> Json:
        """Every field, as JSON."""
        named = {each.name: getattr(self, each.name) for each in fields(self)}
        return {**named, "methods": sorted(self.methods), "script": list(self.script)}

    def clear(self) -> None:
        """Everything off again; counters stay."""
        happened = self.happened
        self.__dict__.update(Faults(happened=happened).__dict__)

    def next(self, method: str) -> str:
        """What this call runs into: one of KINDS or ""."""
        if method not in self.methods:
            return ""
        if self.script:
            kind = self.script.popleft()
        else:
            self._calls += 1
            kind = next(
                (kind for kind in KINDS if (n := getattr(self, f"{kind}_every")) and self._calls % n == 0),
                "ok",
            )
        if kind == "ok":
            return ""
        self.happened[kind] += 1
        return kind

    def before(self, kind: str) -> None:
        """Raise what a call runs into before it is accepted, if it is of that kind ("refuse" is the limits')."""
        match kind:
            case "bare":
                raise BotApiError(429, "Too Many Requests")
            case "huge":
                raise too_many(HUGE)
            case "fail":
                raise BotApiError(500, "Internal Server Error")
            case "stranger":
                raise WrongAnswer(self.stranger_status, PAGE)
            case "drop":
                raise ConnectionDropped

    def after(self, kind: str) -> None:
        """Raise what becomes of an accepted call's answer, if it is of that kind."""
        match kind:
            case "hang":
                raise AnswerLost
            case "garbage":
                raise WrongAnswer(self.garbage_status, self.garbage.encode())
            case "half":
                raise WrongAnswer(200, b'{"ok": true, "result": {"messa', cut=True)

    def delay(self) -> float:
        """Seconds to hold a request or an answer."""
        return self.latency + self._random.uniform(0, self.jitter)

    def redelivers(self) -> bool:
        """Whether an update that is being confirmed comes once more."""
        self._confirmed += 1
        again = bool(self.redeliver_every) and self._confirmed % self.redeliver_every == 0
        self.happened["redeliver"] += again
        return again

    def spoil(self, updates: list[Update]) -> list[Update]:
        """What is delivered in place of `updates`."""
        spoilt: list[Update] = []
        for update in updates:
            self._delivered += 1
            spoilt.append(update)
            if self.duplicate_every and self._delivered % self.duplicate_every == 0:
                self.happened["duplicate"] += 1
                spoilt.append(update)
        return self._shuffled(spoilt) if self.reorder else spoilt

    def _shuffled(self, updates: list[Update]) -> list[Update]:
        lanes: dict[int, deque[Update]] = {}
        for update in updates:
            lanes.setdefault(update.chat_id, deque()).append(update)
        order = [update.chat_id for update in updates]
        self._random.shuffle(order)
        self.happened["reorder"] += order != [update.chat_id for update in updates]
        return [lanes[chat_id].popleft() for chat_id in order]
