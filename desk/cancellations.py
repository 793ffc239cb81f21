"""Calling a notice off: every version of it that was out may be on somebody's phone.

A signed cancel names one version and its text, so each version that was out gets its own, sealed to whoever it was
for. Nothing a single contact, version or answer of the relay's may be wrong with keeps the others from hearing.
"""

from collections.abc import Iterable
from typing import Final

from crypto.content import Kind
from crypto.encoding import b64u
from crypto.notice import Cancel, Notice, check_cancel
from crypto.roster import Role
from crypto.sealing import Recipient
from desk import contacts, drafts, replies, urgent
from desk.errors import AlarmError, DeskError, RelayError
from desk.lifetimes import DAY
from desk.office import Desk
from desk.state import HeldNotice, Offer

REASONS: Final = {"safety": 1, "changed": 2, "other": 3}
UNTOLD: Final = ("scheduled", drafts.WITHHELD, "released", "replaced")
GONE: Final = 410


def cancel(desk: Desk, held: HeldNotice, reason: int) -> list[str]:
    """Ends the notice for good, all its versions; those who were sent one are told at once. Their aliases.

    Raises DeskError when a version could not be called off, AlarmError when the relay tampered with a contact:
    both after everything else was called off and everybody else told.
    """
    desk.require(Role.COORDINATOR, "cancel a notice")
    notice = Notice.parse(held.notice).notice
    mine = {Notice.parse(each.notice).version: each for each in drafts.versions(desk, notice)}
    if all(each.state == "cancelled" for each in mine.values()):
        raise DeskError("The notice is cancelled.", "See `qasid-desk notice list`.")
    listed = drafts.listed(desk, notice)
    calls = _Calls(desk, reason)
    for version, each in mine.items():  # the newest first: what waits to go out stops before all
        if each.state == "cancelled":
            continue
        sealed = version in listed or each.state not in ("draft", "sealing")
        if not sealed or calls.off(each, each.offers):
            each.state = "cancelled"
            desk.save()
    calls.finish()
    missing = [version for version, state in listed.items() if version not in mine and state in UNTOLD]
    if missing:
        raise DeskError(
            f"Version {missing[0]} never came to this desk, so nobody was told of it from here.",
            "Cancel the notice at a colleague's desk as well.",
        )
    return calls.told


def give_way(desk: Desk, held: HeldNotice, *, at_once: bool) -> None:
    """Calls off what `held`, just scheduled, replaces, on the phones where it would stand as if nothing were changed.

    Those are the phones of people the change leaves out; and everybody's, when the change is not out `at_once`.
    Only what sends people somewhere is called off: a threat alert stands until the next one is here.
    Raises as `cancel`.
    """
    notice = Notice.parse(held.notice)
    states = drafts.listed(desk, notice.notice)
    stays = {offer.contact for offer in held.offers} if at_once else set()
    calls = _Calls(desk, REASONS["changed"])
    for mine in drafts.versions(desk, notice.notice):
        older = Notice.parse(mine.notice)
        if older.version >= notice.version or states.get(older.version) != "replaced":
            continue
        leaving = [offer for offer in mine.offers if offer.contact not in stays]
        if older.kind.moves and older.expires > desk.now() and leaving:
            calls.off(mine, leaving)
        mine.state = "replaced"  # not cancelled: a cancel of the whole notice names it again
        desk.save()
    calls.finish()


class _Calls:
    """Cancels of several versions, and what went wrong with some."""

    def __init__(self, desk: Desk, reason: int) -> None:
        self.told: list[str] = []
        self._desk = desk
        self._reason = reason
        self._views = {view.contact: view for view in contacts.refresh(desk)}
        self._alarms: dict[str, None] = {}
        self._failed: list[RelayError] = []
        self._ended = False

    def off(self, held: HeldNotice, offers: Iterable[Offer]) -> bool:
        """Calls one version off and tells these people; whether the relay took it."""
        desk, notice = self._desk, Notice.parse(held.notice)
        wire = Cancel(
            desk.office,
            notice.notice,
            notice.version,
            notice.hash,
            self._reason,
            desk.device.device,
            desk.now(),
        ).sign(desk.keys.sign_seed)
        check_cancel(wire, notice, desk.roster)
        unasked = self._unasked(held, notice)
        recipients, told = self._recipients(offer for offer in offers if offer.contact not in unasked)
        expires = max(notice.expires, desk.now()) + DAY
        data = urgent.seal(desk, notice, wire, recipients, kind=Kind.CANCEL, expires=expires)
        body = {"cancel": b64u(wire), "envelope": b64u(data) if data else None}
        try:
            desk.relay.post(f"/notices/{b64u(notice.notice)}/{notice.version}/cancel", body)
        except RelayError as refused:
            self._failed.append(refused)
            return False
        self._ended = True
        self.told += [alias for alias in told if alias not in self.told]
        return True

    def _unasked(self, held: HeldNotice, notice: Notice) -> set[bytes]:
        """Who waits for a seat still, and holds nothing that could be off."""
        if not any(offer.standby for offer in held.offers):
            return set()
        try:
            return replies.on_standby(held, replies.row_of(self._desk, notice))
        except DeskError:  # better told for nothing than not told
            return set()

    def finish(self) -> None:
        """Raises what was put off. A version that had expired matters only when nothing else was called off."""
        for refused in self._failed:
            if refused.status != GONE or not self._ended:
                raise refused
        if self._alarms:
            raise AlarmError(
                " ".join(self._alarms), "It is called off, and the others were told. Reach them another way."
            )

    def _recipients(self, offers: Iterable[Offer]) -> tuple[list[Recipient], list[str]]:
        """Whoever can be reached: it takes no consent to hear that what one holds is off (the relay passes it on to
        whoever may hold it), and keys that were verified are good.

        What else the relay shows of a contact is an alarm, but no reason to leave them on their way.
        """
        found: list[Recipient] = []
        told = []
        for offer in offers:
            view = self._views.get(offer.contact)
            if view is None:
                continue
            self._alarms |= dict.fromkeys(f"{view.alias}: {alarm}" for alarm in view.alarms)
            usable = contacts.keys(self._desk, view)
            found += usable
            told += [offer.alias] if usable else []
        return found, told
