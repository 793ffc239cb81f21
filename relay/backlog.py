"""What waits for Telegram, since when, and why: numbers and codes for whoever runs the relay, never of one person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from relay import leader, notices
from relay.unit import Tx
from store import backlog as rows

LAST = timedelta(minutes=1)
"""Over which the rate is counted."""
DAY = timedelta(days=1)

REASONS = (
    "in_turn",  # as fast as Telegram allows
    "claimed",  # on its way: the process that leads sends it now
    "claimed_by_lost",  # on its way by a process that leads no more; waits for the end of its lease
    "no_leader",  # nobody delivers
    "telegram_rests",  # Telegram asked for a pause (429)
    "tried_again",  # Telegram did not answer
    "earlier_waits",  # an earlier reply to the same chat comes first
    "earlier_in_flight",  # one call at a time to the same chat, and there is one
    "refused",  # Telegram refused this ring: tried again ever more seldom
    "blocked",  # the person blocked the bot
    "paused",  # the person asked for silence
    "due_later",  # its time has not come
    "expired",  # its time is over: left out at its turn
)
"""Why something waits; each row has the first that holds of it."""
HARMLESS = frozenset({"due_later", "blocked", "paused", "refused", "expired"})
"""What waits for these waits rightly: it does not make the outbox old."""

MOVING = frozenset({"in_turn", "claimed"})
"""What waits for these is on its way as long as anything is."""


@dataclass(frozen=True, slots=True)
class Group:
    """What waits for one reason; `oldest` is when the first of it was due."""

    reason: str
    kind: str  # ring, reply, delete, answer_callback
    count: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Backlog:
    """`led`: whether somebody delivers. `rest_until`: the end of a pause that Telegram asked for (a 429).

    `rests_today`: how many calls met with one today (UTC); `rested_at`: when one last did. `refused_last_day`: replies
    that Telegram would not have; a ring that it refuses waits. `unknown_last_day`: replies that it took or did not: it
    never said.
    """

    groups: Sequence[Group]
    led: bool
    sent_last_minute: int
    refused_last_day: int
    rest_until: datetime | None
    next_release: datetime | None
    unknown_last_day: int = 0
    rests_today: int = 0
    rested_at: datetime | None = None

    @property
    def depth(self) -> int:
        """Everything that is not over."""
        return sum(group.count for group in self.groups)

    @property
    def late_since(self) -> datetime | None:
        """Since when the oldest waits that should have gone out."""
        return self._oldest(HARMLESS)

    @property
    def stuck_since(self) -> datetime | None:
        """As `late_since`; but a long queue that moves, as after a broadcast, is not stuck."""
        return self._oldest(HARMLESS | MOVING if self.sent_last_minute else HARMLESS)

    def _oldest(self, without: frozenset[str]) -> datetime | None:
        return min((group.oldest for group in self.groups if group.reason not in without), default=None)


def look(tx: Tx, now: datetime) -> Backlog:
    """The outbox at this moment."""
    lead = leader.standing(tx, now)
    rest = leader.resting(tx, now)
    rests, rested_at = leader.refusals(tx, now)
    by = rows.NOBODY if lead is None else (lead.owner, lead.fence)
    found = [
        Group(
            _refined(row.reason, led=lead is not None, rests=rest is not None),
            row.kind,
            row.number,
            row.oldest,
        )
        for row in rows.groups(tx, now, by, rest)
    ]
    groups = sorted(found, key=lambda group: (REASONS.index(group.reason), group.kind))
    return Backlog(
        groups=groups,
        led=lead is not None,
        sent_last_minute=rows.sent(tx, now - LAST),
        refused_last_day=rows.ended(tx, "refused", now - DAY),
        unknown_last_day=rows.ended(tx, "uncertain", now - DAY),
        rests_today=rests,
        rested_at=rested_at,
        rest_until=rest,
        next_release=notices.next_release(tx),
    )


def _refined(reason: str, *, led: bool, rests: bool) -> str:
    """What keeps a row that nothing of its own does."""
    if reason != rows.READY:
        return reason
    if not led:
        return "no_leader"
    return "telegram_rests" if rests else "in_turn"
