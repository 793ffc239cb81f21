"""Binding an officer's Telegram account: asked for by a device, done by pressing start."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from relay import audit, auth
from relay.audit import Event
from relay.auth import OfficerDevice, Principal
from relay.errors import Kind, RelayError
from relay.unit import Tx
from store import accounts, devices

LIFE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class LinkCode:
    code: str  # behind start=o_ or another letter: 22 characters of base64url
    expires: datetime


def issue(tx: Tx, who: Principal, now: datetime) -> LinkCode:
    """A one-time code; only its hash is kept."""
    me = auth.officer(who)
    code = secrets.token_urlsafe(16)
    accounts.add_link_code(tx, _hash(code), me.office, me.officer, now + LIFE)
    return LinkCode(code, now + LIFE)


def bind(tx: Tx, account: int, code: str, now: datetime) -> str:
    """Bind the account to the officer who asked; returns the role code. An officer has one account at most.

    Raises RelayError `link_not_valid` (unknown, used, expired or no longer standing alike).
    """
    row = accounts.link_code(tx, _hash(code))
    if row is None or row.used_at is not None or row.expires_at <= now:
        raise not_valid()
    accounts.use_link_code(tx, row.code_hash, now)
    standing = devices.officer_device(tx, row.office, row.officer, now)
    if standing is None:
        raise not_valid()
    accounts.link_officer(tx, account, row.office, row.officer)
    audit.happened(tx, Event.ACCOUNT_BOUND, now, office=row.office, subject=standing.role_code)
    return str(standing.role_code)


def officer_of(tx: Tx, account: int, now: datetime) -> OfficerDevice | None:
    """The officer behind an account, as long as one of their devices stands."""
    for link in accounts.links_of(tx, account):
        if link.officer is None:
            continue
        found = auth.principal(devices.officer_device(tx, link.office, link.officer, now), now)
        if isinstance(found, OfficerDevice):
            return found
    return None


def _hash(code: str) -> bytes:
    return hashlib.sha256(b"qasid link\0" + code.encode()).digest()


def not_valid() -> RelayError:
    """What a code that is unknown, used or expired comes to."""
    return RelayError(
        "link_not_valid", "this link is not valid (any more); make a new one at the desk", Kind.FORBIDDEN
    )
