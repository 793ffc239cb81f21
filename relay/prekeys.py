"""Device prekeys: what others seal to.

A phone makes new ones whenever its app is opened. Whose last one runs out is rung for once a day, from NEAR before
that until NEAR after: whoever does not come then is on the office's worklist (qasid-desk contacts --stale) alone.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from crypto.device import DeviceRecord
from crypto.encoding import moment, unix
from crypto.prekey import Prekey
from relay import doorbells
from relay.auth import ContactDevice, Principal, contact, officer
from relay.errors import Kind, RelayError, checked
from relay.unit import Tx
from store import accounts, prekeys

BATCH = 20
NEAR = timedelta(days=7)


def add(tx: Tx, who: Principal, wires: Sequence[bytes], now: datetime) -> None:
    """Take signed prekeys of the asking device, ascending by sequence; ones already here are harmless.

    Raises RelayError `not_allowed`, `malformed`, `prekey_refused`, `prekey_out_of_order`, `too_many_prekeys`.
    """
    if isinstance(who, ContactDevice):
        contact(who, "pending", "frozen", "enrolled")
    else:
        officer(who)
    take(tx, DeviceRecord.parse(who.record), wires, now)
    if isinstance(who, ContactDevice) and prekeys.brought(tx, who.device):
        for account in accounts.of_contacts(tx, who.office, [who.contact]).values():
            doorbells.read(tx, account, now)


def short(tx: Tx, now: datetime) -> list[bytes]:
    """Phones whose newest prekey may not be sealed to much longer, and that were not asked for more; for `ask`."""
    return [row.device for row in prekeys.short(tx, now, now - NEAR, now + NEAR)]


def ask(tx: Tx, phones: Sequence[bytes], now: datetime) -> int:
    """Ring for these phones' people, unless they brought newer prekeys meanwhile; how many that were."""
    rows = prekeys.short_of(tx, phones, now, now - NEAR, now + NEAR)
    for row in rows:
        prekeys.ask(tx, row.device, row.prekey, now)
    for office in sorted({row.office for row in rows}):
        people = {row.contact for row in rows if row.office == office}
        bells = accounts.of_contacts(tx, office, people).values()
        doorbells.ring(tx, dict.fromkeys(bells, False), now, again=True)
    return len(rows)


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
