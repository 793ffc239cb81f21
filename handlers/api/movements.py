"""Movements, whose seats they are, and who waits for one."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field, PositiveInt

from crypto.notice import Route
from handlers.api.context import Caller, CheckedRoute
from handlers.api.fields import Body, Hash, Id, Time, View
from relay import holds, movements, standby

router = APIRouter(tags=["departures"], route_class=CheckedRoute)


class NewMovement(Body):
    """`planned`: its seats are not offered before it is opened."""

    code: Annotated[str, Field(min_length=1, max_length=32)]
    route: Route
    departs_at: Time
    seats: PositiveInt
    planned: bool = False


class Allotment(View):
    office: Hash
    seats: int
    held: int
    confirmed: int


class Movement(View):
    """`seats`, `held`, `confirmed` are the own office's; its owner alone sees `total` and the guests' `allotments`."""

    movement: Id
    owner: Hash
    code: str
    route: int
    departs_at: Time
    state: str
    total: int | None
    seats: int
    held: int
    confirmed: int
    allotments: list[Allotment]


class MovementList(View):
    movements: list[Movement]


class Step(Body):
    step: Literal["open", "call", "depart", "arrive"]


class State(View):
    state: str


class Waiting(View):
    """`place` counts from 1; `rank` is the class; `out`: the notice is, so that they are next when seats are free."""

    place: int
    alias: str
    rank: int
    since: Time
    party: int
    out: bool


class Silent(View):
    """`tried_at`: when somebody last tried to reach them since the notice is out; without it no hold ends early."""

    alias: str
    party: int
    hold_until: Time
    tried_at: Time | None


class SilentList(View):
    silent: list[Silent]


class StandbyList(View):
    standby: list[Waiting]


@router.post("/v1/movements", status_code=201)
async def make(caller: Caller, body: NewMovement) -> Movement:
    """Open a movement with its seats."""
    made = await caller.write(
        movements.make,
        code=body.code,
        route=body.route,
        departs_at=body.departs_at,
        seats=body.seats,
        planned=body.planned,
        now=caller.now,
    )
    return Movement.model_validate(made)


@router.get("/v1/movements")
async def listed(caller: Caller) -> MovementList:
    """Movements on which the own office has seats."""
    return MovementList.model_validate(
        {"movements": await caller.read(movements.listed)}, from_attributes=True
    )


@router.post("/v1/movements/{movement}/step")
async def step(caller: Caller, movement: Id, body: Step) -> State:
    """Open a planned movement, call people forward, say that it left or came there."""
    return State(state=await caller.write(movements.step, movement, body.step, caller.now))


@router.post("/v1/movements/{movement}/cancel", status_code=204)
async def cancel(caller: Caller, movement: Id) -> None:
    """Call a movement off."""
    await caller.write(movements.cancel, movement, caller.now)


@router.get("/v1/movements/{movement}/standby")
async def waiting(caller: Caller, movement: Id) -> StandbyList:
    """Who of the own office waits for a seat, in the order of calling."""
    found = await caller.read(standby.listed, movement)
    return StandbyList.model_validate({"standby": found}, from_attributes=True)


@router.get("/v1/movements/{movement}/silent")
async def silent(caller: Caller, movement: Id) -> SilentList:
    """Who of the own office has not answered an offer of seats."""
    found = await caller.write(holds.silent, movement, caller.now)
    return SilentList.model_validate({"silent": found}, from_attributes=True)
