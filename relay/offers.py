"""Offers: one per household and movement, for its whole party.

    offer state   accept             decline    expire    withdraw    promote   outcome
    (new)         held: seats held; standby: none yet
    standby       -                  -          expired   withdrawn   held      -
    held          accepted           declined   expired   withdrawn   -         -
    accepted      accepted           declined   -         withdrawn   -         boarded, no_show, not_lifted
    declined      accepted, if free  declined   -         -           -         -
    expired       -                  -          -         -           -         -
    withdrawn     -                  -          -         -           -         -
    boarded, no_show, not_lifted: final

A newer version of the notice may renew an offer from any state but the last ones: held, or standby for who holds no
seat. A declined one is accepted after all only while seats are left, which they are not when somebody was promoted
to them, and while the household has no other live offer on the movement. Held seats of who is silent: relay/holds.py.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from relay import seats, standby
from relay.drafts import Draft
from relay.errors import Kind, RelayError
from relay.seats import Seat
from relay.unit import Tx
from store import allotments, cases, offers, people
from store.allotments import Change
from store.sql import Found

ANSWERABLE = ("held", "accepted", "declined")


def make(tx: Tx, office: bytes, movement: bytes, draft: Draft, now: datetime) -> set[bytes]:
    """Hold the seats a scheduled notice offers, all or none; the contacts whose copies wait for a seat.

    An offer of an older version, answered or not, is made again under its id; who holds a seat keeps it. Raises
    RelayError `offer_taken`, `party_exceeds_household`, `seats_short`.
    """
    older = _older(tx, office, movement, draft)
    _check(tx, office, movement, draft.offers, older)
    homes = cases.households(tx, office, [seat.contact for seat in draft.offers])
    since = people.since(tx, office, [seat.contact for seat in draft.offers])
    changes: list[Change] = []
    fresh: list[dict[str, Any]] = []
    waiting: set[bytes] = set()
    renewed: list[tuple[Found, dict[str, Any]]] = []
    for seat in draft.offers:
        old, home = older.get(seat.offer), homes.get(seat.contact)
        seated = seat.standby is None or (old is not None and old.state in offers.HOLDING)
        state = "held" if seated else "standby"
        if not seated:
            waiting.add(seat.contact)
        changes.append(seats.change(old, state, seat.party, id_=seat.offer))
        values = {
            "state": state,
            "party": seat.party,
            "version": draft.version,
            "hold_until": seat.hold_until or (draft.answer_by if seat.standby is None else draft.expires),
            "standby": seat.standby,
            "waits_since": None
            if seat.standby is None
            else (home.opened_at if home else since[seat.contact]),
            "case_alias": home.alias if home else None,
        }
        if old is not None:
            renewed.append((old, values))
            continue
        row = {"office": office, "offer": seat.offer, "movement": movement, "contact": seat.contact}
        fresh.append(row | values | {"notice": draft.notice, "changed_at": now})
    if not allotments.shift(tx, office, movement, changes, now):
        raise seats.short()
    for old, values in renewed:
        if not offers.move(tx, old, now, **values):
            raise seats.over()
    offers.add(tx, fresh)
    return waiting


def accept(tx: Tx, offer: Found, party: int, now: datetime) -> None:
    """Confirm seats for a party no larger than offered.

    Raises RelayError `party_too_large`, `seats_short`, `notice_over` (also when a newer offer took its place, or the
    movement left).
    """
    if not 1 <= party <= offer.party:
        raise RelayError(
            "party_too_large", "the offer is for fewer people; ask the office", Kind.UNACCEPTABLE
        )
    allotment = allotments.allotment(tx, offer.office, offer.movement)
    if offer.state not in ANSWERABLE or allotment is None or allotment.state not in allotments.OFFERING:
        raise seats.over()
    home = cases.households(tx, offer.office, [offer.contact]).get(offer.contact)
    alias = home.alias if home else None
    for live in offers.live_on(tx, offer.office, offer.movement):
        if live.offer != offer.offer and (
            live.contact == offer.contact or (alias is not None and live.case_alias == alias)
        ):
            raise RelayError(
                "notice_over", "a newer offer took the place of this one; answer that one", Kind.GONE
            )
    seats.move(tx, offer, "accepted", now, party=party, case_alias=alias)
    standby.promote(tx, offer.office, offer.movement, now)


def decline(tx: Tx, offer: Found, now: datetime) -> None:
    """Give the seats back, without any penalty; reversible while seats are left. Raises `notice_over`."""
    if offer.state not in ANSWERABLE:
        raise seats.over()
    seats.move(tx, offer, "declined", now)
    standby.promote(tx, offer.office, offer.movement, now)


def withdraw_contact(
    tx: Tx, office: bytes, contact: bytes, now: datetime, states: tuple[str, ...] = offers.LIVE
) -> None:
    """End the contact's offers in these states; whoever waits for the seats gets them."""
    gone = [offer for offer in offers.live_of_contact(tx, office, contact) if offer.state in states]
    for offer in gone:
        seats.move(tx, offer, "withdrawn", now)
    for movement in sorted({offer.movement for offer in gone}):
        standby.promote(tx, office, movement, now)


def forget(tx: Tx, office: bytes, contact: bytes, now: datetime) -> None:
    """The contact's offers are about to be deleted with them: the ledger says so, and of whom nobody can tell."""
    for offer in offers.of_contact(tx, office, contact):
        allotments.shift(tx, office, offer.movement, [Change("erased", offer=offer.offer)], now)


def _older(tx: Tx, office: bytes, movement: bytes, draft: Draft) -> dict[bytes, Found]:
    """What older versions offered under these ids. Raises RelayError `offer_taken` for an id that is in use."""
    contacts = {seat.offer: seat.contact for seat in draft.offers}
    known = offers.several(tx, office, contacts)
    for row in known.values():
        same = (row.notice, row.movement, row.contact) == (draft.notice, movement, contacts[row.offer])
        if not same or row.state in seats.OUTCOMES:
            raise RelayError(
                "offer_taken", "an offer's id is in use, or over; draft the notice anew", Kind.CONFLICT
            )
    return known


def _check(tx: Tx, office: bytes, movement: bytes, wanted: Sequence[Seat], older: dict[bytes, Found]) -> None:
    """One offer per household, and no party larger than the household."""
    live = [each for each in offers.live_on(tx, office, movement) if each.offer not in older]
    homes = cases.households(tx, office, {seat.contact for seat in wanted} | {each.contact for each in live})
    contacts = {each.contact for each in live}
    offered = [*contacts, *(seat.contact for seat in wanted)]
    households = Counter(homes[contact].alias for contact in offered if contact in homes)
    for seat in wanted:
        home = homes.get(seat.contact)
        if seat.contact in contacts or (home is not None and households[home.alias] > 1):
            raise RelayError(
                "offer_taken",
                "a contact, or another of one household, has a live offer on this movement; offer it once, for the "
                "whole party",
                Kind.CONFLICT,
            )
        if home is not None and seat.party > home.people:
            raise RelayError(
                "party_exceeds_household",
                "an offer is for more people than the household has; add the members to the case first",
                Kind.UNACCEPTABLE,
            )
