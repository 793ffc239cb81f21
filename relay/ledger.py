"""The balance of the seats: the ledger, the allotments and the offers say the same, or here is where they do not."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from relay import seats
from relay.unit import Tx
from store import allotments, movements, offers
from store.sql import Found

PAGE = 500
STATES = {"promoted": "held", "passed": "standby"}
"""Entries about an offer are called by its state; these are not."""
ERASED = "erased"


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """One movement as `verify` found it: `wrong` says what does not balance, or is empty."""

    office: bytes
    code: str
    entries: int
    wrong: str


def verify(tx: Tx, seen: Callable[[int], None] = lambda _: None) -> list[LedgerReport]:
    """Replay every ledger. `seen` hears of entries read."""
    reports = []
    for row in movements.everything(tx):
        entries, wrong = _verify(tx, row, seen)
        reports.append(LedgerReport(row.office, row.code, entries, wrong))
    return reports


def _verify(tx: Tx, row: Found, seen: Callable[[int], None]) -> tuple[int, str]:
    sums: dict[bytes, Counter[str]] = {}
    made: dict[tuple[bytes, bytes], tuple[str, int, int]] = {}
    count = 0
    for entry in _entries(tx, row):
        count += 1
        seen(1)
        if entry.seq != count:
            return count - 1, f"entry {count} is missing"
        own = sums.setdefault(entry.office, Counter())
        own.update({"seats": entry.seats, "held": entry.held, "confirmed": entry.confirmed})
        if entry.offer is not None:
            _, held, confirmed = made.get((entry.office, entry.offer), ("", 0, 0))
            state = STATES.get(entry.kind, entry.kind)
            made[entry.office, entry.offer] = (state, held + entry.held, confirmed + entry.confirmed)
    if count != row.entries:
        return count, f"there are {count} entries, and {row.entries} were written"
    return count, _compare(tx, row, sums, made)


def _compare(
    tx: Tx,
    row: Found,
    sums: dict[bytes, Counter[str]],
    made: dict[tuple[bytes, bytes], tuple[str, int, int]],
) -> str:
    """What does not balance, or nothing."""
    allotted = allotments.everywhere(tx, row.office, row.movement)
    for each in allotted:
        counted = sums.pop(each.office, Counter())
        if (each.seats, each.held, each.confirmed) != tuple(
            counted[what] for what in ("seats", "held", "confirmed")
        ):
            return "an office's seats are not what its entries add up to"
        wrong = _compare_offers(tx, each, made)
        if wrong:
            return wrong
    if sums:
        return "there are entries of an office that has no seats"
    if sum(each.seats for each in allotted) != row.seats:
        return "the offices' seats together are not the movement's"
    if any(state != ERASED for state, _, _ in made.values()):
        return "an offer is missing"
    return ""


def _compare_offers(tx: Tx, allotment: Found, made: dict[tuple[bytes, bytes], tuple[str, int, int]]) -> str:
    """Takes the office's offers out of `made`."""
    for offer in offers.on(tx, allotment.office, allotment.movement):
        takes = seats.change(None, offer.state, offer.party, id_=offer.offer)
        found = made.pop((offer.office, offer.offer), None)
        if found != (offer.state, takes.held, takes.confirmed):
            return "an offer is not what was written of it"
    return ""


def _entries(tx: Tx, row: Found) -> Iterator[Found]:
    after = 0
    while page := allotments.entries(tx, row.office, row.movement, after, PAGE):
        yield from page
        after = page[-1].seq
