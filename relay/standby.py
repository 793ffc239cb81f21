"""Standby: whoever waits for a seat gets the next that is free, in an order that everybody may know.

The order: class (0 for whoever was called before, came and was not taken along; then 1 to 9 as given), then who waits
longest (since their household's case was opened, else since they came), then the offer's id. A household is never
split. So who does not fit into what is free is passed over by those behind them who do, and by nobody else; that is
written into the ledger.

Their notice is sealed ahead with all others and held back. When seats become free, whoever is next gets them held,
and the copy goes out and is rung for, all in the transaction that freed the seats. Not later than STOPS before the
departure, not for a notice that is not out or is over or that a threat alert voids, not without consent.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from relay import audit, auth, doorbells, movements, seats, threats
from relay.addressing import DEPARTURES, MESSAGES
from relay.audit import Event
from relay.auth import READING, Principal
from relay.unit import Tx
from store import allotments, consents, mail, recipients, standby
from store import offices as office_rows
from store.sql import Found

STOPS = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One who waits; `place` counts from 1. `out`: their notice is, so that they are next when seats are free."""

    place: int
    alias: str
    rank: int
    since: datetime
    party: int
    out: bool


def listed(tx: Tx, who: Principal, movement: bytes) -> list[Waiting]:
    """The own office's people who wait, in the order of calling. Raises RelayError `movement_not_found`."""
    me = auth.officer(who, READING)
    if allotments.allotment(tx, me.office, movement) is None:
        raise movements.missing()
    rows = standby.queue(tx, me.office, movement)
    return [
        Waiting(place, row.alias, row.rank, row.waits_since, row.party, row.notice_state == "released")
        for place, row in enumerate(rows, 1)
    ]


def promote(tx: Tx, office: bytes, movement: bytes, now: datetime) -> int:
    """Give free seats to those who wait, in order; to how many. Harmless when there is neither."""
    row = allotments.allotment(tx, office, movement)
    if row is None or row.state not in allotments.OFFERING or now >= row.departs_at - STOPS:
        return 0
    free, promoted, passed = allotments.free(row), 0, []
    if free <= 0:
        return 0
    alerts = threats.about(tx, office, row.route)
    for offer in standby.queue(tx, office, movement):
        if free == 0:
            break
        if offer.notice_state != "released" or offer.notice_expires <= now:
            continue
        if threats.later(alerts, offer.approved):
            continue
        if offer.party > free:
            passed.append(offer)
        elif _promote(tx, offer, now):
            skipped = [
                seats.change(each, "standby", each.party, id_=each.offer, kind="passed") for each in passed
            ]
            allotments.shift(tx, office, movement, skipped, now)
            free, promoted, passed = free - offer.party, promoted + 1, []
    return promoted


def backfill(tx: Tx, now: datetime) -> int:
    """Promote wherever somebody waits; to how many. It finds what no transaction saw to: a clock set back, say."""
    return sum(promote(tx, row.office, row.movement, now) for row in standby.movements_waiting(tx))


def _promote(tx: Tx, offer: Found, now: datetime) -> bool:
    """Hold the seats, let the copy out and ring; False when no copy of it is left, or they agree no more."""
    copies = mail.held_back_for(tx, offer.envelope, offer.contact)
    given = consents.given(tx, {(offer.office, offer.contact)})
    agreed = (given.get((offer.office, offer.contact, purpose)) for purpose in (MESSAGES, DEPARTURES))
    if not copies or not all(until is not None and now < until for until in agreed):
        return False
    seats.move(tx, offer, "held", now, kind="promoted")
    recipients.let_out(tx, offer)
    mail.release(tx, offer, office_rows.next_seqs(tx, offer.office, len(copies)))
    doorbells.ring_contacts(tx, offer.office, {offer.contact}, now, urgent=True)
    audit.happened(tx, Event.STANDBY_PROMOTED, now, office=offer.office, about=offer.alias)
    return True
