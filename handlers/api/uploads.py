"""Envelopes too large to be sent at once."""

from typing import Annotated

from fastapi import APIRouter, Path, Request

from handlers.api.context import Caller, CheckedRoute, octets
from handlers.api.fields import Id, View
from handlers.api.post import ENVELOPE
from relay import uploads
from relay.post import OFFICER_SIZE
from relay.uploads import Part

router = APIRouter(tags=["departures"], route_class=CheckedRoute)


class Held(View):
    #: Bytes the relay has, from the first on.
    have: int


@router.put(
    "/v1/uploads/{upload}/{start}", openapi_extra={"requestBody": {"required": True, "content": ENVELOPE}}
)
async def put(
    request: Request, caller: Caller, upload: Id, start: Annotated[int, Path(ge=0, le=OFFICER_SIZE)]
) -> Held:
    """Take the part of an envelope that begins at this byte, at most 1 MiB. The same again is welcome."""
    octets(request)
    part = Part(upload, start, caller.proof.body)
    return Held(have=await caller.write(uploads.put, part, caller.now))


@router.get("/v1/uploads/{upload}")
async def held(caller: Caller, upload: Id) -> Held:
    """How much of this device's upload has come: where to go on."""
    return Held(have=await caller.read(uploads.held, upload))
