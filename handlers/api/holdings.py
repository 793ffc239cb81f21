"""What is held of the person who asks, for the phone app to show."""

from fastapi import APIRouter

from handlers.api.context import Caller, CheckedRoute
from handlers.api.devices import Consent
from handlers.api.fields import Hash, Time, View
from relay import holdings

router = APIRouter(tags=["devices"], route_class=CheckedRoute)


class KnownFact(View):
    fact: str
    answer: str
    as_of: Time | None


class Household(View):
    people: int
    facts: list[KnownFact]
    intent: str | None
    needs: list[str]
    checks: int


class PassedOn(View):
    recipient: Hash
    fields: str
    state: str
    at: Time
    withdrawn_at: Time | None


class Holdings(View):
    alias: str
    since: Time
    heard_at: Time | None
    language: str
    paused: bool
    telegram_linked: bool
    phones: int
    consents: list[Consent]
    #: Letters are sealed: they can only be counted.
    incoming: int
    outgoing: int
    seats: int
    answers: int
    attempts: int
    #: Photographs and voice notes that are kept or on their way, and the bytes they take.
    attachments: int
    attachment_bytes: int
    passed_on: list[PassedOn]
    #: What this person said for children in their care.
    assents: int
    #: Relatives who may ask when this person was last heard of; without their consent they are told nothing.
    sponsors: int
    logged: int
    household: Household | None


@router.get("/v1/holdings")
async def mine(caller: Caller) -> Holdings:
    """Everything that is kept of the contact behind the asking device."""
    return Holdings.model_validate(await caller.read(holdings.mine, caller.now), from_attributes=True)
