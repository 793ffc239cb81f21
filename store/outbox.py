"""Queries about calls to Telegram that are to be made, and about who makes them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, Protocol

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Connection,
    Delete,
    Insert,
    Integer,
    Select,
    Update,
    and_,
    bindparam,
    exists,
    func,
    not_,
    select,
    type_coerce,
)
from sqlalchemy.dialects import postgresql, sqlite

from store import doorbells, hints
from store.sql import (
    Found,
    changed,
    chunks,
    count,
    every,
    insert_new,
    listed,
    many,
    not_among,
    update,
    update_many,
    value,
)
from store.tables.chat import accounts
from store.tables.delivery import ENDED, outbox
from store.types import Moment

MESSAGES = frozenset({"ring", "reply"})
"""Kinds that a person sees as a message: Telegram counts them, and takes each for a new one."""
FIRST = datetime.min.replace(tzinfo=UTC)
"""Before any time there is."""
SPENT = {"params": "{}", "callback_id": ""}
"""What a row that is over keeps of its content: nothing."""


def add(tx: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Queue; a row whose dedupe is there already is left out."""
    if rows:
        insert_new(tx, outbox, rows)
        hints.tell(tx, "outbox")


def add_rings(tx: Connection, wanted: Collection[int], row: Mapping[str, Any]) -> None:
    """Queue the same ring for each account; one that has a ring waiting keeps that.

    What all have in common is sent once for many: 100,000 people may be rung for at one instant.
    """
    given = {f"of_{name}": value for name, value in row.items()}
    statement = _add_rings(tuple(row), tx.dialect.name)
    for part in chunks(sorted(wanted)):
        tx.execute(statement, given | {"wanted": part})
    hints.tell(tx, "outbox")


@cache
def _add_rings(names: tuple[str, ...], dialect: str) -> Insert:
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    common = [bindparam(f"of_{name}", type_=outbox.c[name].type) for name in names]
    wanted: BindParameter[int] = bindparam("wanted", expanding=True)
    of = select(accounts.c.id, *common).where(accounts.c.id.in_(wanted)).order_by(accounts.c.id)
    return make(outbox).from_select(["account", *names], of).on_conflict_do_nothing()


@value
def told(account: int, keys: Sequence[str], since: datetime) -> Select[Any]:
    """How many replies of these kinds the account was given since then, sent or not."""
    c = outbox.c
    said = (c.account == account, c.kind == "reply", c.key.in_(keys))
    return select(func.count()).where(*said, c.due_at > since)


@many
def callbacks() -> Select[Any]:
    """Sealed ids of pressed buttons that wait for an answer."""
    c = outbox.c
    return select(c.callback_id).where(c.state.in_(("waiting", "claimed")), c.callback_id != "")


def rings(tx: Connection, wanted: Collection[int], state: str) -> dict[int, Found]:
    """The rings in this state, by account."""
    found: dict[int, Found] = {}
    for part in chunks(sorted(wanted)):
        found |= {row.account: row for row in _rings(tx, part, state)}
    return found


@many
def _rings(wanted: Sequence[int], state: str) -> Select[Any]:
    c = outbox.c
    of = select(c.id, c.account, c.urgent, c.params)
    return of.where(c.account.in_(wanted), c.kind == "ring", c.state == state)


@many
def replies(account: int) -> Select[Any]:
    """The replies that wait for the account, oldest first."""
    c = outbox.c
    own = select(c.id, c.key).where(c.account == account, c.state == "waiting", c.kind == "reply")
    return own.order_by(c.id)


def change(tx: Connection, id: int, **values: Any) -> None:  # noqa: A002, ANN401 – the column's name; values
    update(tx, outbox, {"id": id}, **values)


def waiting(
    tx: Connection, now: datetime, resting: Collection[int], limit: int, *, priority: int | None = None
) -> list[Found]:
    """What is due (of one priority, if it is given), replies first, with everything the claim decides on.

    Nothing for accounts with a call in flight; and no reply while an earlier one to the same person waits, for
    whatever reason: what is said to a person arrives in the order it was said.
    """
    statement = _waiting(tx.dialect.name, of_priority=priority is not None)
    given: dict[str, Any] = {"priority": priority} if priority is not None else {}
    return every(tx, statement, now=now, limit=limit, without=listed(tx, resting), **given)


@cache
def _waiting(dialect: str, *, of_priority: bool) -> Select[Any]:
    """Made once: it takes longer to make than to run, and the delivery loop asks all the time.

    First the rows, then whether each is still wanted: a claim of six took 35 ms on PostgreSQL with 9,000 people
    else, and ten times as long with ten times as many.
    """
    now = bindparam("now", type_=Moment())
    # PostgreSQL plans for the number itself: what it takes for any number would be a tenth of all.
    limit = bindparam("limit", type_=Integer, literal_execute=dialect == "postgresql")
    c, flying, before = outbox.c, outbox.alias("flying"), outbox.alias("before")
    busy = exists().where(flying.c.account == c.account, flying.c.state == "claimed")
    overtakes = and_(
        c.kind == "reply",
        exists().where(
            before.c.account == c.account,
            before.c.state == "waiting",
            before.c.kind == "reply",
            before.c.id < c.id,
        ),
    )
    rows = (
        select(outbox, accounts.c.sealed, accounts.c.language, accounts.c.paused, accounts.c.blocked)
        .join(accounts, c.account == accounts.c.id)
        .where(c.state == "waiting", c.due_at <= now, c.not_before <= now, not_(busy), not_(overtakes))
        .where(not_among(c.account, "without", dialect))
        .order_by(c.priority, c.due_at, c.id)
        .limit(limit)
    )
    if of_priority:
        rows = rows.where(c.priority == bindparam("priority"))
    due = rows.subquery("due")
    statement = select(due, doorbells.unread_alone(due.c.account, now).label("unread"))
    return statement.order_by(due.c.priority, due.c.due_at, due.c.id)


def claim(tx: Connection, ids: Sequence[int], now: datetime, **held: Any) -> None:  # noqa: ANN401 – columns
    """These waiting rows are claimed; `held`: their owner, fence and lease_until."""
    for part in chunks(ids):
        _claim(tx, part, now, **held)


@count
def _claim(ids: Sequence[int], now: datetime, owner: str, fence: int, lease_until: datetime) -> Update:
    c = outbox.c
    values = {
        "state": "claimed",
        "owner": owner,
        "fence": fence,
        "lease_until": lease_until,
        "changed_at": now,
    }
    mine = outbox.update().where(c.id.in_(ids), c.state == "waiting")
    return mine.values(tries=c.tries + 1, **values)


class Held(Protocol):
    """A claim, or its row."""

    @property
    def id(self) -> int: ...
    @property
    def owner(self) -> str: ...
    @property
    def fence(self) -> int: ...
    @property
    def tries(self) -> int: ...


def again(tx: Connection, held: Held, at: datetime, now: datetime, **values: Any) -> bool:  # noqa: ANN401 – columns
    """A claimed row waits again, only for the very claim that holds it."""
    return _leave(tx, held, now, {"state": "waiting", "not_before": at, **values})


def end(tx: Connection, held: Held, state: str, now: datetime, **values: Any) -> bool:  # noqa: ANN401 – columns
    """A claimed row is over, only for the very claim that holds it; what it was to say is forgotten."""
    return _leave(tx, held, now, {"state": state, **SPENT, **values})


def end_all(tx: Connection, ended: Collection[tuple[Found, datetime]], state: str) -> None:
    """As `end`, for claims looked up in this transaction, each at its time."""
    over = {"state": state, "lease_until": None, **SPENT}
    update_many(tx, outbox, [(_own(row), over | {"changed_at": at}) for row, at in ended])


def drop(tx: Connection, id: int, now: datetime) -> None:  # noqa: A002 – the column
    """A waiting row is not wanted any more."""
    change(tx, id, state="dropped", changed_at=now, **SPENT)


def _leave(tx: Connection, held: Held, now: datetime, values: dict[str, Any]) -> bool:
    return update(tx, outbox, _own(held), lease_until=None, changed_at=now, **values) == 1


def _own(held: Held) -> dict[str, object]:
    return {"id": held.id, "state": "claimed", "owner": held.owner, "fence": held.fence, "tries": held.tries}


@count
def drop_replies(account: int, key: str, now: datetime) -> Update:
    """What waits of this kind is not said to the account."""
    c = outbox.c
    waiting = outbox.update().where(
        c.account == account, c.state == "waiting", c.kind == "reply", c.key == key
    )
    return waiting.values(state="dropped", changed_at=now, **SPENT)


@count
def hasten_deletions(account: int, key: str, now: datetime) -> Update:
    """What was said of this kind leaves the account's chat now."""
    c = outbox.c
    own = outbox.update().where(c.account == account, c.state == "waiting", c.kind == "delete", c.key == key)
    return own.where(c.not_before > now).values(not_before=now, due_at=now, changed_at=now)


@many
def expired_leases(now: datetime, limit: int) -> Select[Any]:
    c = outbox.c
    return select(outbox).where(c.state == "claimed", c.lease_until <= now).order_by(c.id).limit(limit)


@many
def claims() -> Select[Any]:
    """What anybody has in flight."""
    return select(outbox).where(outbox.c.state == "claimed").order_by(outbox.c.id)


@many
def tried(since: datetime) -> Select[Any]:
    """Messages that were claimed, or came back, after this time."""
    c = outbox.c
    return select(c.account, c.changed_at).where(c.kind.in_(MESSAGES), c.tries > 0, c.changed_at > since)


def claimed(tx: Connection, ids: Sequence[int]) -> dict[int, Found]:
    """Those of these rows that are claimed."""
    return {row.id: row for part in chunks(ids) for row in _claimed(tx, part)}


@many
def _claimed(ids: Sequence[int]) -> Select[Any]:
    return select(outbox).where(outbox.c.id.in_(ids), outbox.c.state == "claimed")


def drop_account(tx: Connection, account: int, now: datetime) -> None:
    """The account cannot be reached: nothing waits for it any more but deletions, which rest."""
    _give_up(tx, account, now)
    rest_deletions(tx, account)


@count
def _give_up(account: int, now: datetime) -> Update:
    c = outbox.c
    of = outbox.update().where(c.account == account, c.state == "waiting", c.kind != "delete")
    return of.values(state="gone", changed_at=now, **SPENT)


@count
def rest_deletions(account: int) -> Update:
    """The account's deletions wait until `resume_deletions`, and no longer than they could be carried out."""
    c = outbox.c
    of = outbox.update().where(c.account == account, c.state == "waiting", c.kind == "delete")
    return of.values(not_before=c.expires_at)


@count
def resume_deletions(account: int) -> Update:
    """Those that rest are due again when they were to be."""
    c = outbox.c
    of = outbox.update().where(c.account == account, c.state == "waiting", c.kind == "delete")
    return of.where(c.not_before >= c.expires_at).values(not_before=c.due_at)


def hasten_refused(tx: Connection, now: datetime, only: Collection[int] | None = None) -> None:
    """Rings that rest because they were refused are due now and their refusals forgotten (of these accounts)."""
    if only is None:
        _hasten_all(tx, now)
        _forgive_all(tx)
        return
    for part in chunks(sorted(only)):
        _hasten(tx, part, now)
        _forgive(tx, part)


def _refused(state: str) -> Update:
    c = outbox.c
    return outbox.update().where(c.kind == "ring", c.params != "{}", c.state == state).values(params="{}")


@count
def _hasten_all(now: datetime) -> Update:
    return _refused("waiting").values(not_before=now, changed_at=now)


@count
def _forgive_all() -> Update:
    return _refused("claimed")  # when it was claimed stays on record


@count
def _hasten(only: Sequence[int], now: datetime) -> Update:
    return _refused("waiting").where(outbox.c.account.in_(only)).values(not_before=now, changed_at=now)


@count
def _forgive(only: Sequence[int]) -> Update:
    return _refused("claimed").where(outbox.c.account.in_(only))


def bring_forward(tx: Connection, dedupes: Sequence[str], start: datetime, now: datetime) -> None:
    """What waits for a later time waits for this one."""
    for part in chunks(dedupes):
        _bring_forward(tx, part, start, now)


@count
def _bring_forward(dedupes: Sequence[str], start: datetime, now: datetime) -> Update:
    c = outbox.c
    later = outbox.update().where(c.dedupe.in_(dedupes), c.state == "waiting", c.not_before > start)
    return later.values(not_before=start, due_at=start, changed_at=now)


def shift_back(tx: Connection, now: datetime, latest: datetime) -> int:
    """Rows under way that were changed after `latest`: move all their times by what that lies ahead of now."""
    c = outbox.c
    ahead = type_coerce(c.changed_at, BigInteger) - Moment().process_bind_param(now, tx.dialect)
    times = {
        column.name: type_coerce(column, BigInteger) - ahead
        for column in (c.due_at, c.not_before, c.expires_at, c.lease_until)
    }
    own = outbox.update().where(c.state.in_(("waiting", "claimed")), c.changed_at > latest)
    return changed(tx, own.values(changed_at=now, **times))


def next_due(tx: Connection, after: datetime | None) -> datetime | None:
    found: datetime | None = _next_due(tx, after or FIRST)
    return found


@value
def _next_due(after: datetime) -> Select[Any]:
    return _first("waiting", outbox.c.not_before, after)


def next_lease(tx: Connection, after: datetime | None) -> datetime | None:
    found: datetime | None = _next_lease(tx, after or FIRST)
    return found


@value
def _next_lease(after: datetime) -> Select[Any]:
    return _first("claimed", outbox.c.lease_until, after)


def _first(state: str, time: ColumnElement[Any], after: datetime) -> Select[Any]:
    return select(func.min(time)).where(outbox.c.state == state, time > after)


@count
def expire(before: datetime) -> Delete:
    return outbox.delete().where(outbox.c.state.in_(ENDED), outbox.c.changed_at <= before)
