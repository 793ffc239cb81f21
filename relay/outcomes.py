"""What became of whom was offered a seat: counted per traveller, and never the end of it for who did not board.

Called is not lifted: who came and was not taken along rolls over, and is first (class 0) for the next seats of the
office until they have boarded. Whoever did not come opens a safety check, which is closed only after an attempt
reached them (relay/attempts.py); until then no case of theirs is closed.
"""

from dataclasses import dataclass
from datetime import datetime

from relay import audit, auth, movements, seats
from relay.audit import Event
from relay.auth import READING, Principal
from relay.errors import Kind, RelayError
from relay.movements import PLANNERS, VIEWERS
from relay.unit import Tx
from store import allotments, offers, outcomes, people
from store.sql import Found

AFTER = ("called", "departed", "arrived")
"""States of a movement in which it can be said who boarded."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a contact, `state`, and of how many of their party each; no count: the same of all."""

    alias: str
    state: str
    boarded: int = 0
    no_show: int = 0
    not_lifted: int = 0


@dataclass(frozen=True, slots=True)
class BoardView:
    """One office's seats on a movement. What became of another office's people is told to nobody."""

    office: bytes
    planned: int
    held: int
    accepted: int
    boarded: int | None
    no_show: int | None
    not_lifted: int | None


@dataclass(frozen=True, slots=True)
class RolledOver:
    alias: str
    code: str
    travellers: int
    at: datetime


@dataclass(frozen=True, slots=True)
class CheckView:
    """An open safety check, and when somebody was last tried and last reached since."""

    alias: str
    code: str
    opened_at: datetime
    tried_at: datetime | None
    reached_at: datetime | None


def record(tx: Tx, who: Principal, movement: bytes, outcome: Outcome, now: datetime) -> None:
    """Say what became of an accepted offer's party. The same again is harmless.

    Raises RelayError `not_allowed`, `malformed`, `movement_not_found`, `movement_state`, `contact_not_found`,
    `no_seat`, `outcome_refused` (the counts are not the party), `outcome_recorded` (otherwise before).
    """
    me = auth.officer(who, PLANNERS)
    allotment = allotments.allotment(tx, me.office, movement)
    if allotment is None:
        raise movements.missing()
    if allotment.state not in AFTER:
        raise RelayError(
            "movement_state", f"the movement is {allotment.state}; call people forward first", Kind.CONFLICT
        )
    offer = seated(tx, me.office, movement, outcome.alias)
    counts = {name: getattr(outcome, name) for name in seats.OUTCOMES}
    if outcome.state not in counts or any(count < 0 for count in counts.values()):
        raise RelayError(
            "malformed", "an outcome is boarded, no_show or not_lifted, and counts", Kind.MALFORMED
        )
    if not any(counts.values()):
        counts[outcome.state] = offer.party
    if sum(counts.values()) != offer.party or not counts[outcome.state]:
        raise RelayError(
            "outcome_refused",
            f"the counts are to add up to the party of {offer.party}, and the contact's own outcome is among them",
            Kind.UNACCEPTABLE,
        )
    if offer.state in seats.OUTCOMES:
        if (offer.state, *(getattr(offer, name) for name in counts)) == (outcome.state, *counts.values()):
            return
        raise RelayError("outcome_recorded", f"it is recorded otherwise: {offer.state}", Kind.CONFLICT)
    seats.move(tx, offer, outcome.state, now, **counts)
    _follow(tx, offer, counts, now)
    audit.note(tx, Event.OUTCOME_RECORDED, now, by=me, about=outcome.alias.upper())


def seated(tx: Tx, office: bytes, movement: bytes, alias: str) -> Found:
    """The offer that they accepted, or that an outcome is recorded of.

    Raises RelayError `contact_not_found`, `no_seat`.
    """
    person = people.by_alias(tx, office, alias.upper())
    if person is None:
        raise RelayError(
            "contact_not_found", "no contact has this code; list the contacts anew", Kind.MISSING
        )
    mine = [row for row in offers.of_contact(tx, office, person.contact) if row.movement == movement]
    found = [row for row in mine if row.state in ("accepted", *seats.OUTCOMES)]
    if not found:
        raise RelayError("no_seat", "they have accepted no seat on this movement", Kind.CONFLICT)
    return found[-1]


def board(tx: Tx, who: Principal, movement: bytes) -> list[BoardView]:
    """Planned, held, accepted and boarded per office: the own one, and for the owner of the movement all the others.

    Raises RelayError `not_allowed`, `movement_not_found`.
    """
    me = auth.officer(who, VIEWERS)
    own = allotments.allotment(tx, me.office, movement)
    if own is None:
        raise movements.missing()
    totals = outcomes.totals(tx, me.office, movement)
    became = (totals.boarded, totals.no_show, totals.not_lifted) if totals is not None else (0, 0, 0)
    rows = [BoardView(me.office, own.seats, own.held, own.confirmed, *became)]
    if own.owner == me.office:
        others = (row for row in allotments.everywhere(tx, me.office, movement) if row.office != me.office)
        rows += [
            BoardView(row.office, row.seats, row.held, row.confirmed, None, None, None) for row in others
        ]
    return rows


def rolled_over(tx: Tx, who: Principal) -> list[RolledOver]:
    """Whoever was not taken along and has not boarded since, the longest first. Raises RelayError `not_allowed`."""
    me = auth.officer(who, READING)
    return [
        RolledOver(row.alias, row.code, row.travellers, row.at) for row in outcomes.waiting(tx, me.office)
    ]


def checks(tx: Tx, who: Principal, now: datetime) -> list[CheckView]:
    """Open safety checks, the oldest first; the look is logged. Raises RelayError `not_allowed`."""
    me = auth.officer(who, READING)
    rows = outcomes.open_checks(tx, me.office)
    if rows:
        audit.note(tx, Event.SAFETY_CHECKS_READ, now, by=me)
    return [CheckView(row.alias, row.code, row.opened_at, row.tried_at, row.reached_at) for row in rows]


def close_check(tx: Tx, who: Principal, alias: str, now: datetime) -> None:
    """Close what is open about a contact, whom somebody reached since.

    Raises RelayError `not_allowed`, `check_not_found`, `not_reached`.
    """
    me = auth.officer(who, READING)
    rows = [row for row in outcomes.open_checks(tx, me.office) if row.alias == alias.upper()]
    if not rows:
        raise RelayError(
            "check_not_found", "no safety check about them is open; list them anew", Kind.MISSING
        )
    if any(row.reached_at is None for row in rows):
        raise RelayError(
            "not_reached",
            "nobody has reached them since; log the attempt that did, then close",
            Kind.CONFLICT,
        )
    outcomes.close_checks(tx, me.office, rows[0].contact, now)
    audit.note(tx, Event.SAFETY_CHECK_CLOSED, now, by=me, about=alias.upper())


def _follow(tx: Tx, offer: Found, counts: dict[str, int], now: datetime) -> None:
    """What the outcome means for what comes next."""
    own = {"office": offer.office, "offer": offer.offer, "contact": offer.contact}
    if counts["boarded"]:
        outcomes.board(tx, offer.office, offer.contact, now)
    if counts["not_lifted"]:
        outcomes.roll_over(tx, **own, travellers=counts["not_lifted"], at=now)
    if counts["no_show"]:
        outcomes.open_check(tx, **own, opened_at=now)
