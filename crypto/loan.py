"""Seats lent between offices and given back, each by a coordinator's signature on both sides (PROTOCOL section 13)."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Final

from crypto.encoding import equal
from crypto.errors import Malformed, Refused
from crypto.record import Bytes16, Bytes32, Time, Unsigned
from crypto.roster import Role, Roster
from crypto.signature import Signable

CLOCK_SLACK: Final = 3600
Seats = Annotated[int, Unsigned(4, 0xFFFF_FFFF, least=1)]


@dataclass(frozen=True, slots=True)
class Lend(Signable):
    """By the office whose movement it is: these seats are the borrower's to offer until `return_at`."""

    PURPOSE: ClassVar[str] = "lend"

    lender: Bytes32
    borrower: Bytes32
    movement: Bytes16
    seats: Seats
    return_at: Time
    loan: Bytes16
    device: Bytes16
    at: Time

    def _relate(self) -> None:
        if self.lender == self.borrower:
            raise Malformed("an office lends itself nothing")
        if self.return_at <= self.at:
            raise Malformed("seats are due back after they were lent")


@dataclass(frozen=True, slots=True)
class Borrow(Signable):
    """By the borrower: just this lend is taken up. `lend_hash` is the lend's."""

    PURPOSE: ClassVar[str] = "borrow"

    lender: Bytes32
    borrower: Bytes32
    loan: Bytes16
    lend_hash: Bytes32
    device: Bytes16
    at: Time


@dataclass(frozen=True, slots=True)
class GiveBack(Signable):
    """By the borrower: so many of the loan's seats are not needed."""

    PURPOSE: ClassVar[str] = "return"

    lender: Bytes32
    borrower: Bytes32
    loan: Bytes16
    seats: Seats
    device: Bytes16
    at: Time


@dataclass(frozen=True, slots=True)
class TakeBack(Signable):
    """By the lender: just this return is taken. `return_hash` is the return's."""

    PURPOSE: ClassVar[str] = "take back"

    lender: Bytes32
    borrower: Bytes32
    loan: Bytes16
    return_hash: Bytes32
    device: Bytes16
    at: Time


def check_lend(wire: bytes, roster: Roster) -> Lend:
    """A lend by a coordinator of the lender, whose roster this is. Raises Malformed or Refused."""
    said = Lend.peek(wire)
    return Lend.open(wire, _signer(roster, said.lender, said.device, said.at))


def check_borrow(wire: bytes, lend: Lend, roster: Roster) -> Borrow:
    """The borrower's word, by its roster, that it takes up just this lend. Raises Malformed or Refused."""
    said = Borrow.peek(wire)
    _check_loan((said.lender, said.borrower, said.loan), lend)
    if not equal(said.lend_hash, lend.hash):
        raise Refused("it takes up another lend")
    return Borrow.open(wire, _signer(roster, lend.borrower, said.device, said.at))


def check_give_back(wire: bytes, lend: Lend, roster: Roster) -> GiveBack:
    """The borrower's word, by its roster, that seats of this loan are not needed. Raises Malformed or Refused."""
    said = GiveBack.peek(wire)
    _check_loan((said.lender, said.borrower, said.loan), lend)
    if said.seats > lend.seats:
        raise Refused("it gives back more seats than were lent")
    return GiveBack.open(wire, _signer(roster, lend.borrower, said.device, said.at))


def check_take_back(wire: bytes, given: GiveBack, roster: Roster) -> TakeBack:
    """The lender's word, by its roster, that it takes just this return. Raises Malformed or Refused."""
    said = TakeBack.peek(wire)
    if (said.lender, said.borrower, said.loan) != (given.lender, given.borrower, given.loan):
        raise Refused("it is about another loan")
    if not equal(said.return_hash, given.hash):
        raise Refused("it takes another return")
    return TakeBack.open(wire, _signer(roster, given.lender, said.device, said.at))


def _signer(roster: Roster, office: bytes, device: bytes, at: int) -> bytes:
    if roster.office != office:
        raise Refused("the roster is another office's")
    return roster.standing(device, at, Role.COORDINATOR, slack=CLOCK_SLACK).device.sign_pk


def _check_loan(named: tuple[bytes, bytes, bytes], lend: Lend) -> None:
    if named != (lend.lender, lend.borrower, lend.loan):
        raise Refused("it is about another loan")
