"""Seats lent between offices."""

from fastapi import APIRouter

from handlers.api.context import Caller, CheckedRoute
from handlers.api.fields import Blob, Body, Hash, Id, Time, View
from relay import loans

router = APIRouter(tags=["departures"], route_class=CheckedRoute)


class Signed(Body):
    """A coordinator's signed word about a loan."""

    signed: Blob


class Loan(View):
    """`back`: how many of the seats came back; `giving`: a signed return that the lender has not taken yet."""

    lender: Hash
    borrower: Hash
    loan: Id
    movement: Id
    code: str
    route: int
    departs_at: Time
    seats: int
    back: int
    return_at: Time
    state: str
    lend: Blob
    borrow: Blob | None
    giving: Blob | None


class LoanList(View):
    loans: list[Loan]


@router.get("/v1/loans")
async def listed(caller: Caller) -> LoanList:
    """Loans from and to the own office."""
    return LoanList.model_validate({"loans": await caller.read(loans.listed)}, from_attributes=True)


@router.post("/v1/loans", status_code=201)
async def lend(caller: Caller, body: Signed) -> None:
    """Offer seats of an own movement to another office."""
    await caller.write(loans.lend, body.signed, caller.now)


@router.post("/v1/loans/borrow", status_code=204)
async def borrow(caller: Caller, body: Signed) -> None:
    """Take up what another office lends."""
    await caller.write(loans.borrow, body.signed, caller.now)


@router.post("/v1/loans/return", status_code=204)
async def give_back(caller: Caller, body: Signed) -> None:
    """Offer borrowed seats back."""
    await caller.write(loans.give_back, body.signed, caller.now)


@router.post("/v1/loans/take-back", status_code=204)
async def take_back(caller: Caller, body: Signed) -> None:
    """Take what the borrower gives back."""
    await caller.write(loans.take_back, body.signed, caller.now)


@router.post("/v1/loans/{loan}/withdraw", status_code=204)
async def withdraw(caller: Caller, loan: Id) -> None:
    """Withdraw a lend that nobody took up."""
    await caller.write(loans.withdraw, loan, caller.now)
