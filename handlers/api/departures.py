"""Approvals, notices, answers."""

from typing import Annotated, Self

from fastapi import APIRouter, Query
from pydantic import Field, PositiveInt, model_validator

from crypto.notice import NoticeKind, Route
from handlers.api.context import Caller, CheckedRoute, Ctx
from handlers.api.fields import Blob, Blobs, Body, Hash, Id, Large, Time, View
from relay import answers, approvals, notices, threats, uploads
from relay.notices import Draft, Seat
from relay.uploads import Whole

router = APIRouter(tags=["departures"], route_class=CheckedRoute)
MOST_RECIPIENTS = 20_000


class Approval(Body):
    approval: Blob


class Approvals(View):
    approvals: list[Blob]


class Offer(Body):
    """`standby`: no seat yet, but the next that is free. `hold_until`: how long it waits for an answer."""

    contact: Id
    offer: Id
    party: Annotated[int, Field(ge=0, le=255)]
    standby: Annotated[int | None, Field(ge=1, le=9)] = None
    hold_until: Time | None = None


class Uploaded(Body):
    """An envelope that was sent in parts; `digest` is SHA-256 over all of it."""

    upload: Id
    digest: Hash


class NewNotice(Body):
    notice: Id
    version: PositiveInt
    kind: NoticeKind
    movement: Id | None = None
    route: Annotated[Route, Field(description="what a threat alert is about; 0 is every route")] = Route.NONE
    content_hash: Hash
    approvals: Blobs
    release_at: Time
    answer_by: Time
    expires: Time
    offers: Annotated[list[Offer], Field(max_length=MOST_RECIPIENTS)]
    envelope: Large | None = None
    uploaded: Uploaded | None = None

    @model_validator(mode="after")
    def _one_envelope(self) -> Self:
        if (self.envelope is None) is (self.uploaded is None):
            raise ValueError("either the envelope, or which upload it is")
        return self


class State(View):
    state: str


class Counts(View):
    recipients: int
    rung: int
    fetched: int
    answered: int
    accepted: int
    declined: int
    help: int


class AnswerItem(View):
    contact: Id
    answer: Blob
    at: Time


class Boarded(View):
    """How many of a contact's party boarded; `in_person`: the contact among them."""

    contact: Id
    travellers: int
    in_person: bool


class Notice(View):
    notice: Id
    version: int
    kind: int
    movement: Id | None
    state: str
    why: Annotated[
        str | None,
        Field(
            description="it is withheld: roster, approvals, sender, movement, warned, restored; phones: see stale"
        ),
    ]
    release_at: Time
    answer_by: Time
    expires: Annotated[Time, Field(validation_alias="expires_at")]
    counts: Counts
    seated: list[Id]
    boarded: list[Boarded]
    waiting: Annotated[list[Id], Field(description="their copies wait for a seat")]
    stale: Annotated[list[Id], Field(description="could not open their copies: seal it anew")]
    answers: list[AnswerItem]


class NoticeList(View):
    notices: list[Notice]


class Holders(View):
    contacts: list[Id]


class Cancel(Body):
    cancel: Blob
    envelope: Large | None = None


class Answer(Body):
    answer: Blob


class OfferState(View):
    offer: str


@router.post("/v1/approvals", status_code=201)
async def approve(caller: Caller, body: Approval) -> None:
    """One coordinator's signature under a notice's content hash."""
    await caller.write(approvals.approve, body.approval, caller.now)


@router.get("/v1/approvals")
async def approved(caller: Caller, notice: Annotated[Id, Query()]) -> Approvals:
    """Approvals of a notice so far."""
    return Approvals(approvals=await caller.read(approvals.approvals, notice))


@router.post("/v1/notices", status_code=201)
async def schedule(caller: Caller, ctx: Ctx, body: NewNotice) -> State:
    """Schedule a sealed notice; hidden from its recipients until released."""
    draft = Draft(
        notice=body.notice,
        version=body.version,
        kind=body.kind,
        movement=body.movement,
        route=body.route,
        content_hash=body.content_hash,
        approvals=body.approvals,
        release_at=body.release_at,
        answer_by=body.answer_by,
        expires=body.expires,
        offers=[Seat(**dict(each)) for each in body.offers],
        envelope=body.envelope or b"",
    )
    if body.uploaded is None:
        state = await caller.write(notices.schedule, draft, caller.now)
    else:
        whole = Whole(body.uploaded.upload, body.uploaded.digest)
        state = await caller.write(uploads.schedule, draft, whole, caller.now)
    ctx.rescheduled()
    return State(state=state)


@router.get("/v1/notices")
async def noticed(caller: Caller) -> NoticeList:
    """Notices of the own office, with their receipt ladder and signed answers."""
    found = await caller.read(answers.listed)
    return NoticeList.model_validate({"notices": found}, from_attributes=True)


@router.get("/v1/threats/{route}/holders")
async def holders(caller: Caller, route: Route) -> Holders:
    """Whom a threat alert for this route, 0 for every one, has to reach: who was sent a departure there."""
    return Holders(contacts=await caller.read(threats.holders, route, caller.now))


@router.post("/v1/notices/{notice}/{version}/cancel")
async def cancel(caller: Caller, ctx: Ctx, notice: Id, version: PositiveInt, body: Cancel) -> State:
    """Void what is pending of a notice, at once; the sealed cancellation goes out urgently."""
    await caller.write(
        notices.cancel, notice, version, cancel=body.cancel, envelope=body.envelope, now=caller.now
    )
    ctx.rescheduled()
    return State(state="cancelled")


@router.post("/v1/answers")
async def answer(caller: Caller, body: Answer) -> OfferState:
    """A contact's signed answer to an offer."""
    return OfferState(offer=await caller.write(answers.answer, body.answer, caller.now))
