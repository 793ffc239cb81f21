"""A process that takes seats one by one until there are none; prints how many it got.

python racer.py URL OFFICE MOVEMENT (ids in hexadecimal)
"""

import sys

from relay import seats
from relay.errors import RelayError
from store.engine import open_store


def main(url: str, office: bytes, movement: bytes) -> int:
    store = open_store(url)
    print("ready", flush=True)
    sys.stdin.readline()  # all start together
    taken = 0
    try:
        while True:
            store.write_now(lambda tx: seats.hold(tx, office, movement, 1))
            taken += 1
    except RelayError as error:
        if error.code != "seats_short":
            raise
    store.close()
    return taken


if __name__ == "__main__":
    print(main(sys.argv[1], bytes.fromhex(sys.argv[2]), bytes.fromhex(sys.argv[3])))
