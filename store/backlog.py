"""Queries about what waits for Telegram and why; of many rows together, never of one."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Select, and_, bindparam, case, exists, func, select

from store.outbox import FIRST, MESSAGES
from store.sql import Found, every, value
from store.tables.chat import accounts
from store.tables.delivery import outbox
from store.types import Moment

READY = "ready"
"""Nothing about the row itself keeps it: the rule knows what does."""
NOBODY = ("", -1)
"""Owner and fence of no leader."""


def groups(tx: Connection, now: datetime, leader: tuple[str, int], rest: datetime | None) -> list[Found]:
    """What is not over, by (reason, kind): how many, and the earliest time at which one of them was due.

    `leader` is owner and fence of whoever leads; `rest` the end of a pause that Telegram asked for.
    """
    owner, fence = leader
    return every(tx, _GROUPS, now=now, rest=rest or FIRST, owner=owner, fence=fence)


def _reason() -> ColumnElement[str]:
    """The first that holds. A deletion whose chat blocked the bot rests, as do rings and replies that wait there."""
    now, rest = bindparam("now", type_=Moment()), bindparam("rest", type_=Moment())
    c, flying, before = outbox.c, outbox.alias("flying"), outbox.alias("before")
    own = and_(c.owner == bindparam("owner"), c.fence == bindparam("fence", type_=Integer))
    earlier = exists().where(
        before.c.account == c.account,
        before.c.state == "waiting",
        before.c.kind == "reply",
        before.c.id < c.id,
    )
    in_flight = c.account.in_(
        select(flying.c.account).where(flying.c.state == "claimed")
    )  # a few, found once
    return case(
        (and_(c.state == "claimed", own, c.lease_until > now), "claimed"),
        (c.state == "claimed", "claimed_by_lost"),
        (accounts.c.blocked, "blocked"),
        (and_(c.kind == "ring", accounts.c.paused), "paused"),
        (and_(c.not_before > now, c.kind == "ring", c.params != "{}"), "refused"),
        (and_(c.not_before > now, c.tries > 0, c.not_before <= rest), "telegram_rests"),
        (and_(c.not_before > now, c.tries > 0), "tried_again"),
        (c.not_before > now, "due_later"),
        (c.expires_at <= now, "expired"),
        (and_(c.kind == "reply", earlier), "earlier_waits"),
        (in_flight, "earlier_in_flight"),
        else_=READY,
    )


def _groups() -> Select[Any]:
    c = outbox.c
    rows = (
        select(_reason().label("reason"), c.kind, c.due_at)
        .join(accounts, c.account == accounts.c.id)
        .where(c.state.in_(("waiting", "claimed")))
        .subquery()
    )
    r = rows.c
    each = select(r.reason, r.kind, func.count().label("number"), func.min(r.due_at).label("oldest"))
    return each.group_by(r.reason, r.kind).order_by(r.reason, r.kind)


_GROUPS = _groups()


@value
def ended(state: str, since: datetime) -> Select[Any]:
    """How many calls ended that way after `since`."""
    return select(func.count()).where(outbox.c.state == state, outbox.c.changed_at > since)


@value
def sent(since: datetime) -> Select[Any]:
    """How many messages were sent after `since`: what counts against Telegram's limit."""
    c = outbox.c
    return select(func.count()).where(c.state == "sent", c.changed_at > since, c.kind.in_(MESSAGES))
