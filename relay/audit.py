"""The audit log: what, when, by which role code, about whom by a mark. Never who, never content.

Append-only, and chained per office (crypto.audit): `verify` finds whatever was done to it behind the relay's back.
Nothing in a chain can be erased. So people and households stand in it by a random mark, and which alias a mark stands
for is kept apart, as long as they are (store.marks): then the entry stays, and nobody can tell about whom.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crypto.audit import FIRST_LINK, MARK, AuditEntry, microseconds
from crypto.encoding import b64u
from crypto.errors import CryptoError
from crypto.record import ZERO_32
from crypto.roster import Role
from relay import auth
from relay.auth import OfficerDevice, Principal
from relay.errors import Kind, RelayError
from relay.unit import Tx
from store import audit, marks
from store.sql import Found

RELAY = ZERO_32
"""The log of what concerns no office."""

PAGE = 500

READERS = Role.AUDITOR | Role.COORDINATOR
"""Who may read an office's log: whose duty it is, and who answers for the office."""


class Event(StrEnum):
    """What a log can say. Each has its words in locales/*/chat.ftl, as event-…"""

    OFFICE_ADMITTED = "office_admitted"
    OFFICE_REGISTERED = "office_registered"
    ROSTER_FOLLOWED = "roster_followed"
    ACCOUNT_BOUND = "account_bound"
    INVITED = "invited"
    INVITATION_VOIDED = "invitation_voided"
    INVITATION_PROPOSED = "invitation_proposed"
    CHANGE_PROPOSED = "change_proposed"
    PROPOSAL_CONFIRMED = "proposal_confirmed"
    PROPOSAL_REJECTED = "proposal_rejected"
    DUTY_BEGUN = "duty_begun"
    DUTY_ENDED = "duty_ended"
    QUEUE_READ = "queue_read"
    ENROLMENT_ASKED = "enrolment_asked"
    ENROLMENT_FROZEN = "enrolment_frozen"
    NEW_PHONE_ASKED = "new_phone_asked"
    NEW_PHONE_VOUCHED = "new_phone_vouched"
    DEVICE_ASKED = "device_asked"
    CARD_CHANGE_VOUCHED = "card_change_vouched"
    CARD_CHANGE_REFUSED = "card_change_refused"
    ENROLMENT_REFUSED = "enrolment_refused"
    CARD_TAKEN = "card_taken"
    CONTACT_CLAIMED = "contact_claimed"
    CONTACT_RELEASED = "contact_released"
    REFERRALS_OPENED = "referrals_opened"
    REFERRALS_CLOSED = "referrals_closed"
    REFERRALS_LISTED = "referrals_listed"
    REFERRAL_ASKED = "referral_asked"
    REFERRAL_VOUCHED = "referral_vouched"
    REFERRAL_REFUSED = "referral_refused"
    REFERRAL_FORGOTTEN = "referral_forgotten"
    CASE_READ = "case_read"
    ATTEMPT_RECORDED = "attempt_recorded"
    NOT_REACHED_READ = "not_reached_read"
    UNRUNG_READ = "unrung_read"
    ASSIGNED = "assigned"
    UNASSIGNED = "unassigned"
    OFFBOARDING_PROPOSED = "offboarding_proposed"
    REPORT_MADE = "report_made"
    CASES_LISTED = "cases_listed"
    CASE_OPENED = "case_opened"
    CASE_CLOSED = "case_closed"
    MEMBER_ADDED = "member_added"
    MEMBER_REMOVED = "member_removed"
    NEEDS_SET = "needs_set"
    FACT_RECORDED = "fact_recorded"
    INTENT_RECORDED = "intent_recorded"
    CASE_CLAIMED = "case_claimed"
    CASE_CONFIRMED = "case_confirmed"
    CASE_VERIFIED = "case_verified"
    CASE_REFUSED = "case_refused"
    CASE_REVOKED = "case_revoked"
    CONSENT_GIVEN = "consent_given"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    CONSENT_LAPSED = "consent_lapsed"
    ASSENT_GIVEN = "assent_given"
    ASSENT_REFUSED = "assent_refused"
    ASSENT_LAPSED = "assent_lapsed"
    SPONSOR_INVITED = "sponsor_invited"
    SPONSOR_BOUND = "sponsor_bound"
    SPONSOR_ASKED = "sponsor_asked"
    SPONSORS_ENDED = "sponsors_ended"
    DEVICE_WIPED = "device_wiped"
    CONTACT_ERASED = "contact_erased"
    DUPLICATES_READ = "duplicates_read"
    CONTACTS_MERGED = "contacts_merged"
    MOVEMENT_PLANNED = "movement_planned"
    MOVEMENT_OPENED = "movement_opened"
    MOVEMENT_CALLED = "movement_called"
    MOVEMENT_DEPARTED = "movement_departed"
    MOVEMENT_ARRIVED = "movement_arrived"
    MOVEMENT_CANCELLED = "movement_cancelled"
    CONDITION_SAID = "condition_said"
    COMPOSITION_SAID = "composition_said"
    HEADCOUNT_MADE = "headcount_made"
    MANIFEST_SENT = "manifest_sent"
    MANIFEST_WRITTEN = "manifest_written"
    STATUS_SAID = "status_said"
    STANDBY_PROMOTED = "standby_promoted"
    SILENT_READ = "silent_read"
    HOLD_EXPIRED = "hold_expired"
    OUTCOME_RECORDED = "outcome_recorded"
    SAFETY_CHECKS_READ = "safety_checks_read"
    SAFETY_CHECK_CLOSED = "safety_check_closed"
    SEATS_LENT = "seats_lent"
    LEND_WITHDRAWN = "lend_withdrawn"
    SEATS_BORROWED = "seats_borrowed"
    SEATS_GIVEN_BACK = "seats_given_back"
    SEATS_RETURNED = "seats_returned"
    NOTICE_APPROVED = "notice_approved"
    NOTICE_SCHEDULED = "notice_scheduled"
    NOTICE_SEALED_ANEW = "notice_sealed_anew"
    NOTICE_RELEASED = "notice_released"
    NOTICE_WITHHELD = "notice_withheld"
    NOTICE_CANCELLED = "notice_cancelled"
    PARTNER_ACCEPTED = "partner_accepted"
    PARTNER_ENDED = "partner_ended"
    MISSIVE_SENT = "missive_sent"
    MISSIVE_RECEIVED = "missive_received"
    MISSIVE_PASSED_ON = "missive_passed_on"
    MISSIVE_HELD = "missive_held"
    MISSIVE_RETURNED = "missive_returned"
    DISCLOSED = "disclosed"
    WITHDRAWAL_RECEIVED = "withdrawal_received"
    WITHDRAWAL_ACKNOWLEDGED = "withdrawal_acknowledged"


@dataclass(frozen=True, slots=True)
class AuditView:
    """An entry as it was written. `alias`: whose mark the subject is, while that is known; else empty."""

    seq: int
    at: datetime
    event: str
    role_code: str
    subject: str
    alias: str

    @property
    def about(self) -> str:
        """The alias or code of whom or what it is about; the mark of who was erased since."""
        return self.alias or self.subject

    @property
    def erased(self) -> bool:
        """Whether it is about somebody who was erased since."""
        return self.subject.startswith(MARK) and not self.alias


@dataclass(frozen=True, slots=True)
class AuditHead:
    """A log's newest entry; whoever keeps one elsewhere is its witness."""

    office: bytes
    seq: int
    link: bytes


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Entries in their order, and where the whole log stands."""

    entries: list[AuditView]
    head: AuditHead


@dataclass(frozen=True, slots=True)
class AuditReport:
    """One log as `verify` found it: `wrong` says what is not as it was written, or is empty."""

    office: bytes
    entries: int
    wrong: str


def note(
    tx: Tx, event: Event, now: datetime, *, by: OfficerDevice, about: str = "", subject: str = ""
) -> None:
    """Log what an officer did: `about` a person or household by alias, or with any other code as the `subject`."""
    subject = _mark(tx, by.office, about) if about else subject
    _append(tx, by.office, now, event, role_code=by.role_code, subject=subject)


def happened(
    tx: Tx, event: Event, now: datetime, *, office: bytes | None, about: str = "", subject: str = ""
) -> None:
    """Log what no officer did, as `note` does; without an office, in the relay's own log.

    Whoever erases somebody logs it before: an entry about an alias that was erased would give it a new mark.
    """
    subject = _mark(tx, office or RELAY, about) if about else subject
    _append(tx, office or RELAY, now, event, role_code="", subject=subject)


def listed(tx: Tx, who: Principal, after: int = 0, limit: int = PAGE) -> AuditPage:
    """The office's log after an entry, at most `limit` entries; for auditors and coordinators.

    Raises RelayError `not_allowed`, `malformed`.
    """
    me = auth.officer(who, READERS)
    if not 0 <= after < 1 << 63 or limit < 1:
        raise RelayError("malformed", "after and limit are out of range", Kind.MALFORMED)
    rows = audit.of_office(tx, me.office, after, min(limit, PAGE))
    return AuditPage([_view(row) for row in rows], _head(tx, me.office))


def newest(
    tx: Tx, who: Principal, limit: int, *, about: str | None = None, before: int | None = None
) -> list[AuditView]:
    """The office's last entries (`before` one of them), the newest first; `about` a code: only about it or by it.

    An alias finds what stands under its mark. For auditors and coordinators. Raises RelayError `not_allowed`.
    """
    me = auth.officer(who, READERS)
    return [_view(row) for row in audit.newest(tx, me.office, limit, about, before)]


def short(office: bytes) -> str:
    """How logs name another office: the beginning of its id, which whoever has its card can tell."""
    return b64u(office)[:8]


def heads(tx: Tx) -> list[AuditHead]:
    """Every log's newest entry, to be kept by a witness."""
    return [AuditHead(row.office, row.seq, row.link) for row in audit.heads(tx)]


def verify(
    tx: Tx, witnessed: Mapping[bytes, AuditHead], seen: Callable[[int], None] = lambda _: None
) -> list[AuditReport]:
    """Check every log, and that what witnesses kept still stands in it. `seen` hears of entries read."""
    claimed = {row.office: row for row in audit.heads(tx)}
    logs = sorted({*audit.logs(tx), *claimed, *witnessed})
    return [_verify(tx, office, claimed.get(office), witnessed.get(office), seen) for office in logs]


def _verify(
    tx: Tx, office: bytes, head: Found | None, witness: AuditHead | None, seen: Callable[[int], None]
) -> AuditReport:
    count, link = 0, FIRST_LINK
    for row in _entries(tx, office):
        if row.seq != count + 1:
            return AuditReport(office, count, f"entry {count + 1} is missing")
        link = _link(row, link)
        if row.link != link:
            return AuditReport(office, count, f"entry {row.seq} is not what was written, or one before it")
        count += 1
        seen(1)
        if witness is not None and witness.seq == count and witness.link != link:
            return AuditReport(office, count, f"entry {count} is not the one that was witnessed")
    if witness is not None and witness.seq > count:
        return AuditReport(office, count, f"entries after {count} are missing: {witness.seq} were witnessed")
    if head is None or (head.seq, head.link) != (count, link):
        return AuditReport(office, count, f"entries after {count} are missing, or the head was changed")
    return AuditReport(office, count, "")


def _entries(tx: Tx, office: bytes) -> Iterator[Found]:
    after = 0
    while rows := audit.stored(tx, office, after, PAGE):
        yield from rows
        after = rows[-1].seq


def _view(row: Found) -> AuditView:
    return AuditView(row.seq, row.at, row.event, row.role_code, row.subject, row.alias or "")


def _head(tx: Tx, office: bytes) -> AuditHead:
    head = audit.head(tx, office)
    return AuditHead(office, 0, FIRST_LINK) if head is None else AuditHead(office, head.seq, head.link)


def _mark(tx: Tx, office: bytes, alias: str) -> str:
    """What the log calls them by, from the first entry about them until they are erased."""
    mark = marks.mark(tx, office, alias)
    if mark is None:
        mark = MARK + secrets.token_urlsafe(8)
        marks.add(tx, office=office, alias=alias, mark=mark)
    return str(mark)


def _append(tx: Tx, office: bytes, now: datetime, event: Event, *, role_code: str, subject: str) -> None:
    head = audit.head(tx, office)
    seq, previous = (1, FIRST_LINK) if head is None else (head.seq + 1, head.link)
    link = AuditEntry(office, seq, microseconds(now), str(event), role_code, subject).link(previous)
    audit.add(tx, office, seq, now, str(event), role_code=role_code, subject=subject, link=link)


def _link(row: Found, previous: bytes) -> bytes:
    try:
        entry = AuditEntry(row.office, row.seq, row.at, row.event, row.role_code, row.subject)
    except CryptoError:
        return b""  # nothing that was ever written
    return entry.link(previous)
