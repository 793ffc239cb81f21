"""The audit chain: each entry of an office's log hashes the one before it (PROTOCOL section 12).

Whoever remembers one link can tell whether anything up to it was edited, removed, added or moved since.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from crypto.encoding import digest
from crypto.record import U64, ZERO_32, Bytes32, Count, Record, Text, rec

FIRST_LINK: Final = ZERO_32
"""What stands before an office's first entry."""
MARK: Final = "~"
"""What a mark begins with, which stands for a person or a household; no alias and no code does."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def microseconds(moment: datetime) -> int:
    """An aware datetime as an entry holds it."""
    return (moment - _EPOCH) // _MICROSECOND


@dataclass(frozen=True, slots=True)
class AuditEntry(Record):
    """What happened, by which role code, about which mark or code; `at` in microseconds since 1970."""

    office: Bytes32
    seq: Count
    at: U64
    event: Text
    role_code: Text
    subject: Text

    def link(self, previous: bytes) -> bytes:
        """This entry's link [32], given the link before it."""
        return digest("audit", rec(previous, self.encode()))
