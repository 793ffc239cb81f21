"""The audit log: what, when, by which role code, about which pseudonym. Never who, never content."""

from dataclasses import dataclass
from datetime import datetime

from crypto.roster import Role
from relay import auth
from relay.auth import OfficerDevice, Principal
from relay.unit import Tx
from store import audit


@dataclass(frozen=True, slots=True)
class AuditView:
    id: int
    at: datetime
    event: str
    role_code: str
    subject: str


def note(tx: Tx, event: str, now: datetime, *, by: OfficerDevice, subject: str = "") -> None:
    """Log what an officer did."""
    audit.add(tx, by.office, now, event, role_code=by.role_code, subject=subject)


def happened(tx: Tx, event: str, now: datetime, *, office: bytes | None, subject: str = "") -> None:
    """Log what no officer did."""
    audit.add(tx, office, now, event, subject=subject)


def listed(tx: Tx, who: Principal, after: int = 0, limit: int = 100) -> list[AuditView]:
    """The office's log after an entry, at most `limit` entries; for auditors and coordinators."""
    me = auth.officer(who, Role.AUDITOR | Role.COORDINATOR)
    rows = audit.of_office(tx, me.office, after, min(limit, 500))
    return [AuditView(row.id, row.at, row.event, row.role_code, row.subject) for row in rows]
