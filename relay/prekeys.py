"""Device prekeys: what others seal to."""

from collections.abc import Sequence
from datetime import datetime

from crypto.device import DeviceRecord
from crypto.encoding import moment, unix
from crypto.prekey import Prekey
from relay.auth import ContactDevice, Principal, contact, officer
from relay.errors import Kind, RelayError, checked
from relay.unit import Tx
from store import prekeys

BATCH = 20


def add(tx: Tx, who: Principal, wires: Sequence[bytes], now: datetime) -> None:
    """Take signed prekeys of the asking device, ascending by sequence; ones already here are harmless.

    Raises RelayError `not_allowed`, `malformed`, `prekey_refused`, `prekey_out_of_order`, `too_many_prekeys`.
    """
    if isinstance(who, ContactDevice):
        contact(who, "pending", "frozen", "enrolled")
    else:
        officer(who)
    take(tx, DeviceRecord.parse(who.record), wires, now)


def of(tx: Tx, device: bytes) -> list[bytes]:
    """The device's prekeys as they came, by sequence."""
    return prekeys.of(tx, device)


def take(tx: Tx, record: DeviceRecord, wires: Sequence[bytes], now: datetime) -> None:
    """add, for a device that is only just being enrolled."""
    if not 1 <= len(wires) <= BATCH:
        raise RelayError("too_many_prekeys", f"send between 1 and {BATCH} prekeys at once", Kind.TOO_LARGE)
    newest = prekeys.newest(tx, record.device)
    last = -1 if newest is None else newest.sequence
    for wire in wires:
        with checked("prekey_refused", Kind.UNACCEPTABLE):
            prekey = Prekey.from_holder(wire, record)
        held = prekeys.one(tx, record.device, prekey.prekey)
        if held is not None and held.wire == wire:
            continue
        if held is not None or not last < prekey.sequence < 1 << 63:
            raise RelayError(
                "prekey_out_of_order",
                "a newer prekey of this device is here; count on from it",
                Kind.CONFLICT,
            )
        with checked("prekey_refused", Kind.UNACCEPTABLE):
            prekey.check_usable(unix(now))
        prekeys.add(
            tx,
            device=record.device,
            prekey=prekey.prekey,
            sequence=prekey.sequence,
            seal_until=moment(prekey.seal_until),
            delete_at=moment(prekey.delete_at),
            wire=wire,
        )
        last = prekey.sequence
