"""Minors: their guardian's device speaks for them, with their own word, and nobody tells of the family without it."""

from datetime import timedelta

import pytest

from crypto.encoding import unix
from crypto.statement import CONSENT_LIFE, Child
from relay import assents, cases, duplicates, lapses, wipe
from relay.audit import Event
from tests.relay.house import House, Phone
from tests.relay.refusal import fails
from tests.relay.test_rule_cases import alias_of, do, events, show
from tests.relay.test_rule_delivery import officer_account
from tests.relay.test_rule_disclosures import disclose, rings, sent, told
from tests.relay.test_rule_erasure import erase, everything, names
from tests.relay.test_rule_threads import befriend, mail

YEAR = timedelta(seconds=CONSENT_LIFE)


@pytest.fixture
def other(house: House) -> House:
    other = House(house.store, house.vault).register()
    befriend(house, other)
    return other


@pytest.fixture
def phone(house: House, other: House) -> Phone:
    """One who lets the other office know of the family."""
    phone = house.enrolled("messages")
    phone.share(other.office, "family", "identity")
    return phone


@pytest.fixture
def alias(house: House, phone: Phone) -> str:
    """Their case: members 2 and 3 are minors in their care, 5 is another adult's."""
    return with_minors(house, phone)


def with_minors(house: House, phone: Phone) -> str:
    alias = house.as_(house.chief, cases.open_, contact=alias_of(house, phone), now=house.now)
    for guardian in (1, 1, None, 4):
        do(house, cases.add_member, alias, kind="adult" if guardian is None else "minor", guardian=guardian)
    return str(alias)


def standing(phone: Phone) -> list[tuple[int, str]]:
    found = phone.house.as_(phone, assents.listed, phone.house.now)
    return [(each.member, each.standing) for each in found]


class TestSaying:
    def test_for_ones_own_minors_alone_by_number(self, house, phone, alias):
        assert standing(phone) == [(2, "none"), (3, "none")]
        assert phone.assents(2) == "agreed"
        assert phone.assents(3, child=Child.TOO_SMALL) == "small"
        for member in (0, 1, 4, 5, 6):
            with fails("minor_not_found"):
                phone.assents(member)
        assert [(each.member, each.assent) for each in show(house, alias).members] == [
            (1, None), (2, "agreed"), (3, "small"), (4, None), (5, "none"),
        ]  # fmt: skip
        stranger = house.enrolled("messages")
        assert standing(stranger) == []
        with fails("minor_not_found"):
            stranger.assents(2)

    @pytest.mark.parametrize(
        ("given", "child"), [(False, Child.AGREES), (True, Child.DECLINES), (False, Child.TOO_SMALL)]
    )
    def test_either_can_say_no_and_yes_again_and_the_history_stays(self, house, phone, alias, given, child):
        assert phone.assents(2, given=given, child=child) == "declined"
        assert phone.assents(2) == "agreed"
        rows = everything(house)["assents"]
        assert [(row["seq"], row["given"], row["said"]) for row in rows] == [(1, given, child), (2, True, 1)]
        logged = [(event, about) for event, _, about in events(house) if "assent" in event]
        assert logged == [(Event.ASSENT_REFUSED, alias), (Event.ASSENT_GIVEN, alias)]

    def test_an_older_word_does_not_come_back(self, house, phone, alias):
        yes = phone.assent(2, True, Child.AGREES)
        house.as_(phone, assents.record, yes, house.now)
        phone.assents(2, given=False)
        assert house.as_(phone, assents.record, yes, house.now) == "declined"  # the same again is harmless
        for counter in (0, 1, 2):
            with fails("assent_out_of_order"):
                phone.assents(2, counter=counter, child=Child.TOO_SMALL)
        assert standing(phone)[0] == (2, "declined")

    def test_what_cannot_be(self, house, phone, alias):
        now = unix(house.now)
        for code, changed in (
            ("malformed", {"language": "no tag"}),
            ("malformed", {"text_version": 1 << 31}),
            ("text_changed", {"text_version": 2}),
            ("statement_refused", {"at": now - CONSENT_LIFE}),
            ("statement_refused", {"at": now + 86_400}),
            ("statement_refused", {"at": now - 1}),  # before the child was there
            ("statement_refused", {"contact": bytes(16)}),
        ):
            with fails(code):
                phone.assents(2, **changed)
        assert phone.assents(2, given=False, text_version=2) == "declined"  # a no to whatever was shown
        with fails("malformed"):
            house.as_(phone, assents.record, phone.statement("messages", True), house.now)
        with fails("not_allowed"):
            house.as_(house.chief, assents.listed, house.now)
        waits = house.invite()
        waits.enrol()
        with fails("not_enrolled"):
            waits.assents(2)

    def test_numbers_end_where_a_statement_cannot_name_them(self, house, phone, alias, monkeypatch):
        monkeypatch.setattr(cases, "MOST_NUMBER", 5)
        with fails("too_many_members"):
            do(house, cases.add_member, alias, kind="minor", guardian=1)


class TestPassingOn:
    def test_of_the_family_only_with_every_minors_assent(self, house, other, phone, alias):
        before = everything(house)
        with fails("assent_missing"):
            disclose(phone, other, "identity", "family")
        assert everything(house) == before
        disclose(phone, other, "identity")  # tells of nobody else
        phone.assents(2)
        with fails("assent_missing"):
            disclose(phone, other, "family")
        phone.assents(3, child=Child.DECLINES)
        with fails("assent_refused"):
            disclose(phone, other, "family")
        phone.assents(3, child=Child.TOO_SMALL)
        assert disclose(phone, other, "family") == mail(other)[-1]

    def test_who_guards_nobody_needs_none(self, house, other, phone):
        disclose(phone, other, "family")
        do(house, cases.close, with_minors(house, phone), reason="arrived")
        disclose(phone, other, "family")

    @pytest.mark.parametrize("said", [{"given": False}, {"child": Child.DECLINES}])
    def test_a_later_no_takes_it_back_everywhere(self, house, other, phone, alias, said):
        third = House(house.store, house.vault).register()
        befriend(house, third)
        phone.share(third.office, "family")
        for member in (2, 3):
            phone.assents(member)
        id_ = disclose(phone, other, "family")
        names_ = disclose(phone, other, "identity")
        assert mail(other) == [id_, names_]
        disclose(phone, third, "family")  # nobody reads it
        officer = officer_account(other)
        assert not rings(other, officer)
        phone.assents(3, **said)
        assert rings(other, officer)
        assert told(other) == [(id_, "family", "withdrawn")]
        assert mail(third) == told(third) == []
        assert sorted(each[1:] for each in sent(house)) == [("family", "withdrawn"), ("identity", "standing")]

    def test_a_year_later_it_counts_as_never_said(self, house, other, phone, alias):
        house.pass_(days=1)
        ago = {"at": unix(house.now - timedelta(days=1))}
        for member in (2, 3):
            phone.assents(member, **ago)
        id_ = disclose(phone, other, "family")
        assert mail(other) == [id_]
        house.now += YEAR - timedelta(days=1)
        assert [each for _, each in standing(phone)] == ["none", "none"]
        house.write(lapses.lapse, house.now)
        assert told(other) == [(id_, "family", "lapsed")]
        assert everything(house)["assents"] == []
        assert house.write(assents.lapse, house.now) == 0


class TestForgotten:
    """With the minor's place, the household and the guardian."""

    @pytest.fixture(autouse=True)
    def said(self, phone: Phone, alias: str) -> None:
        phone.assents(2)
        phone.assents(2, given=False)
        phone.assents(3)

    def left(self, house: House) -> set[object]:
        return {row["member"] for row in everything(house)["assents"]}

    def test_a_member_is_taken_off(self, house, phone, alias):
        do(house, cases.remove_member, alias, 2)
        assert self.left(house) == {3}
        assert standing(phone) == [(3, "agreed")]

    @pytest.mark.parametrize("reason", cases.REASONS)
    def test_the_case_is_over(self, house, phone, alias, reason):
        do(house, cases.close, alias, reason=reason)
        assert self.left(house) == set()
        assert standing(phone) == []
        early = {"at": unix(house.now)}
        house.pass_(minutes=1)
        with_minors(house, phone)  # the same numbers, other children
        with fails("statement_refused"):
            phone.assents(2, **early)
        assert phone.assents(2) == "agreed"

    @pytest.mark.parametrize("how", ["erase", "wipe", "merge"])
    def test_the_guardian_is_gone(self, house, phone, alias, how):
        if how == "erase":
            erase(house, phone)
            assert names(everything(house), phone.contact, phone.device) == set()
        elif how == "wipe":
            house.write(wipe.wipe, phone.wipe(), house.now)
        else:
            kept = house.enrolled("messages")
            pair = (alias_of(house, kept), alias_of(house, phone))
            assert house.as_(house.chief, duplicates.merge, *pair, house.now)
            assert standing(kept) == [(2, "none"), (3, "none")]
        assert self.left(house) == set()
