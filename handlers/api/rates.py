"""How often one sender may ask, counted in memory: addresses are never written anywhere."""

import math
import time
from dataclasses import dataclass, field

from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from handlers.api.problem import ApiError

#: Guessing letters, codes or initData: per client address.
#: Thousands of phones may stand behind one address of a mobile network; a letter's 128 bits are not guessed anyway.
GUESSES = RateLimitItemPerMinute(120)
#: Anything else without a known signature: per client address.
STRANGERS = RateLimitItemPerMinute(3000)
#: Signed requests: per device.
DEVICES = RateLimitItemPerSecond(200, 10)


@dataclass
class Rates:
    """`hit` counts and refuses; `enabled` False for benchmarks."""

    enabled: bool = True
    _limiter: MovingWindowRateLimiter = field(
        default_factory=lambda: MovingWindowRateLimiter(MemoryStorage())
    )

    def hit(self, limit: RateLimitItem, who: str) -> None:
        """Raises ApiError 429 with Retry-After when `who` has asked too often."""
        if not self.enabled or self._limiter.hit(limit, who):
            return
        reset = self._limiter.get_window_stats(limit, who).reset_time
        wait = max(1, math.ceil(reset - time.time()))
        raise ApiError(
            429, "too_many", f"Too many requests: wait {wait} seconds.", {"Retry-After": str(wait)}
        )
