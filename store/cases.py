"""Queries about households."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Table, and_, exists, func, select

from store.sql import Found, every, first, insert
from store.tables.cases import case_checks, case_facts, case_intents, case_members, case_needs, cases
from store.tables.people import contacts

HISTORIES = {"facts": case_facts, "intents": case_intents, "checks": case_checks}


def add(tx: Connection, **row: Any) -> None:  # noqa: ANN401 – a row
    insert(tx, cases, [row])


def case(tx: Connection, office: bytes, alias: str) -> Found | None:
    return first(tx, select(cases).where(cases.c.office == office, cases.c.alias == alias))


def listed(tx: Connection, office: bytes, after: str, limit: int, *, closed: bool) -> list[Found]:
    """The office's cases after an alias, by alias; open ones alone unless `closed`."""
    c = cases.c
    statement = select(cases).where(c.office == office, c.alias > after)
    if not closed:
        statement = statement.where(c.state == "open")
    return every(tx, statement.order_by(c.alias).limit(limit))


def change(tx: Connection, office: bytes, alias: str, **values: object) -> None:
    c = cases.c
    tx.execute(cases.update().where(c.office == office, c.alias == alias).values(**values))


def add_member(tx: Connection, **row: Any) -> None:  # noqa: ANN401 – a row
    insert(tx, case_members, [row])


def members(tx: Connection, office: bytes, alias: str) -> list[Found]:
    """The party by number, each with the alias of the contact it is, if any."""
    c = case_members.c
    on = and_(c.office == contacts.c.office, c.contact == contacts.c.contact)
    statement = select(case_members, contacts.c.alias.label("person")).outerjoin(contacts, on)
    return every(tx, statement.where(c.office == office, c.alias == alias).order_by(c.member))


def parties(tx: Connection, office: bytes, first_: str, last: str) -> dict[tuple[str, str], int]:
    """How many adults and minors the cases from one alias to another have, by (alias, kind)."""
    c = case_members.c
    statement = select(c.alias, c.kind, func.count().label("many"))
    statement = statement.where(c.office == office, c.alias.between(first_, last)).group_by(c.alias, c.kind)
    return {(row.alias, row.kind): row.many for row in every(tx, statement)}


def in_open_case(tx: Connection, office: bytes, contact: bytes) -> bool:
    c = case_members.c
    return bool(tx.execute(select(exists().where(c.office == office, c.contact == contact, c.live))).scalar())


def remove_member(tx: Connection, office: bytes, alias: str, member: int) -> None:
    c = case_members.c
    tx.execute(case_members.delete().where(c.office == office, c.alias == alias, c.member == member))


def retire(tx: Connection, office: bytes, alias: str) -> None:
    """The case is over: its contacts may be members of another."""
    c = case_members.c
    tx.execute(case_members.update().where(c.office == office, c.alias == alias).values(live=False))


def unlink(tx: Connection, office: bytes, contact: bytes) -> None:
    """A member stays, as a number: nobody can tell any more which contact it was."""
    c = case_members.c
    tx.execute(case_members.update().where(c.office == office, c.contact == contact).values(contact=None))


def forget(tx: Connection, office: bytes, alias: str) -> None:
    """Erase all there is about a household but the row that says that it was."""
    for table in (case_members, case_needs, *HISTORIES.values()):
        tx.execute(table.delete().where(table.c.office == office, table.c.alias == alias))


def needs(tx: Connection, office: bytes, alias: str) -> list[str]:
    c = case_needs.c
    return [row.need for row in every(tx, select(c.need).where(c.office == office, c.alias == alias))]


def set_needs(tx: Connection, office: bytes, alias: str, wanted: Collection[str]) -> None:
    c = case_needs.c
    tx.execute(case_needs.delete().where(c.office == office, c.alias == alias))
    insert(tx, case_needs, [{"office": office, "alias": alias, "need": need} for need in sorted(wanted)])


def history(tx: Connection, of: str, office: bytes, first_: str, last: str) -> dict[str, list[Found]]:
    """All that was said of the cases from one alias to another, in order: "facts", "intents" or "checks"."""
    table = HISTORIES[of]
    c = table.c
    statement = select(table).where(c.office == office, c.alias.between(first_, last))
    found: dict[str, list[Found]] = {}
    for row in every(tx, statement.order_by(c.alias, c.seq)):
        found.setdefault(row.alias, []).append(row)
    return found


def append(tx: Connection, of: str, office: bytes, alias: str, **row: Any) -> None:  # noqa: ANN401 – a row
    """Add to a history; nothing in it is ever changed."""
    table = HISTORIES[of]
    insert(tx, table, [row | {"office": office, "alias": alias, "seq": _next(tx, table, office, alias)}])


def _next(tx: Connection, table: Table, office: bytes, alias: str) -> int:
    c = table.c
    last = select(func.max(c.seq)).where(c.office == office, c.alias == alias)
    return int(tx.execute(last).scalar() or 0) + 1
