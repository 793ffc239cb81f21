"""Lists of people that leave an office: the relay notes each one, and never sees whom or what it names.

A manifest by name takes two officers; desks check that for themselves, and so does the relay before it is noted. Each
person's row goes as a disclosure of its own (relay.disclosures), which is taken only while they consent.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from crypto.encoding import moment
from crypto.manifest import MOST_ROWS, check_approvals
from relay import audit, auth, movements, offices
from relay.addressing import SLACK
from relay.audit import Event
from relay.auth import READING, OfficerDevice, Principal
from relay.errors import Kind, RelayError, checked
from relay.unit import Tx
from store import allotments, threads

OUTSIDER = "outsider"
"""Whoever is no office that this one accepts."""
FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,47}")
MOST = 100_000


def headcount(
    tx: Tx, who: Principal, movement: bytes, *, recipient: bytes | None, people: int, now: datetime
) -> None:
    """Note that a movement's headcount was made, for an accepted office or (None) for an outsider.

    Raises RelayError `not_allowed`, `malformed`, `movement_not_found`, `no_partner`.
    """
    me = auth.officer(who, READING)
    if not 0 <= people <= MOST:
        raise RelayError("malformed", f"a headcount is 0 to {MOST}", Kind.MALFORMED)
    code = _code(tx, me, movement)
    to = OUTSIDER if recipient is None else _partner(tx, me, recipient)
    audit.note(tx, Event.HEADCOUNT_MADE, now, by=me, subject=f"{code} {to} {people}")


def manifest(tx: Tx, who: Principal, wires: Sequence[bytes], now: datetime) -> None:
    """Note that a manifest goes out, by the signatures of two officers who stand now: to which office, how many rows.

    Raises RelayError `not_allowed`, `roster_expired`, `malformed`, `manifest_refused`, `no_partner`,
    `movement_not_found`.
    """
    me = auth.officer(who, READING)
    roster = offices.current(tx, me.office, now)
    if len(wires) != 2:
        raise RelayError("manifest_refused", "a manifest takes two officers' signatures", Kind.UNACCEPTABLE)
    with checked("manifest_refused", Kind.UNACCEPTABLE):
        said = check_approvals(wires, roster)
    if moment(said.at) > now + SLACK:
        raise RelayError("manifest_refused", "a signature is dated in the future", Kind.UNACCEPTABLE)
    code, to = _code(tx, me, said.movement), _partner(tx, me, said.recipient)
    audit.note(tx, Event.MANIFEST_SENT, now, by=me, subject=f"{code} {to} {said.rows}")


def file(tx: Tx, who: Principal, *, name: str, people: int, now: datetime) -> None:
    """Note that a manifest was written to a file of that name. Raises RelayError `not_allowed`, `malformed`."""
    me = auth.officer(who, READING)
    if not FILE.fullmatch(name) or not 0 <= people <= MOST_ROWS:
        raise RelayError(
            "malformed", "a file is named in letters, digits, dots and dashes, at most 48", Kind.MALFORMED
        )
    audit.note(tx, Event.MANIFEST_WRITTEN, now, by=me, subject=f"{name} {people}")


def _code(tx: Tx, me: OfficerDevice, movement: bytes) -> str:
    row = allotments.allotment(tx, me.office, movement)
    if row is None:
        raise movements.missing()
    return str(row.code)


def _partner(tx: Tx, me: OfficerDevice, office: bytes) -> str:
    if not threads.both_accept(tx, me.office, office):
        raise RelayError(
            "no_partner",
            "there is no such office, or you have not both accepted each other; agree on it by another channel",
            Kind.MISSING,
        )
    return audit.short(office)
