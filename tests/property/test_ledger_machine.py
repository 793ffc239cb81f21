"""Whatever two offices do with the seats of one movement, and in whatever order, on both databases:

never oversold; one live offer per household; the ledger balances; nobody who fits waits while a seat is free; nobody
silent loses a seat before somebody tried to reach them.
"""

from collections import Counter
from datetime import timedelta
from itertools import cycle
from types import SimpleNamespace

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import text

from crypto.encoding import new_id
from crypto.notice import NoticeKind
from crypto.statement import Reply
from relay import answers, attempts, cases, holds, ledger, loans, movements, notices, outcomes, standby
from relay.errors import RelayError
from relay.notices import Draft, Seat
from relay.outcomes import Outcome
from store import allotments, offers
from store import standby as waiting
from tests.property.paths import lead
from tests.relay.house import House, Phone
from tests.relay.lending import Lending, befriend
from tests.relay.test_rule_cases import alias_of

OFFICES = st.integers(0, 1)
WHO = st.integers(0, 3)
PARTY = st.integers(1, 3)
RANK = st.sampled_from([None, 1, None, 2])
SOME = st.dictionaries(WHO, st.tuples(PARTY, RANK), min_size=1, max_size=2)
REFUSALS = {
    "seats_short", "offer_taken", "party_exceeds_household", "party_too_large", "notice_over", "offer_not_found",
    "movement_not_open", "movement_not_found", "movement_state", "loan_over", "times_refused", "no_seat",
    "outcome_refused", "outcome_recorded", "household_has_offer",
}  # fmt: skip
PATHS = (4, pytest.param(60, marks=[pytest.mark.prove, pytest.mark.timeout(1800)]))


class Ledgers(RuleBasedStateMachine):
    street = None

    @initialize(seats=st.integers(4, 6), lent=st.integers(1, 2), party=PARTY)
    def start(self, seats, lent, party):
        owner = self.street.house()
        guest = House(owner.store, owner.vault).register()
        befriend(owner, guest)
        self.houses = [owner, guest]
        self.people = [[house.enrolled("messages", "departures") for _ in range(4)] for house in self.houses]
        self.aliases = {phone.contact: alias_of(phone.house, phone) for row in self.people for phone in row}
        chief, (one, two) = owner.chief, self.people[0][:2]
        case = owner.as_(chief, cases.open_, contact=self.aliases[one.contact], now=owner.now)
        named = {"kind": "adult", "contact": self.aliases[two.contact], "now": owner.now}
        owner.as_(chief, cases.add_member, case, **named)
        owner.as_(chief, cases.add_member, case, kind="minor", guardian=1, now=owner.now)
        self.movement = owner.movement(seats)
        self.drafts: list[tuple[int, Draft]] = []
        self.loans: list[Lending] = []
        self.lend(lent, 3)
        # A path begins where it becomes interesting: seats are offered at both offices, and somebody waits.
        self.offer(0, {0: (party, None), 2: (1, None), 3: (2, 1)}, hold=False, later=False)
        self.offer(1, {0: (1, None), 1: (1, 2)}, hold=True, later=False)

    def teardown(self):
        if hasattr(self, "houses"):
            self.houses[0].store.close()

    def try_(self, call) -> bool:
        """Whether it was done. What is refused is refused by a rule, never by the database."""
        code = ""
        try:
            call()
        except RelayError as error:
            code = error.code
        assert code in {"", *REFUSALS}
        return not code

    def pass_(self, **span):
        for house in self.houses:
            house.pass_(**span)

    @property
    def now(self):
        return self.houses[0].now

    def write(self, rule_, *args):
        return self.houses[0].write(rule_, *args)

    def query(self, statement, **given):
        found = self.houses[0].read(lambda tx: tx.execute(text(statement), given).all())
        return [SimpleNamespace(**row._mapping) for row in found]

    @rule(at=OFFICES, who=SOME, hold=st.booleans(), later=st.booleans())
    def offer(self, at, who, hold, later):
        self.schedule(at, who, hold, None)
        if not later:
            self.release()

    @precondition(lambda self: self.drafts)
    @rule(data=st.data(), who=SOME, later=st.booleans())
    def replace(self, data, who, later):
        at, old = data.draw(st.sampled_from(self.drafts))
        self.schedule(at, who, False, old)
        if not later:
            self.release()

    def schedule(self, at, who, hold, old):
        house, phones = self.houses[at], self.people[at]
        held = {} if old is None else {seat.contact: seat.offer for seat in old.offers}
        until = house.now + timedelta(hours=1) if hold else None
        seats = [
            Seat(phones[n].contact, held.get(phones[n].contact) or new_id(), party, rank, until)
            for n, (party, rank) in who.items()
        ]
        plain = {"offers": seats, "release_at": house.now + timedelta(minutes=1)}
        plain |= {"answer_by": house.now + timedelta(hours=3), "expires": house.now + timedelta(hours=8)}
        if old is not None:
            plain |= {"notice": old.notice, "version": old.version + 1, "kind": NoticeKind.CHANGE}
        draft = house.draft(self.movement, [phones[n] for n in who], **plain)
        if self.try_(lambda: house.schedule(draft)):
            self.drafts = [each for each in self.drafts if old is None or each[1] is not old]
            self.drafts.append((at, draft))

    @rule()
    def release(self):
        self.pass_(minutes=2)
        self.write(notices.release_due, self.now)

    @precondition(lambda self: self.drafts)
    @rule(data=st.data(), replies=st.lists(st.sampled_from(Reply), min_size=1, max_size=4), party=PARTY)
    def answer(self, data, replies, party):
        """Everybody of a notice, one after the other, and again with another mind."""
        at, draft = data.draw(st.sampled_from(self.drafts))
        for seat, reply in zip(cycle(draft.offers), replies, strict=False):
            phone = next(each for each in self.people[at] if each.contact == seat.contact)
            said = phone.answer(draft, reply, party=min(party, seat.party))
            self.try_(lambda phone=phone, said=said: phone.house.as_(phone, answers.answer, said, self.now))

    @precondition(lambda self: self.drafts)
    @rule(data=st.data())
    def cancel(self, data):
        at, draft = data.draw(st.sampled_from(self.drafts))
        if self.try_(lambda: self.houses[at].cancel(draft)):
            self.drafts.remove((at, draft))

    @rule(at=OFFICES, who=WHO)
    def take_back_consent(self, at, who):
        phone: Phone = self.people[at][who]
        phone.consent("departures", given=False)
        phone.consent("departures")

    @rule(at=OFFICES, who=WHO)
    def try_to_reach(self, at, who):
        phone = self.people[at][who]
        named = {"way": "telephone", "outcome": "unanswered", "now": self.now}
        self.houses[at].as_(phone.house.chief, attempts.record, self.aliases[phone.contact], **named)

    @rule(seats=st.integers(1, 2), hours=st.integers(1, 5))
    def lend(self, seats, hours):
        loan = Lending(*self.houses, self.movement, seats, self.now + timedelta(hours=hours))
        if self.try_(loan.offer):
            self.loans.append(loan)
            self.try_(loan.take_up)

    @precondition(lambda self: self.loans)
    @rule(data=st.data(), seats=st.integers(1, 3))
    def give_back(self, data, seats):
        loan = data.draw(st.sampled_from(self.loans))
        given = loan.giving(min(seats, loan.lend.seats))
        wire = loan.signed(given, self.houses[1].chief)
        done = self.try_(lambda: self.houses[1].as_(self.houses[1].chief, loans.give_back, wire, self.now))
        if done and data.draw(st.booleans()):
            self.try_(lambda: loan.take_back(given))

    @rule(word=st.sampled_from(["call", "depart"]))
    def step(self, word):
        if word == "call" or len(self.loans) > 3:  # it does not leave too early
            owner = self.houses[0]
            self.try_(lambda: owner.as_(owner.chief, movements.step, self.movement, word, owner.now))

    @rule(at=OFFICES, who=WHO, state=st.sampled_from(["boarded", "no_show", "not_lifted"]))
    def outcome(self, at, who, state):
        house, alias = self.houses[at], self.aliases[self.people[at][who].contact]
        self.try_(
            lambda: house.as_(house.chief, outcomes.record, self.movement, Outcome(alias, state), house.now)
        )

    @rule(minutes=st.sampled_from([-60, 30, 100, 300]))
    def wait(self, minutes):
        """The clock goes on, or is set back; the beats run, twice each."""
        self.pass_(minutes=minutes)
        for beat in (notices.expire, holds.expire, loans.return_due, standby.backfill) * 2:
            self.write(beat, self.now)

    @invariant()
    def it_balances(self):
        if hasattr(self, "movement"):
            assert [report.wrong for report in self.houses[0].read(ledger.verify)] == [""]

    @invariant()
    def one_live_offer_per_household(self):
        if not hasattr(self, "movement"):
            return
        for house in self.houses:
            live = house.read(offers.live_on, house.office, self.movement)
            wanted = [row.contact for row in live]
            homes = house.read(cases.cases.households, house.office, wanted)
            assert max(Counter(wanted).values(), default=0) <= 1
            assert max(Counter(row.alias for row in homes.values()).values(), default=0) <= 1
            assert {row.case_alias for row in live} - {None} == {row.alias for row in homes.values()}

    @invariant()
    def nobody_waits_who_fits(self):
        for house in getattr(self, "houses", []):
            own = house.read(allotments.allotment, house.office, self.movement)
            if own is None or own.state not in allotments.OFFERING:
                continue
            rows = house.read(waiting.queue, house.office, self.movement)
            out = [row for row in rows if row.notice_state == "released" and row.notice_expires > self.now]
            assert all(row.party > allotments.free(own) for row in out)

    @invariant()
    def nobody_silent_loses_a_seat_unseen(self):
        if not hasattr(self, "movement"):
            return
        lost = (
            "SELECT o.offer FROM offers o JOIN notices n ON n.office = o.office AND n.notice = o.notice"
            " AND n.version = o.version WHERE o.state = 'expired' AND n.state <> 'expired' AND NOT EXISTS"
            " (SELECT 1 FROM attempts a WHERE a.office = o.office AND a.contact = o.contact AND a.at >= n.released_at)"
        )
        assert self.query(lost) == []


@pytest.mark.parametrize("paths", PATHS)
def test_seats_of_two_offices_balance_whatever_happens(either_street, paths):
    Ledgers.street = either_street
    lead(Ledgers, paths, steps=40)
