"""The comparison number two people read to each other (PROTOCOL section 3)."""

import hashlib

from crypto.device import DeviceRecord
from crypto.encoding import domain
from crypto.record import rec


def comparison_number(device: DeviceRecord) -> tuple[str, ...]:
    """Twelve groups of five ASCII digits for a contact's device."""
    seed = hashlib.sha512(domain("number") + rec(device.office, device.encode())).digest()
    return tuple([f"{int.from_bytes(seed[i : i + 5], 'big') % 100_000:05}" for i in range(0, 60, 5)])
