"""Who is asking: a device, and what it may do by the newest roster or card."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from crypto.roster import ANY_ROLE, Role
from relay.errors import Kind, RelayError
from relay.unit import Tx
from store import devices, nonces
from store.sql import Found

READING = Role.COORDINATOR | Role.CASEWORKER
"""Roles whose devices hold epochs and read the office's mail."""


@dataclass(frozen=True, slots=True)
class ContactDevice:
    device: bytes
    office: bytes
    contact: bytes
    state: str  # pending, frozen, enrolled, refused, wiped
    sign_pk: bytes
    record: bytes


@dataclass(frozen=True, slots=True)
class OfficerDevice:
    """`roles` are the device's: its officer's, or CONFIRMER, for which every rule but `acting` refuses it."""

    device: bytes
    office: bytes
    officer: bytes
    role_code: str
    roles: Role
    sign_pk: bytes
    record: bytes


Principal = ContactDevice | OfficerDevice


def device_of(tx: Tx, device: bytes, now: datetime) -> Principal:
    """The principal behind a key id. Raises RelayError `unknown_device`, whatever the reason."""
    found = principal(devices.device(tx, device), now)
    if found is None:
        raise unknown()
    return found


def devices_of(tx: Tx, asked: Sequence[tuple[bytes, datetime]]) -> list[Principal | RelayError]:
    """device_of for each (device, now): its principal, or its RelayError."""
    rows = devices.several(tx, {device for device, _ in asked})
    return [principal(rows.get(device), now) or unknown() for device, now in asked]


def principal(row: Found | None, now: datetime) -> Principal | None:
    """The principal of a device row, None when it may not ask anything."""
    if row is None:
        return None
    if row.contact is not None:
        if row.state == "removed":
            return None
        return ContactDevice(row.device, row.office, row.contact, row.state, row.sign_pk, row.record)
    if row.state != "standing" or not row.not_before <= now < row.not_after:
        return None
    roles = Role(row.roles)
    return OfficerDevice(row.device, row.office, row.officer, row.role_code, roles, row.sign_pk, row.record)


def admit(tx: Tx, device: bytes, nonce: bytes, expires: datetime, now: datetime) -> Principal:
    """device_of, for a request whose signature was verified: the nonce counts once.

    Raises RelayError `unknown_device`, `replayed`.
    """
    who = device_of(tx, device, now)
    remember(tx, device, nonce, expires, now)
    return who


def remember(tx: Tx, device: bytes, nonce: bytes, expires: datetime, now: datetime) -> None:
    """Note a request's nonce until it expires. Raises RelayError `replayed`, or `stale` when it has expired."""
    if expires <= now:
        raise RelayError("stale", "the request's signature has expired; sign it anew", Kind.UNSIGNED)
    if nonces.seen(tx, [(device, nonce)]):
        raise replayed()
    nonces.add(tx, [(device, nonce, expires)])


def replayed() -> RelayError:
    return RelayError("replayed", "this very request was received before; sign a new one", Kind.UNSIGNED)


def officer(who: Principal, roles: Role = ANY_ROLE) -> OfficerDevice:
    """An officer's device with at least one of the roles. Raises RelayError `not_allowed`."""
    if not isinstance(who, OfficerDevice) or not who.roles & roles:
        raise RelayError(
            "not_allowed", "this device's role does not allow that; ask a coordinator", Kind.FORBIDDEN
        )
    return who


def acting(tx: Tx, who: Principal, roles: Role, now: datetime) -> OfficerDevice:
    """`officer`, for what a phone that only confirms may do, too: as its officer, while a desk of theirs stands.

    Raises RelayError `not_allowed`.
    """
    me = officer(who, roles | Role.CONFIRMER)
    if not only_confirms(me):
        return me
    desk = principal(devices.officer_device(tx, me.office, me.officer, now), now)
    return replace(me, roles=officer(desk or me, roles).roles)


def only_confirms(who: Principal) -> bool:
    """Whether it is a phone that decides on proposals and holds no keys that others go by."""
    return isinstance(who, OfficerDevice) and who.roles == Role.CONFIRMER


def contact(who: Principal, *states: str) -> ContactDevice:
    """A contact's device in one of the states (enrolled, unless named). Raises RelayError `not_allowed`."""
    if not isinstance(who, ContactDevice):
        raise RelayError("not_allowed", "only a contact's own device may do that", Kind.FORBIDDEN)
    if who.state not in (states or ("enrolled",)):
        raise RelayError(
            "not_enrolled", "the office has not confirmed this device; wait for it", Kind.FORBIDDEN
        )
    return who


def unknown() -> RelayError:
    """What a device that is not known, or no longer, is told."""
    return RelayError("unknown_device", "this device is not known here; enrol it first", Kind.UNSIGNED)
