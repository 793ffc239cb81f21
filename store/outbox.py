"""Queries about calls to Telegram that are to be made, and about who makes them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, exists, func, not_, or_, select

from store import doorbells
from store.sql import Found, changed, chunks, every, first, insert, insert_new
from store.tables.chat import accounts
from store.tables.delivery import leases, outbox

ENDED = ("sent", "dropped", "gone", "refused", "uncertain")


def add(tx: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Queue; a row whose dedupe is there already is left out."""
    insert_new(tx, outbox, rows)


def rings(tx: Connection, wanted: Collection[int], state: str) -> dict[int, Found]:
    """The rings in this state, by account."""
    c = outbox.c
    found: dict[int, Found] = {}
    for part in chunks(sorted(wanted)):
        of = select(c.id, c.account, c.urgent).where(c.account.in_(part), c.kind == "ring", c.state == state)
        found |= {row.account: row for row in every(tx, of)}
    return found


def change(tx: Connection, id: int, **values: Any) -> None:  # noqa: A002, ANN401 – the column's name; values
    tx.execute(outbox.update().where(outbox.c.id == id).values(**values))


def waiting(tx: Connection, now: datetime, resting: Collection[int], limit: int) -> list[Found]:
    """What is due, replies first, with everything the claim decides on.

    Nothing for accounts with a call in flight, or with one that was tried and has to wait: what is said to a
    person arrives in the order it was said.
    """
    c, before = outbox.c, outbox.alias("before")
    delayed = and_(before.c.state == "waiting", before.c.tries > 0, before.c.not_before > now)
    ahead = exists().where(before.c.account == c.account, or_(before.c.state == "claimed", delayed))
    statement = (
        select(
            outbox,
            accounts.c.sealed,
            accounts.c.language,
            accounts.c.paused,
            accounts.c.blocked,
            doorbells.unread(c.account, now).label("unread"),
        )
        .join(accounts, c.account == accounts.c.id)
        .where(c.state == "waiting", c.due_at <= now, c.not_before <= now, not_(ahead))
        .order_by(c.priority, c.due_at, c.id)
        .limit(limit)
    )
    if resting:
        statement = statement.where(c.account.not_in(list(resting)))
    return every(tx, statement)


def claim(
    tx: Connection,
    id: int,  # noqa: A002 – the column
    *,
    owner: str,
    fence: int,
    until: datetime,
    now: datetime,
) -> bool:
    c = outbox.c
    statement = outbox.update().where(c.id == id, c.state == "waiting")
    values = {"state": "claimed", "owner": owner, "fence": fence, "lease_until": until, "changed_at": now}
    return changed(tx, statement.values(tries=c.tries + 1, **values)) == 1


def leave(
    tx: Connection,
    id: int,  # noqa: A002 – the column
    *,
    owner: str,
    fence: int,
    tries: int,
    now: datetime,
    **values: Any,  # noqa: ANN401 – columns
) -> bool:
    """Move a claimed row on, only for the very claim that holds it."""
    c = outbox.c
    held = outbox.update().where(c.id == id, c.state == "claimed", c.owner == owner)
    held = held.where(c.fence == fence, c.tries == tries)
    return changed(tx, held.values(lease_until=None, changed_at=now, **values)) == 1


def expired_leases(tx: Connection, now: datetime, limit: int) -> list[Found]:
    c = outbox.c
    return every(
        tx, select(outbox).where(c.state == "claimed", c.lease_until <= now).order_by(c.id).limit(limit)
    )


def claimed_before(tx: Connection, fence: int) -> list[Found]:
    """Claims of leaders before this fence."""
    c = outbox.c
    return every(tx, select(outbox).where(c.state == "claimed", c.fence < fence).order_by(c.id))


def row(tx: Connection, id: int) -> Found | None:  # noqa: A002 – the column
    return first(tx, select(outbox).where(outbox.c.id == id))


def drop_account(tx: Connection, account: int, now: datetime) -> None:
    """The account cannot be reached: nothing waits for it any more."""
    c = outbox.c
    of = outbox.update().where(c.account == account, c.state == "waiting")
    tx.execute(of.values(state="gone", changed_at=now, params="{}"))


def next_due(tx: Connection) -> datetime | None:
    return tx.execute(select(func.min(outbox.c.not_before)).where(outbox.c.state == "waiting")).scalar()


def next_lease(tx: Connection) -> datetime | None:
    return tx.execute(select(func.min(outbox.c.lease_until)).where(outbox.c.state == "claimed")).scalar()


def expire(tx: Connection, before: datetime) -> int:
    c = outbox.c
    return changed(tx, outbox.delete().where(c.state.in_(ENDED), c.changed_at <= before))


def lease(tx: Connection, name: str) -> Found | None:
    return first(tx, select(leases).where(leases.c.name == name))


def add_lease(tx: Connection, name: str, owner: str, until: datetime) -> None:
    insert(tx, leases, [{"name": name, "owner": owner, "fence": 1, "until": until}])


def set_lease(tx: Connection, name: str, owner: str, fence: int, until: datetime) -> None:
    tx.execute(leases.update().where(leases.c.name == name).values(owner=owner, fence=fence, until=until))
