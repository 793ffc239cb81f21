"""Relatives abroad: links by which they may ask when a contact was last heard of."""

from fastapi import APIRouter

from handlers.api.assignments import Code
from handlers.api.context import Caller, CheckedRoute, Ctx
from handlers.api.devices import Link, bot_of, start_link
from handlers.api.fields import Body, View
from relay import sponsors

router = APIRouter(tags=["desk"], route_class=CheckedRoute)


class Whose(Body):
    """A contact's alias."""

    contact: Code


class Sponsors(View):
    """`codes`: links that nobody opened yet. Unless `permitted` by the person, nobody is told anything."""

    alias: str
    sponsors: int
    codes: int
    permitted: bool


class SponsorList(View):
    contacts: list[Sponsors]


class Ended(View):
    sponsors: int


@router.post("/v1/sponsors", status_code=201)
async def invite(caller: Caller, ctx: Ctx, body: Whose) -> Link:
    """A one-time deep link for a relative of a contact."""
    bot = bot_of(ctx)
    return start_link(bot, "s", await caller.write(sponsors.invite, body.contact, caller.now))


@router.get("/v1/sponsors")
async def listed(caller: Caller) -> SponsorList:
    """About whom relatives may ask."""
    found = await caller.read(sponsors.listed, caller.now)
    return SponsorList.model_validate({"contacts": found}, from_attributes=True)


@router.post("/v1/sponsors/end")
async def end(caller: Caller, body: Whose) -> Ended:
    """Nobody may ask about the contact any more; how many relatives could."""
    return Ended(sponsors=await caller.write(sponsors.end, body.contact, caller.now))
