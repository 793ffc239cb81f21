"""What anybody may ask: the time, what this relay is, rosters, the slip of a letter."""

import gzip
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.routing import APIRoute
from pydantic import NonNegativeInt

from handlers.api.context import Ctx, address
from handlers.api.fields import Blob, Hash, Id, Time, View
from handlers.api.problem import ApiError
from handlers.api.rates import LETTER_FAILURES, LETTERS, LOOKS, ROSTERS
from handlers.version import VERSION
from relay import invitations, offices, readiness

#: Bytes that are not worth packing.
SHORT = 500


class PackedRoute(APIRoute):
    """Packs a long answer for who can unpack it: a roster is half as long then, and every phone loads each one."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The framework's own, and its answer packed."""
        answered = super().get_route_handler()

        async def handle(request: Request) -> Response:
            response = await answered(request)
            if len(response.body) <= SHORT:
                return response
            response.headers["Vary"] = "Accept-Encoding"
            if "gzip" in request.headers.get("Accept-Encoding", ""):
                response.body = gzip.compress(response.body)
                response.headers["Content-Encoding"] = "gzip"
                response.headers["Content-Length"] = str(len(response.body))
            return response

        return handle


router = APIRouter(tags=["open"], route_class=PackedRoute)
#: All that a worker answers.
watched = APIRouter(tags=["open"])


class Now(View):
    now: Time


class Info(View):
    bot: str | None
    version: str
    demo: bool


class Rosters(View):
    head: int
    rosters: list[Blob]


class Slip(View):
    slip: Blob
    tag: Hash


@router.get("/v1/time")
async def time(ctx: Ctx) -> Now:
    """The relay's clock, against which signatures are judged."""
    return Now(now=ctx.clock.now())


@router.get("/v1/info")
async def info(ctx: Ctx) -> Info:
    """The bot's name to compare with the letter (null while Telegram is out of reach)."""
    return Info(bot=ctx.bot_name, version=VERSION, demo=ctx.demo)


@router.get("/v1/offices/{office}/rosters")
async def rosters(
    ctx: Ctx, request: Request, office: Hash, start: Annotated[NonNegativeInt, Query(alias="from")] = 1
) -> Rosters:
    """Signed rosters from that version on, at most 50."""
    ctx.rates.hit(ROSTERS, address(request))
    return Rosters.model_validate(await ctx.store.read(lambda tx: offices.rosters(tx, office, start)))


@router.get("/v1/letters/{invitation}")
async def letter(ctx: Ctx, request: Request, invitation: Id) -> Slip:
    """The slip that only the letter's secret can check; unknown, used and expired look alike."""
    ctx.rates.hit(LETTERS, address(request))
    now = ctx.clock.now()
    with ctx.rates.failures(LETTER_FAILURES, invitation.hex(), "letter_not_found"):
        return Slip.model_validate(await ctx.store.read(lambda tx: invitations.letter(tx, invitation, now)))


@watched.get("/healthz")
async def health(ctx: Ctx) -> Now:
    """Answers when the process does, database or not: a restart does not bring that back."""
    return Now(now=ctx.clock.now())


@watched.get("/readyz")
async def ready(ctx: Ctx, request: Request) -> Now:
    """Answers when the relay can do all of its work; 503 otherwise, naming what is missing."""
    ctx.rates.hit(LOOKS, address(request))
    now = ctx.clock.now()
    found = await ctx.store.read(lambda tx: readiness.look(tx, now))
    parts = {"schema": found.schema, "leader": found.leader, "telegram": ctx.telegram_seen()}
    missing = [name for name, there in parts.items() if not there]
    if missing:
        raise ApiError(503, "not_ready", f"Missing: {', '.join(missing)}.", {"Retry-After": "5"})
    return Now(now=now)
