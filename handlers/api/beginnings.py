"""How offices and contacts begin, and how a device ends: signed by devices the relay does not know yet."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field, NonNegativeInt

from crypto import initdata, statement
from crypto.device import DeviceRecord
from crypto.encoding import unix
from crypto.errors import CryptoError
from handlers.api.context import Caller, CheckedRoute, Context, Ctx, Stranger, address
from handlers.api.fields import Blob, Blobs, Body, Hash, Id, InitData, LanguageTag, Time, View
from handlers.api.problem import ApiError
from handlers.api.rates import DEVICES, ENROLMENTS, LETTER_FAILURES, OFFICES, WIPES
from relay import auth, cardchanges, enrolments, newphones, offices, wipe
from relay.enrolments import Form, Submitted
from relay.errors import RelayError
from relay.unit import Tx

router = APIRouter(tags=["beginnings"], route_class=CheckedRoute)
#: Telegram asks to refuse old initData; the app is opened anew within that time.
INIT_DATA_SECONDS = 3600


class NewOffice(Body):
    code: Annotated[str, Field(max_length=128)]
    roster: Blob
    prekeys: Blobs


class OfficeMade(View):
    office: Hash
    version: int
    hash: Hash


class Enrolment(Body):
    invitation: Id
    admit: Hash
    device: Blob
    mac: Hash
    roster_version: NonNegativeInt
    prekeys: Blobs
    init_data: InitData = ""
    language: LanguageTag = ""


class EnrolmentMade(View):
    contact: Id
    state: str


class EnrolmentItem(View):
    invitation: Id
    contact: Id
    alias: str
    device: Annotated[Blob, Field(validation_alias="record")]
    mac: Hash
    roster_version: int
    prekeys: list[Blob]
    state: str
    at: Time
    card: Blob | None


class EnrolmentList(View):
    enrolments: list[EnrolmentItem]


class Card(Body):
    card: Blob
    enrolment: Id | None = None


class CardMade(View):
    contact: Id


class Vouching(Body):
    card: Blob


class Asking(Body):
    addition: Blob
    wipe: Blob
    prekeys: Blobs


class ChangeItem(View):
    contact: Id
    alias: str
    addition: Blob | None
    prekeys: list[Blob]
    card: Blob | None
    at: Time


class ChangeList(View):
    changes: list[ChangeItem]


class Refusal(Body):
    device: Id | None = None


class Wipe(Body):
    wipe: Blob


@router.post("/v1/offices", status_code=201)
async def register(ctx: Ctx, request: Request, given: Stranger, body: NewOffice) -> OfficeMade:
    """Register an office with the code that `qasid office admit` printed; signed by its first officer device."""
    ctx.rates.hit(OFFICES, address(request))
    device, nonce, expires, now = given.signature.device, given.signature.nonce, given.expires, given.now
    record = offices.applicant(body.roster, device)
    given.check(record.sign_pk)

    def unit(tx: Tx) -> offices.Head:
        auth.remember(tx, device, nonce, expires, now)
        return offices.register(
            tx, code=body.code, roster=body.roster, prekeys=body.prekeys, device=device, now=now
        )

    return OfficeMade.model_validate(await ctx.store.write(unit))


@router.post(
    "/v1/enrolments",
    status_code=201,
    responses={200: {"model": EnrolmentMade, "description": "The same device asked before"}},
)
async def enrol(
    ctx: Ctx, request: Request, response: Response, given: Stranger, body: Enrolment
) -> EnrolmentMade:
    """Ask to be enrolled under a letter; signed by the new device."""
    ctx.rates.hit(ENROLMENTS, address(request))
    device, nonce, expires, now = given.signature.device, given.signature.nonce, given.expires, given.now
    record = enrolments.applicant(body.device)
    if record.device != device:
        raise ApiError(401, "bad_signature", "The request must be signed by the device it enrols.")
    given.check(record.sign_pk)
    form = Form(
        invitation=body.invitation,
        admit=body.admit,
        record=body.device,
        mac=body.mac,
        roster_version=body.roster_version,
        prekeys=body.prekeys,
        language=body.language,
        telegram_id=checked_telegram_id(ctx, body.init_data, unix(now)),
    )

    def unit(tx: Tx) -> Submitted:
        auth.remember(tx, device, nonce, expires, now)
        return enrolments.submit(tx, ctx.vault, form, now)

    with ctx.rates.failures(LETTER_FAILURES, body.invitation.hex(), "letter_not_valid"):
        submitted = await ctx.store.write(unit)
    response.status_code = 201 if submitted.created else 200
    return EnrolmentMade.model_validate(submitted)


@router.get("/v1/enrolments")
async def waiting(caller: Caller) -> EnrolmentList:
    """Enrolments for the desk to check by their MAC."""
    found = await caller.write(enrolments.listed, caller.now)
    return EnrolmentList.model_validate({"enrolments": found}, from_attributes=True)


@router.post("/v1/enrolments/{invitation}/vouch", status_code=204)
async def vouch(caller: Caller, invitation: Id, body: Vouching) -> None:
    """The first officer's signature for a known contact's new phone; the second one hands the card in at /v1/cards."""
    await caller.write(newphones.vouch, invitation, body.card, caller.now)


@router.post("/v1/enrolments/{invitation}/refuse", status_code=204)
async def refuse(caller: Caller, invitation: Id, body: Refusal | None = None) -> None:
    """Refuse one device's enrolment, or all under the letter."""
    device = body.device if body else None
    await caller.write(enrolments.refuse, invitation, caller.now, device)


@router.post("/v1/cards", status_code=201)
async def card(caller: Caller, body: Card) -> CardMade:
    """Certify a contact's devices: enrols the contact and erases the letter's admit hash."""
    return CardMade(contact=await caller.write(enrolments.card, body.card, body.enrolment, caller.now))


@router.post("/v1/card-changes", status_code=204)
async def add_device(caller: Caller, body: Asking) -> None:
    """Ask for a further device of one's own; it gets nothing until two officers put it on the card."""
    asking = cardchanges.Asking(body.addition, body.wipe, body.prekeys)
    await caller.write(cardchanges.ask, asking, caller.now)


@router.get("/v1/card-changes")
async def changes(caller: Caller) -> ChangeList:
    """Devices that wait to be put on a contact's card, or to be taken off it."""
    found = await caller.write(cardchanges.listed, caller.now)
    return ChangeList.model_validate({"changes": found}, from_attributes=True)


@router.post("/v1/card-changes/{contact}/vouch", status_code=204)
async def vouch_change(caller: Caller, contact: Id, body: Vouching) -> None:
    """The first officer's signature for such a change; the second one hands the card in at /v1/cards."""
    await caller.write(cardchanges.vouch, contact, body.card, caller.now)


@router.post("/v1/card-changes/{contact}/refuse", status_code=204)
async def refuse_change(caller: Caller, contact: Id) -> None:
    """End what waits: a further device is turned away."""
    await caller.write(cardchanges.refuse, contact, caller.now)


@router.post("/v1/wipes", status_code=204)
async def wiped(ctx: Ctx, request: Request, body: Wipe) -> None:
    """Drop a device with all that waits for it; the statement carries its own signature."""
    now = ctx.clock.now()
    device = await ctx.store.read(lambda tx: _signer(tx, body.wipe, now))
    if device is None:
        ctx.rates.hit(WIPES, address(request))
    else:  # whoever needs it must not depend on what others behind the same address do
        ctx.rates.hit(DEVICES, device.hex())
    await ctx.store.write(lambda tx: wipe.wipe(tx, body.wipe, now))


def _signer(tx: Tx, wire: bytes, now: datetime) -> bytes | None:
    """The device whose own wipe this verifiably is."""
    try:
        device = statement.Wipe.peek(wire).device
        record = DeviceRecord.parse(auth.device_of(tx, device, now).record)
        statement.check_statement(wire, statement.Wipe, record)
    except (CryptoError, RelayError):
        return None
    return device


def checked_telegram_id(ctx: Context, init_data: str, now: int) -> int | None:
    """Whose account opened the app; None when it says nothing. Raises ApiError 401."""
    if not init_data or ctx.bot_token is None:
        return None
    try:
        token = ctx.bot_token.get_secret_value()
        return initdata.check(init_data, token, now=now, max_age=INIT_DATA_SECONDS).user_id
    except CryptoError:
        raise ApiError(
            401,
            "init_data_not_valid",
            "Telegram's note of who opened the app is not valid or too old: open it again.",
        ) from None
