"""Seats: what an offer takes of its office's allotment, in every state.

An allotment counts held and confirmed seats; one conditional update takes them (store/allotments.py), which writes
into the ledger what it did, and a check constraint of the database stands behind it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from relay.errors import Kind, RelayError
from relay.unit import Tx
from store import allotments, offers
from store.allotments import Change
from store.sql import Found

OUTCOMES = ("boarded", "no_show", "not_lifted")


@dataclass(frozen=True, slots=True)
class Seat:
    """What a notice offers one contact; party 0 and no movement: a notice without seats.

    `standby`, 1 first to 9 last: no seat yet, but the next that is free. `hold_until`: how long seats are held for
    an answer; None is the notice's own time to answer, and for standby the notice's end.
    """

    contact: bytes
    offer: bytes
    party: int
    standby: int | None = None
    hold_until: datetime | None = None


def change(offer: Found | None, state: str, party: int, *, id_: bytes, kind: str = "") -> Change:
    """What it does to the allotment when the offer becomes this; the ledger calls it by the new state, or `kind`."""
    before = (0, 0) if offer is None else _takes(offer.state, offer.party)
    after = _takes(state, party)
    return Change(kind or state, offer=id_, held=after[0] - before[0], confirmed=after[1] - before[1])


def move(
    tx: Tx,
    offer: Found,
    state: str,
    now: datetime,
    *,
    kind: str = "",
    party: int | None = None,
    **values: Any,  # noqa: ANN401 – columns
) -> None:
    """Bring an offer into a state, with the seats that go with it. Raises RelayError `seats_short`, `notice_over`."""
    size = offer.party if party is None else party
    changes = [change(offer, state, size, id_=offer.offer, kind=kind)]
    if not allotments.shift(tx, offer.office, offer.movement, changes, now):
        raise short()
    if not offers.move(tx, offer, now, state=state, party=size, **values):
        raise over()


def over() -> RelayError:
    return RelayError("notice_over", "this offer is over; nothing was changed. Ask the office", Kind.GONE)


def short() -> RelayError:
    return RelayError("seats_short", "there are not enough seats left; nothing was changed", Kind.CONFLICT)


def _takes(state: str, party: int) -> tuple[int, int]:
    """Held and confirmed."""
    if state == "held":
        return party, 0
    return (0, party) if state == "accepted" or state in OUTCOMES else (0, 0)
