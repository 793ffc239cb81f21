"""What is passed on to another office: by the person's own consent, taken back with it, and destroyed there."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from crypto.disclosure import Acknowledgement
from crypto.encoding import unix
from crypto.statement import ALL, CONSENT_LIFE, Consent
from relay import audit, consent, disclosures, holdings, retention, wipe
from relay.disclosures import Passing
from relay.terms import USUAL
from store import doorbells
from tests.relay.house import House, Phone
from tests.relay.refusal import fails
from tests.relay.test_rule_cases import alias_of
from tests.relay.test_rule_delivery import officer_account
from tests.relay.test_rule_erasure import erase, everything, names
from tests.relay.test_rule_threads import befriend, mail, send

YEAR = timedelta(seconds=CONSENT_LIFE)


@pytest.fixture
def other(house: House) -> House:
    other = House(house.store, house.vault).register()
    befriend(house, other)
    return other


@pytest.fixture
def third(house: House) -> House:
    third = House(house.store, house.vault).register()
    befriend(house, third)
    return third


@pytest.fixture
def phone(house: House) -> Phone:
    return house.enrolled("messages", telegram_id=41)


def disclose(phone: Phone, to: House, *groups: str) -> bytes:
    """The envelope id."""
    return send(phone.house, to, passing=Passing(phone.contact, groups))


def sent(house: House) -> list[tuple[str, str, str]]:
    found = house.as_(house.by("W-01"), disclosures.sent, house.now)
    return [(each.alias, each.fields, each.state) for each in found]


def told(house: House) -> list[tuple[bytes, str, str]]:
    found = house.as_(house.by("W-01"), disclosures.taken_back, house.now)
    return [(each.envelope, each.fields, each.reason) for each in found if each.state == "withdrawn"]


def confirm(house: House, envelope: bytes, fields: str, by: str = "W-01", **changed: bytes) -> None:
    me = house.by(by)
    whole = {"recipient": house.office, "envelope": envelope, "fields": fields, "device": me.device}
    said = Acknowledgement(**(whole | changed), at=unix(house.now))  # type: ignore[arg-type]
    house.as_(me, disclosures.acknowledge, said.sign(me.keys.sign_seed), house.now)


def rings(house: House, account: int) -> bool:
    """Whether there is something to ring the account for."""
    return house.write(doorbells.has_unread, account, house.now)


def late(house: House) -> list[tuple[str, int]]:
    return [(each.office, each.waiting.count) for each in house.as_(house.chief, disclosures.laggards)]


class TestPassingOn:
    def test_only_what_is_consented_to_and_only_there(self, house, other, third, phone):
        phone.share(other.office, "family", "identity")
        id_ = disclose(phone, other, "family", "identity")
        assert mail(other) == [id_]
        assert sent(house) == [
            (alias_of(house, phone), group, "standing") for group in ("family", "identity")
        ]
        before = everything(house)
        for to, groups in ((third, ["family"]), (other, ["needs"]), (other, ["family", "risk"])):
            with fails("no_consent"):
                disclose(phone, to, *groups)
        assert everything(house) == before

    def test_consents_to_the_own_office_are_none_to_another(self, house, other, phone):
        with fails("no_consent"):
            disclose(phone, other, "all")
        phone.share(other.office, "identity")
        phone.consent("messages", given=False)
        with fails("no_consent"):
            house.write_to(phone)
        disclose(phone, other, "identity")

    @pytest.mark.parametrize("groups", [[], ["family", "family"], list("abcdefghi")])
    def test_groups_that_cannot_be(self, other, phone, groups):
        with fails("malformed"):
            disclose(phone, other, *groups)

    def test_of_nobody_elses_contact(self, house, other, phone):
        phone.share(other.office, "family")
        with fails("contact_not_found"):
            send(other, house, passing=Passing(phone.contact, ["family"]))

    def test_not_of_a_phone_nobody_confirmed(self, house, other):
        waits = house.invite()
        waits.enrol()
        with fails("not_enrolled"):
            waits.share(other.office, "family")

    def test_there_is_an_end(self, other, phone, monkeypatch):
        monkeypatch.setattr(disclosures, "MOST", 1)
        monkeypatch.setattr(consent, "MOST_SHARED", 2)
        phone.share(other.office, "family", "identity")
        phone.share(other.office, "family")
        with fails("too_many_consents"):
            phone.share(other.office, "needs")
        disclose(phone, other, "family")
        with fails("too_many_disclosures"):
            disclose(phone, other, "family")


class TestTakenBack:
    def test_unread_it_is_destroyed_and_nobody_is_told(self, house, other, phone):
        phone.share(other.office, "family", "identity")
        id_ = disclose(phone, other, "family", "identity")
        phone.share(other.office, "identity", given=False)
        assert mail(other) == told(other) == sent(house) == []
        assert names(everything(house), id_) <= {"missives"}

    def test_read_the_other_office_is_told_and_rung_until_it_looked(self, house, other, phone):
        officer = officer_account(other)
        phone.share(other.office, "family", "identity")
        id_ = disclose(phone, other, "family", "identity")
        mail(other)
        assert not rings(house, officer)
        phone.share(other.office, "identity", given=False)
        assert mail(other, "W-01") == []  # the copy that waited for colleagues is gone as well
        assert rings(house, officer)
        assert told(other) == [(id_, "identity", "withdrawn")]
        assert not rings(house, officer)
        assert [state for _, _, state in sent(house)] == ["standing", "withdrawn"]
        with fails("no_consent"):
            disclose(phone, other, "identity")
        disclose(phone, other, "family")

    def test_the_statement_is_shown_until_it_is_acknowledged(self, house, other, phone):
        phone.share(other.office, "identity")
        id_ = disclose(phone, other, "identity")
        mail(other)
        phone.share(other.office, "identity", given=False)
        [shown] = other.as_(other.chief, disclosures.taken_back, other.now)
        said = Consent.open(shown.statement, phone.keys.record.sign_pk)
        assert (said.given, said.fields, said.recipient) == (False, "identity", other.office)
        confirm(other, id_, "identity")
        confirm(other, id_, "identity")
        [shown] = other.as_(other.chief, disclosures.taken_back, other.now)
        assert (shown.state, shown.statement) == ("acknowledged", None)
        [mine] = house.as_(house.chief, disclosures.sent, house.now)
        assert mine.state == "acknowledged"
        assert (
            Acknowledgement.open(mine.acknowledgement, other.by("W-01").keys.record.sign_pk).envelope == id_
        )

    def test_the_log_of_both(self, house, other, phone):
        phone.share(other.office, "identity")
        id_ = disclose(phone, other, "identity")
        mail(other)
        phone.share(other.office, "identity", given=False)
        confirm(other, id_, "identity")

        def log(of: House) -> list[tuple[str, str, str]]:
            rows = of.as_(of.by("A-01"), audit.listed).entries
            return [
                (row.event, row.role_code, row.alias or row.subject)
                for row in rows
                if "withdraw" in row.event or row.event == "disclosed"
            ]

        alias, we, they = alias_of(house, phone), audit.short(house.office), audit.short(other.office)
        assert log(house) == [
            ("disclosed", "C-01", alias),
            ("consent_withdrawn", "", alias),
            ("withdrawal_acknowledged", "", they),
        ]
        assert log(other) == [("withdrawal_received", "", we), ("withdrawal_acknowledged", "W-01", we)]

    def test_a_year_later_as_well(self, house, other, phone):
        house.now -= YEAR - timedelta(days=1)
        phone.share(other.office, "identity")
        house.now += YEAR - timedelta(days=1)
        id_ = disclose(phone, other, "identity")
        mail(other)
        house.pass_(days=1)
        with fails("no_consent"):
            disclose(phone, other, "identity")
        house.write(consent.lapse, house.now)
        assert told(other) == [(id_, "identity", "lapsed")]

    def test_who_lags_behind(self, house, other, third, phone):
        ids = {}
        for office in (other, third):
            phone.share(office.office, "identity")
            ids[office.office] = disclose(phone, office, "identity")
            mail(office)
        assert late(house) == []
        for office in (third, other):
            phone.share(office.office, "identity", given=False)
            house.now = other.now = third.now = house.now + timedelta(hours=1)
        assert late(house) == [(audit.short(third.office), 1), (audit.short(other.office), 1)]
        assert house.as_(house.chief, disclosures.waiting).count == 0
        confirm(third, ids[third.office], "identity")
        assert late(house) == [(audit.short(other.office), 1)]
        assert other.as_(other.chief, disclosures.waiting).count == 1
        assert late(other) == late(third) == []

    def test_given_anew_it_may_be_passed_on_anew(self, house, other, phone):
        phone.share(other.office, "identity")
        disclose(phone, other, "identity")
        mail(other)
        phone.share(other.office, "identity", given=False)
        phone.share(other.office, "identity")
        disclose(phone, other, "identity")
        assert sorted(state for _, _, state in sent(house)) == ["standing", "withdrawn"]


class TestAcknowledging:
    @pytest.fixture
    def id_(self, other, phone) -> bytes:
        phone.share(other.office, "identity")
        id_ = disclose(phone, other, "identity")
        mail(other)
        phone.share(other.office, "identity", given=False)
        return id_

    @pytest.mark.parametrize(
        ("code", "by", "changed"),
        [
            ("not_allowed", "A-01", {}),
            ("disclosure_not_found", "C-01", {"fields": "family"}),
            ("disclosure_not_found", "C-01", {"fields": ALL}),
            ("disclosure_not_found", "C-01", {"envelope": bytes(16)}),
            ("acknowledgement_refused", "C-01", {"recipient": bytes(32)}),
            ("acknowledgement_refused", "C-01", {"device": bytes(16)}),
        ],
    )
    def test_nobody_and_nothing_else(self, house, other, id_, code, by, changed):
        whole = {"envelope": id_, "fields": "identity"} | changed
        with fails(code):
            confirm(other, by=by, **whole)
        assert [state for _, _, state in sent(house)] == ["withdrawn"]

    def test_not_by_another_office_nor_before_it_is_taken_back(self, house, other, third, phone, id_):
        for office in (house, third):
            with fails("disclosure_not_found"):
                confirm(office, id_, "identity")
        phone.share(other.office, "family")
        stands = disclose(phone, other, "family")
        with fails("disclosure_not_found"):
            confirm(other, stands, "family")
        assert told(third) == told(house) == []

    @pytest.mark.parametrize("rule", [disclosures.sent, disclosures.taken_back])
    def test_who_may_look(self, house, phone, rule: Callable[..., object]):
        for who in (house.by("A-01"), phone):
            with fails("not_allowed"):
                house.as_(who, rule, house.now)

    def test_it_is_known_for_a_while(self, house, other, id_):
        confirm(other, id_, "identity")
        house.write(retention.forget, house.now + USUAL.missives - timedelta(seconds=1))
        assert len(sent(house)) == 1
        house.write(retention.forget, house.now + USUAL.missives)
        assert sent(house) == []


class TestErased:
    @pytest.mark.parametrize("how", ["erase", "wipe"])
    def test_the_other_office_is_told_without_a_name(self, house, other, third, phone, how):
        for to, group in ((other, "family"), (other, "identity"), (third, "needs")):
            phone.share(to.office, group)
        read = disclose(phone, other, "family", "identity")
        mail(other)
        disclose(phone, third, "needs")  # nobody reads it
        phone.share(other.office, "identity", given=False)
        if how == "erase":
            erase(house, phone)
            assert names(everything(house), phone.contact, phone.device) == set()
        else:
            house.write(wipe.wipe, phone.wipe(), house.now)
        assert told(other) == [(read, "family", "erased"), (read, "identity", "erased")]
        assert told(third) == mail(third) == []
        assert [shown.statement for shown in other.as_(other.chief, disclosures.taken_back, other.now)] == [
            None
        ] * 2
        assert sent(house) == [("", "family", "withdrawn"), ("", "identity", "withdrawn")]
        confirm(other, read, ALL)
        assert {state for _, _, state in sent(house)} == {"acknowledged"}


def test_the_person_sees_it(house, other, phone):
    phone.share(other.office, "identity")
    id_ = disclose(phone, other, "identity")
    mail(other)

    def shown() -> list[tuple[bytes, str, str]]:
        mine = house.as_(phone, holdings.mine, house.now)
        return [(each.recipient, each.fields, each.state) for each in mine.passed_on]

    assert shown() == [(other.office, "identity", "standing")]
    phone.share(other.office, "identity", given=False)
    assert shown() == [(other.office, "identity", "withdrawn")]
    confirm(other, id_, "identity")
    assert shown() == [(other.office, "identity", "acknowledged")]
    stated = house.as_(phone, consent.listed)
    assert [(each.purpose, each.fields, each.given) for each in stated] == [
        ("messages", "all", True),
        ("sharing", "identity", False),
    ]
