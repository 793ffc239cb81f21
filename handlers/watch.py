"""The relay looks at itself while it runs: figures (QASID_METRICS), alerts (QASID_ALERT_URL), and what they tell of."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from socket import socket
from typing import TYPE_CHECKING

from handlers import log, vitals
from handlers.alerts import Alerts
from handlers.clock import Clock
from handlers.config import ConfigError, Settings
from handlers.rival import Rival
from handlers.server import listen
from handlers.sight import Sight
from handlers.vitals import Vitals
from relay.unit import Store

if TYPE_CHECKING:
    from handlers.metrics import Metrics

logger = log.get("watch")


class Watch:
    """`run` it beside the relay; `metrics` is None where nobody asked for figures."""

    def __init__(self, settings: Settings, store: Store, clock: Clock) -> None:
        """Raises ConfigError when the figures' address cannot be had."""
        self._store = store
        self._clock = clock
        self._folder = vitals.folder_of(settings)
        self.sight = Sight(clock)
        self.rival = Rival(clock)
        self.metrics = _metrics(self.look) if settings.metrics else None
        self._bound = _listening(settings) if settings.metrics else None
        url = settings.alert_url
        self._alerts = Alerts(url.get_secret_value(), self.look, clock) if url else None

    async def look(self) -> Vitals:
        """How the relay is now."""
        return await vitals.look(self._store, self._clock, self.sight, self.rival, self._folder)

    async def run(self, knock: Callable[[], Awaitable[object]]) -> None:
        """Until cancelled; `knock` asks Telegram something harmless. The relay goes on without, should it fail."""
        try:
            async with AsyncExitStack() as stack:
                if self.metrics is not None and self._bound is not None:
                    await stack.enter_async_context(self.metrics.serving(self._bound))
                group = await stack.enter_async_context(asyncio.TaskGroup())
                group.create_task(self.sight.keep(knock))
                if self._alerts is not None:
                    group.create_task(self._alerts.keep())
        except Exception:
            logger.exception("the relay looks at itself no more: no figures, no alerts")


def _metrics(look: Callable[[], Awaitable[Vitals]]) -> "Metrics":
    from handlers.metrics import Metrics  # noqa: PLC0415 – 2 MB that only figures need

    return Metrics(look)


def _listening(settings: Settings) -> socket:
    try:
        return listen(*settings.metrics_address)
    except ConfigError:
        raise ConfigError(
            f"QASID_METRICS={settings.metrics} cannot be listened on, or is taken: name another port of this machine; "
            "every process needs its own."
        ) from None
