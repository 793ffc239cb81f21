"""Processes that take seats one by one until there are none; prints how many each got.

python racer.py PROCESSES URL OFFICE MOVEMENT (ids in hexadecimal). Forked off one that has loaded everything.
"""

import json
import multiprocessing
import sys
from datetime import UTC, datetime
from typing import Any

from store import allotments
from store.allotments import Change
from store.engine import open_store


def race(url: str, office: bytes, movement: bytes, start: Any, taken: Any) -> None:
    store = open_store(url)
    start.wait()
    count = 0
    one, now = Change("held", held=1), datetime.now(UTC)
    while store.write_now(lambda tx: allotments.shift(tx, office, movement, [one], now)):
        count += 1
    store.close()
    taken.put(count)


def main(processes: int, *given: Any) -> list[int]:
    fork = multiprocessing.get_context("fork")
    start, taken = fork.Barrier(processes), fork.Queue()
    racers = [fork.Process(target=race, args=(*given, start, taken)) for _ in range(processes)]
    for racer in racers:
        racer.start()
    counts = [taken.get(timeout=60) for _ in racers]
    for racer in racers:
        racer.join()
    return counts


if __name__ == "__main__":
    ids = [bytes.fromhex(each) for each in sys.argv[3:]]
    print(json.dumps(main(int(sys.argv[1]), sys.argv[2], *ids)))
