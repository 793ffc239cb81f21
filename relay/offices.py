"""How an office begins, and how its roster moves on."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crypto.device import DeviceRecord
from crypto.encoding import moment, unix
from crypto.prekey import Prekey
from crypto.roster import Pin, Roster
from crypto.roster import follow as follow_roster
from relay import applicants, audit, auth, doorbells, mailbox, prekeys
from relay.audit import Event
from relay.auth import Principal
from relay.errors import Kind, RelayError, checked
from relay.heads import Head, head
from relay.unit import Tx
from store import accounts, assignments, devices, duty, mail, notices, offices, people, sponsors
from store import prekeys as prekey_rows

__all__ = [
    "Admission",
    "Head",
    "OfficeDevice",
    "Rosters",
    "admit",
    "applicant",
    "current",
    "devices_of",
    "follow",
    "head",
    "newest",
    "register",
    "rosters",
]

CODE_LIFE = timedelta(hours=24)
PAGE = 50
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is taken for another when read aloud


@dataclass(frozen=True, slots=True)
class Admission:
    code: str
    expires: datetime


@dataclass(frozen=True, slots=True)
class Rosters:
    head: int
    rosters: list[bytes]


@dataclass(frozen=True, slots=True)
class OfficeDevice:
    device: bytes
    officer: bytes
    role_code: str
    record: bytes
    prekey: bytes | None


def admit(tx: Tx, now: datetime, life: timedelta = CODE_LIFE) -> Admission:
    """A one-time code for one new office; only its hash is kept."""
    code = "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))
    offices.add_code(tx, _code_hash(code), now + life)
    audit.happened(tx, Event.OFFICE_ADMITTED, now, office=None)
    return Admission(code, now + life)


def applicant(roster: bytes, device: bytes) -> DeviceRecord:
    """The record of the device that signs the registration. Raises RelayError `malformed`, `unknown_device`."""
    with checked():
        entry = Roster.peek(roster).entry(device)
    if entry is None:
        raise RelayError("unknown_device", "the signing device is not in the roster it brings", Kind.UNSIGNED)
    return entry.device


def register(
    tx: Tx, *, code: str, roster: bytes, prekeys: Sequence[bytes], device: bytes, now: datetime
) -> Head:
    """Found an office by its first roster; the same again is harmless.

    Raises RelayError `code_not_valid` (unknown, used or expired alike), `roster_refused`, `device_taken`.
    """
    admission = offices.code(tx, _code_hash(code))
    with checked("roster_refused", Kind.UNACCEPTABLE):
        office = Roster.peek(roster).office
        pin, opened = follow_roster(Pin.genesis(office), roster)
    if admission is None or admission.expires_at <= now or admission.office not in (None, office):
        raise RelayError(
            "code_not_valid",
            "this code is not valid (any more); ask the relay's host for another",
            Kind.FORBIDDEN,
        )
    held = offices.office(tx, office)
    if held is not None:
        if admission.office == office and held.version == 1 and held.hash == pin.hash:
            return Head(office, held.version, held.hash)
        raise RelayError(
            "office_taken", "this office is registered already; use its own devices", Kind.CONFLICT
        )
    offices.use_code(tx, admission.code_hash, office, now)
    offices.add_office(tx, office, version=pin.version, head=pin.hash, pin=pin.encode(), now=now)
    _install(tx, opened, roster, now)
    audit.happened(tx, Event.OFFICE_REGISTERED, now, office=office)
    who = auth.device_of(tx, device, now)
    _add_prekeys(tx, who, prekeys, now)
    return Head(office, pin.version, pin.hash)


def follow(tx: Tx, who: Principal, roster: bytes, now: datetime) -> Head:
    """Take the next roster; effective at once. Notices that were withheld are judged anew by it.

    Raises RelayError `roster_refused`, `device_taken`.
    """
    me = auth.officer(who)
    held = head(tx, me.office)
    with checked("roster_refused", Kind.CONFLICT):
        pin, opened = follow_roster(Pin.parse(offices.pin(tx, me.office)), roster)
    if pin.version == held.version:
        return held
    offices.move_head(tx, me.office, pin.version, pin.hash, pin.encode())
    _install(tx, opened, roster, now)
    notices.reconsider(tx, me.office)
    audit.note(tx, Event.ROSTER_FOLLOWED, now, by=me, subject=str(pin.version))
    return Head(me.office, pin.version, pin.hash)


def rosters(tx: Tx, office: bytes, start: int, limit: int = PAGE) -> Rosters:
    """Signed rosters from a version on, ascending. Raises RelayError `office_not_found`."""
    newest = head(tx, office).version
    if not 0 <= start < 1 << 63:
        raise RelayError("malformed", "the version is out of range", Kind.MALFORMED)
    return Rosters(newest, offices.rosters_from(tx, office, start, min(limit, PAGE)))


def newest(tx: Tx, office: bytes) -> Roster:
    """The office's newest roster, verified when it was taken in."""
    return Roster.peek(offices.roster(tx, office, head(tx, office).version))


def current(tx: Tx, office: bytes, now: datetime) -> Roster:
    """The newest roster, if it has not expired. Raises RelayError `roster_expired`."""
    roster = newest(tx, office)
    if not roster.current(unix(now)):
        raise RelayError(
            "roster_expired",
            "the office's roster has expired: let the holder of its root run `qasid-desk roster renew`",
            Kind.CONFLICT,
        )
    return roster


def devices_of(tx: Tx, who: Principal, now: datetime) -> list[OfficeDevice]:
    """The devices of one's own office, each with a prekey to seal a grant to."""
    me = auth.officer(who)
    rows = devices.of_office(tx, me.office)
    keys = prekey_rows.newest_of(tx, [row.device for row in rows], now)
    return [OfficeDevice(r.device, r.officer, r.role_code, r.record, keys.get(r.device)) for r in rows]


def _install(tx: Tx, roster: Roster, wire: bytes, now: datetime) -> None:
    """Make the roster's entries the office's standing officers and devices; take away everybody else's."""
    office = roster.office
    if roster.expires <= unix(now):
        raise RelayError("roster_expired", "this roster has expired; sign a new one with the root", Kind.GONE)
    offices.add_roster(
        tx,
        office,
        version=roster.version,
        head=roster.hash,
        wire=wire,
        issued=moment(roster.issued),
        expires=moment(roster.expires),
    )
    offices.replace_epochs(
        tx,
        office,
        [
            {
                "office": office,
                "epoch": epoch.prekey,
                "sequence": epoch.sequence,
                "seal_until": moment(epoch.seal_until),
                "delete_at": moment(epoch.delete_at),
            }
            for epoch in _open_epochs(roster)
        ],
    )
    devices.replace_officers(
        tx,
        office,
        [
            {
                "office": office,
                "officer": e.officer,
                "role_code": e.role_code,
                "roles": int(e.roles),
                "active": True,
            }
            for e in roster.officers().values()
        ],
    )
    for account in accounts.unlink_officers(tx, office):
        doorbells.read(tx, account, now)
    duty.forget(tx, office)
    assignments.forget_officers(tx, office)
    sponsors.forget_officers(tx, office)
    _install_devices(tx, roster)
    gone = devices.remove_officer_devices(tx, office, {entry.device.device for entry in roster.entries})
    for letter in people.open_invitations_by(tx, office, gone):
        applicants.void(tx, letter)
    prekey_rows.drop_devices(tx, gone)
    letters = mail.drop_devices(tx, office, gone)
    mail.drop_bodies(tx, letters)
    mailbox.prune(tx, office, None, now)


def _open_epochs(roster: Roster) -> Sequence[Prekey]:
    """The newest epoch, and older ones that no removed device was granted.

    A roster goes on listing older epochs so that waiting mail can be read and granted; nothing new is taken under
    a key that a removed device holds.
    """
    removed = max((removal.removed_at for removal in roster.removals), default=0)
    return [epoch for epoch in roster.epochs if epoch.created >= removed or epoch is roster.epochs[-1]]


def _install_devices(tx: Tx, roster: Roster) -> None:
    known = devices.several(tx, [entry.device.device for entry in roster.entries])
    for entry in roster.entries:
        record = entry.device.encode()
        stands = {
            "not_before": moment(entry.not_before),
            "not_after": moment(entry.not_after),
            "roles": int(entry.roles),
        }
        held = known.get(entry.device.device)
        if held is None:
            devices.add(
                tx,
                device=entry.device.device,
                office=roster.office,
                officer=entry.officer,
                record=record,
                sign_pk=entry.device.sign_pk,
                state="standing",
                **stands,
            )
        elif held.office != roster.office or held.record != record:
            raise RelayError(
                "device_taken", "a device id in this roster is in use; make a new device", Kind.CONFLICT
            )
        else:
            devices.set_state(tx, held.device, "standing", **stands)


def _add_prekeys(tx: Tx, who: Principal, wires: Sequence[bytes], now: datetime) -> None:
    if wires:
        prekeys.add(tx, who, wires, now)


def _code_hash(code: str) -> bytes:
    return hashlib.sha256(b"qasid admission\0" + code.strip().upper().encode()).digest()
