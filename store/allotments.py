"""Seats by office: one function changes them, and writes down in the ledger what it did."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, Update, exists, select

from store.sql import Found, count, insert, many, one, value
from store.tables.movements import allotments, ledger, movements

OFFERING = ("open", "called")
"""States of a movement in which seats may be offered."""


class Change(NamedTuple):
    """What happens to an office's seats, and because of what: differences."""

    kind: str
    offer: bytes | None = None
    loan: bytes | None = None
    seats: int = 0
    held: int = 0
    confirmed: int = 0


def add(tx: Connection, *, office: bytes, movement: bytes, owner: bytes) -> None:
    """An allotment without a seat yet."""
    row = {"office": office, "movement": movement, "owner": owner, "seats": 0, "held": 0, "confirmed": 0}
    insert(tx, allotments, [row])


def shift(tx: Connection, office: bytes, movement: bytes, changes: Sequence[Change], now: datetime) -> bool:
    """Make all changes of one allotment at once, and write each down; False, with nothing done, if they do not fit.

    Giving seats back always works; taking more needs a movement whose seats are offered.
    """
    if not changes:
        return True
    seats = sum(change.seats for change in changes)
    held = sum(change.held for change in changes)
    confirmed = sum(change.confirmed for change in changes)
    run = _take if held + confirmed > 0 else _give_back
    if run(tx, office, movement, seats, held, confirmed) != 1:
        return False
    row = allotment(tx, office, movement)
    owner = row.owner if row is not None else b""
    last = int(_count_entries(tx, owner, movement, len(changes)))
    where = {"owner": owner, "movement": movement, "office": office, "at": now}
    first = last - len(changes) + 1
    insert(tx, ledger, [where | {"seq": seq} | change._asdict() for seq, change in enumerate(changes, first)])
    return True


@count
def _take(office: bytes, movement: bytes, seats: int, held: int, confirmed: int) -> Update:
    m = movements.c
    offering = exists().where(m.office == allotments.c.owner, m.movement == movement, m.state.in_(OFFERING))
    return _shift(office, movement, seats, held, confirmed).where(offering)


@count
def _give_back(office: bytes, movement: bytes, seats: int, held: int, confirmed: int) -> Update:
    return _shift(office, movement, seats, held, confirmed)


def _shift(office: bytes, movement: bytes, seats: int, held: int, confirmed: int) -> Update:
    c = allotments.c
    fits = c.held + c.confirmed + held + confirmed <= c.seats + seats
    fitting = allotments.update().where(c.office == office, c.movement == movement, fits)
    return fitting.values(seats=c.seats + seats, held=c.held + held, confirmed=c.confirmed + confirmed)


@value
def _count_entries(owner: bytes, movement: bytes, more: int) -> Update:
    c = movements.c
    counted = movements.update().where(c.office == owner, c.movement == movement)
    return counted.values(entries=c.entries + more).returning(c.entries)


@one
def allotment(office: bytes, movement: bytes) -> Select[Any]:
    """The office's seats on a movement, with the movement's own columns that they are for."""
    return _with_movement().where(allotments.c.office == office, allotments.c.movement == movement)


@many
def of_office(office: bytes) -> Select[Any]:
    """All movements on which the office has seats, its own and others', by departure."""
    c = movements.c
    return _with_movement().where(allotments.c.office == office).order_by(c.departs_at, c.code, c.movement)


def _with_movement() -> Select[Any]:
    a, m = allotments.c, movements.c
    same = (a.owner == m.office) & (a.movement == m.movement)
    total = m.seats.label("total")
    return select(allotments, m.code, m.route, m.departs_at, m.state, total).join(movements, same)


@many
def lent_by(owner: bytes) -> Select[Any]:
    """What other offices have on this one's movements."""
    c = allotments.c
    return select(allotments).where(c.owner == owner, c.office != owner).order_by(c.movement, c.office)


@many
def everywhere(owner: bytes, movement: bytes) -> Select[Any]:
    """Every office's seats on one movement."""
    c = allotments.c
    return select(allotments).where(c.owner == owner, c.movement == movement).order_by(c.office)


@many
def guests(owner: bytes, movement: bytes) -> Select[Any]:
    """As `of_office`, other offices' seats on one movement of this one's: of whom has some."""
    c = allotments.c
    theirs = _with_movement().where(c.owner == owner, c.movement == movement, c.office != owner, c.seats > 0)
    return theirs.order_by(c.office)


@many
def entries(owner: bytes, movement: bytes, after: int, limit: int) -> Select[Any]:
    """The ledger of a movement, in order, after an entry."""
    c = ledger.c
    of = select(ledger).where(c.owner == owner, c.movement == movement, c.seq > after)
    return of.order_by(c.seq).limit(limit)


def free(row: Found) -> int:
    """How many seats of an allotment nobody holds."""
    return int(row.seats - row.held - row.confirmed)
