"""What officers may look up in chat: counts, ages and pseudonyms."""

from dataclasses import dataclass
from datetime import datetime

from crypto.roster import Role
from relay import audit, auth, movements
from relay.auth import Principal
from relay.errors import Kind, RelayError
from relay.movements import MovementView
from relay.unit import Tx
from store import consents, mail, notices, people, proposals

VIEWERS = Role.COORDINATOR | Role.CASEWORKER


@dataclass(frozen=True, slots=True)
class QueueView:
    """Unread: letters no officer fetched. Oldest: when the oldest of them came."""

    enrolments: int
    frozen: int
    unread: int
    oldest: datetime | None
    proposals: int


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


def queue(tx: Tx, who: Principal, now: datetime) -> QueueView:
    """What waits for the office."""
    me = auth.officer(who, VIEWERS)
    waiting = people.waiting_enrolments(tx, me.office)
    unread, oldest = mail.unread_count(tx, me.office, now)
    frozen = sum(row.state == "frozen" for row in waiting)
    return QueueView(
        len(waiting) - frozen, frozen, unread, oldest, len(proposals.open_of(tx, me.office, now))
    )


def case(tx: Tx, who: Principal, alias: str, now: datetime) -> CaseView:
    """One contact by alias; that it was looked at is logged. Raises RelayError `case_not_found`."""
    me = auth.officer(who, VIEWERS)
    row = people.by_alias(tx, me.office, alias.upper())
    if row is None:
        raise RelayError("case_not_found", "no case has this code; see the desk", Kind.MISSING)
    audit.note(tx, "case_read", now, by=me, subject=row.alias)
    oldest, unread = people.unread_oldest(tx, me.office, now).get(row.contact, (None, 0))
    codes = {m.movement: m.code for m in movements.listed(tx, who)}
    return CaseView(
        row.alias,
        row.state,
        row.created_at,
        row.heard_at,
        [said.purpose for said in consents.newest(tx, me.office, row.contact) if said.given],
        row.paused,
        unread,
        oldest,
        [(codes[o.movement], o.state) for o in notices.offers_of(tx, me.office, row.contact)],
    )


def withheld(tx: Tx, who: Principal) -> int:
    """How many notices were due and wait for the office: approvals that stand, or a roster."""
    return notices.withheld(tx, auth.officer(who, movements.VIEWERS).office)


def departures(tx: Tx, who: Principal) -> list[MovementView]:
    """The office's movements by departure."""
    return movements.listed(tx, who)
