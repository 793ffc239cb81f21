"""Attempts to reach contacts, and whom nobody reached."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field

from handlers.api.context import Caller, CheckedRoute
from handlers.api.fields import Body, Time, View
from relay import attempts

router = APIRouter(tags=["cases"], route_class=CheckedRoute)

Alias = Annotated[str, Path(max_length=24, pattern=r"^[A-Za-z0-9-]+$")]


class NewAttempt(Body):
    way: Annotated[str, Field(max_length=24, json_schema_extra={"enum": list(attempts.WAYS)})]
    outcome: Annotated[str, Field(max_length=24, json_schema_extra={"enum": list(attempts.OUTCOMES)})]


class Attempt(View):
    way: str
    outcome: str
    role_code: str
    at: Time


class AttemptList(View):
    attempts: list[Attempt]


class NotReached(View):
    """`since`: the first of the tries in vain; `last`: the newest of them."""

    alias: str
    since: Time
    last: Time
    tries: int
    assigned: str | None


class Worklist(View):
    contacts: list[NotReached]


@router.post("/v1/attempts/{alias}", status_code=201)
async def record(caller: Caller, alias: Alias, body: NewAttempt) -> None:
    """Log that a contact was tried to be reached, by codes alone."""
    await caller.write(attempts.record, alias, way=body.way, outcome=body.outcome, now=caller.now)


@router.get("/v1/attempts/{alias}")
async def one(caller: Caller, alias: Alias) -> AttemptList:
    """All attempts to reach one contact."""
    found = await caller.write(attempts.of, alias, caller.now)
    return AttemptList.model_validate({"attempts": found}, from_attributes=True)


@router.get("/v1/not-reached")
async def not_reached(caller: Caller) -> Worklist:
    """Whom nobody reached, who waits longest first."""
    found = await caller.write(attempts.not_reached, caller.now)
    return Worklist.model_validate({"contacts": found}, from_attributes=True)
