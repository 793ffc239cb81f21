"""Reminders: a bell again, 24, 6 and 2 hours before the time to answer is over, for who has not answered.

That time is the offer's own: until when its seats are held. Each once at most, and none when its time was missed: what
comes late is only confusing. A routine bell: silent at night. It rings for an answer, so it stands until there is one,
though the notice was read; the answer, the end of its time, or a seat that is not held any more ends it.
"""

from datetime import datetime, timedelta

from relay import doorbells
from relay.unit import Tx
from store import accounts, reminders

HOURS = (24, 6, 2)
LATE = timedelta(minutes=30)
"""A reminder that could not be given for so long is left out."""


def remind(tx: Tx, now: datetime, limit: int = 500) -> int:
    """Ring for the reminders that are due; how many. Call it until it returns 0."""
    count = 0
    for hours in HOURS:
        before = timedelta(hours=hours)
        copies = reminders.due(tx, hours, now, now + before, now + before - LATE, limit)
        noted = reminders.note(tx, copies, hours)
        for office in {row.office for row in noted}:
            people = {row.contact for row in noted if row.office == office}
            bells = accounts.of_contacts(tx, office, people).values()
            doorbells.ring(tx, dict.fromkeys(bells, False), now, again=True)
        count += len(noted)
    return count


def next_due(tx: Tx, now: datetime) -> datetime | None:
    """When the next reminder may be due."""
    deadline: datetime | None = reminders.next_deadline(tx, now)
    if deadline is None:
        return None
    times = (deadline - timedelta(hours=hours) for hours in HOURS)
    return min((time for time in times if time > now), default=deadline)
