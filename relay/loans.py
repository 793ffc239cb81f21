"""Seats lent between offices that accept each other. The two signatures move them; a loan says nothing of whom for.

    state       borrow     return, taken back   by the clock, at return_at    withdraw
    (lent)      borrowed   -                    withdrawn                     withdrawn
    borrowed    borrowed   fewer; ended with    all that nobody holds come    -
                           the last seat        back, the others as they
                                                become free
    ended, withdrawn: final
What is lent may not be lent on. Whoever waits at either office gets what became free there.
"""

from dataclasses import dataclass
from datetime import datetime

from crypto.encoding import moment
from crypto.loan import (
    Borrow,
    GiveBack,
    Lend,
    TakeBack,
    check_borrow,
    check_give_back,
    check_lend,
    check_take_back,
)
from relay import audit, auth, movements, offices, seats, standby
from relay.addressing import SLACK
from relay.audit import Event
from relay.auth import OfficerDevice, Principal
from relay.errors import Kind, RelayError, checked
from relay.movements import BEFORE, PLANNERS, VIEWERS
from relay.unit import Tx
from store import allotments, loans, threads
from store import movements as movement_rows
from store.allotments import Change
from store.sql import Found

REFUSED = "loan_refused"


@dataclass(frozen=True, slots=True)
class LoanView:
    """As both offices see it: the signed words, and what of the movement the borrower needs to know."""

    lender: bytes
    borrower: bytes
    loan: bytes
    movement: bytes
    code: str
    route: int
    departs_at: datetime
    seats: int
    back: int
    return_at: datetime
    state: str  # lent, borrowed, ended, withdrawn
    lend: bytes
    borrow: bytes | None
    giving: bytes | None


def listed(tx: Tx, who: Principal) -> list[LoanView]:
    """Loans from and to the own office, the first to come back first."""
    me = auth.officer(who, VIEWERS)
    return [_view(row) for row in loans.of_office(tx, me.office)]


def lend(tx: Tx, who: Principal, wire: bytes, now: datetime) -> None:
    """Offer seats of an own movement to another office; they move when it takes them up. The same again is harmless.

    Raises RelayError `not_allowed`, `malformed`, `loan_refused`, `no_partner`, `movement_not_found`,
    `movement_state`, `times_refused`, `seats_short`, `loan_taken`.
    """
    me = auth.officer(who, PLANNERS)
    with checked(REFUSED):
        said = check_lend(wire, offices.newest(tx, me.office))
    _check_signer(me, said, now)
    known = loans.loan(tx, me.office, said.loan)
    if known is not None:
        if known.lend != wire:
            raise RelayError("loan_taken", "another loan has this id; sign it again", Kind.CONFLICT)
        return
    if not threads.both_accept(tx, me.office, said.borrower):
        raise no_partner()
    row = movement_rows.movement(tx, me.office, said.movement)
    own = allotments.allotment(tx, me.office, said.movement)
    if row is None or own is None:
        raise movements.missing()
    _check_before(row.state)
    if not now < moment(said.return_at) <= row.departs_at:
        raise RelayError(
            "times_refused",
            "seats come back after now and by the departure; give another time",
            Kind.UNACCEPTABLE,
        )
    if allotments.free(own) < said.seats:
        raise seats.short()
    loans.add(
        tx,
        office=me.office,
        loan=said.loan,
        movement=said.movement,
        borrower=said.borrower,
        seats=said.seats,
        back=0,
        return_at=moment(said.return_at),
        state="lent",
        lend=wire,
        borrow=None,
        giving=None,
    )
    audit.note(tx, Event.SEATS_LENT, now, by=me, subject=audit.short(said.borrower))


def borrow(tx: Tx, who: Principal, wire: bytes, now: datetime) -> None:
    """Take up what another office lends: the seats are the own office's to offer. The same again is harmless.

    Raises RelayError `not_allowed`, `malformed`, `loan_refused`, `loan_not_found`, `loan_over`, `no_partner`,
    `movement_state`, `seats_short`.
    """
    me = auth.officer(who, PLANNERS)
    row = _borrowed(tx, me, Borrow, wire)
    if row.borrow == wire:
        return
    if row.state != "lent" or now >= row.return_at:
        raise over()
    with checked(REFUSED):
        said = check_borrow(wire, Lend.peek(row.lend), offices.newest(tx, me.office))
    _check_signer(me, said, now)
    if not threads.both_accept(tx, me.office, row.office):
        raise no_partner()
    _check_before(row.movement_state)
    if allotments.allotment(tx, me.office, row.movement) is None:
        allotments.add(tx, office=me.office, movement=row.movement, owner=row.office)
    _move(tx, row, row.seats, now, home=False)
    _change(tx, row, state="borrowed", borrow=wire)
    audit.note(tx, Event.SEATS_BORROWED, now, by=me, subject=audit.short(row.office))
    audit.happened(tx, Event.SEATS_BORROWED, now, office=row.office, subject=audit.short(me.office))


def give_back(tx: Tx, who: Principal, wire: bytes, now: datetime) -> None:
    """Offer seats of a loan back; they move when the lender takes them. A newer return replaces one not taken.

    Raises RelayError `not_allowed`, `malformed`, `loan_refused`, `loan_not_found`, `loan_over`, `seats_short`.
    """
    me = auth.officer(who, PLANNERS)
    row = _borrowed(tx, me, GiveBack, wire)
    if row.giving == wire:
        return
    if row.state != "borrowed":
        raise over()
    with checked(REFUSED):
        said = check_give_back(wire, Lend.peek(row.lend), offices.newest(tx, me.office))
    _check_signer(me, said, now)
    own = allotments.allotment(tx, me.office, row.movement)
    if own is None or said.seats > min(allotments.free(own), row.seats - row.back):
        raise seats.short()
    _change(tx, row, giving=wire)
    audit.note(tx, Event.SEATS_GIVEN_BACK, now, by=me, subject=audit.short(row.office))


def take_back(tx: Tx, who: Principal, wire: bytes, now: datetime) -> None:
    """Take what the borrower gives back.

    Raises RelayError `not_allowed`, `malformed`, `loan_refused`, `loan_not_found`, `loan_over` (nothing is given
    back), `seats_short` (it has offered them meanwhile).
    """
    me = auth.officer(who, PLANNERS)
    with checked(REFUSED):
        row = _lent(tx, me, TakeBack.peek(wire).loan)
    if row.state != "borrowed" or row.giving is None:
        raise over()
    given = GiveBack.peek(row.giving)
    with checked(REFUSED):
        said = check_take_back(wire, given, offices.newest(tx, me.office))
    _check_signer(me, said, now)
    if given.seats > row.seats - row.back:
        raise seats.short()
    _return(tx, row, given.seats, now)
    audit.note(tx, Event.SEATS_RETURNED, now, by=me, subject=audit.short(row.borrower))
    audit.happened(tx, Event.SEATS_RETURNED, now, office=row.borrower, subject=audit.short(me.office))


def withdraw(tx: Tx, who: Principal, loan: bytes, now: datetime) -> None:
    """Take a lend back that nobody took up. The same again is harmless.

    Raises RelayError `not_allowed`, `loan_not_found`, `loan_over`.
    """
    me = auth.officer(who, PLANNERS)
    row = _lent(tx, me, loan)
    if row.state == "withdrawn":
        return
    if row.state != "lent":
        raise over()
    _change(tx, row, state="withdrawn")
    audit.note(tx, Event.LEND_WITHDRAWN, now, by=me, subject=audit.short(row.borrower))


def return_due(tx: Tx, now: datetime) -> int:
    """Bring home what is due and held by nobody, and end what was never taken up; how many loans it changed."""
    changed = 0
    for row in loans.due(tx, now):
        if row.state == "lent":
            _change(tx, row, state="withdrawn")
            changed += 1
            continue
        own = allotments.allotment(tx, row.borrower, row.movement)
        free = 0 if own is None else min(allotments.free(own), row.seats - row.back)
        if free > 0:
            _return(tx, row, free, now)
            for office, other in ((row.office, row.borrower), (row.borrower, row.office)):
                audit.happened(tx, Event.SEATS_RETURNED, now, office=office, subject=audit.short(other))
        elif row.movement_state in ("arrived", "cancelled"):
            _change(tx, row, state="ended", giving=None)
        changed += free > 0
    return changed


def no_partner() -> RelayError:
    return RelayError(
        "no_partner",
        "there is no such office, or you have not both accepted each other; agree on it by another channel",
        Kind.MISSING,
    )


def over() -> RelayError:
    return RelayError(
        "loan_over", "this loan is over or was taken already; list the loans anew", Kind.CONFLICT
    )


def _return(tx: Tx, row: Found, count: int, now: datetime) -> None:
    _move(tx, row, count, now, home=True)
    back = row.back + count
    _change(tx, row, back=back, giving=None, state="ended" if back == row.seats else "borrowed")


def _move(tx: Tx, row: Found, count: int, now: datetime, *, home: bool) -> None:
    """Move seats to the borrower, or home; whoever waits there gets them."""
    giver, taker = (row.borrower, row.office) if home else (row.office, row.borrower)
    out = Change("returned" if home else "lent", loan=row.loan, seats=-count)
    into = Change("returned" if home else "borrowed", loan=row.loan, seats=count)
    for office, change in ((giver, out), (taker, into)):
        if not allotments.shift(tx, office, row.movement, [change], now):
            raise seats.short()
    standby.promote(tx, taker, row.movement, now)


def _check_signer(me: OfficerDevice, said: Lend | Borrow | GiveBack | TakeBack, now: datetime) -> None:
    """By the device that asks, and now."""
    if said.device != me.device or not now - SLACK <= moment(said.at) <= now + SLACK:
        raise RelayError(
            REFUSED,
            "it is signed by another device, or at another time; set the clock and sign again",
            Kind.FORBIDDEN,
        )


def _check_before(state: str) -> None:
    if state not in BEFORE:
        raise RelayError("movement_state", f"the movement is {state}; its seats are not lent", Kind.CONFLICT)


def _change(tx: Tx, row: Found, **values: object) -> None:
    if not loans.change(tx, row, **values):
        raise over()


def _borrowed(tx: Tx, me: OfficerDevice, kind: type[Borrow | GiveBack], wire: bytes) -> Found:
    """The loan to the own office that the signed word names."""
    with checked(REFUSED):
        said = kind.peek(wire)
    row = loans.loan(tx, said.lender, said.loan)
    if row is None or row.borrower != me.office:
        raise _missing()
    return row


def _lent(tx: Tx, me: OfficerDevice, loan: bytes) -> Found:
    row = loans.loan(tx, me.office, loan)
    if row is None:
        raise _missing()
    return row


def _missing() -> RelayError:
    return RelayError("loan_not_found", "no such loan; list the loans anew", Kind.MISSING)


def _view(row: Found) -> LoanView:
    named = (row.office, row.borrower, row.loan, row.movement, row.code, row.route, row.departs_at)
    return LoanView(*named, row.seats, row.back, row.return_at, row.state, row.lend, row.borrow, row.giving)
