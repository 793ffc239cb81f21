"""Seats and offers: a household's seats are held, confirmed or given back; never oversold.

The movement's row counts held and confirmed seats; a conditional update takes them, and a check constraint of
the database stands behind it.

    offer state   accept             decline    expire    withdraw
    (new)         held: seats held
    held          accepted           declined   expired   withdrawn
    accepted      accepted           declined   -         withdrawn
    declined      accepted, if free  declined   -         -
    expired       -                  -          -         -
    withdrawn     -                  -          -         -
A newer version of the notice may renew an offer from any state: held. A declined one is accepted after all only
while the contact has no other live offer on the movement.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from relay.errors import Kind, RelayError
from relay.unit import Tx
from store import movements, notices
from store.sql import Found


@dataclass(frozen=True, slots=True)
class Seat:
    """What a notice offers one contact; party 0 and no movement: a notice without seats."""

    contact: bytes
    offer: bytes
    party: int


def hold(tx: Tx, office: bytes, movement: bytes, party: int) -> None:
    """Take seats. Raises RelayError `seats_short`."""
    if not movements.shift(tx, office, movement, held=party):
        raise short()


def accept(tx: Tx, offer: Found, party: int, now: datetime) -> None:
    """Confirm seats for a party no larger than offered.

    Raises RelayError `party_too_large`, `seats_short`, `notice_over` (also when a newer offer took its place).
    """
    if not 1 <= party <= offer.party:
        raise RelayError(
            "party_too_large", "the offer is for fewer people; ask the office", Kind.UNACCEPTABLE
        )
    taken = _taken(offer)
    change = {"held": -taken.held, "confirmed": party - taken.confirmed}
    if offer.state not in ("held", "accepted", "declined"):
        raise over()
    live = notices.live_offer(tx, offer.office, offer.movement, offer.contact)
    if live is not None and live.offer != offer.offer:
        raise RelayError(
            "notice_over", "a newer offer took the place of this one; answer that one", Kind.GONE
        )
    if not movements.shift(tx, offer.office, offer.movement, **change):
        raise short()
    _move(tx, offer, now, state="accepted", party=party)


def decline(tx: Tx, offer: Found, now: datetime) -> None:
    """Give the seats back, without any penalty; reversible while seats are left. Raises `notice_over`."""
    if offer.state not in ("held", "accepted", "declined"):
        raise over()
    end(tx, offer, "declined", now)


def end(tx: Tx, offer: Found, state: str, now: datetime) -> None:
    """Give back whatever the offer takes, and leave it declined, expired or withdrawn."""
    taken = _taken(offer)
    if not movements.shift(tx, offer.office, offer.movement, held=-taken.held, confirmed=-taken.confirmed):
        raise short()
    _move(tx, offer, now, state=state)


def renew(tx: Tx, offer: Found, party: int, version: int, now: datetime) -> None:
    """A newer version of the notice offers anew: the seats are held again until it is answered."""
    taken = _taken(offer)
    if not movements.shift(
        tx, offer.office, offer.movement, held=party - taken.held, confirmed=-taken.confirmed
    ):
        raise short()
    _move(tx, offer, now, state="held", party=party, version=version)


def withdraw_contact(
    tx: Tx, office: bytes, contact: bytes, now: datetime, states: tuple[str, ...] = ("held", "accepted")
) -> None:
    """End the contact's offers in these states."""
    for offer in notices.live_offers_of(tx, office, contact):
        if offer.state in states:
            end(tx, offer, "withdrawn", now)


def over() -> RelayError:
    return RelayError("notice_over", "this offer is over; nothing was changed. Ask the office", Kind.GONE)


def short() -> RelayError:
    return RelayError("seats_short", "there are not enough seats left; nothing was changed", Kind.CONFLICT)


def change(offer: Found | None, party: int) -> int:
    """How many more seats a held offer of this size takes than the offer does now."""
    taken = None if offer is None else _taken(offer)
    return party if taken is None else party - taken.held - taken.confirmed


@dataclass(frozen=True, slots=True)
class _Taken:
    held: int
    confirmed: int


def _taken(offer: Found) -> _Taken:
    return _Taken(
        held=offer.party if offer.state == "held" else 0,
        confirmed=offer.party if offer.state == "accepted" else 0,
    )


def _move(tx: Tx, offer: Found, now: datetime, **values: Any) -> None:  # noqa: ANN401 – columns
    if not notices.move_offer(tx, offer, now, **values):
        raise over()
