"""Erasing a person, as an officer's device says."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from handlers.api.claims import ALIAS
from handlers.api.context import Caller, CheckedRoute, Ctx
from handlers.api.fields import Body
from relay import erasure

router = APIRouter(tags=["desk"], route_class=CheckedRoute)


class Erasure(Body):
    contact: Annotated[str, Field(max_length=24, pattern=ALIAS, description="a contact's alias")]


@router.post("/v1/erasures", status_code=204)
async def erase(caller: Caller, ctx: Ctx, body: Erasure) -> None:
    """Delete everything of a contact, for good; not while a notice is out to them."""
    await caller.write(erasure.erase, body.contact, caller.now)
    await ctx.store.clear()
