"""Who delivers: one process, by a lease that it renews. Every change of leader raises the fence.

The lease is the authority, not the process: one that was stopped past its end (a machine that hung, a container that
was frozen) claims nothing, settles nothing while another one's lease stands, and begins no further request. What it
had sent by then has left: that may arrive, and is sent once more when its claim's own lease is over.
A 429 is for the bot and not for a process: how long it asked for stands beside the lease, for whoever leads next.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from relay.unit import Tx
from store import leases as rows
from store import presence
from store.sql import Found

LEADER = "delivery"
TERM = timedelta(seconds=30)
SKEW = timedelta(minutes=1)
"""What the clocks of two machines may differ by."""
APART = "/"
"""Between the name of a process and what tells it from its namesakes."""


@dataclass(frozen=True, slots=True)
class Lead:
    """`not_before`: until then Telegram wants to hear nothing, as it told this leader or one before it."""

    owner: str
    fence: int
    until: datetime
    not_before: datetime | None = None


def instance(name: str) -> str:
    """An owner of that name (host and port) like no other: two processes with one name do not share a fence."""
    return f"{name}{APART}{secrets.token_hex(4)}"


def same_name(owner: str, other: str) -> bool:
    """Whether one of the two may be the other's successor."""
    return owner.partition(APART)[0] == other.partition(APART)[0]


def take(tx: Tx, owner: str, now: datetime, *, fresh: bool) -> Lead | None:
    """Become or stay the leader; None while somebody else is.

    `fresh`: a process that has not led yet takes the lead over at once from one of its name, which it replaces.
    A lease longer than any was written by a clock that has been set back since: it holds nobody off. Nor does that of
    a process that is gone, where the database can tell (store/presence.py).
    """
    held = rows.lease(tx, LEADER)
    until = now + TERM
    if held is None:
        rows.add(tx, LEADER, owner, until)
        return Lead(owner, 1, until)
    succeeds = fresh and same_name(held.owner, owner)
    free = held.owner == owner or succeeds or not _stands(held, now)
    if not free and not presence.gone(tx, held.owner, seen_by=owner):
        return None
    stays = held.owner == owner and held.until > now and not fresh
    lead = Lead(owner, held.fence if stays else held.fence + 1, until, _rest(held, now))
    rows.change(tx, LEADER, owner=owner, fence=lead.fence, until=until, not_before=lead.not_before)
    return lead


def leads(tx: Tx, lead: Lead, now: datetime) -> bool:
    """Whether this lead still stands."""
    held = rows.lease(tx, LEADER)
    return held is not None and (held.owner, held.fence) == (lead.owner, lead.fence) and held.until > now


def rival(tx: Tx, now: datetime) -> str | None:
    """Whose lease stands, if anybody's."""
    held = standing(tx, now)
    return None if held is None else held.owner


def standing(tx: Tx, now: datetime) -> Lead | None:
    """The lead of whoever leads now, if anybody does."""
    held = rows.lease(tx, LEADER)
    if held is None or not _stands(held, now):
        return None
    return Lead(held.owner, held.fence, held.until, held.not_before)


def resting(tx: Tx, now: datetime) -> datetime | None:
    """Until when Telegram wants to hear nothing, whoever leads; None when it may be called."""
    held = rows.lease(tx, LEADER)
    return (
        held.not_before
        if held is not None and held.not_before is not None and held.not_before > now
        else None
    )


def rest(tx: Tx, until: datetime, now: datetime) -> None:
    """Telegram refused a call: it wants to hear nothing from anybody until then.

    An earlier end does not shorten a later one.
    """
    held = rows.lease(tx, LEADER)
    if held is not None:
        end = until if held.not_before is None else max(held.not_before, until)
        rows.change(tx, LEADER, not_before=end, refused_at=now, refusals=_refusals(held, now) + 1)


def refusals(tx: Tx, now: datetime) -> tuple[int, datetime | None]:
    """How many calls Telegram refused with a 429 today (UTC), and when it did so last, whenever that was."""
    held = rows.lease(tx, LEADER)
    return (0, None) if held is None else (_refusals(held, now), held.refused_at)


def _refusals(held: Found, now: datetime) -> int:
    today = held.refused_at is not None and held.refused_at.date() == now.date()
    return held.refusals if today else 0


def resign(tx: Tx, lead: Lead, now: datetime) -> None:
    """Make room at once for the next leader."""
    if leads(tx, lead, now):
        rows.change(tx, LEADER, until=now)


def _stands(held: Found, now: datetime) -> bool:
    return bool(now < held.until <= now + TERM + SKEW)


def _rest(held: Found, now: datetime) -> datetime | None:
    """What is left of a pause; it moves along with a clock that was set back."""
    if held.not_before is None:
        return None
    ahead = held.until - (now + TERM)
    end: datetime = held.not_before - ahead if ahead > SKEW else held.not_before
    return end if end > now else None
