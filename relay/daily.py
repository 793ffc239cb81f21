"""The daily report: each morning coordinators are told in numbers what waits. No codes, and nothing about a person."""

from collections.abc import Mapping
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


def reports(tx: Tx, now: datetime) -> dict[bytes, dict[str, str]]:
    """What is to be told this day, by office, where it is time for it; for `tell`."""
    morning = _morning(now)
    due = morning <= now < morning + LATE
    return {office: _numbers(tx, office, now) for office in offices.every(tx)} if due else {}


def tell(tx: Tx, told: Mapping[bytes, dict[str, str]], now: datetime) -> int:
    """Queue these reports; to how many accounts. The same day's again is left out."""
    day = f"{_morning(now):%Y-%m-%d}"
    return sum(
        colleagues.tell(
            tx, office, "officer-daily", numbers, now, dedupe=f"daily:{day}:{b64u(office)}", life=LIFE
        )
        for office, numbers in told.items()
    )


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
