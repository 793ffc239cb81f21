"""Approving a notice: two different coordinators for what sends people somewhere."""

from crypto.encoding import b64u
from crypto.errors import CryptoError, Refused
from crypto.notice import MOST_APPROVALS, Approval, Notice, NoticeKind, check_approvals
from crypto.roster import Role
from desk import cancellations, drafts
from desk.answers import Answer
from desk.errors import DeskError, UsageError
from desk.office import Desk
from desk.state import HeldNotice


def approve(desk: Desk, held: HeldNotice) -> None:
    """Signs this officer's yes to exactly this content and hands it to the relay.

    Raises DeskError when this officer has approved already (on any device), the audience list is not here yet, or
    the roster has expired.
    """
    entry = desk.require(Role.COORDINATOR, "approve a notice")
    desk.check_current()
    notice = Notice.parse(held.notice)
    if held.manifest_parts:
        raise DeskError(
            "The list of whom the notice is for has not arrived whole.",
            "Run `qasid-desk inbox`, then try again.",
        )
    reopen(desk, held)
    if held.state != "draft":
        raise DeskError(f"The notice is {held.state} already.", "A new version needs new approvals.")
    collect(desk, held)
    if any(officer == entry.officer for officer, _ in officers(desk, held)):
        raise DeskError(
            f"{entry.role_code} has approved this notice already: one officer counts once.",
            "The other approval must come from another coordinator, at their own desk.",
            "approved_already",
        )
    _sign(desk, held, notice)


def review(desk: Desk, held: HeldNotice) -> None:
    """Signs, after the fact, that a second coordinator stands by a threat alert; phones are told nothing of it.

    Raises DeskError when it is no alert that was sealed, or this officer approved or reviewed it, UsageError.
    """
    entry = desk.require(Role.COORDINATOR, "review a threat alert")
    desk.check_current()
    notice = Notice.parse(held.notice)
    if notice.kind is not NoticeKind.THREAT:
        raise UsageError("Only threat alerts are reviewed afterwards.", "See `qasid-desk notice list`.")
    if notice.version not in drafts.listed(desk, notice.notice):
        raise DeskError("The alert was not sealed yet.", "Approve it: `qasid-desk notice approve`.")
    collect(desk, held)
    if any(officer == entry.officer for officer, _ in officers(desk, held)):
        raise DeskError(
            f"{entry.role_code} let this alert go or reviewed it already.",
            "The review must come from another coordinator, at their own desk.",
            "approved_already",
        )
    _sign(desk, held, notice)


def reviewed(desk: Desk, held: HeldNotice) -> bool | None:
    """Whether two coordinators stand by a threat alert that was sealed; None for any other notice."""
    if Notice.parse(held.notice).kind is not NoticeKind.THREAT:
        return None
    collect(desk, held)
    return len(officers(desk, held)) > 1


def reopen(desk: Desk, held: HeldNotice) -> None:
    """Makes a draft again of a sealed notice that the relay withheld: it may be approved and sealed anew.

    Until then nobody shall go by what it replaces, though it was to go out at once. Raises as `give_way`.
    """
    if held.state not in ("sealing", "scheduled"):
        return
    notice = Notice.parse(held.notice)
    if drafts.listed(desk, notice.notice).get(notice.version) == drafts.WITHHELD:
        cancellations.give_way(desk, held, at_once=False)
        held.state = "draft"
        desk.save()


def collect(desk: Desk, held: HeldNotice) -> list[bytes]:
    """Fetches the approvals of exactly this content, keeps those that stand now, and returns them in order."""
    notice = Notice.parse(held.notice)
    shown = Answer(desk.relay.get("/approvals", notice=b64u(notice.notice))).many_octets("approvals")
    good = [wire for wire in {*held.approvals, *shown} if _stands(desk, notice, wire)]
    held.approvals = _ordered(good)
    desk.save()
    return held.approvals


def officers(desk: Desk, held: HeldNotice) -> list[tuple[bytes, str]]:
    """Officer id and role code of each who approved; somebody with two devices stands once."""
    entries = [desk.roster.entry(Approval.peek(wire).device) for wire in held.approvals]
    return sorted({(entry.officer, entry.role_code) for entry in entries if entry}, key=lambda pair: pair[1])


def complete(desk: Desk, held: HeldNotice) -> bool:
    try:
        check_approvals(Notice.parse(held.notice), held.approvals, desk.roster)
    except CryptoError:
        return False
    return True


def check(desk: Desk, held: HeldNotice) -> None:
    """Raises DeskError unless enough different coordinators have approved."""
    notice = Notice.parse(held.notice)
    try:
        check_approvals(notice, held.approvals, desk.roster)
    except Refused as few:
        codes = ", ".join(code for _, code in officers(desk, held)) or "nobody"
        raise DeskError(
            f"The notice is not approved: {few} (approved by {codes}).",
            "It takes two different coordinators: `qasid-desk notice approve` at each one's own desk."
            if notice.kind.moves
            else "It takes one coordinator: `qasid-desk notice approve`.",
            "not_approved",
        ) from few


def _sign(desk: Desk, held: HeldNotice, notice: Notice) -> None:
    approval = Approval(
        desk.office, notice.notice, notice.version, notice.hash, desk.device.device, desk.now()
    ).sign(desk.keys.sign_seed)
    desk.relay.post("/approvals", {"approval": b64u(approval)})
    held.approvals = _ordered([*held.approvals, approval])
    desk.save()


def _stands(desk: Desk, notice: Notice, wire: bytes) -> bool:
    try:
        claimed = Approval.peek(wire)
        desk.roster.standing(claimed.device, desk.now(), Role.COORDINATOR)
        entry = desk.roster.standing(claimed.device, claimed.approved_at, Role.COORDINATOR)
        approval = Approval.open(wire, entry.device.sign_pk)
    except CryptoError:
        return False
    named = (approval.office, approval.notice, approval.version, approval.content_hash)
    return named == (notice.office, notice.notice, notice.version, notice.hash)


def _ordered(wires: list[bytes]) -> list[bytes]:
    """One approval per device, ascending by device id, as many as a notice may carry."""
    by_device = {Approval.peek(wire).device: wire for wire in wires}
    return [by_device[device] for device in sorted(by_device)][:MOST_APPROVALS]
