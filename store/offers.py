"""Queries about offers."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Update, or_, select

from store.sql import Found, chunks, count, insert, many, one, update
from store.tables.offers import offers

HOLDING = ("held", "accepted")
"""States that take seats, and may change."""
LIVE = ("standby", *HOLDING)


@one
def offer(office: bytes, offer: bytes) -> Select[Any]:
    return select(offers).where(offers.c.office == office, offers.c.offer == offer)


def several(tx: Connection, office: bytes, ids: Collection[bytes]) -> dict[bytes, Found]:
    """Offers with these ids, whatever they are of."""
    return {row.offer: row for part in chunks(sorted(ids)) for row in _several(tx, office, part)}


@many
def _several(office: bytes, ids: Sequence[bytes]) -> Select[Any]:
    return select(offers).where(offers.c.office == office, offers.c.offer.in_(ids))


@many
def on(office: bytes, movement: bytes) -> Select[Any]:
    """Every offer of an office on a movement."""
    c = offers.c
    return select(offers).where(c.office == office, c.movement == movement).order_by(c.offer)


@many
def live_on(office: bytes, movement: bytes) -> Select[Any]:
    """The live offers of an office on a movement."""
    c = offers.c
    live = select(offers).where(c.office == office, c.movement == movement, c.state.in_(LIVE))
    return live.order_by(c.offer)


def live_of(tx: Connection, row: Found) -> list[Found]:
    """The live offers of a notice version."""
    return _live_of(tx, row.office, row.notice, row.version)


@many
def _live_of(office: bytes, notice: bytes, version: int) -> Select[Any]:
    c = offers.c
    own = (c.office == office, c.notice == notice, c.version == version)
    return select(offers).where(*own, c.state.in_(LIVE)).order_by(c.offer)


@many
def live_of_contact(office: bytes, contact: bytes) -> Select[Any]:
    c = offers.c
    return select(offers).where(c.office == office, c.contact == contact, c.state.in_(LIVE))


@many
def live_of_case(office: bytes, alias: str) -> Select[Any]:
    c = offers.c
    return select(offers).where(c.office == office, c.case_alias == alias, c.state.in_(LIVE))


@many
def of_contact(office: bytes, contact: bytes) -> Select[Any]:
    c = offers.c
    return select(offers).where(c.office == office, c.contact == contact).order_by(c.changed_at)


def add(tx: Connection, rows: Sequence[dict[str, Any]]) -> None:
    insert(tx, offers, rows)


def move(tx: Connection, row: Found, now: datetime, **values: object) -> bool:
    """Change an offer from the state it was read in; False when it has left that state meanwhile."""
    own = {"office": row.office, "offer": row.offer, "state": row.state}
    return update(tx, offers, own, changed_at=now, **values) == 1


def seated(tx: Connection, office: bytes) -> dict[tuple[bytes, int], list[Found]]:
    """Offers whose seats are held, or on which somebody boarded, by notice and version."""
    found: dict[tuple[bytes, int], list[Found]] = {}
    for row in _seated(tx, office):
        found.setdefault((row.notice, row.version), []).append(row)
    return found


@many
def _seated(office: bytes) -> Select[Any]:
    c = offers.c
    of = select(c.notice, c.version, c.contact, c.state, c.boarded).where(c.office == office)
    return of.where(or_(c.state.in_(HOLDING), c.boarded > 0)).order_by(c.contact)


def join_case(tx: Connection, office: bytes, contact: bytes, alias: str | None) -> None:
    """The contact's live offers are this household's from now on."""
    _join_case(tx, office, contact, alias)


@count
def _join_case(office: bytes, contact: bytes, alias: str | None) -> Update:
    c = offers.c
    own = offers.update().where(c.office == office, c.contact == contact, c.state.in_(LIVE))
    return own.values(case_alias=alias)
