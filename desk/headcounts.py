"""Headcounts: how many are on a movement, the manifest that whoever is no partner gets."""

from dataclasses import dataclass

from crypto.cells import LEAST, hidden
from crypto.encoding import b64u
from desk import aboard, cases, movements, partners
from desk.errors import UsageError
from desk.office import READS_MAIL, Desk

OUTSIDER = "outsider"


@dataclass(frozen=True)
class Headcount:
    """None: hidden. `unknown`: people of whom no open household says whether they are minors."""

    people: int | None
    parties: int | None
    adults: int | None
    minors: int | None
    unknown: int | None


def make(desk: Desk, code: str, to: str) -> Headcount:
    """Counts who is on the movement for a pinned office, or `outsider`; the relay notes that it was made.

    For an outsider counts under 5 are hidden, and what would betray them. Raises UsageError, DeskError.
    """
    desk.require(READS_MAIL, "count who is on a movement")
    office = None if to == OUTSIDER else partners.named(desk, to).office
    counted = _count(desk, code)
    said = {
        "movement": movements.movement_id(desk, code),
        "recipient": None if office is None else b64u(office),
        "people": counted.people,
    }
    desk.relay.post("/exports/headcounts", said)
    return counted if office else _hide(counted)


def check_name(to: str) -> None:
    """Raises UsageError: an outsider gets no name."""
    if to == OUTSIDER:
        raise UsageError(
            "An outsider gets a headcount, and no name.",
            "Leave --fields out; or pin that office (`qasid-desk office pin`) and ask people for their consent.",
        )


def _count(desk: Desk, code: str) -> Headcount:
    on = aboard.aboard(desk, code)
    households = {alias: case for case in cases.listed(desk, closed=False) for alias in case["contacts"]}
    adults = minors = unknown = 0
    for each in on:
        case = households.get(each.alias)
        if case is not None and case["adults"] + case["minors"] == each.party:
            adults, minors = adults + case["adults"], minors + case["minors"]
        else:
            unknown += each.party
    return Headcount(adults + minors + unknown, len(on), adults, minors, unknown)


def _hide(counted: Headcount) -> Headcount:
    parts = [counted.adults or 0, counted.minors or 0, counted.unknown or 0]
    secret = hidden(parts)
    shown = [None if place in secret else count for place, count in enumerate(parts)]
    people, parties = (
        count if count is not None and count >= LEAST else None for count in (counted.people, counted.parties)
    )
    return Headcount(people, parties, *shown)
