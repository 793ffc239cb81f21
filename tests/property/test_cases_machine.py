"""Whatever officers do with a household, in whatever order: its members, facts, intent and verification hold."""

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

from crypto.vault import Vault
from relay import audit, cases, caseviews, facts, proposals, verification
from relay.errors import RelayError
from tests.property.paths import MANY, lead
from tests.relay.house import House

PEOPLE = 3
MOST_CASES = 3
LIVES = 15  # steps before any case is closed
CODES = ("C-01", "C-02", "W-01")
WHO = st.sampled_from(CODES)
CASE = st.sampled_from([0, 0, 0, 1, 2])  # so that something comes together in one
WISH = st.sampled_from([("fact", "ready yes"), ("intent", "no"), ("vet", "papers")])
NUMBER = st.integers(1, 4)
FACT = st.sampled_from(facts.FACTS[2:4])  # two are enough to be mixed up, and few to meet again
ANSWER = st.sampled_from(facts.ANSWERS)
GRADE = st.sampled_from([None, *facts.GRADES])
INTENT = st.sampled_from(facts.INTENTS)


class Household:
    """What the model holds of a case."""

    def __init__(self, alias: str, person: str, at) -> None:
        self.alias = alias
        self.members: dict[int, tuple[str, int | None, str | None]] = {1: ("adult", None, person)}
        self.numbered = 1
        self.reason: str | None = None
        self.facts: dict[str, tuple] = {}  # fact -> (as_of, answer, grade)
        self.intents: list[str] = []
        self.claimed_at = at
        self.check = "claimed"
        self.first = ""
        self.checks = 1
        self.said = 0

    def standing(self, now) -> str:
        waits = self.check in ("claimed", "once")
        return "expired" if waits and now >= self.claimed_at + verification.CLAIM_LIFE else self.check


class Households(RuleBasedStateMachine):
    store = None

    @initialize()
    def start(self):
        """Each example is an office of its own among those that came before."""
        self.house = House(self.store, Vault(bytes(32))).register()
        self.end = self.house.now + timedelta(days=58)  # devices' time is over soon after
        for number in range(PEOPLE):
            self.house.invite(alias=f"K-{number}")
        self.cases: list[Household] = []
        self.taken: set[str] = set()
        self.wishes: list[tuple[bytes, Household, str, str]] = []
        self.looks = 0
        self.open_case("C-01", 0)

    def teardown(self):
        if not hasattr(self, "house"):
            return
        (report,) = [each for each in self.house.read(audit.verify, {}) if each.office == self.house.office]
        assert report.wrong == ""
        listed = self.house.as_(self.house.chief, caseviews.listed, self.house.now, closed=True)
        assert [each.alias for each in listed] == sorted(case.alias for case in self.cases)
        waiting = self.house.as_(self.house.chief, proposals.listed, self.house.now)
        live = {made for made, _, _, at in self.wishes if self.house.now < at + proposals.LIFE}
        assert sorted(each.proposal for each in waiting) == sorted(live)

    def attempt(self, expected: str, who: str, call, *args, **named):
        """The call's result when the model expects "ok", None when it expects this refusal; anything else fails."""
        outcome, result = "ok", None
        try:
            result = self.house.as_(self.house.by(who), call, *args, **named)
        except RelayError as error:
            outcome = error.code
        assert outcome == expected
        return result

    def pick(self, number: int) -> Household | None:
        return self.cases[number] if number < len(self.cases) else None

    def free(self, person: int) -> bool:
        return f"K-{person}" not in self.taken

    @rule(who=WHO, person=st.integers(0, PEOPLE))
    def open_case(self, who, person):
        if len(self.cases) == MOST_CASES:
            return
        expected = "contact_not_found" if person == PEOPLE else "ok" if self.free(person) else "contact_taken"
        alias = self.attempt(expected, who, cases.open_, contact=f"K-{person}", now=self.house.now)
        if alias is not None:
            self.cases.append(Household(alias, f"K-{person}", self.house.now))
            self.taken.add(f"K-{person}")

    @rule(who=WHO, number=CASE, person=st.none() | st.integers(0, PEOPLE - 1))
    def add_adult(self, who, number, person):
        self.add(who, number, None, person)

    @rule(who=WHO, number=CASE, guardian=NUMBER)
    def add_minor(self, who, number, guardian):
        self.add(who, number, guardian, None)

    @rule(who=WHO, number=CASE)
    def come_and_go(self, who, number):
        case = self.pick(number)
        if case is not None and len(case.members) < 8:
            self.add_adult(who, number, None)
            self.remove(who, number, case.numbered)
            self.add_adult(who, number, None)

    @rule(who=WHO, number=CASE, guardian=NUMBER)
    def guard(self, who, number, guardian):
        case = self.pick(number)
        if case is not None and len(case.members) < 8:
            self.add_minor(who, number, guardian)
            self.remove(who, number, guardian)
            self.add_minor(who, number, case.numbered)

    def add(self, who, number, guardian, person):
        case = self.pick(number)
        if case is None:
            return
        expected = "ok"
        if case.reason:
            expected = "case_closed"
        elif guardian is not None and case.members.get(guardian, ("none",))[0] != "adult":
            expected = "guardian_not_found"
        elif person is not None and not self.free(person):
            expected = "contact_taken"
        alias = None if person is None else f"K-{person}"
        kind = "adult" if guardian is None else "minor"
        said = {"kind": kind, "guardian": guardian, "contact": alias}
        got = self.attempt(expected, who, cases.add_member, case.alias, **said, now=self.house.now)
        if got is not None:
            case.numbered += 1
            assert got == case.numbered
            case.members[got] = (kind, guardian, alias)
            self.taken |= {alias} - {None}

    @rule(who=WHO, number=CASE, member=NUMBER)
    def remove(self, who, number, member):
        case = self.pick(number)
        if case is None:
            return
        expected = "ok"
        adults = [m for m, (kind, _, _) in case.members.items() if kind == "adult"]
        if case.reason:
            expected = "case_closed"
        elif member not in case.members:
            expected = "member_not_found"
        elif any(guardian == member for _, guardian, _ in case.members.values()):
            expected = "guardian_needed"
        elif adults == [member]:
            expected = "last_adult"
        self.attempt(expected, who, cases.remove_member, case.alias, member, self.house.now)
        if expected == "ok":
            self.taken.discard(case.members.pop(member)[2])

    @rule(who=WHO, number=CASE, fact=FACT, answer=ANSWER, grade=GRADE, ago=st.none() | st.integers(-1, 3))
    def record(self, who, number, fact, answer, grade, ago):
        case = self.pick(number)
        if case is None:
            return
        as_of = None if ago is None else self.house.now - timedelta(hours=ago)
        expected = "ok"
        if case.reason:
            expected = "case_closed"
        elif answer == "unknown" and grade is not None:
            expected = "malformed"
        elif ago == -1:
            expected = "as_of_ahead"
        said = {"fact": fact, "answer": answer, "grade": grade, "as_of": as_of}
        self.attempt(expected, who, facts.record, case.alias, **said, now=self.house.now)
        if expected == "ok":
            self.note(case, fact, answer, grade, as_of or self.house.now)

    def note(self, case, fact, answer, grade, as_of):
        case.said += 1
        grade = None if answer == "unknown" else grade or "known"
        if fact not in case.facts or as_of >= case.facts[fact][0]:
            case.facts[fact] = (as_of, answer, grade)

    @rule(who=WHO, number=CASE, intent=INTENT)
    def intend(self, who, number, intent):
        case = self.pick(number)
        if case is None:
            return
        expected = "case_closed" if case.reason else "ok"
        self.attempt(expected, who, facts.intend, case.alias, intent=intent, now=self.house.now)
        if expected == "ok":
            case.intents.append(intent)

    def step(self, case: Household, who: str, step: str) -> str:
        """How the relay is to answer; the model takes the step when it is "ok"."""
        if case.reason:
            return "case_closed"
        after = verification.STEPS.get((case.standing(self.house.now), step))
        if after is None:
            return "step_refused"
        if after == "verified" and who == case.first:
            return "same_officer"
        case.check, case.checks = after, case.checks + 1
        if after == "once":
            case.first = who
        if after == "claimed":
            case.claimed_at = self.house.now
        return "ok"

    @rule(who=WHO, number=CASE, step=st.sampled_from(sorted(verification.REASONS)))
    def verify(self, who, number, step):
        self.take(who, number, step)

    @rule(one=WHO, other=WHO, number=CASE)
    def confirm(self, one, other, number):
        self.take(one, number, "confirm")
        self.take(other, number, "confirm")

    def take(self, who, number, step):
        case = self.pick(number)
        if case is not None:
            expected = self.step(case, who, step)
            said = {"step": step, "reason": verification.REASONS[step][0]}
            self.attempt(expected, who, verification.take, case.alias, **said, now=self.house.now)

    @rule(who=WHO, number=CASE, what=WISH)
    def propose(self, who, number, what):
        """As in chat: nothing of the case changes."""
        case = self.pick(number)
        if case is None:
            return
        expected = "case_closed" if case.reason else "ok"
        named = {"kind": what[0], "subject": case.alias, "words": what[1]}
        if expected == "ok" and len(self.wishes) >= proposals.MOST_OPEN:
            return
        made = self.attempt(expected, who, proposals.propose, self.house.now, **named)
        if made is not None and made not in {wish[0] for wish in self.wishes}:
            self.wishes.append((made, case, what, self.house.now))

    @rule(who=WHO, other=WHO, number=CASE, what=WISH)
    def told(self, who, other, number, what):
        """Proposed, and confirmed some time later."""
        self.propose(who, number, what)
        self.wait(0.1)
        self.decide(other, True, -1)

    @rule(who=WHO, confirm=st.booleans(), which=st.sampled_from([0, -1]))
    def decide(self, who, confirm, which):
        if not self.wishes:
            return
        made, case, (kind, words), at = self.wishes[which]
        expected = "ok"
        if self.house.now >= at + proposals.LIFE:
            expected = "proposal_over"
        elif confirm and kind == "vet":
            expected = self.step(case, who, "confirm")
        elif confirm and case.reason:
            expected = "case_closed"
        self.attempt(expected, who, proposals.decide, made, confirm, self.house.now)
        if expected in ("ok", "proposal_over") or not confirm:
            self.wishes.pop(which)
        if expected == "ok" and confirm and kind == "fact":
            self.note(case, "ready", "yes", None, at)
        if expected == "ok" and confirm and kind == "intent":
            case.intents.append(words)

    @precondition(lambda self: self.looks > LIVES)
    @rule(who=WHO, number=CASE, reason=st.sampled_from(cases.REASONS))
    def close(self, who, number, reason):
        case = self.pick(number)
        if case is None:
            return
        expected = "case_closed" if case.reason and reason not in ("erased", case.reason) else "ok"
        self.attempt(expected, who, cases.close, case.alias, reason=reason, now=self.house.now)
        if expected != "ok" or case.reason == reason:
            return
        if not case.reason:
            self.taken -= {person for _, _, person in case.members.values()}
        case.reason = reason
        if reason == "erased":
            assert self.house.as_(self.house.chief, audit.newest, 1, about=case.alias) == []
            case.members, case.facts, case.intents = {}, {}, []
            case.check, case.checks, case.said = "none", 0, 0
            self.wishes = [wish for wish in self.wishes if wish[1] is not case]

    @precondition(lambda self: self.looks > LIVES)
    @rule(who=WHO, number=CASE)
    def erase(self, who, number):
        """While there is something to erase."""
        self.record(who, number, "ready", "yes", None, None)
        self.intend(who, number, "unsure")
        self.propose(who, number, ("intent", "no"))
        self.close(who, number, "erased")

    @rule(days=st.sampled_from([0.1, 1, 7, 20]))
    def wait(self, days):
        if self.house.now + timedelta(days=days) < self.end:
            self.house.pass_(days=days)

    @invariant()
    def it_is_as_the_model_says(self):
        if not hasattr(self, "house"):
            return
        self.looks += 1
        held: list[str] = []
        for case in self.cases:
            view = self.house.as_(self.house.chief, caseviews.show, case.alias, self.house.now)
            assert {m.member: (m.kind, m.guardian, m.contact) for m in view.members} == case.members
            assert (view.adults + view.minors, view.reason) == (len(case.members), case.reason)
            for each in view.facts:
                known = case.facts.get(each.fact, (None, "unknown", None))
                assert (each.as_of, each.answer, each.grade) == known
            assert len(view.facts_before) == case.said
            assert [each.intent for each in view.intents] == case.intents
            assert view.intent == (case.intents[-1] if case.intents else None)
            assert view.verification.state == case.standing(self.house.now)
            assert len(view.checks) == case.checks
            if view.verification.state == "verified":
                one, other = (check.role_code for check in view.checks[-2:])
                assert one != other
            adults = {m.member for m in view.members if m.kind == "adult"}
            assert all(m.guardian in adults for m in view.members if m.kind == "minor")
            assert adults or case.reason == "erased"
            if not case.reason:
                held += [m.contact for m in view.members if m.contact]
        assert len(held) == len(set(held))
        assert set(held) == self.taken


@pytest.mark.parametrize("paths", MANY)
def test_households_stay_whole_whatever_happens(store, paths):
    Households.store = store
    lead(Households, paths, steps=35)
