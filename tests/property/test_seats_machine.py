"""No interleaving of notices, answers, changes and cancellations oversells or loses a seat."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from crypto.encoding import new_id
from crypto.notice import NoticeKind
from crypto.statement import Reply
from relay import answers, consent, ledger, movements, notices
from relay.errors import RelayError
from relay.notices import Draft, Seat
from tests.property.paths import ON_EITHER, lead

PEOPLE = 4
WHO = st.integers(0, PEOPLE - 1)
SOME = st.sets(WHO, min_size=1)
PARTY = st.integers(1, 3)
LIVE = ("held", "accepted")


@dataclass
class Offered:
    who: int
    party: int
    state: str
    notice: bytes
    version: int


class Seats(RuleBasedStateMachine):
    street = None

    @initialize(seats=st.integers(1, 7))
    def start(self, seats):
        self.house = self.street.house()
        self.phones = [self.house.enrolled("messages", "departures") for _ in range(PEOPLE)]
        self.seats = seats
        self.movement = self.house.movement(seats)
        self.offers: dict[bytes, Offered] = {}
        # The live version of each notice, in the order they were made: ids are random, and a path is led again.
        self.drafts: dict[bytes, Draft] = {}
        self.released: set[bytes] = set()

    def teardown(self):
        if hasattr(self, "house"):
            self.house.store.close()

    def taken(self, state: str) -> int:
        return sum(offer.party for offer in self.offers.values() if offer.state == state)

    def answers(self, draft: Draft, who: int, offer: Offered | None, reply: Reply, party: int) -> set[str]:
        """How the relay may answer."""
        if offer is None:
            return {"offer_not_found"}
        if reply is Reply.HELP:
            return {"ok"}
        if offer.state not in (*LIVE, "declined"):
            return {"notice_over", "party_too_large"}
        if reply is Reply.DECLINE:
            return {"ok"}
        if self.house.now >= draft.answer_by:
            return {"notice_over"}
        if party > offer.party:
            return {"party_too_large"}
        if any(o.who == who and o is not offer and o.state in LIVE for o in self.offers.values()):
            return {"notice_over"}
        own = offer.party if offer.state in LIVE else 0
        left = self.seats - self.taken("held") - self.taken("accepted") + own
        return {"ok"} if party <= left else {"seats_short"}

    def attempt(self, call, *allowed: str) -> str:
        """ "ok" or the refusal's code, which must be one the model expects."""
        outcome = "ok"
        try:
            call()
        except RelayError as error:
            outcome = error.code
        assert outcome in allowed
        return outcome

    def draft(self, who: set[int], party: int, old: Draft | None) -> Draft:
        held = {} if old is None else {seat.contact: seat.offer for seat in old.offers}
        now = self.house.now
        plain = {
            "offers": [
                Seat(self.phones[n].contact, held.get(self.phones[n].contact, new_id()), party) for n in who
            ],
            "release_at": now + timedelta(minutes=1),
            "answer_by": now + timedelta(minutes=30),
            "expires": now + timedelta(minutes=60),
        }
        if old is not None:
            plain |= {"notice": old.notice, "version": old.version + 1, "kind": NoticeKind.CHANGE}
        return self.house.draft(self.movement, [self.phones[n] for n in sorted(who)], **plain)

    def schedule(self, who: set[int], party: int, old: Draft | None) -> None:
        draft = self.draft(who, party, old)
        mine = (
            {}
            if old is None
            else {
                id_: offer
                for id_, offer in self.offers.items()
                if (offer.notice, offer.version) == (old.notice, old.version) and offer.state in LIVE
            }
        )
        others = [o for id_, o in self.offers.items() if id_ not in mine and o.state in LIVE]
        expected = {"ok"}
        if any(o.who in who for o in others):
            expected = {"offer_taken", "seats_short"}
        elif sum(o.party for o in others) + party * len(who) > self.seats:
            expected = {"seats_short"}
        if self.attempt(lambda: self.house.schedule(draft), *expected) != "ok":
            return
        for offer in mine.values():
            offer.state = "withdrawn"
        for seat in draft.offers:
            number = next(n for n in who if self.phones[n].contact == seat.contact)
            self.offers[seat.offer] = Offered(number, party, "held", draft.notice, draft.version)
        self.drafts[draft.notice] = draft
        self.released.discard(draft.notice)

    @rule(who=SOME, party=PARTY)
    def offer(self, who, party):
        self.schedule(who, party, None)

    @precondition(lambda self: self.drafts)
    @rule(data=st.data(), who=SOME, party=PARTY)
    def replace(self, data, who, party):
        self.schedule(who, party, self.drafts[data.draw(st.sampled_from(list(self.drafts)))])

    @rule()
    def release(self):
        self.house.pass_(minutes=2)
        self.expire_model()
        self.house.write(notices.expire, self.house.now)
        self.house.write(notices.release_due, self.house.now)
        self.released = set(self.drafts)

    @precondition(lambda self: self.released)
    @rule(data=st.data(), who=WHO, reply=st.sampled_from(list(Reply)), party=PARTY)
    def answer(self, data, who, reply, party):
        out = [notice for notice in self.drafts if notice in self.released]
        draft = self.drafts[data.draw(st.sampled_from(out))]
        phone = self.phones[who]
        offer = next(
            (self.offers[seat.offer] for seat in draft.offers if seat.contact == phone.contact), None
        )
        expected = self.answers(draft, who, offer, reply, party)
        statement = phone.answer(draft, reply, party=party)
        outcome = self.attempt(
            lambda: self.house.as_(phone, answers.answer, statement, self.house.now), *expected
        )
        if outcome == "ok" and reply is Reply.ACCEPT:
            offer.state, offer.party = "accepted", party
        elif outcome == "ok" and reply is Reply.DECLINE:
            offer.state = "declined"

    @precondition(lambda self: self.drafts)
    @rule(data=st.data())
    def cancel(self, data):
        notice = data.draw(st.sampled_from(list(self.drafts)))
        draft = self.drafts.pop(notice)
        self.released.discard(notice)
        self.house.cancel(draft)
        for offer in self.offers.values():
            if (offer.notice, offer.version) == (notice, draft.version) and offer.state in LIVE:
                offer.state = "withdrawn"

    @rule(who=WHO)
    def withdraw(self, who):
        phone = self.phones[who]
        self.house.as_(phone, consent.record, phone.statement("departures", False), self.house.now)
        self.house.as_(phone, consent.record, phone.statement("departures", True), self.house.now)
        for offer in self.offers.values():
            if offer.who == who and offer.state in LIVE:
                offer.state = "withdrawn"

    @rule(minutes=st.sampled_from([10, 61]))
    def wait(self, minutes):
        self.house.pass_(minutes=minutes)
        self.expire_model()
        self.house.write(notices.expire, self.house.now)

    def expire_model(self) -> None:
        for notice, draft in list(self.drafts.items()):
            if draft.expires <= self.house.now:
                del self.drafts[notice]
                self.released.discard(notice)
                for offer in self.offers.values():
                    if (offer.notice, offer.version) == (notice, draft.version) and offer.state == "held":
                        offer.state = "expired"

    @invariant()
    def seats_add_up(self):
        if not hasattr(self, "house"):
            return
        (view,) = self.house.as_(self.house.chief, movements.listed)
        assert (view.held, view.confirmed) == (self.taken("held"), self.taken("accepted"))
        assert view.held + view.confirmed <= view.seats
        assert [report.wrong for report in self.house.read(ledger.verify)] == [""]
        for who in range(PEOPLE):
            assert sum(offer.who == who and offer.state in LIVE for offer in self.offers.values()) <= 1


@pytest.mark.parametrize(("either_street", "paths"), ON_EITHER, indirect=["either_street"])
def test_seats_add_up_whatever_happens(either_street, paths):
    Seats.street = either_street
    lead(Seats, paths, steps=25)
