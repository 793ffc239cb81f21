"""Assignments: which officer looks after a household or a contact. Nobody is kept from helping by it.

It ends with the case, with the contact, and at once when its officer is off-boarded.
"""

from datetime import datetime

from relay import audit, auth, casebook
from relay.audit import Event
from relay.auth import READING, OfficerDevice, Principal
from relay.errors import Kind, RelayError
from relay.unit import Tx
from store import assignments, people
from store.sql import Found


def assign(tx: Tx, who: Principal, alias: str, role_code: str, now: datetime) -> None:
    """Let an officer who reads mail look after an open case or a contact; an empty role code ends it.

    Raises RelayError `not_allowed`, `case_not_found`, `case_closed`, `officer_not_found`.
    """
    me = auth.officer(who, casebook.KEEPERS)
    alias, role_code = fitting(tx, who, alias, role_code)
    if not role_code:
        if assignments.drop(tx, me.office, alias):
            audit.note(tx, Event.UNASSIGNED, now, by=me, about=alias)
        return
    if assignments.listed(tx, me.office).get(alias) == role_code:
        return
    officer = colleague(tx, me, role_code)
    assignments.put(tx, me.office, alias, officer.officer, now)
    audit.note(tx, Event.ASSIGNED, now, by=me, about=alias)


def listed(tx: Tx, who: Principal) -> dict[str, str]:
    """The role code of who looks after each alias of the office. Raises RelayError `not_allowed`."""
    return assignments.listed(tx, auth.officer(who, casebook.KEEPERS).office)


def fitting(tx: Tx, who: Principal, alias: str, role_code: str) -> tuple[str, str]:
    """Both as they are written, if they can be assigned to each other. Raises RelayError as `assign`."""
    me = auth.officer(who, casebook.KEEPERS)
    alias, role_code = alias.upper(), role_code.upper()
    person = people.by_alias(tx, me.office, alias)
    if person is None or person.state == "wiped":
        alias = casebook.opened(tx, who, alias)[1].alias
    if role_code and not colleague(tx, me, role_code).roles & int(READING):
        raise _no_officer()
    return alias, role_code


def colleague(tx: Tx, me: OfficerDevice, role_code: str) -> Found:
    """An officer of the newest roster. Raises RelayError `officer_not_found`."""
    found = assignments.colleague(tx, me.office, role_code.upper())
    if found is None:
        raise _no_officer()
    return found


def _no_officer() -> RelayError:
    return RelayError(
        "officer_not_found",
        "no officer who could do that has this code; see `qasid-desk roster show`",
        Kind.MISSING,
    )
