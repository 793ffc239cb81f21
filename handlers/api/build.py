"""The FastAPI application: routers, guard, error form, phone app."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.middleware.gzip import GZipMiddleware

from handlers.api import (
    assents,
    assignments,
    attachments,
    attempts,
    audit,
    beginnings,
    cases,
    claims,
    compositions,
    conditions,
    departures,
    desk,
    devices,
    disclosures,
    duplicates,
    duty,
    erasures,
    escalations,
    exports,
    holdings,
    loans,
    movements,
    outcomes,
    phone,
    post,
    problem,
    public,
    referrals,
    report,
    sponsors,
    threads,
    unrung,
    uploads,
)
from handlers.api.context import Context
from handlers.api.guard import Guard
from handlers.version import VERSION


def build(
    context: Context,
    *,
    app_dir: Path,
    app_origin: str = "",
    frames: tuple[str, ...] = (),
    extra: Sequence[APIRouter] = (),
    https: bool = False,
) -> FastAPI:
    """All of the HTTP edge.

    `frames` may also show the phone app; pages of `app_origin` may ask the API; `extra` are further routers (the
    webhook); `https` where everybody comes by it, who are told to insist on it.
    """
    app = FastAPI(openapi_url=None)
    problem.install(app)
    for router in (*extra, phone.front()):
        app.include_router(router)
    if (app_dir / "index.html").is_file():
        # Bytes are what a phone on a thin line waits for.
        app.include_router(phone.bundle(app_dir))
        app.mount("/app", GZipMiddleware(phone.PhoneFiles(app_dir, frames), minimum_size=500))
    else:
        app.include_router(phone.missing())
    app.mount("", phone.asked_from(app_origin, api()) if app_origin else api())
    app.add_middleware(Guard, context=context, https=https)
    return app


@cache
def api() -> FastAPI:
    """Every operation; whose relay it works on, each request brings along. Made once: that takes a while."""
    app = FastAPI(
        title="Qasid relay",
        version=VERSION,
        description="Requests are signed as docs/PROTOCOL.md section 10 describes, but those tagged open.",
        docs_url=None,  # it would load scripts from elsewhere
        redoc_url=None,
        responses=problem.RESPONSES,
    )
    problem.install(app)
    for module in (
        public,
        beginnings,
        referrals,
        devices,
        assents,
        holdings,
        post,
        attachments,
        desk,
        cases,
        claims,
        escalations,
        movements,
        loans,
        outcomes,
        departures,
        uploads,
        conditions,
        compositions,
        duty,
        duplicates,
        erasures,
        report,
        assignments,
        attempts,
        unrung,
        sponsors,
        threads,
        disclosures,
        exports,
        audit,
    ):
        app.include_router(module.router)
    app.include_router(public.watched)
    return app


def build_watched(context: Context) -> FastAPI:
    """What a process answers that serves nobody but whoever watches it."""
    app = FastAPI(openapi_url=None)
    problem.install(app)
    app.include_router(public.watched)
    app.add_middleware(Guard, context=context, https=False)  # asked on its own machine
    return app
