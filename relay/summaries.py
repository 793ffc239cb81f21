"""What officers may look up in chat: counts, ages and pseudonyms."""

from dataclasses import dataclass
from datetime import datetime

from crypto.encoding import moment
from crypto.roster import Role
from relay import audit, auth, movements, offices
from relay.audit import Event
from relay.auth import Principal
from relay.errors import Kind, RelayError
from relay.unit import Tx
from store import assignments, cardchanges, consents, escalations, mail, offers, people, proposals

VIEWERS = Role.COORDINATOR | Role.CASEWORKER
KEEPERS = Role.COORDINATOR | Role.HOST
"""Who looks after the office itself: its officers, its roster, how much there is."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A contact with letters that no officer fetched, or `overdue`: an answer to them should have gone by then."""

    alias: str
    oldest: datetime | None
    unread: int
    assigned: str | None  # a role code
    overdue: datetime | None


@dataclass(frozen=True, slots=True)
class QueueView:
    """Unread: letters no officer fetched. Oldest: when the oldest of them came. Waiting: whose they are.

    New phones: who asks to take a known contact's place, or to be their further device; they are not among the
    enrolments. Frozen: of either.
    """

    enrolments: int
    new_phones: int
    frozen: int
    unread: int
    oldest: datetime | None
    proposals: int
    waiting: list[Waiting]


@dataclass(frozen=True, slots=True)
class CaseView:
    alias: str
    state: str
    since: datetime
    last_heard: datetime | None
    consents: list[str]
    paused: bool
    unread: int
    oldest: datetime | None
    offers: list[tuple[str, str]]  # movement code, offer state
    assigned: str | None  # a role code


@dataclass(frozen=True, slots=True)
class OfficerView:
    """Somebody on duty, by role code; `until` is when the last of the devices ends."""

    role_code: str
    roles: Role
    devices: int
    until: datetime


@dataclass(frozen=True, slots=True)
class OfficeView:
    roster: int
    expires: datetime
    officers: int
    devices: int
    cases: int | None  # None for whoever only runs the relay


def staff(tx: Tx, who: Principal) -> list[OfficerView]:
    """The officers of the newest roster, by role code."""
    me = auth.officer(who, KEEPERS)
    found: dict[str, OfficerView] = {}
    roster = offices.newest(tx, me.office)
    officers = roster.officers()
    for entry in roster.entries:
        until, held = moment(entry.not_after), found.get(entry.role_code)
        devices = 1 if held is None else held.devices + 1
        until = until if held is None else max(until, held.until)
        found[entry.role_code] = OfficerView(entry.role_code, officers[entry.officer].roles, devices, until)
    return [found[code] for code in sorted(found)]


def office(tx: Tx, who: Principal) -> OfficeView:
    """The own office in numbers."""
    me = auth.officer(who, KEEPERS)
    roster = offices.newest(tx, me.office)
    officers = {entry.officer for entry in roster.entries}
    return OfficeView(
        roster.version,
        moment(roster.expires),
        len(officers),
        len(roster.entries),
        people.count(tx, me.office) if me.roles & VIEWERS else None,
    )


def queue(tx: Tx, who: Principal, now: datetime) -> QueueView:
    """What waits for the office; that somebody looked at whose letters these are is logged."""
    me = auth.officer(who, VIEWERS)
    waiting = people.waiting_enrolments(tx, me.office)
    unread, oldest = mail.unread_count(tx, me.office, now)
    frozen = sum(row.state == "frozen" for row in waiting)
    known = sum(row.state != "frozen" and row.known for row in waiting)
    aliases, assigned = people.aliases(tx, me.office), assignments.listed(tx, me.office)
    unfetched = people.unread_oldest(tx, me.office, now)
    late = {row.contact: row.due_at for row in escalations.overdue(tx, me.office, now)}
    writers = []
    for contact in late | unfetched:
        alias, (since, count) = aliases[contact], unfetched.get(contact, (None, 0))
        writers.append(Waiting(alias, since, count, assigned.get(alias), late.get(contact)))
    if writers:
        audit.note(tx, Event.QUEUE_READ, now, by=me)
    return QueueView(
        enrolments=len(waiting) - frozen - known,
        new_phones=known + sum(row.device is not None for row in cardchanges.listed(tx, me.office)),
        frozen=frozen,
        unread=unread,
        oldest=oldest,
        proposals=len(proposals.open_of(tx, me.office, now)),
        waiting=writers,
    )


def case(tx: Tx, who: Principal, alias: str, now: datetime) -> CaseView:
    """One contact by alias; that it was looked at is logged. Raises RelayError `case_not_found`."""
    me = auth.officer(who, VIEWERS)
    row = people.by_alias(tx, me.office, alias.upper())
    if row is None:
        raise RelayError("case_not_found", "no case has this code; see the desk", Kind.MISSING)
    audit.note(tx, Event.CASE_READ, now, by=me, about=row.alias)
    oldest, unread = people.unread_of(tx, me.office, row.contact, now)
    codes = {m.movement: m.code for m in movements.listed(tx, who)}
    return CaseView(
        row.alias,
        row.state,
        row.created_at,
        row.heard_at,
        [
            said.purpose
            for said in consents.newest(tx, me.office, row.contact)
            if said.recipient == me.office and said.given and now < said.lapses_at
        ],
        row.paused,
        unread,
        oldest,
        [(codes[o.movement], o.state) for o in offers.of_contact(tx, me.office, row.contact)],
        assignments.listed(tx, me.office).get(row.alias),
    )
