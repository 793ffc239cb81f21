"""Escalations: who waits past the time for an answer."""

from fastapi import APIRouter

from handlers.api.context import Caller, CheckedRoute
from handlers.api.fields import Id, Time, View
from relay import escalations

router = APIRouter(tags=["desk"], route_class=CheckedRoute)


class Overdue(View):
    contact: Id
    alias: str
    due_at: Time


class Escalations(View):
    overdue: list[Overdue]


@router.get("/v1/escalations")
async def listed(caller: Caller) -> Escalations:
    """Who waits past the time for an answer, the longest first."""
    found = await caller.read(escalations.listed, caller.now)
    return Escalations.model_validate({"overdue": found}, from_attributes=True)
