"""Queries about what guardians and minors said."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Delete, Select, and_, exists, func, select

from store.sql import count, insert, many, one, value
from store.tables.assents import assents
from store.tables.cases import case_members

LATER = assents.alias("later")
PLACE = ("office", "alias", "member")


@many
def minors(office: bytes, contact: bytes) -> Select[Any]:
    """Minors whose guardian the contact is in an open case, by number, each with what was said last (or None)."""
    guardian, a = case_members.alias("guardian"), assents.c
    m, g = case_members.c, guardian.c
    same = and_(m.office == g.office, m.alias == g.alias, m.guardian == g.member)
    said = and_(*(m[name] == a[name] for name in PLACE), _is_last())
    held = case_members.join(guardian, same).outerjoin(assents, said)
    of = select(m.alias, m.member, m.joined_at, a.device, a.given, a.said, a.at, a.lapses_at, a.statement)
    return of.select_from(held).where(g.office == office, g.contact == contact, g.live).order_by(m.member)


@many
def last_of_case(office: bytes, alias: str) -> Select[Any]:
    """What was said last for each minor of a household."""
    c = assents.c
    return select(assents).where(c.office == office, c.alias == alias, _is_last()).order_by(c.member)


@one
def statement(device: bytes, alias: str, member: int, counter: int) -> Select[Any]:
    c = assents.c
    return select(assents).where(
        c.device == device, c.alias == alias, c.member == member, c.counter == counter
    )


def last_counter(tx: Connection, device: bytes, alias: str, member: int) -> int:
    return _last_counter(tx, device, alias, member) or 0


@value
def _last_counter(device: bytes, alias: str, member: int) -> Select[Any]:
    c = assents.c
    return select(func.max(c.counter)).where(c.device == device, c.alias == alias, c.member == member)


def append(tx: Connection, row: dict[str, Any]) -> None:
    """Add to what was said for a minor."""
    seq = (_last_seq(tx, *(row[name] for name in PLACE)) or 0) + 1
    insert(tx, assents, [row | {"seq": seq}])


@value
def _last_seq(office: bytes, alias: str, member: int) -> Select[Any]:
    c = assents.c
    return select(func.max(c.seq)).where(c.office == office, c.alias == alias, c.member == member)


@value
def of_contact(office: bytes, contact: bytes) -> Select[Any]:
    """How often the contact said something for a minor."""
    c = assents.c
    return select(func.count()).select_from(assents).where(c.office == office, c.contact == contact)


@many
def lapsed(now: datetime, limit: int) -> Select[Any]:
    """What was said last and stands no more."""
    c = assents.c
    return select(assents).where(c.lapses_at <= now, _is_last()).order_by(c.lapses_at).limit(limit)


@count
def forget_member(office: bytes, alias: str, member: int) -> Delete:
    """Delete all that was said for a minor."""
    c = assents.c
    return assents.delete().where(c.office == office, c.alias == alias, c.member == member)


@count
def forget_case(office: bytes, alias: str) -> Delete:
    return assents.delete().where(assents.c.office == office, assents.c.alias == alias)


@count
def forget(office: bytes, contact: bytes) -> Delete:
    """Delete all that a guardian said."""
    return assents.delete().where(assents.c.office == office, assents.c.contact == contact)


def _is_last() -> Any:  # noqa: ANN401 – a condition
    """That nothing was said after it for the same minor."""
    same = (assents.c[name] == LATER.c[name] for name in PLACE)
    return ~exists().where(*same, LATER.c.seq > assents.c.seq)
