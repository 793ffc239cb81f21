"""What a letter costs, from the phone that sends it to the desk's answer being read, as letters pile up.

Two relays take turns, one with few letters stored and one with many: the same work on both, statement by statement.
"""

import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from bench.figure import Bench, Figure, interleaved
from bench.town import Town, fill, house_of
from crypto.envelope import split
from relay import post
from relay.addressing import MESSAGES
from relay.post import Accepted, Upload
from store.engine import Store
from tests.relay.house import House, Phone

FEW, MANY, VERY_MANY = 10_000, 1_000_000, 10_000_000
#: rounds, letters each way in each
FULL, QUICK = (9, 256), (3, 16)
QUICK_SIZES = 100, 2_000
PHONES = 16
#: Letters that a desk fetches at once.
PAGE = 100


class Relay:
    """One with so many letters stored, and people who write to it."""

    def __init__(self, folder: Path, stored: int, letters: int) -> None:
        self._count = letters
        town = Town.found(folder)
        self.store: Store = town.open()
        self._house: House = house_of(town, self.store)
        self._phones = [self._house.enrolled(MESSAGES) for _ in range(PHONES)]
        self._accept([self._answer(self._phones[0])])  # what the stored ones are like
        self.store.close()
        fill(town, stored)
        self.store = self._house.store = town.open()
        #: The last letter that the desk has read.
        self._read = 0

    def exchange(self, _round: int = 0) -> float:
        """Seconds: letters to the office in one batch, one to each phone, and what desk and phones do to read them."""
        house, phones = self._house, self._phones
        house.now = datetime.now(UTC)
        asked = [Upload(each.device, each.letter(), house.now) for each in self._turns()]
        told = [self._answer(each) for each in phones]
        start = time.perf_counter()
        self._accept(asked)
        self._accept(told)
        if self._desk_reads() != len(asked):
            raise RuntimeError("the desk did not find the letters that were sent")
        for each in phones:
            if not each.read():
                raise RuntimeError("a phone was sent a letter and found none")
        return time.perf_counter() - start

    def _desk_reads(self) -> int:
        """How many letters a desk fetches, page by page from where it was, and says that it keeps."""
        house, found = self._house, 0
        while items := house.as_(house.chief, post.mail, self._read, PAGE, house.now).items:
            self._read = items[-1].seq
            house.as_(
                house.chief, post.ack, [split(item.envelope).header.envelope for item in items], house.now
            )
            found += len(items)
        return found

    def _turns(self) -> list[Phone]:
        return [self._phones[number % PHONES] for number in range(self._count)]

    def _answer(self, phone: Phone) -> Upload:
        house = self._house
        return Upload(house.chief.device, house.seal(house.chief, house.to(phone)), house.now)

    def _accept(self, uploads: Sequence[Upload]) -> None:
        found: list[Any] = self.store.write_now(lambda tx: post.accept_many(tx, uploads))
        if refused := [each for each in found if not isinstance(each, Accepted)]:
            raise RuntimeError(f"{len(refused)} of {len(found)} letters were refused: {refused[0]}")


def run(quick: bool, folder: Path) -> list[Figure]:
    """Up to a million."""
    return _grown(quick, folder, MANY)


def large(quick: bool, folder: Path) -> list[Figure]:
    """Up to ten million: some 25 GB, and a quarter of an hour to store them."""
    return _grown(quick, folder, VERY_MANY)


def _grown(quick: bool, folder: Path, most: int) -> list[Figure]:
    (rounds, letters), (small, large) = (QUICK, QUICK_SIZES) if quick else (FULL, (FEW, most))
    with ExitStack() as stack:
        few, many = (Relay(folder / str(size), size, letters) for size in (small, large))
        stack.enter_context(closing(few.store))
        stack.enter_context(closing(many.store))
        for each in (few, many):  # warm: statements compiled, the tops of the trees in memory
            each.exchange()
        theirs, ours = interleaved(rounds, few.exchange, many.exchange)
    return [
        Figure(
            f"cost of a letter, {large:,} stored",
            f"with {small:,} stored",
            [mine / base for mine, base in zip(ours, theirs, strict=True)],
            goal=1.2,
            at_most=True,
            note=f"{1e6 * median(ours) / letters:.0f} µs against {1e6 * median(theirs) / letters:.0f} µs",
        )
    ]


BENCH = Bench("growth", "a letter costs the same among a million others", run)
LARGE = Bench("growth-large", "a letter costs the same among ten million others", large, seldom=True)
