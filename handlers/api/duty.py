"""Duty: the officer's own bell."""

from fastapi import APIRouter

from handlers.api.context import Caller, CheckedRoute
from handlers.api.fields import Body, Time, View
from relay import duty

router = APIRouter(tags=["desk"], route_class=CheckedRoute)


class Wish(Body):
    on: bool


class Duty(View):
    """`others`: how many colleagues are on duty whom a bell can reach."""

    on: bool
    since: Time | None
    others: int


@router.get("/v1/duty")
async def show(caller: Caller) -> Duty:
    """Whether the asking officer is rung, and since when not."""
    return Duty.model_validate(await caller.read(duty.show, caller.now))


@router.post("/v1/duty")
async def change(caller: Caller, body: Wish) -> Duty:
    """Begin or end one's own duty."""
    return Duty.model_validate(await caller.write(duty.set_, on=body.on, now=caller.now))
