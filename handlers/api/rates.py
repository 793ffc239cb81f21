"""How often one sender may ask, counted in memory: addresses are never written anywhere.

Each process counts for itself: where several serve the web, a sender may ask each of them as often.
"""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address, ip_network

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from handlers.api.problem import ApiError
from relay.errors import RelayError

# Guessing letters, codes or initData: per client address. Thousands of phones may stand behind one address of a
# mobile network, so that each purpose is counted by itself; a letter's 128 bits are not guessed anyway.
LETTERS = RateLimitItemPerMinute(120, namespace="letters")
ENROLMENTS = RateLimitItemPerMinute(120, namespace="enrolments")
#: Tries at one letter that failed, from wherever. One that holds is never counted: no stranger keeps the person out.
LETTER_FAILURES = RateLimitItemPerHour(20, namespace="letter failures")
#: People without a letter, who are only ever few.
REFERRALS = RateLimitItemPerHour(20, namespace="referrals")
OFFICES = RateLimitItemPerMinute(120, namespace="offices")
#: Wipes that no device of ours has signed; those that one has are counted as its requests.
WIPES = RateLimitItemPerMinute(120, namespace="wipes")
ROSTERS = RateLimitItemPerMinute(3000, namespace="rosters")
#: Whether the relay is ready: a look into the database.
LOOKS = RateLimitItemPerMinute(600, namespace="looks")
#: Anything else without a known signature: per client address.
STRANGERS = RateLimitItemPerMinute(3000, namespace="strangers")
#: Signed requests: per device.
DEVICES = RateLimitItemPerSecond(200, 10, namespace="devices")
#: Sealed texts in the chat: per Telegram account and per device. One that comes in parts counts for each of them.
ARMOUR_CHATS = RateLimitItemPerHour(120, namespace="armour chats")
ARMOUR_DEVICES = RateLimitItemPerHour(60, namespace="armour devices")
#: The offline page, per Telegram account: it is large.
PAGES = RateLimitItemPerHour(6, namespace="pages")
#: What one subscriber gets in IPv6: each has as many addresses as they like.
SUBSCRIBER_BITS = 64


@dataclass
class Rates:
    """`hit` counts and refuses; `enabled` False for benchmarks."""

    enabled: bool = True
    _limiter: MovingWindowRateLimiter = field(
        default_factory=lambda: MovingWindowRateLimiter(MemoryStorage())
    )

    @contextmanager
    def failures(self, limit: RateLimitItem, who: str, code: str) -> Iterator[None]:
        """Counts what ends with RelayError `code`; raises ApiError 429 in its place when that was too often."""
        try:
            yield
        except RelayError as error:
            if error.code == code:
                self.hit(limit, who)
            raise

    def allows(self, limit: RateLimitItem, who: str) -> bool:
        """Counts; False when `who` has asked too often."""
        return not self.enabled or self._limiter.hit(limit, who)

    def hit(self, limit: RateLimitItem, who: str) -> None:
        """Raises ApiError 429 with Retry-After when `who` has asked too often."""
        if self.allows(limit, who):
            return
        reset = self._limiter.get_window_stats(limit, who).reset_time
        wait = max(1, math.ceil(reset - time.time()))
        raise ApiError(
            429, "too_many", f"Too many requests: wait {wait} seconds.", {"Retry-After": str(wait)}
        )


def counted_as(host: str) -> str:
    """Whom a client's address stands for: itself, or in IPv6 its network of SUBSCRIBER_BITS."""
    try:
        found = ip_address(host)
    except ValueError:  # a socket's path, say
        return host
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network((int(found), SUBSCRIBER_BITS), strict=False))
