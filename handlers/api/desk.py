"""For officers' devices: rosters, letters, contacts, proposals from the chat."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field

from handlers.api.context import Caller, CheckedRoute, Ctx
from handlers.api.fields import Blob, Body, Hash, Head, Id, Time, View
from relay import contacts, invitations, offices, proposals

router = APIRouter(tags=["desk"], route_class=CheckedRoute)


class Roster(Body):
    roster: Blob


class Invitation(Body):
    invitation: Id
    admit_hash: Hash
    slip: Blob
    tag: Hash
    expires: Time
    alias: Annotated[str, Field(max_length=24)] = ""


class Alias(View):
    alias: str


class InvitationItem(View):
    invitation: Id
    contact: Id
    alias: str
    state: str
    expires: Time


class InvitationList(View):
    invitations: list[InvitationItem]


class ContactDevice(View):
    device: Id
    record: Blob
    prekey: Blob | None


class Consent(View):
    purpose: str
    recipient: Hash
    fields: str
    given: bool
    at: Time
    counter: int
    statement: Blob


class Contact(View):
    contact: Id
    alias: str
    state: str
    card: Blob | None
    prekeys: list[ContactDevice]
    consents: list[Consent]
    paused: bool
    language: str
    unread_oldest: Time | None


class ContactList(View):
    contacts: list[Contact]


class Proposal(View):
    proposal: Id
    kind: str
    subject: str
    words: str
    by: str
    at: Time
    expires: Time


class ProposalList(View):
    proposals: list[Proposal]


class Decision(Body):
    decision: Literal["confirm", "reject"]
    reason: Annotated[str, Field(max_length=24)] = ""


@router.post("/v1/rosters", status_code=201)
async def roster(caller: Caller, ctx: Ctx, body: Roster) -> Head:
    """The next roster in the chain; in force at once."""
    head = Head.model_validate(await caller.write(offices.follow, body.roster, caller.now))
    ctx.rescheduled()  # notices that were withheld may stand now
    return head


@router.post("/v1/invitations", status_code=201)
async def invite(caller: Caller, body: Invitation) -> Alias:
    """Announce a letter by its hashes; an empty alias is drawn."""
    alias = await caller.write(
        invitations.make,
        invitation=body.invitation,
        admit_hash=body.admit_hash,
        slip=body.slip,
        tag=body.tag,
        expires=body.expires,
        alias=body.alias,
        now=caller.now,
    )
    return Alias(alias=alias)


@router.get("/v1/invitations")
async def invited(caller: Caller) -> InvitationList:
    """Letters of the own office."""
    found = await caller.read(invitations.listed, caller.now)
    return InvitationList.model_validate({"invitations": found}, from_attributes=True)


@router.post("/v1/invitations/{invitation}/void", status_code=204)
async def void(caller: Caller, invitation: Id) -> None:
    """A letter that went astray admits nobody any more."""
    await caller.write(invitations.void, invitation, caller.now)


@router.get("/v1/contacts")
async def listed(caller: Caller) -> ContactList:
    """Contacts of the own office, with prekeys to seal to and signed consents to check again."""
    found = await caller.read(contacts.listed, caller.now)
    return ContactList.model_validate({"contacts": found}, from_attributes=True)


@router.get("/v1/contacts/{contact}")
async def one(caller: Caller, contact: Id) -> Contact:
    """One of them."""
    return Contact.model_validate(await caller.read(contacts.one, contact, caller.now))


@router.get("/v1/proposals")
async def proposed(caller: Caller) -> ProposalList:
    """What officers proposed in the chat."""
    found = await caller.read(proposals.listed, caller.now)
    return ProposalList.model_validate({"proposals": found}, from_attributes=True)


@router.post("/v1/proposals/{proposal}", status_code=204)
async def decide(caller: Caller, ctx: Ctx, proposal: Id, body: Decision) -> None:
    """Decide with a device's signature what a Telegram account could only propose."""
    confirmed = body.decision == "confirm"
    await caller.write(proposals.decide, proposal, confirmed, caller.now, reason=body.reason)
    ctx.rescheduled()  # once all is green, notices that were withheld may stand now
