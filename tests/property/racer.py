"""A process that takes seats one by one until there are none; prints how many it got.

python racer.py URL OFFICE MOVEMENT (ids in hexadecimal)
"""

import sys
from datetime import UTC, datetime

from store import allotments
from store.allotments import Change
from store.engine import open_store


def main(url: str, office: bytes, movement: bytes) -> int:
    store = open_store(url)
    print("ready", flush=True)
    sys.stdin.readline()  # all start together
    taken = 0
    one, now = Change("held", held=1), datetime.now(UTC)
    while store.write_now(lambda tx: allotments.shift(tx, office, movement, [one], now)):
        taken += 1
    store.close()
    return taken


if __name__ == "__main__":
    print(main(sys.argv[1], bytes.fromhex(sys.argv[2]), bytes.fromhex(sys.argv[3])))
