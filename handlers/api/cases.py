"""Households: numbers and codes, by alias; nothing that anybody typed."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field

from handlers.api.context import Caller, CheckedRoute
from handlers.api.fields import Body, Time, View, word
from relay import cases, caseviews, facts, verification

router = APIRouter(tags=["cases"], route_class=CheckedRoute)

Alias = Annotated[str, Path(max_length=16, pattern=r"^[A-Za-z0-9-]+$")]
Number = Annotated[int, Field(ge=1, lt=1 << 31)]


Contact = Annotated[str, Field(max_length=24, pattern=r"^[A-Za-z0-9-]+$", description="a contact's alias")]
Claim = Annotated[str, word(*verification.REASONS["claim"])]
Kind = Annotated[str, word(*cases.KINDS)]
Need = Annotated[str, word(*cases.NEEDS)]
Officer = Annotated[str, word(*cases.OFFICERS)]
Language = Annotated[str, word(*cases.LANGUAGES)]
Fact = Annotated[str, word(*facts.FACTS)]
FactAnswer = Annotated[str, word(*facts.ANSWERS)]
Grade = Annotated[str, word(*facts.GRADES)]
Wish = Annotated[str, word(*facts.INTENTS)]
Step = Annotated[str, word(*verification.REASONS)]
StepReason = Annotated[str, word(*sorted({each for of in verification.REASONS.values() for each in of}))]
CloseReason = Annotated[str, word(*cases.REASONS)]


class NewCase(Body):
    contact: Contact
    claim: Claim = "letter"


class CaseAlias(View):
    alias: str


class NewMember(Body):
    kind: Kind
    guardian: Number | None = None
    contact: Contact | None = None


class MemberNumber(View):
    member: int


class Needs(Body):
    """What is left out stays as it is."""

    needs: Annotated[list[Need], Field(max_length=20)] | None = None
    preferred_officer: Officer | None = None
    language: Language | None = None


class NewFact(Body):
    fact: Fact
    answer: FactAnswer
    grade: Grade | None = None
    as_of: Time | None = None


class NewIntent(Body):
    intent: Wish


class NewCheck(Body):
    step: Step
    reason: StepReason


class CheckState(View):
    state: str


class Closing(Body):
    reason: CloseReason


class FactItem(View):
    fact: str
    answer: str
    grade: str | None
    as_of: Time | None
    role_code: str
    at: Time | None


class IntentItem(View):
    intent: str
    role_code: str
    at: Time


class CheckItem(View):
    state: str
    reason: str
    role_code: str
    at: Time


class Verification(View):
    state: str
    since: Time | None
    expires: Time | None


class Member(View):
    member: int
    kind: str
    guardian: int | None
    contact: str | None
    assent: str | None


class CaseItem(View):
    alias: str
    state: str
    reason: str | None
    opened_at: Time
    closed_at: Time | None
    preferred_officer: str
    language: str
    adults: int
    minors: int
    contacts: list[str]
    facts: list[FactItem]
    intent: str | None
    verification: Verification


class Case(CaseItem):
    members: list[Member]
    needs: list[str]
    facts_before: list[FactItem]
    intents: list[IntentItem]
    checks: list[CheckItem]


class CaseList(View):
    cases: list[CaseItem]


@router.post("/v1/cases", status_code=201)
async def open_case(caller: Caller, body: NewCase) -> CaseAlias:
    """Open a case for a contact; its alias is drawn."""
    return CaseAlias(
        alias=await caller.write(cases.open_, contact=body.contact, claim=body.claim, now=caller.now)
    )


@router.get("/v1/cases")
async def listed(
    caller: Caller,
    after: Annotated[str, Query(max_length=16, pattern=r"^[A-Za-z0-9-]*$")] = "",
    limit: Annotated[int, Query(ge=1, le=caseviews.PAGE)] = caseviews.PAGE,
    closed: bool = False,
) -> CaseList:
    """Cases of the own office after an alias, by alias; open ones alone unless closed ones are wanted too."""
    found = await caller.write(caseviews.listed, caller.now, after=after, limit=limit, closed=closed)
    return CaseList.model_validate({"cases": found}, from_attributes=True)


@router.get("/v1/cases/{alias}")
async def one(caller: Caller, alias: Alias) -> Case:
    """One of them, with its histories."""
    return Case.model_validate(await caller.write(caseviews.show, alias, caller.now))


@router.post("/v1/cases/{alias}/members", status_code=201)
async def add_member(caller: Caller, alias: Alias, body: NewMember) -> MemberNumber:
    """Add a member, by kind alone; the number is given."""
    number = await caller.write(
        cases.add_member,
        alias,
        kind=body.kind,
        guardian=body.guardian,
        contact=body.contact,
        now=caller.now,
    )
    return MemberNumber(member=number)


@router.post("/v1/cases/{alias}/members/{member}/remove", status_code=204)
async def remove_member(caller: Caller, alias: Alias, member: Number) -> None:
    """Take a member off."""
    await caller.write(cases.remove_member, alias, member, caller.now)


@router.post("/v1/cases/{alias}/needs", status_code=204)
async def needs(caller: Caller, alias: Alias, body: Needs) -> None:
    """How the household is to be met."""
    await caller.write(
        cases.set_needs,
        alias,
        needs=body.needs,
        preferred_officer=body.preferred_officer,
        language=body.language,
        now=caller.now,
    )


@router.post("/v1/cases/{alias}/facts", status_code=201)
async def fact(caller: Caller, alias: Alias, body: NewFact) -> None:
    """What is known, as of a time."""
    await caller.write(
        facts.record,
        alias,
        fact=body.fact,
        answer=body.answer,
        grade=body.grade,
        as_of=body.as_of,
        now=caller.now,
    )


@router.post("/v1/cases/{alias}/intents", status_code=201)
async def intent(caller: Caller, alias: Alias, body: NewIntent) -> None:
    """What the household wants, as it told an officer."""
    await caller.write(facts.intend, alias, intent=body.intent, now=caller.now)


@router.post("/v1/cases/{alias}/checks", status_code=201)
async def check(caller: Caller, alias: Alias, body: NewCheck) -> CheckState:
    """A step of verification, and where it led."""
    taken = await caller.write(verification.take, alias, step=body.step, reason=body.reason, now=caller.now)
    return CheckState(state=taken)


@router.post("/v1/cases/{alias}/close", status_code=204)
async def close(caller: Caller, alias: Alias, body: Closing) -> None:
    """Close a case for good; `erased` destroys what it held."""
    await caller.write(cases.close, alias, reason=body.reason, now=caller.now)
