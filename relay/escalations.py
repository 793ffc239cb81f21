"""Escalation: a letter of a contact that no letter answered in time comes before all others.

    nothing due   a letter of theirs that rings     due in 24 hours; 2, if it is urgent
    due           another one                       due as before, or sooner
    due           a letter of the office to them    nothing due
    due           an officer says it needs none     nothing due
    due           its time is over                  overdue: first in every queue, and coordinators are rung,
                                                    on duty or off (store.doorbells)
    overdue       (as due)                          nothing due

Receipts, notices and gos answer nothing. The relay reads no letter: it knows that one came, whether it rings, and
whether one went back.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from relay import auth
from relay.auth import READING, Principal
from relay.unit import Tx
from store import escalations

ROUTINE: Final = timedelta(hours=24)
URGENT: Final = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Overdue:
    """`due_at`: when an answer should have gone at the latest."""

    contact: bytes
    alias: str
    due_at: datetime


class Ledger:
    """What a batch of letters asks and answers, in the order in which they came."""

    def __init__(self) -> None:
        self._due: dict[tuple[bytes, bytes], datetime] = {}
        self._answered: set[tuple[bytes, bytes]] = set()

    def asked(self, office: bytes, contact: bytes, now: datetime, *, urgent: bool) -> None:
        due = now + (URGENT if urgent else ROUTINE)
        self._due[office, contact] = min(due, self._due.get((office, contact), due))

    def answered(self, office: bytes, contact: bytes) -> None:
        self._due.pop((office, contact), None)
        self._answered.add((office, contact))

    def write(self, tx: Tx) -> None:
        escalations.settle(tx, self._answered)
        escalations.owe(tx, self._due)


def listed(tx: Tx, who: Principal, now: datetime) -> list[Overdue]:
    """Who waits past the time for an answer, the longest first. Raises RelayError `not_allowed`."""
    me = auth.officer(who, READING)
    return [Overdue(row.contact, row.alias, row.due_at) for row in escalations.overdue(tx, me.office, now)]
