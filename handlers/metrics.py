"""Figures for Prometheus, on an address of their own (QASID_METRICS) that the public one never shows.

Labels come from fixed sets alone: kinds, outcomes, jobs, reasons, methods, statuses, and routes as they are written
in the code. So no person, office or secret can get into one, whatever is asked or sent.
"""

import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from socket import socket

from aiohttp import web
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from handlers import log
from handlers.version import VERSION
from handlers.vitals import Kept, Vitals
from relay.beats import Run
from relay.delivery import Claim, Outcome
from relay.errors import StoreError

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
STATES = ("seen", "unseen", "token_refused")
ELSE = "other"
SECONDS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

logger = log.get("metrics")

disable_created_metrics()  # type: ignore[no-untyped-call]  # when something happened for the first time is nobody's business


class Metrics:
    """Counts what it is told of; all else it looks up when asked."""

    def __init__(self, look: Callable[[], Awaitable[Vitals]]) -> None:
        self._look = look
        self._registry = own = CollectorRegistry()

        def gauge(name: str, what: str, *labels: str) -> Gauge:
            return Gauge(f"qasid_{name}", what, labels, registry=own)

        self._calls = Counter(
            "qasid_calls", "Calls to Telegram that ended", ["kind", "outcome"], registry=own
        )
        self._runs = Counter("qasid_job_runs", "Runs of the clock's jobs", ["job", "outcome"], registry=own)
        self._handled = Counter(
            "qasid_job_handled", "What jobs did; of release: notices that went out", ["job"], registry=own
        )
        self._answers = Counter(
            "qasid_http_answers", "Answers to HTTP requests", ["route", "method", "status"], registry=own
        )
        self._seconds = Histogram(
            "qasid_http_seconds", "From a request to its answer", ["route"], buckets=SECONDS, registry=own
        )
        self._waiting = gauge("outbox_waiting", "What waits for Telegram", "kind", "reason")
        self._late = gauge("outbox_late_seconds", "Since when the oldest waits that should have gone out")
        self._sent = gauge("outbox_sent_last_minute", "Messages sent in the last minute")
        self._led = gauge("led", "1 while some process delivers")
        self._release = gauge(
            "next_release_timestamp_seconds", "When the next notice is to go out; 0 for none"
        )
        self._job_late = gauge("job_late_seconds", "By how much the job's last run was late", "job")
        self._job_overdue = gauge("job_overdue_seconds", "For how long the job's next run is due", "job")
        self._job_failed = gauge("job_failed", "1 where the job's last run failed", "job")
        self._telegram = gauge("telegram", "1 for the state that Telegram is in", "state")
        self._seen = gauge("telegram_seen_timestamp_seconds", "When Telegram last answered; 0 for never")
        self._free = gauge("disk_free_bytes", "What is free where the relay writes")
        self._total = gauge("disk_size_bytes", "The size of that disk")
        self._backup = gauge("backup_timestamp_seconds", "When the last backup was made; 0 for never")
        self._trouble = gauge("trouble", "1 where an alert is told, as far as this process can see", "code")
        gauge("build_info", "The version", "version").labels(VERSION).set(1)

    def settled(self, claim: Claim, outcome: Outcome) -> None:
        """A call to Telegram has ended."""
        self._calls.labels(claim.kind, type(outcome).__name__.lower()).inc()

    def ran(self, run: Run) -> None:
        """A job has run."""
        self._runs.labels(run.name, run.outcome).inc()
        self._handled.labels(run.name).inc(run.count)

    def answered(self, scope: Scope, status: int, seconds: float) -> None:
        """A request was answered."""
        route = _route(scope)
        method = scope["method"] if scope["method"] in METHODS else ELSE
        self._answers.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def measuring(self, app: ASGIApp) -> ASGIApp:
        """The application, every answer of which is counted."""
        return Measured(app, self)

    async def page(self) -> bytes:
        """In Prometheus' text format. Raises StoreError when the database does not answer: no page of zeros."""
        found = await self._look()
        if found.kept is None:
            raise StoreError("the database does not answer")
        self._show(found, found.kept)
        return generate_latest(self._registry)

    def _show(self, found: Vitals, kept: Kept) -> None:
        self._trouble.clear()
        for code, there in found.judged.items():
            self._trouble.labels(code).set(there)
        self._waiting.clear()
        for group in kept.backlog.groups:
            self._waiting.labels(group.kind, group.reason).set(group.count)
        late = kept.backlog.late_since
        self._late.set(0 if late is None else (found.now - late).total_seconds())
        self._sent.set(kept.backlog.sent_last_minute)
        self._led.set(kept.backlog.led)
        self._release.set(_stamp(kept.backlog.next_release))
        for job in kept.jobs:
            overdue = 0.0 if job.next_at is None else (found.now - job.next_at).total_seconds()
            self._job_late.labels(job.name).set((job.late_ms or 0) / 1000)
            self._job_overdue.labels(job.name).set(max(overdue, 0.0))
            self._job_failed.labels(job.name).set(job.outcome == "failed")
        for state in STATES:
            self._telegram.labels(state).set(state == found.telegram)
        self._seen.set(_stamp(found.telegram_seen_at))
        self._free.set(found.disk.free if found.disk else math.nan)
        self._total.set(found.disk.total if found.disk else math.nan)
        self._backup.set(_stamp(kept.backup_at))

    @asynccontextmanager
    async def serving(self, bound: socket) -> AsyncIterator[None]:
        """Answer GET /metrics on the socket while inside."""
        app = web.Application()
        app.router.add_get("/metrics", self._answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            await web.SockSite(runner, bound).start()
            yield
        finally:
            await runner.cleanup()

    async def _answer(self, _request: web.Request) -> web.Response:
        try:
            return web.Response(body=await self.page(), headers={"Content-Type": CONTENT_TYPE_LATEST})
        except Exception:
            logger.exception("figures could not be read")
            return web.Response(status=503)


class Measured:
    """ASGI middleware: tells Metrics of every answer."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._metrics.answered(scope, message["status"], time.perf_counter() - begun)
            await send(message)

        await self._app(scope, receive, told)


def _route(scope: Scope) -> str:
    """As it is written in the code, parameters by name; the app's files together."""
    path = getattr(scope.get("route"), "path", "")
    if path:
        return str(path)
    return "/app" if scope["path"].startswith("/app/") else ELSE


def _stamp(at: datetime | None) -> float:
    return 0 if at is None else at.timestamp()
