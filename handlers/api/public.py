"""What anybody may ask: the time, what this relay is, rosters, the slip of a letter."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import NonNegativeInt

from handlers.api.context import Ctx, address
from handlers.api.fields import Blob, Hash, Id, Time, View
from handlers.api.rates import LETTERS, ROSTERS
from handlers.version import VERSION
from relay import invitations, offices

router = APIRouter(tags=["open"])


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
    return Slip.model_validate(await ctx.store.read(lambda tx: invitations.letter(tx, invitation, now)))


@router.get("/healthz")
async def health(ctx: Ctx) -> Now:
    """Answers when the database does."""
    await ctx.store.read(lambda _tx: None)
    return Now(now=ctx.clock.now())
