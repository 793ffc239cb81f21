"""Approvals: coordinators sign the hash of a notice they read; the relay counts officers, not devices."""

from collections.abc import Sequence
from datetime import datetime

from crypto.encoding import moment
from crypto.notice import Approval, NoticeKind
from crypto.roster import Role, Roster
from relay import audit, auth, offices
from relay.addressing import SLACK
from relay.audit import Event
from relay.auth import OfficerDevice, Principal
from relay.errors import Kind, RelayError, checked
from relay.unit import Tx
from store import notices

MOST = 8
MOVING = (NoticeKind.COME, NoticeKind.CHANGE)
"""Kinds that send people somewhere."""


def approve(tx: Tx, who: Principal, wire: bytes, now: datetime) -> None:
    """Keep a coordinator's approval for the others to see; the same again is harmless.

    Until a version is sealed, approving another text of it takes the former approval back. Raises RelayError
    `not_allowed`, `roster_expired`, `malformed`, `approval_refused`, `approval_changed`.
    """
    me = auth.officer(who, Role.COORDINATOR)
    offices.current(tx, me.office, now)
    with checked("approval_refused", Kind.UNACCEPTABLE):
        approval = Approval.open(wire, me.sign_pk)
    if (approval.office, approval.device) != (me.office, me.device):
        raise _refused("the approval names another office or device than its signer")
    _check_dated(approval, now)
    held = notices.approval(tx, me.office, approval.notice, approval.version, me.device)
    if held is not None and held.content_hash == approval.content_hash:
        return
    if held is None:
        notices.add_approval(
            tx,
            office=me.office,
            notice=approval.notice,
            version=approval.version,
            device=me.device,
            content_hash=approval.content_hash,
            wire=wire,
            at=now,
        )
    elif notices.version(tx, me.office, approval.notice, approval.version) is None:
        notices.change_approval(tx, held, content_hash=approval.content_hash, wire=wire, at=now)
    else:
        raise RelayError(
            "approval_changed", "that version is sealed with another text; raise the version", Kind.CONFLICT
        )
    audit.note(tx, Event.NOTICE_APPROVED, now, by=me)


def approvals(tx: Tx, who: Principal, notice: bytes) -> list[bytes]:
    """The approvals kept for a notice, all versions."""
    me = auth.officer(who, Role.COORDINATOR)
    return notices.approvals_of(tx, me.office, notice)


def check(
    tx: Tx,
    me: OfficerDevice,
    wires: Sequence[bytes],
    *,
    notice: tuple[bytes, int, bytes],
    kind: NoticeKind,
    now: datetime,
) -> None:
    """Whether these approve (notice, version, content hash): two officers for what sends people somewhere.

    Raises RelayError `malformed`, `roster_expired`, `approval_refused`, `approvals_short`.
    """
    for approval in stand(offices.current(tx, me.office, now), wires, notice=notice, kind=kind, now=now):
        kept = notices.approval(tx, me.office, approval.notice, approval.version, approval.device)
        if kept is not None and kept.content_hash != approval.content_hash:
            raise _refused("an officer has approved another text of this version since")


def stand(
    roster: Roster,
    wires: Sequence[bytes],
    *,
    notice: tuple[bytes, int, bytes],
    kind: NoticeKind,
    now: datetime,
) -> list[Approval]:
    """The approvals, all of which hold under this roster now; phones refuse the notice for any that does not.

    Raises RelayError `malformed`, `approval_refused`, `approvals_short`.
    """
    officers: set[bytes] = set()
    opened: list[Approval] = []
    last = b""
    if len(wires) > MOST:
        raise _refused(f"there are more than {MOST} approvals")
    for wire in wires:
        approval, officer = _open(roster, wire, now)
        if approval.device <= last:
            raise _refused("approvals come in order of their devices, each once")
        last = approval.device
        if (approval.office, approval.notice, approval.version, approval.content_hash) != (
            roster.office,
            *notice,
        ):
            raise _refused("an approval is for another notice, version or text")
        officers.add(officer)
        opened.append(approval)
    needed = 2 if kind in MOVING else 1
    if len(officers) < needed:
        raise RelayError(
            "approvals_short", f"approvals by {needed} different coordinators are needed", Kind.FORBIDDEN
        )
    return opened


def _open(roster: Roster, wire: bytes, now: datetime) -> tuple[Approval, bytes]:
    with checked("approval_refused", Kind.UNACCEPTABLE):
        claimed = Approval.peek(wire)
        roster.standing(claimed.device, int(now.timestamp()), Role.COORDINATOR)
        entry = roster.standing(claimed.device, claimed.approved_at, Role.COORDINATOR)
        approval = Approval.open(wire, entry.device.sign_pk)
    _check_dated(approval, now)
    return approval, entry.officer


def _check_dated(approval: Approval, now: datetime) -> None:
    if moment(approval.approved_at) > now + SLACK:
        raise _refused("an approval is dated in the future; set the clock")


def _refused(why: str) -> RelayError:
    return RelayError("approval_refused", why, Kind.UNACCEPTABLE)
