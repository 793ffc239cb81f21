"""QASID_ALERT_URL: a webhook that is told when something goes wrong: a code, since when, and no person or content.

Told once when it begins, each hour while it lasts, and once when it is over. What could not be told is told at the
next look, if it is still so. A process that is dead tells nothing: have something outside ask /readyz.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import aiohttp

from handlers import log
from handlers.clock import Clock, rest
from handlers.vitals import TROUBLES, Vitals

#: Between two looks; the first comes after one, so that a start is no alert.
LOOK = timedelta(seconds=30)
AGAIN = timedelta(hours=1)
#: For one alert, from the connection to the answer.
SECONDS = 5.0

logger = log.get("alerts")


@dataclass(slots=True)
class Trouble:
    """`told_at` is None until somebody was told."""

    since: datetime
    told_at: datetime | None = None


class Alerts:
    """Of one process: where several have the setting, each tells."""

    def __init__(self, url: str, look: Callable[[], Awaitable[Vitals]], clock: Clock) -> None:
        self._url = url
        self._look = look
        self._clock = clock
        self._troubles: dict[str, Trouble] = {}
        #: What could not be looked at the last time.
        self._unjudged: set[str] = set()

    async def keep(self) -> None:
        """Look and tell until cancelled."""
        while True:
            await rest(self._clock, LOOK)
            await self.look()

    async def look(self) -> None:
        """Tell what has changed, but for what could not be looked at: that neither began nor is over.

        Fails only into the log.
        """
        try:
            judged = (await self._look()).judged
        except Exception:
            logger.exception("the relay could not look at itself")
            return
        self._say_unjudged(set(TROUBLES) - set(judged))
        found = {code for code, there in judged.items() if there}
        now = self._clock.now()
        for code in sorted(found):
            trouble = self._troubles.setdefault(code, Trouble(now))
            if trouble.told_at is None or not timedelta() <= now - trouble.told_at < AGAIN:
                state = "began" if trouble.told_at is None else "lasts"
                if await self._tell(code, state, trouble.since):
                    trouble.told_at = now
        for code in sorted(self._troubles.keys() & judged.keys() - found):
            trouble = self._troubles[code]
            if trouble.told_at is None or await self._tell(code, "over", trouble.since):
                del self._troubles[code]

    def _say_unjudged(self, codes: set[str]) -> None:
        if codes - self._unjudged:
            logger.warning("not everything can be looked at", codes=sorted(codes))
        self._unjudged = codes

    async def _tell(self, code: str, state: str, since: datetime) -> bool:
        """Whether it was taken. `text` is what chat services show of it."""
        text = f"Qasid: {code} {state} ({since:%Y-%m-%d %H:%M} UTC)"
        body = {"code": code, "state": state, "since": since.isoformat(timespec="seconds"), "text": text}
        limit = aiohttp.ClientTimeout(total=SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=limit) as session,
                session.post(self._url, json=body, allow_redirects=False) as answer,
            ):
                taken = 200 <= answer.status < 300
        except (aiohttp.ClientError, OSError, TimeoutError):
            taken = False
        if not taken:
            logger.warning("an alert could not be told", code=code, state=state)
        return taken
