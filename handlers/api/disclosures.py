"""What was passed on of people to other offices, and that it was destroyed there."""

from fastapi import APIRouter

from handlers.api.context import Caller, CheckedRoute
from handlers.api.fields import Blob, Body, Hash, Id, Time, View
from relay import disclosures

router = APIRouter(tags=["desk"], route_class=CheckedRoute)


class Sent(View):
    envelope: Id
    fields: str
    recipient: Hash
    #: Empty when the person was erased.
    alias: str
    state: str
    reason: str | None
    at: Time
    withdrawn_at: Time | None
    acknowledged_at: Time | None
    acknowledgement: Blob | None


class SentList(View):
    disclosures: list[Sent]


class TakenBack(View):
    envelope: Id
    fields: str
    office: Hash
    state: str
    reason: str
    withdrawn_at: Time
    #: What the contact signed; nothing when they were erased, or it was acknowledged.
    statement: Blob | None


class TakenBackList(View):
    disclosures: list[TakenBack]


class Word(Body):
    acknowledgement: Blob


@router.get("/v1/disclosures")
async def sent(caller: Caller) -> SentList:
    """What the own office passed on, and whether it was taken back and destroyed."""
    found = await caller.read(disclosures.sent, caller.now)
    return SentList.model_validate({"disclosures": found}, from_attributes=True)


@router.get("/v1/withdrawals")
async def taken_back(caller: Caller) -> TakenBackList:
    """What the own office got of other offices' people and is to destroy; asking for it counts as having seen it."""
    found = await caller.write(disclosures.taken_back, caller.now)
    return TakenBackList.model_validate({"disclosures": found}, from_attributes=True)


@router.post("/v1/withdrawals", status_code=204)
async def acknowledge(caller: Caller, body: Word) -> None:
    """An officer's signed word that what was taken back is destroyed."""
    await caller.write(disclosures.acknowledge, body.acknowledgement, caller.now)
