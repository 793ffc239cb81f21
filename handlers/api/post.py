"""Sealed envelopes in, mail out."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from pydantic import Field

from crypto.encoding import b64u, unb64u, unix
from crypto.errors import CryptoError
from handlers.api.context import Caller, CheckedRoute, Ctx, octets
from handlers.api.fields import Blob, Body, Head, Id, View
from handlers.api.problem import ApiError
from relay import mailbox, post
from relay.post import Upload

router = APIRouter(tags=["post"], route_class=CheckedRoute)
ENVELOPE = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


class Accepted(View):
    id: Id
    accepted_at: int
    roster: Head


class Item(View):
    seq: int
    envelope: Blob


class Mail(View):
    items: list[Item]
    more: bool
    fetched: list[Id]
    roster: Annotated[Head, Field(validation_alias="head")]


class Acknowledged(Body):
    ids: Annotated[list[Id], Field(max_length=1000)]


@router.post(
    "/v1/envelopes",
    status_code=202,
    response_model=Accepted,
    openapi_extra={"requestBody": {"required": True, "content": ENVELOPE}},
)
async def accept(
    request: Request,
    caller: Caller,
    ctx: Ctx,
    notice: Annotated[str | None, Query(alias="for", pattern=r"^[A-Za-z0-9_-]{22}/[0-9]{1,9}$")] = None,
    ring: Annotated[Literal["yes", "no"], Query()] = "yes",
) -> JSONResponse:
    """Take one sealed envelope; the answer comes after it is on disk. The same bytes again are welcome.

    `ring=no` is for receipts: a phone that rings for them teaches people not to look.
    """
    octets(request)
    given = caller.proof
    upload = Upload(
        given.signature.device,
        given.body,
        given.now,
        nonce=given.signature.nonce,
        nonce_expires=given.expires,
        notice=_notice(notice),
        quiet=ring == "no",
    )
    accepted = await ctx.store.gather(post.accept_many, upload)
    ctx.wake()
    head = accepted.head
    # Built by hand: this is the one hot path.
    body = {
        "id": b64u(accepted.id),
        "accepted_at": unix(accepted.accepted_at),
        "roster": {"version": head.version, "hash": b64u(head.hash)},
    }
    return JSONResponse(body, 202)


@router.get("/v1/mail")
async def mail(
    caller: Caller,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    sent: Annotated[list[Id], Query(max_length=5)] = [],  # noqa: B006 - a parameter of the request, never changed
) -> Mail:
    """Envelopes for this device after that sequence number, each with its own wrap alone.

    `fetched`: which of the letters in `sent`, its own, a desk has fetched and keeps.
    """
    return Mail.model_validate(await caller.write(mailbox.fetch, after, limit, caller.now, sent=sent))


@router.post("/v1/mail/ack", status_code=204)
async def acknowledge(caller: Caller, body: Acknowledged) -> None:
    """These were opened and kept: the relay may forget them."""
    await caller.write(mailbox.ack, body.ids, caller.now)


def _notice(text: str | None) -> tuple[bytes, int] | None:
    if text is None:
        return None
    notice, _, version = text.partition("/")
    try:
        return unb64u(notice, 16), int(version)
    except CryptoError:
        raise ApiError(400, "malformed", "for= names a notice as ID/VERSION.") from None
