"""Claims: who sees to whom just now."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field

from handlers.api.context import Caller, CheckedRoute
from handlers.api.fields import Body, Id, Time, View
from relay import claims

router = APIRouter(tags=["desk"], route_class=CheckedRoute)

ALIAS = r"^[A-Za-z0-9-]+$"


class Wish(Body):
    contact: Annotated[str, Field(max_length=24, pattern=ALIAS, description="a contact's alias")]


class Release(Body):
    done: Annotated[bool, Field(description="seen to: what they wrote needs no answer any more")] = False


class Claim(View):
    contact: Id
    alias: str
    role_code: str
    mine: bool
    until: Time


class Claims(View):
    claims: list[Claim]


@router.post("/v1/claims")
async def take(caller: Caller, body: Wish) -> Claim:
    """See to a contact for a quarter of an hour, or for another one."""
    return Claim.model_validate(await caller.write(claims.take, body.contact, caller.now))


@router.get("/v1/claims")
async def listed(caller: Caller) -> Claims:
    """Who sees to whom."""
    found = await caller.write(claims.listed, caller.now)
    return Claims.model_validate({"claims": found}, from_attributes=True)


@router.post("/v1/claims/{alias}/release", status_code=204)
async def release(
    caller: Caller, alias: Annotated[str, Path(max_length=24, pattern=ALIAS)], body: Release
) -> None:
    """Give the contact back."""
    await caller.write(claims.release, alias, caller.now, done=body.done)
