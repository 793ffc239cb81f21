"""Whether the relay can do its work: its own schema, and somebody who delivers."""

from dataclasses import dataclass
from datetime import datetime

from relay import leader
from relay.unit import Tx
from store import migrate


@dataclass(frozen=True, slots=True)
class Readiness:
    """`schema`: the database is of this program's version. `leader`: some process delivers."""

    schema: bool
    leader: bool


def look(tx: Tx, now: datetime) -> Readiness:
    """How it is at this moment."""
    return Readiness(migrate.is_current(tx), leader.standing(tx, now) is not None)
