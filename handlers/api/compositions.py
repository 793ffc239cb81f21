"""Of whom movements were made up, in numbers alone."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from handlers.api.context import Caller, CheckedRoute
from handlers.api.fields import LAST_SECOND, Body, Id, View, word
from relay import compositions

router = APIRouter(tags=["departures"], route_class=CheckedRoute)

Shared = Annotated[Literal["yes", "no"], Query(description="yes: as it may leave the office's coordinators")]


class Said(Body):
    """`people` null: nobody knows."""

    party: Annotated[str, Field(max_length=43)]
    stage: Annotated[str, word(*compositions.STAGES)]
    people: Annotated[int | None, Field(ge=0, le=compositions.MOST)]
    approximate: bool = False


class Cell(View):
    """`people` null: unknown or hidden; beside a number these say that it is not all."""

    party: str
    stage: str
    people: int | None
    approximate: bool
    unknown: bool
    hidden: bool


class Composition(View):
    movements: int
    shared: bool
    cells: list[Cell]


@router.post("/v1/movements/{movement}/composition", status_code=201)
async def say(caller: Caller, movement: Id, body: Said) -> Composition:
    """Note how many of a party were planned, boarded or arrived; nothing is overwritten. All of it after that."""
    found = await caller.write(compositions.say, movement, **body.model_dump(), now=caller.now)
    return Composition.model_validate(found)


@router.get("/v1/movements/{movement}/composition")
async def show(caller: Caller, movement: Id, shared: Shared = "no") -> Composition:
    """Of whom a movement was made up. Counts under 5, and what would betray them, only coordinators see."""
    found = await caller.read(compositions.show, movement, shared=shared == "yes")
    return Composition.model_validate(found)


@router.get("/v1/compositions")
async def since(
    caller: Caller,
    departed: Annotated[int, Query(ge=0, le=LAST_SECOND, description="unix seconds")],
    shared: Shared = "no",
) -> Composition:
    """All movements of the own office that depart from then on, added up."""
    at = datetime.fromtimestamp(departed, UTC)
    found = await caller.read(compositions.since, at, shared=shared == "yes")
    return Composition.model_validate(found)
