"""A relative abroad asks: nothing without the person's consent, and nothing that tells why there is nothing."""

from datetime import timedelta

import pytest

from crypto.statement import CONSENT_LIFE, Reply
from relay import (
    answers,
    audit,
    consent,
    enrolments,
    erasure,
    holdings,
    movements,
    offices,
    outbox,
    referrals,
    retention,
    sponsors,
    wipe,
)
from relay.delivery import Later
from relay.sponsors import MOST, MOST_PEOPLE, NEWS, NOTHING, Heard
from store.tables import metadata
from tests.relay.house import House, Phone
from tests.relay.refusal import fails
from tests.relay.test_rule_cases import alias_of
from tests.relay.test_rule_delivery import Courier, account

RELATIVE, OTHER = 720_000_001, 720_000_002
YEAR = timedelta(seconds=CONSENT_LIFE)


@pytest.fixture
def phone(house: House) -> Phone:
    return house.enrolled("messages", telegram_id=41)


def link(house: House, phone: Phone, by: str = "C-01") -> str:
    return house.as_(house.by(by), sponsors.invite, alias_of(house, phone), house.now).code


def bind(house: House, code: str, chat: int = RELATIVE) -> int:
    return house.write(sponsors.bind, account(house, chat), code, house.now)


def bound(house: House, phone: Phone, chat: int = RELATIVE) -> int:
    return bind(house, link(house, phone), chat)


def heard(house: House, chat: int = RELATIVE) -> list[Heard]:
    return house.write(sponsors.heard, account(house, chat), house.now)


def events(house: House) -> list[tuple[str, str, str]]:
    rows = house.as_(house.by("A-01"), audit.listed).entries
    return [(row.event, row.role_code, row.about) for row in rows if row.event.startswith("sponsor")]


def end(house: House, phone: Phone) -> int:
    return house.as_(house.chief, sponsors.end, alias_of(house, phone), house.now)


def test_nothing_without_consent_then_a_coarse_word(house, phone):
    assert bound(house, phone) == 1
    phone.send()
    assert heard(house) == heard(house, OTHER) == []
    phone.consent("sponsor")
    assert heard(house) == [Heard(1, "recent")]
    assert heard(house, OTHER) == []
    phone.consent("sponsor", given=False)
    assert heard(house) == []
    alias = alias_of(house, phone)
    assert events(house) == [
        ("sponsor_invited", "C-01", alias),
        ("sponsor_bound", "", alias),
        ("sponsor_asked", "", alias),
    ]


@pytest.mark.parametrize(
    ("silent", "word"),
    [(None, "never"), ({"hours": 47}, "recent"), ({"days": 2}, "week"), ({"days": 7}, "longer")],
)
def test_how_coarse(house, phone, silent, word):
    bound(house, phone)
    phone.consent("sponsor")
    if silent is not None:
        phone.send()
        house.pass_(**silent)
    assert heard(house) == [Heard(1, word)]


def test_a_word_holds_for_a_day_so_that_asking_often_tells_no_more(house, phone):
    bound(house, phone)
    bound(house, phone, OTHER)
    phone.consent("sponsor")
    assert heard(house) == [Heard(1, "never")]
    phone.send()
    assert heard(house, OTHER) == [Heard(1, "never")], "nor two who work together"
    house.pass_(hours=23, minutes=59)
    assert heard(house) == [Heard(1, "never")]
    assert [name for name, *_ in events(house)].count("sponsor_asked") == 1
    house.pass_(minutes=1)
    assert heard(house) == [Heard(1, "recent")]
    house.pass_(hours=-1)  # a clock that was wrong must not hold it for longer
    assert heard(house) == [Heard(1, "recent")]
    assert [name for name, *_ in events(house)].count("sponsor_asked") == 3


@pytest.mark.parametrize(
    "how", ["never linked", "no consent", "withdrawn", "lapsed", "ended", "erased", "wiped"]
)
def test_there_is_one_way_to_be_told_nothing(house, phone, how):
    stranger = account(house, OTHER)
    if how != "never linked":
        bound(house, phone)
    if how != "no consent":
        phone.consent("sponsor")
        phone.send()
        assert bool(heard(house)) is (how != "never linked")
    match how:
        case "withdrawn":
            phone.consent("sponsor", given=False)
        case "lapsed":
            house.pass_(seconds=YEAR.total_seconds())
        case "ended":
            assert end(house, phone) == 1
        case "erased":
            house.as_(house.chief, erasure.erase, alias_of(house, phone), house.now)
        case "wiped":
            house.write(wipe.wipe, phone.wipe(), house.now)
    tables = [metadata.tables[name] for name in ("audit", "outbox", "sponsors")]
    before = house.read(lambda tx: [list(tx.execute(table.select())) for table in tables])
    assert heard(house) == house.write(sponsors.heard, stranger, house.now) == []
    assert house.read(lambda tx: [list(tx.execute(table.select())) for table in tables]) == before


def say(house: House, chat: int = RELATIVE) -> None:
    """As the chat does, in one transaction: what may be told is queued."""
    mine = account(house, chat)

    def unit(tx):
        told = sponsors.heard(tx, mine, house.now)
        then = [{"key": f"relative-{each.word}", "number": str(each.number)} for each in told]
        params = {"then": then} if told else {}
        outbox.reply(tx, mine, NEWS if told else NOTHING, params, house.now, dedupe=f"{chat}")

    house.write(unit)


@pytest.mark.parametrize("how", ["withdrawn", "lapsed", "ended", "erased", "wiped"])
@pytest.mark.parametrize("flying", [False, True])
def test_an_answer_that_waits_tells_nothing_any_more(house, phone, how, flying):
    other = house.enrolled("messages", "sponsor")
    bound(house, phone)
    bound(house, other, OTHER)
    phone.consent("sponsor")
    if how == "lapsed":
        house.pass_(seconds=YEAR.total_seconds() - 60)
        other.consent("sponsor")
    courier = Courier(house)
    say(house)
    say(house, OTHER)
    claims = [claim for claim in (courier.claim() if flying else []) if claim.chat == RELATIVE]
    house.pass_(minutes=1)
    match how:
        case "withdrawn":
            phone.consent("sponsor", given=False)
        case "lapsed":
            assert house.write(consent.lapse, house.now) > 0
        case "ended":
            end(house, phone)
        case "erased":
            house.as_(house.chief, erasure.erase, alias_of(house, phone), house.now)
        case "wiped":
            house.write(wipe.wipe, phone.wipe(), house.now)
    for claim in claims:  # the try failed, and is made again
        assert claim.key == NEWS
        courier.settle(claim, Later(house.now))
    house.pass_(minutes=3)  # the lease of the other's claim is over
    sent = {claim.chat: claim for claim in Courier(house, "two" if flying else "one").run()}
    assert (sent[RELATIVE].key, sent[RELATIVE].params) == (NOTHING, {})
    if OTHER in sent:
        assert sent[OTHER].key == NEWS


def test_withdrawing_it_takes_back_nothing_else(house):
    phone = house.enrolled("messages", "departures", "sponsor", telegram_id=41)
    draft = house.draft(house.movement(4), [phone])
    house.schedule(draft)
    house.release()
    house.as_(phone, answers.answer, phone.answer(draft, Reply.ACCEPT), house.now)
    phone.consent("sponsor", given=False)
    assert len(phone.mail().items) == 1
    assert house.as_(house.chief, movements.listed)[0].confirmed == 1
    phone.consent("sponsor")
    phone.consent("messages", given=False)
    bound(house, phone)
    assert heard(house) != [], "each permission stands for itself"


def test_only_a_confirmed_phone_may_permit_it(house, phone):
    thief = house.invite(contact=phone.contact)
    thief.enrol()
    house.as_(house.chief, referrals.open_, "OPEN", house.now)
    for waiting in (thief, house.unlettered()):
        with fails("not_enrolled"):
            waiting.consent("sponsor")


def test_a_code_counts_once_and_in_time(house, phone):
    code = link(house, phone)
    assert bind(house, code) == 1
    late = link(house, phone)
    for wrong in (code, code[:-1] + ("A" if code[-1] != "A" else "B"), ""):
        with fails("link_not_valid"):
            bind(house, wrong, OTHER)
    assert bind(house, link(house, phone)) == 1, "the same account again is one relative"
    house.pass_(days=7)
    with fails("link_not_valid"):
        bind(house, late, OTHER)
    assert house.as_(phone, holdings.mine, house.now).sponsors == 1


def test_an_account_tells_its_people_apart_by_numbers_that_stay(house, phone):
    second, third = (house.enrolled("messages", "sponsor") for _ in range(2))
    assert [bound(house, each) for each in (phone, second, third)] == [1, 2, 3]
    phone.consent("sponsor")
    second.send()
    assert heard(house) == [Heard(1, "never"), Heard(2, "recent"), Heard(3, "never")]
    house.as_(house.chief, erasure.erase, alias_of(house, phone), house.now)
    second.consent("sponsor", given=False)
    assert heard(house) == [Heard(3, "never")]


def test_so_many_relatives_and_no_more(house, phone, monkeypatch):
    codes = [link(house, phone) for _ in range(MOST)]
    bind(house, codes[0])
    with fails("too_many_sponsors"):
        link(house, phone)
    house.pass_(days=7)
    for chat in range(MOST - 1):
        bound(house, phone, OTHER + chat)
    with fails("too_many_sponsors"):
        link(house, phone)
    assert end(house, phone) == MOST
    link(house, phone)
    monkeypatch.setattr(sponsors, "MOST_PEOPLE", 1)
    bound(house, house.enrolled("messages"))
    code = link(house, phone)
    with fails("link_not_valid"):
        bind(house, code)
    assert bind(house, code, OTHER) == 1, "who may not use it does not use it up"
    assert MOST_PEOPLE > 1


def test_another_offices_people_are_nobody(house, phone, vault, store):
    other = House(store, vault, house.now).register()
    bound(house, phone)
    for rule in (sponsors.invite, sponsors.end):
        with fails("contact_not_found"):
            other.as_(other.chief, rule, alias_of(house, phone), house.now)
        with fails("not_allowed"):
            house.as_(house.by("A-01"), rule, alias_of(house, phone), house.now)
        with fails("not_allowed"):
            house.as_(phone, rule, alias_of(house, phone), house.now)
    assert other.as_(other.chief, sponsors.listed, house.now) == []
    with fails("not_allowed"):
        house.as_(house.by("A-01"), sponsors.listed, house.now)


def test_ended_and_of_who_is_not_enrolled(house, phone):
    alias = alias_of(house, phone)
    bound(house, phone)
    phone.consent("sponsor")
    waiting = link(house, phone, "W-01")
    (row,) = house.as_(house.by("W-01"), sponsors.listed, house.now)
    assert row == sponsors.SponsorView(alias, 1, 1, True)
    assert end(house, phone) == 1
    assert house.as_(house.chief, sponsors.listed, house.now) == []
    with fails("link_not_valid"):
        bind(house, waiting)
    assert events(house)[-1] == ("sponsors_ended", "C-01", alias)
    invited = house.invite(alias="K-77")
    with fails("contact_not_found"):
        house.as_(house.chief, sponsors.invite, "K-77", house.now)
    invited.enrol()
    with fails("contact_not_found"):
        house.as_(house.chief, sponsors.invite, "K-77", house.now)
    house.as_(house.chief, enrolments.card, house.card(invited), invited.secret.invitation, house.now)
    assert house.as_(house.chief, sponsors.invite, "k-77", house.now).expires == house.now + sponsors.LIFE


def test_a_code_goes_with_its_officer(house, phone):
    kept, void = link(house, phone), link(house, phone, "W-01")
    house.as_(house.chief, offices.follow, house.next_roster(remove=["W-01"]), house.now)
    with fails("link_not_valid"):
        bind(house, void)
    assert bind(house, kept) == 1


def test_a_relative_is_never_rung_and_their_account_goes_with_the_link(house, phone):
    bound(house, phone)
    phone.consent("sponsor")
    phone.send()
    house.write_to(phone, urgent=True)
    courier = Courier(house)
    assert {claim.chat for claim in courier.run()} == {41}
    mine = account(house, RELATIVE)
    house.write(retention.forget, house.now + timedelta(days=60))
    assert account(house, RELATIVE) == mine
    end(house, phone)
    house.write(retention.forget, house.now)
    accounts = metadata.tables["accounts"]
    left = house.read(lambda tx: {row.id for row in tx.execute(accounts.select())})
    assert mine not in left
