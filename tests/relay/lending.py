"""Two offices that accept each other, and the words they sign about seats."""

from datetime import datetime

from crypto.encoding import moment, new_id, unix
from crypto.loan import Borrow, GiveBack, Lend, TakeBack
from relay import loans, threads
from tests.relay.house import House, Officer


def befriend(one: House, two: House) -> None:
    for house, other in ((one, two), (two, one)):
        house.as_(house.chief, threads.accept, other.office, house.now)


class Lending:
    """What `lender` lends `borrower`; each step signs and asks, unless it is told only to sign."""

    def __init__(
        self, lender: House, borrower: House, movement: bytes, seats: int, return_at: datetime
    ) -> None:
        self.lender, self.borrower = lender, borrower
        now, device = unix(lender.now), lender.chief.device
        offices = (lender.office, borrower.office)
        self.lend = Lend(*offices, movement, seats, unix(return_at), new_id(), device, now)
        self.loan = self.lend.loan
        self._named = (*offices, self.loan)

    def signed(self, said: Lend | Borrow | GiveBack | TakeBack, by: Officer) -> bytes:
        return said.sign(by.keys.sign_seed)

    def borrowing(self, **changes: bytes) -> Borrow:
        chief = self.borrower.chief
        plain = {"lend_hash": self.lend.hash} | changes
        return Borrow(*self._named, **plain, device=chief.device, at=unix(self.borrower.now))

    def giving(self, seats: int) -> GiveBack:
        return GiveBack(*self._named, seats, self.borrower.chief.device, unix(self.borrower.now))

    def taking(self, given: GiveBack) -> TakeBack:
        return TakeBack(*self._named, given.hash, self.lender.chief.device, unix(self.lender.now))

    def offer(self) -> "Lending":
        wire = self.signed(self.lend, self.lender.chief)
        self.lender.as_(self.lender.chief, loans.lend, wire, self.lender.now)
        return self

    def take_up(self) -> "Lending":
        self._say(self.borrower, loans.borrow, self.borrowing())
        return self

    def give_back(self, seats: int) -> GiveBack:
        given = self.giving(seats)
        self._say(self.borrower, loans.give_back, given)
        return given

    def take_back(self, given: GiveBack) -> None:
        self._say(self.lender, loans.take_back, self.taking(given))

    def _say(self, house: House, rule, said) -> None:
        house.as_(house.chief, rule, self.signed(said, house.chief), house.now)

    @property
    def due(self) -> datetime:
        return moment(self.lend.return_at)
