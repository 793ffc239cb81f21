"""Where an office's roster stands."""

from dataclasses import dataclass

from relay.errors import Kind, RelayError
from relay.unit import Tx
from store import offices


@dataclass(frozen=True, slots=True)
class Head:
    """The newest roster of an office."""

    office: bytes
    version: int
    hash: bytes


def head(tx: Tx, office: bytes) -> Head:
    """Raises RelayError `office_not_found`."""
    row = offices.office(tx, office)
    if row is None:
        raise RelayError(
            "office_not_found", "no such office here; check the address you were given", Kind.MISSING
        )
    return Head(office, row.version, row.hash)
