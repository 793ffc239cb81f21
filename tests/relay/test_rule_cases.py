"""Households: members, facts, intent, verification, and who sees them."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import text

from relay import audit, cases, caseviews, facts, proposals, verification, wipe
from relay.audit import Event
from relay.errors import RelayError
from store import cases as rows
from store.errors import ClashError
from tests.relay.house import House
from tests.relay.refusal import fails


@pytest.fixture
def alias(house: House) -> str:
    """A case of one adult, C-01's."""
    return opened(house)


def opened(house: House, by: str = "C-01", **more: str) -> str:
    phone = house.enrolled("messages")
    return house.as_(house.by(by), cases.open_, contact=alias_of(house, phone), now=house.now, **more)


def alias_of(house: House, phone) -> str:
    found = house.write(lambda tx: tx.execute(text("SELECT contact, alias FROM contacts")).all())
    return next(row.alias for row in found if bytes(row.contact) == phone.contact)


def do(house: House, rule, alias: str, *args, by: str = "C-01", **named):
    return house.as_(house.by(by), rule, alias, *args, **named, now=house.now)


def show(house: House, alias: str, by: str = "C-01"):
    return house.as_(house.by(by), caseviews.show, alias, house.now)


def fact(house: House, alias: str, name: str):
    return next(each for each in show(house, alias).facts if each.fact == name)


def events(house: House) -> list[tuple[str, str, str]]:
    rows = house.as_(house.by("A-01"), audit.listed).entries
    return [(row.event, row.role_code, row.about) for row in rows]


class TestHousehold:
    def test_opened_for_a_contact_who_is_its_first_member(self, house):
        phone = house.enrolled("messages")
        person = alias_of(house, phone)
        alias = house.as_(house.by("W-01"), cases.open_, contact=person.lower(), now=house.now)
        assert alias.startswith("H-")
        view = show(house, alias)
        assert (view.state, view.adults, view.minors, view.intent, view.needs) == ("open", 1, 0, None, [])
        assert [(m.member, m.kind, m.guardian, m.contact) for m in view.members] == [
            (1, "adult", None, person)
        ]
        assert [(f.answer, f.grade, f.as_of) for f in view.facts] == [("unknown", None, None)] * 5
        assert (view.verification.state, view.checks[0].reason) == ("claimed", "letter")

    def test_a_household_of_four(self, house, alias):
        other = alias_of(house, house.enrolled("messages"))
        assert do(house, cases.add_member, alias, kind="adult", contact=other) == 2
        assert do(house, cases.add_member, alias, kind="minor", guardian=2) == 3
        assert do(house, cases.add_member, alias.lower(), kind="minor", guardian=1) == 4
        view = show(house, alias)
        assert (view.adults, view.minors) == (2, 2)
        assert [(m.kind, m.guardian) for m in view.members[2:]] == [("minor", 2), ("minor", 1)]

    @pytest.mark.parametrize(
        ("member", "code"),
        [
            ({"kind": "minor"}, "malformed"),
            ({"kind": "adult", "guardian": 1}, "malformed"),
            ({"kind": "minor", "guardian": 1, "contact": "K-1"}, "malformed"),
            ({"kind": "child", "guardian": 1}, "malformed"),
            ({"kind": "minor", "guardian": 9}, "guardian_not_found"),
            ({"kind": "minor", "guardian": 2}, "guardian_not_found"),  # a minor guards nobody
            ({"kind": "adult", "contact": "K-0"}, "contact_not_found"),
        ],
    )
    def test_members_that_cannot_be(self, house, alias, member, code):
        do(house, cases.add_member, alias, kind="minor", guardian=1)
        with fails(code):
            do(house, cases.add_member, alias, **member)
        assert len(show(house, alias).members) == 2

    def test_a_contact_is_in_one_open_case(self, house, alias):
        person = show(house, alias).members[0].contact
        other = opened(house)
        with fails("contact_taken"):
            house.as_(house.chief, cases.open_, contact=person, now=house.now)
        with fails("contact_taken"):
            do(house, cases.add_member, other, kind="adult", contact=person)
        do(house, cases.close, alias, reason="withdrew")
        do(house, cases.add_member, other, kind="adult", contact=person)

    def test_the_database_itself_keeps_a_contact_in_one_open_case(self, house, alias):
        opened(house)
        twice = "UPDATE case_members SET contact = (SELECT contact FROM contacts ORDER BY alias LIMIT 1)"
        with pytest.raises(ClashError):
            house.write(lambda tx: tx.execute(text(twice)))

    def test_who_may_be_removed(self, house, alias):
        with fails("last_adult"):
            do(house, cases.remove_member, alias, 1)
        do(house, cases.add_member, alias, kind="adult")
        do(house, cases.add_member, alias, kind="minor", guardian=2)
        with fails("guardian_needed"):
            do(house, cases.remove_member, alias, 2)
        do(house, cases.remove_member, alias, 3)
        do(house, cases.remove_member, alias, 2)
        with fails("member_not_found"):
            do(house, cases.remove_member, alias, 2)
        assert do(house, cases.add_member, alias, kind="adult") == 4  # a number is given once

    def test_no_more_members_than_there_may_be(self, house, alias):
        for _ in range(cases.MOST_MEMBERS - 1):
            do(house, cases.add_member, alias, kind="adult")
        with fails("too_many_members"):
            do(house, cases.add_member, alias, kind="adult")

    def test_needs_officer_and_language(self, house, alias):
        do(house, cases.set_needs, alias, needs=["medical", "infant", "medical"], preferred_officer="female")
        do(house, cases.set_needs, alias, language="ps-AF")
        view = show(house, alias)
        assert (view.needs, view.preferred_officer, view.language) == (
            ["infant", "medical"],
            "female",
            "ps-AF",
        )
        do(house, cases.set_needs, alias, needs=[])
        assert show(house, alias).needs == []
        for wrong in ({"needs": ["insulin at noon"]}, {"preferred_officer": "Sara"}, {"language": "Kabuli"}):
            with fails("malformed"):
                do(house, cases.set_needs, alias, **wrong)

    def test_a_closed_case_stays_as_it_was(self, house, alias):
        do(house, cases.close, alias, reason="arrived")
        do(house, cases.close, alias, reason="arrived")
        for rule, named in (
            (cases.add_member, {"kind": "adult"}),
            (cases.set_needs, {"needs": []}),
            (cases.close, {"reason": "withdrew"}),
            (facts.record, {"fact": "ready", "answer": "yes"}),
            (facts.intend, {"intent": "wants"}),
            (verification.take, {"step": "confirm", "reason": "papers"}),
        ):
            with fails("case_closed"):
                do(house, rule, alias, **named)
        view = show(house, alias)
        assert (view.state, view.reason, len(view.members)) == ("closed", "arrived", 1)
        with fails("malformed"):
            do(house, cases.close, alias, reason="lost")

    def test_erased_keeps_that_it_was_and_nothing_else(self, house, alias):
        do(house, cases.set_needs, alias, needs=["medical"], preferred_officer="female", language="ps-AF")
        do(house, cases.add_member, alias, kind="minor", guardian=1)
        do(house, facts.record, alias, fact="ready", answer="yes")
        do(house, facts.intend, alias, intent="wants")
        wish = {"kind": "fact", "subject": alias, "words": "documents no"}
        house.as_(house.by("W-01"), proposals.propose, house.now, **wish)
        do(house, cases.close, alias, reason="arrived")
        do(house, cases.close, alias, reason="erased")
        emptied = ("case_members", "case_needs", "case_facts", "case_intents", "case_checks", "proposals")
        for table in emptied:
            assert house.read(lambda tx, table=table: tx.execute(text(f"SELECT * FROM {table}")).all()) == []
        view = show(house, alias)
        assert (view.state, view.reason, view.members, view.language) == ("closed", "erased", [], "")
        assert (view.preferred_officer, view.verification.state) == ("none", "none")
        with fails("case_closed"):
            do(house, cases.close, alias, reason="arrived")

    def test_what_cannot_be_opened(self, house):
        with fails("contact_not_found"):
            house.as_(house.chief, cases.open_, contact="K-0", now=house.now)
        gone = house.enrolled("messages")
        person = alias_of(house, gone)
        house.write(wipe.wipe, gone.wipe(), house.now)
        with fails("contact_not_found"):
            house.as_(house.chief, cases.open_, contact=person, now=house.now)
        with fails("malformed"):
            house.as_(house.chief, cases.open_, contact=person, claim="rumour", now=house.now)

    def test_who_wipes_the_phone_is_a_number_from_then_on(self, house):
        for closed in (False, True):
            phone = house.enrolled("messages")
            person = alias_of(house, phone)
            alias = house.as_(house.chief, cases.open_, contact=person, now=house.now)
            if closed:
                do(house, cases.close, alias, reason="arrived")
            house.write(wipe.wipe, phone.wipe(), house.now)
            assert [(m.member, m.kind, m.contact) for m in show(house, alias).members] == [(1, "adult", None)]


class TestFacts:
    def test_said_and_followed_and_never_overwritten(self, house, alias):
        do(house, facts.record, alias, fact="ready", answer="yes", grade="estimated", by="W-01")
        house.pass_(hours=1)
        do(house, facts.record, alias, fact="ready", answer="no")
        ready = fact(house, alias, "ready")
        assert (ready.answer, ready.grade, ready.as_of, ready.role_code) == ("no", "known", house.now, "C-01")
        before = show(house, alias).facts_before
        assert [(f.answer, f.grade, f.role_code) for f in before] == [
            ("yes", "estimated", "W-01"),
            ("no", "known", "C-01"),
        ]
        assert fact(house, alias, "documents").answer == "unknown"

    def test_news_of_earlier_does_not_undo_what_is_known_of_later(self, house, alias):
        do(house, facts.record, alias, fact="ready", answer="yes")
        do(house, facts.record, alias, fact="ready", answer="no", as_of=house.now - timedelta(days=2))
        assert fact(house, alias, "ready").answer == "yes"
        do(house, facts.record, alias, fact="ready", answer="no", as_of=house.now)  # the same time: said last
        assert fact(house, alias, "ready").answer == "no"

    def test_it_can_become_unknown_again(self, house, alias):
        do(house, facts.record, alias, fact="offered", answer="yes")
        do(house, facts.record, alias, fact="offered", answer="unknown")
        offered = fact(house, alias, "offered")
        assert (offered.answer, offered.grade, offered.as_of) == ("unknown", None, house.now)

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({"fact": "rich", "answer": "yes"}, "malformed"),
            ({"fact": "ready", "answer": "0"}, "malformed"),
            ({"fact": "ready", "answer": "yes", "grade": "rumour"}, "malformed"),
            ({"fact": "ready", "answer": "unknown", "grade": "estimated"}, "malformed"),
        ],
    )
    def test_what_is_no_fact(self, house, alias, wrong, code):
        with fails(code):
            do(house, facts.record, alias, **wrong)
        with fails("as_of_ahead"):
            do(house, facts.record, alias, fact="ready", answer="yes", as_of=house.now + timedelta(seconds=1))
        assert show(house, alias).facts_before == []

    def test_intent_is_reversible_and_kept(self, house, alias):
        for intent in ("wants", "no", "unsure", "wants"):
            do(house, facts.intend, alias, intent=intent)
        view = show(house, alias)
        assert (view.intent, [said.intent for said in view.intents]) == (
            "wants",
            ["wants", "no", "unsure", "wants"],
        )
        with fails("malformed"):
            do(house, facts.intend, alias, intent="maybe")


class TestVerification:
    def take(self, house, alias, step, reason, by="C-01"):
        return do(house, verification.take, alias, step=step, reason=reason, by=by)

    def test_two_different_officers(self, house, alias):
        assert self.take(house, alias, "confirm", "papers") == "once"
        with fails("same_officer"):
            self.take(house, alias, "confirm", "voice")
        assert self.take(house, alias, "confirm", "voice", by="W-01") == "verified"
        with fails("step_refused"):
            self.take(house, alias, "confirm", "voice", by="C-02")
        checks = show(house, alias).checks
        assert [(c.state, c.reason, c.role_code) for c in checks] == [
            ("claimed", "letter", "C-01"),
            ("once", "papers", "C-01"),
            ("verified", "voice", "W-01"),
        ]

    def test_a_claim_expires_and_counts_from_nothing_when_made_anew(self, house, alias):
        self.take(house, alias, "confirm", "papers")
        house.pass_(days=verification.CLAIM_LIFE.days, seconds=-1)
        assert show(house, alias).verification.state == "once"
        house.pass_(seconds=1)
        assert show(house, alias).verification.state == "expired"
        for step, reason in (("confirm", "voice"), ("refuse", "unclear"), ("revoke", "error")):
            with fails("step_refused"):
                self.take(house, alias, step, reason, by="C-02")
        assert self.take(house, alias, "claim", "relative", by="C-02") == "claimed"
        assert show(house, alias).verification.expires == house.now + verification.CLAIM_LIFE
        assert self.take(house, alias, "confirm", "voice", by="C-02") == "once"

    def test_what_is_verified_does_not_expire(self, house, alias):
        self.take(house, alias, "confirm", "papers")
        self.take(house, alias, "confirm", "voice", by="C-02")
        house.pass_(days=29)
        house.pass_(days=30)
        # Devices' time is over by then: the rule alone.
        history = house.read(lambda tx: rows.history(tx, "checks", house.office, alias, alias))[alias]
        assert verification.standing(history, house.now).state == "verified"

    def test_refused_and_revoked_by_one(self, house, alias):
        with fails("step_refused"):
            self.take(house, alias, "revoke", "error")
        assert self.take(house, alias, "refuse", "mismatch", by="W-01") == "refused"
        assert self.take(house, alias, "claim", "partner") == "claimed"
        self.take(house, alias, "confirm", "papers")
        self.take(house, alias, "confirm", "papers", by="C-02")
        with fails("step_refused"):
            self.take(house, alias, "refuse", "mismatch")
        assert self.take(house, alias, "revoke", "impostor", by="W-01") == "revoked"

    def test_reasons_are_codes_of_their_step(self, house, alias):
        for step, reason in (("confirm", "impostor"), ("confirm", "he has a kind face"), ("bless", "papers")):
            with fails("malformed"):
                self.take(house, alias, step, reason)


class TestAtOnce:
    def race(self, *calls) -> list[str]:
        outcomes: list[str] = []
        start = threading.Barrier(len(calls))

        def run(call) -> None:
            start.wait()
            try:
                outcomes.append(str(call()))
            except RelayError as error:
                outcomes.append(error.code)

        threads = [threading.Thread(target=run, args=(call,)) for call in calls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sorted(outcomes)

    def test_two_officers_open_one_case_for_a_contact(self, house):
        person = alias_of(house, house.enrolled("messages"))

        def open_by(code):
            house.as_(house.by(code), cases.open_, contact=person, now=house.now)
            return "ok"

        assert self.race(*[lambda code=code: open_by(code) for code in ("C-01", "C-02", "W-01")]) == [
            "contact_taken",
            "contact_taken",
            "ok",
        ]

    def test_two_officers_confirm_and_one_officer_twice(self, house, alias):
        def confirm(code, case):
            return do(house, verification.take, case, step="confirm", reason="papers", by=code)

        assert self.race(lambda: confirm("C-01", alias), lambda: confirm("W-01", alias)) == [
            "once",
            "verified",
        ]
        other = opened(house)
        assert self.race(lambda: confirm("C-02", other), lambda: confirm("C-02", other)) == [
            "once",
            "same_officer",
        ]

    def test_every_member_gets_a_number_of_its_own(self, house, alias):
        def add():
            return do(house, cases.add_member, alias, kind="adult")

        assert self.race(add, add, add) == ["2", "3", "4"]


class TestWhoSees:
    @pytest.mark.parametrize("role", ["A-01", "phone"])
    def test_others_of_the_office_see_nothing(self, house, alias, role):
        who = house.enrolled("messages") if role == "phone" else house.by(role)
        for rule, args, named in (
            (caseviews.show, [alias, house.now], {}),
            (caseviews.listed, [house.now], {}),
            (cases.open_, [], {"contact": "K-1", "now": house.now}),
            (cases.close, [alias], {"reason": "erased", "now": house.now}),
            (facts.intend, ["H-0"], {"intent": "no", "now": house.now}),
        ):
            with fails("not_allowed"):
                house.as_(who, rule, *args, **named)

    def test_another_office_finds_what_nobody_has(self, house, alias):
        other = House(house.store, house.vault, house.now).register()
        person = show(house, alias).members[0].contact
        before = events(house)
        told = []
        for code in (alias, "H-0"):
            for rule, args, named in (
                (caseviews.show, [other.now], {}),
                (cases.add_member, [], {"kind": "adult", "now": other.now}),
                (cases.remove_member, [1, other.now], {}),
                (cases.set_needs, [], {"needs": [], "now": other.now}),
                (cases.close, [], {"reason": "erased", "now": other.now}),
                (facts.record, [], {"fact": "ready", "answer": "yes", "now": other.now}),
                (facts.intend, [], {"intent": "wants", "now": other.now}),
                (verification.take, [], {"step": "confirm", "reason": "papers", "now": other.now}),
            ):
                with fails("case_not_found") as caught:
                    other.as_(other.chief, rule, code, *args, **named)
                told.append(str(caught.value))
        assert len(set(told)) == 1
        with fails("contact_not_found"):
            other.as_(other.chief, cases.open_, contact=person, now=other.now)
        assert other.as_(other.chief, caseviews.listed, other.now, closed=True) == []
        assert events(house) == before

    def test_every_change_and_every_look_is_logged(self, house, alias):
        house.as_(house.by("W-01"), caseviews.listed, house.now)
        show(house, alias, by="C-02")
        do(house, cases.add_member, alias, kind="adult")
        do(house, cases.remove_member, alias, 2)
        do(house, cases.set_needs, alias, needs=["escort"])
        do(house, facts.record, alias, fact="ready", answer="yes")
        do(house, facts.intend, alias, intent="no")
        do(house, verification.take, alias, step="confirm", reason="papers")
        do(house, cases.close, alias, reason="erased")
        logged = events(house)
        (mark,) = {about for _, _, about in logged[-11:]} - {""}
        assert mark.startswith("~"), "of whom, is erased with the household"
        assert logged[-11:] == [
            (Event.CASE_OPENED, "C-01", mark),
            (Event.CASE_CLAIMED, "C-01", mark),
            (Event.CASES_LISTED, "W-01", ""),
            (Event.CASE_READ, "C-02", mark),
            (Event.MEMBER_ADDED, "C-01", mark),
            (Event.MEMBER_REMOVED, "C-01", mark),
            (Event.NEEDS_SET, "C-01", mark),
            (Event.FACT_RECORDED, "C-01", mark),
            (Event.INTENT_RECORDED, "C-01", mark),
            (Event.CASE_CONFIRMED, "C-01", mark),
            (Event.CASE_CLOSED, "C-01", mark),
        ]

    def test_a_list_goes_on_after_an_alias_and_leaves_out_what_is_closed(self, house):
        everybody = sorted(opened(house) for _ in range(3))
        do(house, cases.close, everybody[1], reason="arrived")
        do(house, facts.record, everybody[0], fact="ready", answer="no")
        do(house, facts.intend, everybody[2], intent="unsure")

        def listed(**named):
            found = house.as_(house.chief, caseviews.listed, house.now, **named)
            return [each.alias for each in found]

        assert listed() == [everybody[0], everybody[2]]
        assert listed(closed=True) == everybody
        assert listed(closed=True, limit=2) == everybody[:2]
        assert listed(closed=True, after=everybody[1]) == everybody[2:]
        first, last = house.as_(house.chief, caseviews.listed, house.now)
        assert [f.answer for f in first.facts if f.fact == "ready"] == ["no"]
        assert (first.intent, last.intent) == (None, "unsure")

    def test_a_households_alias_is_no_contacts(self, house, alias):
        with fails("alias_reserved"):
            house.invite(alias="H-4821")
