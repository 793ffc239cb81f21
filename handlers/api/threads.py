"""Between offices: whom an office accepts, and sealed envelopes to those that accept it."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request

from handlers.api.context import Caller, CheckedRoute, octets
from handlers.api.fields import Body, Hash, Head, Id, Time, View
from handlers.api.post import ENVELOPE
from handlers.api.problem import ApiError
from relay import threads
from relay.disclosures import Passing
from relay.threads import Decision

GROUPS = r"^[a-z]{1,16}(,[a-z]{1,16})*$"

router = APIRouter(tags=["desk"], route_class=CheckedRoute)


class Office(Body):
    office: Hash


class Partner(View):
    office: Hash
    since: Time
    mutual: bool


class PartnerList(View):
    partners: list[Partner]


class Sent(View):
    id: Id
    accepted_at: Time
    head: Head


@router.get("/v1/partners")
async def partners(caller: Caller) -> PartnerList:
    """Offices that the own one accepts; `mutual` once they accept it, too."""
    return PartnerList.model_validate({"partners": await caller.read(threads.partners)}, from_attributes=True)


@router.post("/v1/partners", status_code=204)
async def accept(caller: Caller, body: Office) -> None:
    """Accept mail of an office; whether there is one is not told."""
    await caller.write(threads.accept, body.office, caller.now)


@router.post("/v1/partners/{office}/end", status_code=204)
async def end(caller: Caller, office: Hash) -> None:
    """Accept no more of it."""
    await caller.write(threads.end, office, caller.now)


@router.post(
    "/v1/partners/{office}/envelopes",
    status_code=202,
    openapi_extra={"requestBody": {"required": True, "content": ENVELOPE}},
)
async def send(
    request: Request,
    caller: Caller,
    office: Hash,
    *,
    mediated: Annotated[Literal["yes", "no"], Query()] = "no",
    about: Annotated[Id | None, Query()] = None,
    state: Annotated[Literal["passed_on", "held", "returned"] | None, Query()] = None,
    contact: Annotated[Id | None, Query()] = None,
    fields: Annotated[str | None, Query(max_length=200, pattern=GROUPS)] = None,
) -> Sent:
    """Take one sealed envelope for another office. The same bytes again are welcome.

    `mediated=yes`: it is to be passed on. `about` and `state` say what was done with one of theirs that was.
    `contact` and `fields`: it passes on these groups of a contact's fields, who consents to that.
    """
    octets(request)
    if (about is None) != (state is None):
        raise ApiError(400, "malformed", "about and state go together.")
    if (contact is None) != (fields is None):
        raise ApiError(400, "malformed", "contact and fields go together.")
    decision = None if about is None or state is None else Decision(about, state)
    passing = None if contact is None or fields is None else Passing(contact, fields.split(","))
    taken = await caller.write(
        threads.send,
        office,
        caller.proof.body,
        mediated=mediated == "yes",
        decision=decision,
        passing=passing,
        now=caller.now,
    )
    return Sent.model_validate(taken)
