"""What a phone loads, what a status costs, and how long somebody on a bad line waits until a first message is taken.

Chromium emulates the line; the app and the relay are the real ones, the app as it was built.
"""

import re
import subprocess
from pathlib import Path
from statistics import median

from bench.figure import Bench, Figure, turns
from tests.browser.chromium import node
from tests.proofs.line import BANDWIDTH, ROUND_TRIP
from tests.proofs.statuses import NEWS, ROSTER, statuses
from tests.proofs.visit import Visit, visits

KIB = 1024
ROUNDS, QUICK = 5, 1
WEBAPP = Path(__file__).resolve().parents[1] / "webapp"
SIZE = re.compile(r"(\d+)\s+first load, gzip")


def run(quick: bool, folder: Path) -> list[Figure]:
    loaded = _first_load() / KIB
    rounds = QUICK if quick else ROUNDS
    found = []
    for number, _ in turns(rounds):
        place = folder / str(number)
        place.mkdir()
        found.append(visits(place))
    line = f"bytes at {BANDWIDTH * 8 / 1000:.0f} kb/s and two round trips of {ROUND_TRIP:.0f} s"
    place = folder / "statuses"
    place.mkdir()
    costs = statuses(place, rounds)
    apart = ", ".join(f"{median(costs[name]) / KIB:.1f} KiB after {name}" for name in (NEWS, ROSTER))
    first, second = ([pair[which] for pair in found] for which in (0, 1))
    return [
        Figure(
            "first load of the app, gzip",
            "one language and all cryptography",
            [loaded],
            60,
            at_most=True,
            unit="KiB",
        ),
        Figure(
            "one status, up and down, to 20 officers with 40 devices",
            "one padded body, its wraps, HTTP's headers",
            [each / KIB for each in costs[""]],
            8,
            at_most=True,
            unit="KiB",
            note=apart,
        ),
        _figure("first sealed message, new phone", line, first),
        _figure("first sealed message, second visit", line, second),
    ]


def _figure(name: str, line: str, found: list[Visit]) -> Figure:
    ratios = [each.took / each.limit for each in found]
    last = found[-1]
    note = f"{last.took:.1f} s for {(last.up + last.down) / KIB:.0f} KiB, {len(last.trips)} requests one after another"
    return Figure(name, line, ratios, 1.5, at_most=True, note=note)


def _first_load() -> int:
    """Bytes, as webapp/scripts/size.ts counts them. Raises RuntimeError when the app is not built."""
    done = subprocess.run(
        [node(), "scripts/size.ts"], cwd=WEBAPP, capture_output=True, text=True, check=False
    )
    counted = SIZE.search(done.stdout)
    if counted is None:
        raise RuntimeError(f"the app is not built: run make setup ({done.stderr.strip()[-200:]})")
    return int(counted[1])


BENCH = Bench("app", "the app opens on a bad line in little more than its bytes take", run)
