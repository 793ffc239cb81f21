"""Assignments: which officer looks after whom."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from handlers.api.context import Caller, CheckedRoute
from handlers.api.fields import Body, View
from relay import assignments

router = APIRouter(tags=["cases"], route_class=CheckedRoute)

Code = Annotated[str, Field(max_length=24, pattern=r"^[A-Za-z0-9-]+$")]


class Wish(Body):
    """`role_code` null: nobody."""

    alias: Code
    role_code: Code | None


class Assignment(View):
    alias: str
    role_code: str


class AssignmentList(View):
    assignments: list[Assignment]


@router.get("/v1/assignments")
async def listed(caller: Caller) -> AssignmentList:
    """Who looks after which household or contact of the own office."""
    found = await caller.read(assignments.listed)
    return AssignmentList(
        assignments=[Assignment(alias=alias, role_code=code) for alias, code in found.items()]
    )


@router.post("/v1/assignments", status_code=204)
async def assign(caller: Caller, body: Wish) -> None:
    """Let an officer look after a household or a contact, or nobody."""
    await caller.write(assignments.assign, body.alias, body.role_code or "", caller.now)
