"""Whether the way is clear: a movement's conditions, and the board of routes."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from crypto.notice import Route
from handlers.api.context import Caller, CheckedRoute, Ctx
from handlers.api.fields import Body, Id, Time, View, word
from relay import board, conditions

router = APIRouter(tags=["departures"], route_class=CheckedRoute)

Condition = Annotated[str, word(*conditions.CONDITIONS)]
State = Annotated[str, word(*conditions.STATES)]
Status = Annotated[str, word(*board.STATUSES)]
Grade = Annotated[str, word(*board.GRADES)]


class NewCondition(Body):
    condition: Condition
    state: State
    grade: Grade
    as_of: Time | None = None
    expires: Time | None = None


class ConditionItem(View):
    condition: str
    state: str
    grade: str | None
    as_of: Time | None
    expires: Time | None
    role_code: str
    lacks: Annotated[str | None, Field(description="it stops a release: unknown, red, expired or unofficial")]


class ConditionList(View):
    conditions: list[ConditionItem]
    route: Annotated[str | None, Field(description="the board stops a release: unknown or closed")]
    clear: bool


class NewStatus(Body):
    route: Route
    status: Status
    grade: Grade
    as_of: Time | None = None
    expires: Time


class StatusItem(View):
    route: int
    status: str
    grade: str
    as_of: Time
    expires: Time
    own: bool


class Board(View):
    statuses: list[StatusItem]


@router.post("/v1/movements/{movement}/conditions", status_code=201)
async def say(caller: Caller, ctx: Ctx, movement: Id, body: NewCondition) -> ConditionList:
    """Note what is known of one condition of a movement; nothing is overwritten. The list after it."""
    found = await caller.write(conditions.say, movement, **body.model_dump(), now=caller.now)
    ctx.rescheduled()  # notices that were withheld for it may stand now
    return ConditionList.model_validate(found)


@router.get("/v1/movements/{movement}/conditions")
async def listed(caller: Caller, movement: Id) -> ConditionList:
    """Go or no go: every condition, and what stops a release."""
    return ConditionList.model_validate(await caller.read(conditions.listed, movement, caller.now))


@router.post("/v1/board", status_code=201)
async def put_up(caller: Caller, ctx: Ctx, body: NewStatus) -> Board:
    """Say how a route stands, for all offices to see. The board after it."""
    found = await caller.write(conditions.put_up, **body.model_dump(), now=caller.now)
    ctx.rescheduled()
    return _board(found)


@router.get("/v1/board")
async def shown(caller: Caller) -> Board:
    """How the routes stand: of every office what it said last, without its name."""
    return _board(await caller.read(board.listed, caller.now))


def _board(found: list[board.StatusView]) -> Board:
    return Board.model_validate({"statuses": found}, from_attributes=True)
