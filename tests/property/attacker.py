"""Processes that do whatever they can to one movement's seats until their time is over; prints what they managed.

python attacker.py PROCESSES URL SECONDS NOW OFFICE MOVEMENT NOTICE CONTACT… (ids in hexadecimal; NOW in unix seconds)
They are forked off one that has loaded everything: loading takes longer than the attack.

Letters are no part of this: a promotion always finds a copy to let out.
"""

import json
import multiprocessing
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from crypto.encoding import moment
from relay import loans, offers, standby
from relay.errors import RelayError
from relay.seats import Seat
from store import mail
from store import offers as rows
from store.engine import Store, open_store

LEAST = 40
"""Acts of each, however busy the machine is: some must meet a movement that is full."""


class Attacker:
    """Offers, answers and takes back at random; what is refused is counted by its code."""

    def __init__(self, store: Store, now: int, ids: list[bytes]) -> None:
        self.store, self.now = store, moment(now)
        (self.office, self.movement, self.notice), self.contacts = ids[:3], ids[3:]
        self.done: Counter[str] = Counter()

    def run(self, seconds: float) -> None:
        acts = (
            self.offer,
            self.offer,
            self.offer,
            self.accept,
            self.accept,
            self.decline,
            self.withdraw,
            self.beat,
        )
        until = time.monotonic() + seconds
        while time.monotonic() < until or self.done.total() < LEAST:
            self.do(random.choice(acts))
        while not self.store.read_now(lambda tx: rows.live_on(tx, self.office, self.movement)):
            self.do(self.offer)  # what is left standing is counted

    def do(self, act: Callable[[Any], None]) -> None:
        try:
            self.store.write_now(act)
            self.done[act.__name__] += 1
        except RelayError as error:
            self.done[error.code] += 1

    def offer(self, tx: Any) -> None:
        later = moment(int(self.now.timestamp()) + 7200)
        seat = Seat(
            random.choice(self.contacts),
            random.randbytes(16),
            random.randint(1, 3),
            random.choice([None, 1, 2]),
        )
        draft = SimpleNamespace(notice=self.notice, version=1, offers=[seat], answer_by=later, expires=later)
        offers.make(tx, self.office, self.movement, draft, self.now)
        standby.promote(tx, self.office, self.movement, self.now)

    def accept(self, tx: Any) -> None:
        for row in self.one_of(tx, "held", "declined"):
            offers.accept(tx, row, random.randint(1, row.party), self.now)

    def decline(self, tx: Any) -> None:
        for row in self.one_of(tx, "held", "accepted"):
            offers.decline(tx, row, self.now)

    def withdraw(self, tx: Any) -> None:
        offers.withdraw_contact(tx, self.office, random.choice(self.contacts), self.now)

    def beat(self, tx: Any) -> None:
        standby.backfill(tx, self.now)
        loans.return_due(tx, self.now)

    def one_of(self, tx: Any, *states: str) -> list[Any]:
        found = [row for row in rows.live_on(tx, self.office, self.movement) if row.state in states]
        return [random.choice(found)] if found else []


def attack(url: str, seconds: float, now: int, ids: list[bytes], start: Any, done: Any) -> None:
    mail.held_back_for = lambda *_: [SimpleNamespace(holder_kind=1, holder=b"", prekey=b"", contact=b"")]
    mail.release = lambda *_: None
    random.seed()
    store = open_store(url)
    attacker = Attacker(store, now, ids)
    start.wait()
    attacker.run(seconds)
    store.close()
    done.put(attacker.done)


def main(processes: int, *given: Any) -> Counter[str]:
    fork = multiprocessing.get_context("fork")
    start, done = fork.Barrier(processes), fork.Queue()
    attackers = [fork.Process(target=attack, args=(*given, start, done)) for _ in range(processes)]
    for each in attackers:
        each.start()
    counts: Counter[str] = Counter()
    for _ in attackers:
        counts.update(done.get(timeout=given[1] + 60))
    for each in attackers:
        each.join()
    assert all(each.exitcode == 0 for each in attackers)
    return counts


if __name__ == "__main__":
    named = [bytes.fromhex(each) for each in sys.argv[5:]]
    print(json.dumps(main(int(sys.argv[1]), sys.argv[2], float(sys.argv[3]), int(sys.argv[4]), named)))
