"""Counts that may leave an office: which cells of a table are not shown, so that it tells of nobody.

Relay and desk hide by this one rule; the tests try every table up to a size, as somebody would who knows it.
"""

from collections.abc import Sequence
from typing import Final

LEAST: Final = 5
"""The smallest count that is shown."""


def hidden(counts: Sequence[int]) -> set[int]:
    """Which of the counts are not shown beside their total, by place; the last is that of the unknown.

    Hidden are those under LEAST; and where these together are few, too, or all the most that they can be, the smallest
    of the others (all of that size), which then look the same. Where nothing is known of anybody, that is shown.
    """
    if counts[-1] == sum(counts) >= LEAST:
        return set()
    low = {place for place, count in enumerate(counts) if count < LEAST}
    rest = sum(counts[place] for place in low)
    if low and (rest < LEAST or rest == (LEAST - 1) * len(low)):
        least = min((count for count in counts if count >= LEAST), default=0)
        low |= {place for place, count in enumerate(counts) if count == least}
    return low
