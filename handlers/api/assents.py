"""A guardian's minors, by number, and what is said for them."""

from fastapi import APIRouter

from handlers.api.context import Caller, CheckedRoute
from handlers.api.fields import Blob, Body, Time, View
from relay import assents

router = APIRouter(tags=["devices"], route_class=CheckedRoute)


class Statement(Body):
    assent: Blob


class AssentState(View):
    state: str


class Minor(View):
    member: int
    standing: str
    given: bool | None
    assent: int | None
    at: Time | None
    lapses_at: Time | None


class Minors(View):
    minors: list[Minor]


@router.post("/v1/assents")
async def say(caller: Caller, body: Statement) -> AssentState:
    """What a guardian and a minor say; it acts at once."""
    return AssentState(state=await caller.write(assents.record, body.assent, caller.now))


@router.get("/v1/assents")
async def said(caller: Caller) -> Minors:
    """The minors in the contact's care, each with what was said last."""
    return Minors.model_validate(
        {"minors": await caller.read(assents.listed, caller.now)}, from_attributes=True
    )
