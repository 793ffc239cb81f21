"""Seats lent between offices: each side signs, and checks the other's signature under the office it has pinned."""

from typing import Any

from crypto.encoding import b64u
from crypto.errors import CryptoError
from crypto.loan import Borrow, GiveBack, Lend, TakeBack, check_give_back, check_lend
from crypto.roster import Role
from desk import movements, partners
from desk.answers import Answer
from desk.errors import AlarmError, DeskError, UsageError
from desk.office import Desk, spoken_id


def lend(desk: Desk, code: str, to: str, seats: int, until: int) -> Lend:
    """Offers seats of an own movement to a pinned office; they move when it takes them up."""
    desk.require(Role.COORDINATOR, "lend seats")
    borrower = partners.named(desk, to).office
    row = movements.find(desk, code)
    if row.octets("owner", 32) != desk.office:
        raise DeskError(f"{code} is another office's.", "What was borrowed cannot be lent on.")
    movement = row.octets("movement", 16)
    said = Lend(desk.office, borrower, movement, seats, until, spoken_id(), desk.device.device, desk.now())
    _post(desk, "/loans", said.sign(desk.keys.sign_seed))
    return said


def listed(desk: Desk) -> list[dict[str, Any]]:
    """Loans from and to this office, as the relay shows them, with the offices' names here."""
    rows = []
    for row in _rows(desk):
        named = {side: partners.called(desk, row.octets(side, 32)) for side in ("lender", "borrower")}
        shown = {name: value for name, value in row.plain().items() if name not in ("lend", "borrow")}
        giving = row.maybe_octets("giving")
        rows.append(shown | named | {"giving": GiveBack.peek(giving).seats if giving else 0})
    return rows


def borrow(desk: Desk, name: str) -> Lend:
    """Takes up a lend, just as the pinned lender signed it."""
    desk.require(Role.COORDINATOR, "borrow seats")
    row = find(desk, name)
    said = _lend(desk, row)
    if said.borrower != desk.office:
        raise UsageError("Your own office lends this.", "Give a loan that another office offers.")
    word = Borrow(said.lender, said.borrower, said.loan, said.hash, desk.device.device, desk.now())
    _post(desk, "/loans/borrow", word.sign(desk.keys.sign_seed))
    return said


def give_back(desk: Desk, name: str, seats: int | None) -> GiveBack:
    """Offers borrowed seats back, all that are left of the loan unless `seats` are named."""
    desk.require(Role.COORDINATOR, "give seats back")
    row = find(desk, name)
    said = _lend(desk, row)
    count = row.integer("seats") - row.integer("back") if seats is None else seats
    word = GiveBack(said.lender, said.borrower, said.loan, count, desk.device.device, desk.now())
    _post(desk, "/loans/return", word.sign(desk.keys.sign_seed))
    return word


def take_back(desk: Desk, name: str) -> GiveBack:
    """Takes what the borrower gives back, just as it signed that; its word."""
    desk.require(Role.COORDINATOR, "take seats back")
    row = find(desk, name)
    said, wire = _lend(desk, row), row.maybe_octets("giving")
    if not wire:
        raise DeskError("The borrower has given nothing back that waits.", "See `qasid-desk movement loans`.")
    roster = partners.refresh(desk, partners.pinned(desk, said.borrower))
    try:
        given = check_give_back(wire, said, roster)
    except CryptoError as refused:
        raise _forged(refused) from refused
    word = TakeBack(said.lender, said.borrower, said.loan, given.hash, desk.device.device, desk.now())
    _post(desk, "/loans/take-back", word.sign(desk.keys.sign_seed))
    return given


def withdraw(desk: Desk, name: str) -> None:
    """Withdraws a lend that nobody took up."""
    desk.require(Role.COORDINATOR, "withdraw a lend")
    desk.relay.post(f"/loans/{b64u(find(desk, name).octets('loan', 16))}/withdraw")


def find(desk: Desk, name: str) -> Answer:
    """A loan by its id or the beginning of it. Raises UsageError."""
    found = [row for row in _rows(desk) if name and row.text("loan").startswith(name)]
    if len(found) != 1:
        raise UsageError(
            f"{name!r} names {'no' if not found else 'more than one'} loan.",
            "See `qasid-desk movement loans`.",
        )
    return found[0]


def _lend(desk: Desk, row: Answer) -> Lend:
    """The lender's own word, verified; the relay's row of it must say the same."""
    lender = row.octets("lender", 32)
    roster = desk.roster if lender == desk.office else partners.refresh(desk, partners.pinned(desk, lender))
    try:
        said = check_lend(row.octets("lend"), roster)
    except CryptoError as refused:
        raise _forged(refused) from refused
    shown = (row.octets("lender", 32), row.octets("borrower", 32), row.octets("loan", 16))
    told = (*shown, row.octets("movement", 16), row.integer("seats"), row.integer("return_at"))
    if told != (said.lender, said.borrower, said.loan, said.movement, said.seats, said.return_at):
        raise AlarmError("The relay shows a loan otherwise than its lender signed it.", partners.STOP)
    return said


def _forged(refused: CryptoError) -> AlarmError:
    return AlarmError(f"The loan the relay shows is refused: {refused}.", partners.STOP, "loan_forged")


def _rows(desk: Desk) -> list[Answer]:
    return Answer(desk.relay.get("/loans")).many("loans")


def _post(desk: Desk, path: str, wire: bytes) -> None:
    desk.relay.post(path, {"signed": b64u(wire)})
