"""Colleagues' devices: the signed prekeys the relay shows of them, checked against the roster."""

from crypto.encoding import b64u
from crypto.errors import CryptoError
from crypto.prekey import Prekey
from crypto.roster import Entry
from desk.answers import Answer
from desk.errors import AlarmError
from desk.office import Desk


def prekeys(desk: Desk) -> dict[bytes, bytes]:
    """Device id -> signed prekey, for `prekey`, of all the office's devices that have one.

    Raises AlarmError when the relay shows a colleague's device with other keys than the roster's.
    """
    found = {}
    for answer in Answer(desk.relay.get("/devices")).many("devices"):
        device, record = answer.octets("device", 16), answer.octets("record")
        entry = desk.roster.entry(device)
        if entry is None or entry.device.encode() != record:
            raise AlarmError("The relay shows an officer's device with other keys than the roster's.")
        if wire := answer.maybe_octets("prekey"):
            found[device] = wire
    return found


def prekey(desk: Desk, entry: Entry, wire: bytes) -> Prekey | None:
    """The device's prekey, if it may be sealed to and is not older than one seen before; the caller saves."""
    name = b64u(entry.device.device)
    try:
        found = Prekey.from_holder(wire, entry.device)
        found.check_usable(desk.now(), desk.state.officer_sequences.get(name, 0))
    except CryptoError:
        return None
    desk.state.officer_sequences[name] = found.sequence
    return found
