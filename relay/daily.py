"""The daily report: each morning coordinators are told in numbers what waits. No codes, and nothing about a person."""

from datetime import datetime, time, timedelta

from crypto.encoding import b64u
from relay import colleagues, conditions
from relay.doorbells import KABUL
from relay.unit import Tx
from store import allotments, escalations, mail, notices, offices, people, proposals, recipients

AT = time(7)
"""Kabul time."""
LATE = timedelta(hours=4)
"""One that could not be given for so long is left out: it would say nothing about the day that is half over."""
AHEAD = timedelta(days=2)
LIFE = timedelta(hours=12)


def tell(tx: Tx, now: datetime) -> int:
    """Queue the report of this day where it is time for it; to how many accounts. The same again is left out."""
    morning = _morning(now)
    if not morning <= now < morning + LATE:
        return 0
    told = 0
    for office in offices.every(tx):
        dedupe = f"daily:{morning:%Y-%m-%d}:{b64u(office)}"
        numbers = _numbers(tx, office, now)
        told += colleagues.tell(tx, office, "officer-daily", numbers, now, dedupe=dedupe, life=LIFE)
    return told


def next_due(now: datetime) -> datetime:
    """When the next report is due."""
    morning = _morning(now)
    return morning if now < morning else _morning(now + timedelta(days=1))


def _morning(now: datetime) -> datetime:
    """The time of the report on the day that now is in Kabul."""
    return datetime.combine(now.astimezone(KABUL).date(), AT, KABUL).astimezone(now.tzinfo)


def _numbers(tx: Tx, office: bytes, now: datetime) -> dict[str, str]:
    unread, _ = mail.unread_count(tx, office, now)
    soon = [
        row
        for row in allotments.of_office(tx, office)
        if row.state in allotments.OFFERING and now <= row.departs_at < now + AHEAD
    ]
    numbers = {
        "unread": unread,
        "overdue": len(escalations.overdue(tx, office, now)),
        "enrolments": len(people.waiting_enrolments(tx, office)),
        "proposals": len(proposals.open_of(tx, office, now)),
        "withheld": notices.withheld(tx, office),
        "stale": len(recipients.stale(tx, office)),
        "departures": len(soon),
        "lacking": sum(not conditions.standing(tx, row, now).clear for row in soon),
    }
    return {name: str(number) for name, number in numbers.items()}
