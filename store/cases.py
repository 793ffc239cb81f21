"""Queries about households."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Delete, Select, Table, Update, and_, exists, func, select

from store.sql import Found, chunks, count, insert, many, one, update, value
from store.tables.cases import case_checks, case_facts, case_intents, case_members, case_needs, cases
from store.tables.people import contacts

HISTORIES = {"facts": case_facts, "intents": case_intents, "checks": case_checks}


def add(tx: Connection, **row: Any) -> None:  # noqa: ANN401 – a row
    insert(tx, cases, [row])


@one
def case(office: bytes, alias: str) -> Select[Any]:
    return select(cases).where(cases.c.office == office, cases.c.alias == alias)


def listed(tx: Connection, office: bytes, after: str, limit: int, *, closed: bool) -> list[Found]:
    """The office's cases after an alias, by alias; open ones alone unless `closed`."""
    page = _listed if closed else _listed_open
    return page(tx, office, after, limit)


@many
def _listed(office: bytes, after: str, limit: int) -> Select[Any]:
    return _page(office, after, limit)


@many
def _listed_open(office: bytes, after: str, limit: int) -> Select[Any]:
    return _page(office, after, limit).where(cases.c.state == "open")


def _page(office: bytes, after: str, limit: int) -> Select[Any]:
    c = cases.c
    return select(cases).where(c.office == office, c.alias > after).order_by(c.alias).limit(limit)


def change(tx: Connection, office: bytes, alias: str, **values: object) -> None:
    update(tx, cases, {"office": office, "alias": alias}, **values)


def add_member(tx: Connection, **row: Any) -> None:  # noqa: ANN401 – a row
    insert(tx, case_members, [row])


@many
def members(office: bytes, alias: str) -> Select[Any]:
    """The party by number, each with the alias of the contact it is, if any."""
    c = case_members.c
    on = and_(c.office == contacts.c.office, c.contact == contacts.c.contact)
    statement = select(case_members, contacts.c.alias.label("person")).outerjoin(contacts, on)
    return statement.where(c.office == office, c.alias == alias).order_by(c.member)


def parties(tx: Connection, office: bytes, first_: str, last: str) -> dict[tuple[str, str], int]:
    """How many adults and minors the cases from one alias to another have, by (alias, kind)."""
    return {(row.alias, row.kind): row.many for row in _parties(tx, office, first_, last)}


@many
def _parties(office: bytes, first_: str, last: str) -> Select[Any]:
    c = case_members.c
    statement = select(c.alias, c.kind, func.count().label("many"))
    return statement.where(c.office == office, c.alias.between(first_, last)).group_by(c.alias, c.kind)


def people(tx: Connection, office: bytes, first_: str, last: str) -> dict[str, list[str]]:
    """The aliases of the contacts in the cases from one alias to another, by case."""
    found: dict[str, list[str]] = {}
    for row in _people(tx, office, first_, last):
        found.setdefault(row.alias, []).append(row.person)
    return found


@many
def _people(office: bytes, first_: str, last: str) -> Select[Any]:
    c = case_members.c
    on = and_(c.office == contacts.c.office, c.contact == contacts.c.contact)
    statement = select(c.alias, contacts.c.alias.label("person")).join(contacts, on)
    own = statement.where(c.office == office, c.alias.between(first_, last))
    return own.order_by(c.alias, c.member)


def in_open_case(tx: Connection, office: bytes, contact: bytes) -> bool:
    return bool(_in_open_case(tx, office, contact))


@value
def _in_open_case(office: bytes, contact: bytes) -> Select[Any]:
    c = case_members.c
    return select(exists().where(c.office == office, c.contact == contact, c.live))


def households(tx: Connection, office: bytes, contacts_: Collection[bytes]) -> dict[bytes, Found]:
    """The open case of each contact that is in one: `alias`, `opened_at`, and how many `people` it has."""
    return {row.contact: row for part in chunks(sorted(contacts_)) for row in _households(tx, office, part)}


@many
def _households(office: bytes, wanted: Sequence[bytes]) -> Select[Any]:
    mine, all_, c = case_members.alias(), case_members.alias(), cases.c
    on = and_(mine.c.office == c.office, mine.c.alias == c.alias)
    same = and_(all_.c.office == mine.c.office, all_.c.alias == mine.c.alias)
    columns = (mine.c.contact, c.alias, c.opened_at, func.count().label("people"))
    statement = select(*columns).select_from(mine.join(cases, on).join(all_, same))
    return statement.where(mine.c.office == office, mine.c.live, mine.c.contact.in_(wanted)).group_by(
        mine.c.contact, c.alias, c.opened_at
    )


@count
def remove_member(office: bytes, alias: str, member: int) -> Delete:
    c = case_members.c
    return case_members.delete().where(c.office == office, c.alias == alias, c.member == member)


def retire(tx: Connection, office: bytes, alias: str) -> None:
    """The case is over: its contacts may be members of another."""
    update(tx, case_members, {"office": office, "alias": alias}, live=False)


def unlink(tx: Connection, office: bytes, contact: bytes) -> None:
    """A member stays, as a number: nobody can tell any more which contact it was."""
    update(tx, case_members, {"office": office, "contact": contact}, contact=None)


@count
def hand_over(office: bytes, contact: bytes, to: bytes) -> Update:
    """The contact's place in the open case is this other contact's."""
    c = case_members.c
    return case_members.update().where(c.office == office, c.contact == contact, c.live).values(contact=to)


def forget(tx: Connection, office: bytes, alias: str) -> None:
    """Erase all there is about a household but the row that says that it was."""
    for table in (case_members, case_needs, *HISTORIES.values()):
        tx.execute(table.delete().where(table.c.office == office, table.c.alias == alias))


def needs(tx: Connection, office: bytes, alias: str) -> list[str]:
    return [row.need for row in _needs(tx, office, alias)]


@many
def _needs(office: bytes, alias: str) -> Select[Any]:
    c = case_needs.c
    return select(c.need).where(c.office == office, c.alias == alias)


def set_needs(tx: Connection, office: bytes, alias: str, wanted: Collection[str]) -> None:
    _drop_needs(tx, office, alias)
    insert(tx, case_needs, [{"office": office, "alias": alias, "need": need} for need in sorted(wanted)])


@count
def _drop_needs(office: bytes, alias: str) -> Delete:
    c = case_needs.c
    return case_needs.delete().where(c.office == office, c.alias == alias)


def history(tx: Connection, of: str, office: bytes, first_: str, last: str) -> dict[str, list[Found]]:
    """All that was said of the cases from one alias to another, in order: "facts", "intents" or "checks"."""
    found: dict[str, list[Found]] = {}
    for row in _HISTORY[of](tx, office, first_, last):
        found.setdefault(row.alias, []).append(row)
    return found


def _history(table: Table) -> Callable[[Connection, bytes, str, str], list[Found]]:
    c = table.c

    @many
    def said(office: bytes, first_: str, last: str) -> Select[Any]:
        of = select(table).where(c.office == office, c.alias.between(first_, last))
        return of.order_by(c.alias, c.seq)

    return said


_HISTORY = {of: _history(table) for of, table in HISTORIES.items()}


def append(tx: Connection, of: str, office: bytes, alias: str, **row: Any) -> None:  # noqa: ANN401 – a row
    """Add to a history; nothing in it is ever changed."""
    seq = int(_LAST[of](tx, office, alias) or 0) + 1
    insert(tx, HISTORIES[of], [row | {"office": office, "alias": alias, "seq": seq}])


def _last(table: Table) -> Callable[[Connection, bytes, str], int | None]:
    c = table.c

    @value
    def last(office: bytes, alias: str) -> Select[Any]:
        return select(func.max(c.seq)).where(c.office == office, c.alias == alias)

    return last


_LAST = {of: _last(table) for of, table in HISTORIES.items()}
