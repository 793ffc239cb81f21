"""What a contact's phone may believe of the notices that came (docs/PROTOCOL.md, section 7)."""

from collections.abc import Sequence
from dataclasses import dataclass

from crypto.content import NoticePayload
from crypto.errors import CryptoError, Refused
from crypto.notice import (
    Approval,
    Cancel,
    Go,
    Notice,
    NoticeKind,
    OwnPart,
    check_approvals,
    check_cancel,
    check_go,
    on_route,
    voids,
    warned_at,
)
from crypto.roster import Role, Roster
from crypto.sealing import open_place


@dataclass
class NoticeFile:
    """One version of a notice with what has been decided about it."""

    notice: Notice
    own: OwnPart | None
    codes: list[str]
    envelope: bytes
    approvals: Sequence[bytes] = ()
    go: Go | None = None
    go_wire: bytes = b""
    cancelled: bool = False
    answer: bytes = b""


class Notices(dict[tuple[bytes, int], NoticeFile]):
    """By notice id and version."""

    def __init__(self) -> None:
        super().__init__()
        self.early: list[bytes] = []
        self.cancels: list[Cancel] = []
        self.alerts: list[NoticePayload] = []

    def standing(self, notice: bytes, version: int, roster: Roster | None, now: int) -> str:
        """What the screen says: unconfirmed, confirmed, lapsed, cancelled, replaced, warned, over, or information."""
        file = self[notice, version]
        if file.cancelled:
            return "cancelled"
        if any(key[0] == notice and key[1] > version for key in self):
            return "replaced"
        if now >= file.notice.expires:
            return "over"
        if not file.notice.kind.moves:
            return "information"
        if any(voids(each.notice, each.approvals, file.notice, file.approvals) for each in self.alerts):
            return "warned"
        if file.go is None or roster is None or self._went_before(file):
            return "unconfirmed"
        if now >= file.go.valid_until:
            return "lapsed"
        try:
            check_go(file.go_wire, file.notice, roster, now)
        except CryptoError:
            return "unconfirmed"
        return "confirmed"

    def place(self, notice: bytes, version: int, roster: Roster | None, now: int) -> str:
        """The place, only while the notice stands confirmed; else empty."""
        file = self[notice, version]
        if self.standing(notice, version, roster, now) != "confirmed" or file.go is None:
            return ""
        return open_place(file.go.place_key, file.notice)

    def file(
        self, payload: NoticePayload, own: OwnPart | None, envelope: bytes, *, roster: Roster, now: int
    ) -> None:
        """Files a notice that its officers approved. Raises Refused for one that does not hold."""
        notice = payload.notice
        check_approvals(notice, payload.approvals, roster)
        held = self.get((notice.notice, notice.version))
        if held is not None:
            if held.notice != notice:
                raise Refused("two notices of one version")
            return
        approved = {Approval.peek(wire).device for wire in payload.approvals}
        codes = sorted({e.role_code for e in roster.entries if e.device.device in approved})
        self[notice.notice, notice.version] = NoticeFile(notice, own, codes, envelope, payload.approvals)
        if notice.kind is NoticeKind.THREAT:
            self.alerts.append(payload)
        for cancel in self.cancels:
            self._end(cancel)
        for wire in list(self.early):
            if Go.peek(wire).notice == notice.notice:
                self.early.remove(wire)
                self.confirm(wire, roster, now)

    def confirm(self, wire: bytes, roster: Roster, now: int) -> None:
        """Takes a go; one that came before its notice waits for it. Raises Refused when it does not hold."""
        named = Go.peek(wire)
        file = self.get((named.notice, named.version))
        if file is None:
            self.early.append(wire)
            return
        go = check_go(wire, file.notice, roster, now)
        if not file.cancelled and (file.go is None or go.issued > file.go.issued):
            file.go, file.go_wire = go, wire

    def call_off(self, wire: bytes, roster: Roster) -> None:
        """Takes a cancel and keeps it: what it ends may come later. Raises Refused when it does not hold."""
        named = Cancel.peek(wire)
        file = self.get((named.notice, named.version))
        if file is not None:
            cancel = check_cancel(wire, file.notice, roster)
        else:
            signer = roster.standing(named.device, named.issued, Role.COORDINATOR)
            cancel = Cancel.open(wire, signer.device.sign_pk)
            if cancel.office != roster.office:
                raise Refused("the cancel is another office's")
        self.cancels.append(cancel)
        self._end(cancel)

    def _went_before(self, file: NoticeFile) -> bool:
        """Whether the go is older than an alert for the route."""
        alerts = (each for each in self.alerts if on_route(each.notice.route, file.notice.route))
        return any(file.go.issued <= warned_at(each.approvals) for each in alerts) if file.go else False

    def _end(self, cancel: Cancel) -> None:
        for (notice, version), file in self.items():
            same = version == cancel.version and file.notice.hash == cancel.content_hash
            if notice == cancel.notice and (version < cancel.version or same):
                file.cancelled, file.go, file.go_wire = True, None, b""
