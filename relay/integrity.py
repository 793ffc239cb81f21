"""Once a day: whether the seats balance and every audit log is as it was written (relay/ledger.py, relay/audit.py)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crypto.roster import Role
from relay import audit, colleagues, ledger
from relay.unit import Tx
from store import beats, offices

DAY = timedelta(days=1)
TOLD = Role.COORDINATOR | Role.HOST


@dataclass(frozen=True, slots=True)
class Fault:
    """What does not hold of one office's; the relay's own log is `audit.RELAY`'s, and everybody's."""

    kind: str  # ledger, audit
    office: bytes


def due(tx: Tx, now: datetime) -> datetime:
    """When to check: a day after the last time, however often the relay is started. It reads everything there is."""
    last = beats.beat(tx, "integrity")
    if last is None or last.outcome != "done" or not now - DAY < last.began_at <= now:
        return now
    checked: datetime = last.began_at
    return checked + DAY


def check(tx: Tx) -> list[Fault]:
    """Verify everything; what is wrong, each once."""
    wrong = [Fault("ledger", report.office) for report in ledger.verify(tx) if report.wrong]
    wrong += [Fault("audit", report.office) for report in audit.verify(tx, {}) if report.wrong]
    return list(dict.fromkeys(wrong))


def tell(tx: Tx, faults: Sequence[Fault], now: datetime) -> int:
    """Tell coordinators and host administrators of the offices it concerns, once a day; how many accounts."""
    told = 0
    for office in offices.every(tx):
        kinds = sorted({fault.kind for fault in faults if fault.office in (office, audit.RELAY)})
        if kinds:
            what = {"what": {"list": [{"key": f"integrity-{kind}"} for kind in kinds]}}
            dedupe = f"integrity:{now:%Y-%m-%d}:{'-'.join(kinds)}"
            told += colleagues.tell(
                tx, office, "officer-integrity", what, now, dedupe=dedupe, life=DAY, roles=TOLD
            )
    return told
