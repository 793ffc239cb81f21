"""Whose a row is: which contacts it names, by its values and by the rows it refers to.

A row may be readable in several ways (the account that two people share), each of which may take several people
(a row that names two). So the answer is a set of sets: `COMMON` is one way that takes nobody, `NOBODY` is no way.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, ForeignKeyConstraint, Select, Table, select

from store.model import metadata
from store.sql import every
from store.tables.chat import accounts, links
from store.tables.disclosures import disclosures
from store.tables.mail import envelopes, wraps
from store.tables.offices import devices
from store.tables.people import contacts, enrolments, invitations
from store.tables.referrals import referrals
from store.tables.sponsors import sponsors

Owner = tuple[bytes, bytes]
"""Office and contact."""
Ways = frozenset[frozenset[Owner]]
COMMON: Ways = frozenset([frozenset()])
NOBODY: Ways = frozenset()

PASSING = frozenset(
    {
        "inbox",
        "armour_parts",
        "outbox",
        "nonces",
        "leases",
        "beats",
        "pressed",
        "admission_codes",
        "link_codes",
        "sponsor_codes",
        "uploads",
    }
)
"""Belongs to the hour: restored, it would be said too late, or be good for a second time."""
EVERYBODYS = frozenset({"audit"})
"""The chained log: with an entry missing nothing of it could be checked."""
ALIASED = frozenset({"alias", "subject", "words"})
"""Columns in which a contact's alias may stand as a word."""
LONGEST_ID = 32


class Owners:
    """Asked row by row in the order of metadata.sorted_tables, for it remembers what is referred to later."""

    def __init__(self, tx: Connection) -> None:
        self._named = _names(tx)
        self._accounts = _accounts(tx)
        self._addressed = _addressed(tx)
        self._rows: defaultdict[tuple[str, ...], dict[tuple[object, ...], Ways]] = defaultdict(dict)

    def of(self, table: Table, row: Mapping[str, Any]) -> Ways:
        """In which ways the row may be read."""
        if table.name in PASSING:
            return NOBODY
        found = COMMON if table.name in EVERYBODYS else self._by_values(table, row)
        for key in _outward(table):
            held = self._rows.get(_target(key))
            if held is not None:
                found = both(found, held.get(tuple(row[column] for column in key.column_keys), COMMON))
        if found != COMMON:
            for target in _targets().get(table.name, ()):
                self._rows[(table.name, *target)][tuple(row[column] for column in target)] = found
        return found

    def _by_values(self, table: Table, row: Mapping[str, Any]) -> Ways:
        if table is accounts:
            return self._accounts.get(row["id"], NOBODY)
        office = row.get("office")
        owners = {self._named[key] for key in _ids(row, office) if key in self._named}
        if table is envelopes and not owners:
            known = self._named.get(self._addressed.get(row["envelope"], (None, b"")))
            owners = set() if known is None else {known}
        return frozenset([frozenset(owners)])


def both(one: Ways, other: Ways) -> Ways:
    """Readable if either is allowed by itself: every pair of ways, without those that take more than another does."""
    if other == COMMON:
        return one
    pairs = {mine | theirs for mine in one for theirs in other}
    return frozenset(way for way in pairs if not any(less < way for less in pairs))


def _ids(row: Mapping[str, Any], office: bytes | None) -> Iterator[tuple[bytes | None, bytes | str]]:
    for column, value in row.items():
        if isinstance(value, bytes) and len(value) <= LONGEST_ID:
            yield office, value
        elif isinstance(value, str) and column in ALIASED:
            yield from ((office, word) for word in value.split())


def _names(tx: Connection) -> dict[tuple[bytes | None, bytes | str], Owner]:
    """By what a contact is named, and in which office: ids there may be as another chose them. Devices' are unique."""
    found: dict[tuple[bytes | None, bytes | str], Owner] = {}
    for column in (contacts.c.contact, contacts.c.alias, devices.c.device, invitations.c.invitation):
        c = column.table.c
        for row in every(tx, select(c.office, c.contact, column.label("name")).where(c.contact.is_not(None))):
            found[row.office, row.name] = (row.office, row.contact)
            if column is devices.c.device:
                found[None, row.name] = (row.office, row.contact)
    return found


def _accounts(tx: Connection) -> dict[int, Ways]:
    """Accounts of officers are common; those of people, in as many ways as there are people; others are nobody's."""
    held: defaultdict[int, set[frozenset[Owner]]] = defaultdict(set)
    for statement in (_linked(), _enrolling(), _waiting(), _asking()):
        for row in every(tx, statement):
            held[row.account].add(frozenset([(row.office, row.contact)] if row.contact else []))
    return {account: COMMON if frozenset() in ways else frozenset(ways) for account, ways in held.items()}


def _linked() -> Select[Any]:
    return select(links.c.account, links.c.office, links.c.contact)


def _enrolling() -> Select[Any]:
    joined = enrolments.join(invitations, enrolments.c.invitation == invitations.c.invitation)
    own = select(enrolments.c.account, invitations.c.office, invitations.c.contact).select_from(joined)
    return own.where(enrolments.c.account.is_not(None))


def _waiting() -> Select[Any]:
    own = select(referrals.c.account, referrals.c.office, referrals.c.contact)
    return own.where(referrals.c.account.is_not(None))


def _asking() -> Select[Any]:
    return select(sponsors.c.account, sponsors.c.office, sponsors.c.contact)


def _addressed(tx: Connection) -> dict[bytes, Owner]:
    """Letters that wait for one contact alone, or pass on what one told their office, by envelope."""
    waiting: defaultdict[bytes, set[tuple[bytes, bytes | None]]] = defaultdict(set)
    for row in every(tx, select(wraps.c.envelope, wraps.c.office, wraps.c.contact).distinct()):
        waiting[row.envelope].add((row.office, row.contact))
    c = disclosures.c
    for row in every(tx, select(c.envelope, c.office, c.contact).distinct()):
        waiting[row.envelope] = {(row.office, row.contact)}
    return {
        envelope: (office, contact)
        for envelope, whose in waiting.items()
        for office, contact in whose
        if len(whose) == 1 and contact is not None
    }


def _outward(table: Table) -> list[ForeignKeyConstraint]:
    return [key for key in table.foreign_key_constraints if key.referred_table is not table]


def _target(key: ForeignKeyConstraint) -> tuple[str, ...]:
    return (key.referred_table.name, *(element.column.name for element in key.elements))


@cache
def _targets() -> Mapping[str, set[tuple[str, ...]]]:
    """By table, the columns by which others refer to it."""
    found: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
    for table in metadata.sorted_tables:
        for key in _outward(table):
            name, *columns = _target(key)
            found[name].add(tuple(columns))
    return found
