"""What became of whom was offered a seat."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field

from handlers.api.assignments import Code
from handlers.api.context import Caller, CheckedRoute
from handlers.api.fields import Body, Hash, Id, Time, View
from relay import outcomes

router = APIRouter(tags=["departures"], route_class=CheckedRoute)
Count = Annotated[int, Field(ge=0, le=255)]


class NewOutcome(Body):
    """What became of the contact, and of how many each, who together are the party; no count: of all of them."""

    alias: Code
    outcome: Literal["boarded", "no_show", "not_lifted"]
    boarded: Count = 0
    no_show: Count = 0
    not_lifted: Count = 0


class Row(View):
    """An office's seats; what became of its people is told to itself alone."""

    office: Hash
    planned: int
    held: int
    accepted: int
    boarded: int | None
    no_show: int | None
    not_lifted: int | None


class Board(View):
    offices: list[Row]


class Rollover(View):
    alias: str
    code: str
    travellers: int
    at: Time


class RolloverList(View):
    rollovers: list[Rollover]


class Check(View):
    """`reached_at`: when they were last reached since; without it the check stays open."""

    alias: str
    code: str
    opened_at: Time
    tried_at: Time | None
    reached_at: Time | None


class CheckList(View):
    checks: list[Check]


@router.post("/v1/movements/{movement}/outcomes", status_code=204)
async def record(caller: Caller, movement: Id, body: NewOutcome) -> None:
    """Say who of a party boarded, did not come, or was not taken along."""
    said = outcomes.Outcome(body.alias, body.outcome, body.boarded, body.no_show, body.not_lifted)
    await caller.write(outcomes.record, movement, said, caller.now)


@router.get("/v1/movements/{movement}/board")
async def board(caller: Caller, movement: Id) -> Board:
    """Planned, held, accepted and boarded per office."""
    found = await caller.read(outcomes.board, movement)
    return Board.model_validate({"offices": found}, from_attributes=True)


@router.get("/v1/rollovers")
async def rolled_over(caller: Caller) -> RolloverList:
    """Who was not taken along and has not boarded since."""
    found = await caller.read(outcomes.rolled_over)
    return RolloverList.model_validate({"rollovers": found}, from_attributes=True)


@router.get("/v1/safety-checks")
async def checks(caller: Caller) -> CheckList:
    """Who did not come, and of whom nobody knows yet that they are all right."""
    found = await caller.write(outcomes.checks, caller.now)
    return CheckList.model_validate({"checks": found}, from_attributes=True)


@router.post("/v1/safety-checks/{alias}/close", status_code=204)
async def close(caller: Caller, alias: Code) -> None:
    """Close the checks about somebody who was reached."""
    await caller.write(outcomes.close_check, alias, caller.now)
