"""People without a letter: which offices take them, how they ask, and what the office's desk does about it."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import Field

from crypto.encoding import unix
from handlers.api.beginnings import checked_telegram_id
from handlers.api.context import Caller, CheckedRoute, Ctx, Stranger, address
from handlers.api.fields import Blob, Blobs, Body, Hash, Id, InitData, LanguageTag, Time, View
from handlers.api.problem import ApiError
from handlers.api.rates import REFERRALS, ROSTERS
from relay import auth, enrolments, referrals
from relay.referrals import Form, Standing
from relay.unit import Tx

router = APIRouter(tags=["referrals"], route_class=CheckedRoute)
Code = Annotated[str, Field(max_length=16, description="capitals, digits and dashes")]


class OpenOffice(View):
    office: Hash
    code: str


class OpenOffices(View):
    offices: list[OpenOffice]


class Opening(Body):
    code: Code


class Referral(Body):
    office: Hash
    device: Blob
    consent: Blob
    prekeys: Blobs
    init_data: InitData = ""
    language: LanguageTag = ""


class ReferralState(View):
    contact: Id
    state: str
    expires: Time


class ReferralItem(View):
    contact: Id
    alias: str
    device: Annotated[Blob, Field(validation_alias="record")]
    prekeys: list[Blob]
    consent: Blob | None
    language: str
    letters: int
    card: Blob | None
    at: Time
    expires: Time


class ReferralList(View):
    referrals: list[ReferralItem]


class Vouching(Body):
    card: Blob


class Reason(Body):
    reason: Annotated[str, Field(max_length=24, json_schema_extra={"enum": list(referrals.REASONS)})]


@router.get("/v1/referral-offices")
async def open_offices(ctx: Ctx, request: Request) -> OpenOffices:
    """The offices that take people without a letter, by the code each chose; it is the relay's word alone."""
    ctx.rates.hit(ROSTERS, address(request))
    found = await ctx.store.read(referrals.open_offices)
    return OpenOffices.model_validate({"offices": found}, from_attributes=True)


@router.post("/v1/referral-offices", status_code=204)
async def open_(caller: Caller, body: Opening) -> None:
    """Take people without a letter from now on."""
    await caller.write(referrals.open_, body.code, caller.now)


@router.post("/v1/referral-offices/close", status_code=204)
async def close(caller: Caller) -> None:
    """Take nobody new without a letter."""
    await caller.write(referrals.close, caller.now)


@router.post("/v1/referrals", status_code=201)
async def ask(ctx: Ctx, request: Request, given: Stranger, body: Referral) -> ReferralState:
    """Ask an office that takes people without a letter; signed by the new device. Again is harmless.

    Where the relay has a bot it takes a Telegram account, so that one sender cannot be many.
    """
    ctx.rates.hit(REFERRALS, address(request))
    device, nonce, expires, now = given.signature.device, given.signature.nonce, given.expires, given.now
    record = enrolments.applicant(body.device)
    if record.device != device:
        raise ApiError(401, "bad_signature", "The request must be signed by the device it is about.")
    given.check(record.sign_pk)
    telegram_id = checked_telegram_id(ctx, body.init_data, unix(now))
    if telegram_id is None and ctx.bot_token is not None:
        raise ApiError(
            403, "account_needed", "Open the app from Telegram: without a letter it takes an account."
        )
    form = Form(
        office=body.office,
        record=body.device,
        consent=body.consent,
        prekeys=body.prekeys,
        language=body.language,
        telegram_id=telegram_id,
    )

    def unit(tx: Tx) -> Standing:
        auth.remember(tx, device, nonce, expires, now)
        return referrals.ask(tx, ctx.vault, form, now)

    return ReferralState.model_validate(await ctx.store.write(unit))


@router.get("/v1/referrals")
async def waiting(caller: Caller) -> ReferralList:
    """Who waits without a letter, the oldest first: unverified."""
    found = await caller.write(referrals.listed, caller.now)
    return ReferralList.model_validate({"referrals": found}, from_attributes=True)


@router.post("/v1/referrals/{contact}/vouch", status_code=204)
async def vouch(caller: Caller, contact: Id, body: Vouching) -> None:
    """The first officer's signature on a card; the second one hands the card in at /v1/cards."""
    await caller.write(referrals.vouch, contact, body.card, caller.now)


@router.post("/v1/referrals/{contact}/refuse", status_code=204)
async def refuse(caller: Caller, contact: Id, body: Reason) -> None:
    """Turn somebody away with a reason the phone is told."""
    await caller.write(referrals.refuse, contact, body.reason, caller.now)
