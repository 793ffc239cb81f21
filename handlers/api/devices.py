"""A device about itself: state, prekeys, consent, pause; and an officer's colleagues' devices and links."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from handlers.api.context import Caller, CheckedRoute, Context, Ctx
from handlers.api.fields import Blob, Blobs, Body, Hash, Head, Id, Time, View
from handlers.api.problem import ApiError
from relay import consent, contacts, links, offices, prekeys
from relay.auth import ContactDevice

router = APIRouter(tags=["devices"], route_class=CheckedRoute)


class Prekeys(View):
    newest_sequence: int
    seal_until: Time | None


class Contact(View):
    state: str
    contact: Id
    card: Blob | None
    roster: Head
    prekeys: Prekeys
    bot: str | None
    office: Hash
    paused: bool
    #: Of somebody who came without a letter: why the office refused, and when everything of them is deleted.
    refused: str | None
    waits_until: Time | None


class Officer(View):
    state: str = "officer"
    office: Hash
    officer: Id
    role_code: str
    roles: int
    device: Id
    roster: Head
    prekeys: Prekeys
    telegram_linked: bool


class NewPrekeys(Body):
    prekeys: Annotated[Blobs, Field(min_length=1)]


class Statement(Body):
    consent: Blob


class ConsentState(View):
    state: str


class Consent(View):
    purpose: str
    recipient: Hash
    fields: str
    given: bool
    at: Time
    counter: int


class Consents(View):
    consents: list[Consent]


class Pause(Body):
    paused: bool


class OfficerDevice(View):
    device: Id
    officer: Id
    role_code: str
    record: Blob
    prekey: Blob | None


class OfficerDevices(View):
    devices: list[OfficerDevice]


class Link(View):
    link: str
    expires: Time


@router.get("/v1/me")
async def me(caller: Caller, ctx: Ctx) -> Contact | Officer:
    """What the relay holds of the asking device."""
    mine = await caller.read(contacts.me, caller.now)
    prekeys_view = Prekeys(newest_sequence=mine.newest_sequence, seal_until=mine.seal_until)
    roster = Head.model_validate(mine.head)
    if mine.officer is not None:
        return Officer(
            office=mine.office,
            officer=mine.officer,
            role_code=mine.role_code,
            roles=mine.roles,
            device=mine.device,
            roster=roster,
            prekeys=prekeys_view,
            telegram_linked=mine.telegram_linked,
        )
    return Contact(
        state=mine.state,
        contact=mine.contact or b"",
        card=mine.card,
        roster=roster,
        prekeys=prekeys_view,
        bot=ctx.bot_name,
        office=mine.office,
        paused=mine.paused,
        refused=mine.refused,
        waits_until=mine.waits_until,
    )


@router.post("/v1/prekeys", status_code=204)
async def top_up(caller: Caller, body: NewPrekeys) -> None:
    """Hand over new signed prekeys."""
    await caller.write(prekeys.add, body.prekeys, caller.now)


@router.post("/v1/consents")
async def say(caller: Caller, body: Statement) -> ConsentState:
    """Give or withdraw consent; it acts at once."""
    return ConsentState(state=await caller.write(consent.record, body.consent, caller.now))


@router.get("/v1/consents")
async def said(caller: Caller) -> Consents:
    """The newest statement per purpose."""
    return Consents.model_validate({"consents": await caller.read(consent.listed)}, from_attributes=True)


@router.post("/v1/pause", status_code=204)
async def pause(caller: Caller, body: Pause) -> None:
    """Silence the doorbell, or have it ring again."""
    await caller.write(contacts.pause, body.paused, caller.now)


@router.get("/v1/devices")
async def colleagues(caller: Caller) -> OfficerDevices:
    """Officer devices of the own office, with a prekey each to grant epochs to."""
    return OfficerDevices.model_validate(
        {"devices": await caller.read(offices.devices_of, caller.now)}, from_attributes=True
    )


@router.post("/v1/telegram-links", status_code=201)
async def link(caller: Caller, ctx: Ctx) -> Link:
    """A one-time deep link that binds this officer's Telegram account."""
    if isinstance(caller.who, ContactDevice):
        raise ApiError(403, "not_allowed", "Only an officer's device may do this.")
    bot = bot_of(ctx)
    return start_link(bot, "o", await caller.write(links.issue, caller.now))


def bot_of(ctx: Context) -> str:
    """The bot's @name. Raises ApiError 503 as long as Telegram has not told it."""
    if ctx.bot_name is None:
        raise ApiError(
            503, "telegram_unreachable", "Telegram is out of reach: try again.", {"Retry-After": "10"}
        )
    return ctx.bot_name


def start_link(bot: str, kind: str, issued: links.LinkCode) -> Link:
    """What opens the bot with a one-time code of this kind."""
    return Link(link=f"https://t.me/{bot}?start={kind}_{issued.code}", expires=issued.expires)
