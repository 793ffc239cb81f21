"""Two records of one person."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from handlers.api.claims import ALIAS
from handlers.api.context import Caller, CheckedRoute, Ctx
from handlers.api.fields import Body, View
from relay import duplicates

router = APIRouter(tags=["desk"], route_class=CheckedRoute)
Alias = Annotated[str, Field(max_length=24, pattern=ALIAS, description="a contact's alias")]


class Pair(View):
    one: str
    two: str


class Pairs(View):
    pairs: list[Pair]


class Merger(Body):
    keep: Alias
    end: Alias


class Merged(View):
    household: Annotated[bool, Field(description="whether its place in a household is the kept one's now")]


@router.get("/v1/duplicates")
async def listed(caller: Caller) -> Pairs:
    """Contacts of the own office that share a Telegram account; several adults may."""
    found = await caller.write(duplicates.listed, caller.now)
    return Pairs.model_validate({"pairs": found}, from_attributes=True)


@router.post("/v1/merges")
async def merge(caller: Caller, ctx: Ctx, body: Merger) -> Merged:
    """End the second record of somebody, for good; not while a notice is out to either."""
    moved = await caller.write(duplicates.merge, body.keep, body.end, caller.now)
    await ctx.store.clear()
    return Merged(household=moved)
