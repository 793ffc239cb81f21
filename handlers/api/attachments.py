"""Sealed photographs and voice notes, chunk by chunk."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from crypto.attachment import COUNTS
from crypto.encoding import moment
from handlers.api.context import OCTETS, Caller, CheckedRoute, octets
from handlers.api.fields import LAST_SECOND, Body, Hash, Id, View
from handlers.api.post import ENVELOPE
from relay import attachments
from relay.attachments import Chunk, Ticket

router = APIRouter(tags=["post"], route_class=CheckedRoute)
Number = Annotated[int, Field(ge=0, lt=COUNTS[-1])]


class Have(View):
    #: Chunks the relay has, ascending.
    have: list[int]


class Taken(Body):
    token: Hash


class Wanted(Taken):
    n: Number


@router.put(
    "/v1/attachments/{attachment}/{n}", openapi_extra={"requestBody": {"required": True, "content": ENVELOPE}}
)
async def put(
    request: Request,
    caller: Caller,
    *,
    attachment: Id,
    n: Annotated[int, Path(ge=0, lt=COUNTS[-1])],
    count: Annotated[int, Query(ge=1, le=COUNTS[-1])],
    expires: Annotated[int, Query(ge=0, le=LAST_SECOND)],
    token_hash: Annotated[Hash, Query()],
    contact: Annotated[Id | None, Query()] = None,
) -> Have:
    """Take one sealed chunk of 16,400 bytes, in any order; the query is the same for all. Again is welcome.

    `contact` is whom an officer sends it to.
    """
    octets(request)
    chunk = Chunk(attachment, n, caller.proof.body, count, moment(expires), token_hash, contact or b"")
    return Have(have=await caller.write(attachments.put, chunk, caller.now))


@router.get("/v1/attachments/{attachment}")
async def held(caller: Caller, attachment: Id) -> Have:
    """Which chunks of this device's upload have come: where to go on."""
    return Have(have=await caller.read(attachments.held, attachment))


@router.post(
    "/v1/attachments/{attachment}/fetch",
    response_class=Response,
    responses={200: {"content": ENVELOPE, "description": "The sealed chunk"}},
)
async def fetch(caller: Caller, attachment: Id, body: Wanted) -> Response:
    """One sealed chunk, for who has the token of its message."""
    ticket = Ticket(attachment, body.token)
    data = await caller.write(attachments.fetch, ticket, body.n, caller.now)
    return Response(data, media_type=OCTETS, headers={"Cache-Control": "no-store"})


@router.post("/v1/attachments/{attachment}/taken", status_code=204)
async def taken(caller: Caller, attachment: Id, body: Taken) -> None:
    """All of it is kept, or given up: the relay forgets the chunks."""
    await caller.write(attachments.taken, Ticket(attachment, body.token), caller.now)
