"""What a person sees of what is held of them: all of it, and nothing of anybody else."""

from crypto.statement import Reply
from relay import answers, attempts, cases, facts, holdings
from relay.holdings import Holdings, HouseholdView
from store.tables import metadata
from tests.relay.house import START, House, Phone
from tests.relay.refusal import fails
from tests.relay.test_rule_cases import alias_of, do

#: Every table with something of a contact, and where it shows. Keys and numbers without meaning show in nothing else.
SHOWN = {
    "contacts": "alias", "devices": "phones", "prekeys": "phones", "cards": "phones", "enrolments": "phones",
    "card_changes": "phones",
    "contact_keys": "since", "invitations": "since", "nonces": "phones", "links": "telegram_linked",
    "doorbells": "telegram_linked", "inbox": "telegram_linked", "outbox": "telegram_linked",
    "armour_parts": "telegram_linked",
    "consents": "consents", "wraps": "incoming",
    "acks": "outgoing", "envelopes": "outgoing", "offers": "seats", "rollovers": "seats",
    "safety_checks": "seats", "recipients": "incoming", "answers": "answers",
    "attempts": "attempts", "case_members": "household", "audit": "logged", "marks": "logged",
    "proposals": "logged", "claims": "logged", "disclosures": "passed_on",
    "attachments": "attachments", "assents": "assents", "sponsors": "sponsors", "sponsor_codes": "sponsors",
    # Before somebody is a contact; and between offices, about nobody.
    "referrals": None, "missives": None, "approvals": None, "uploads": None,
}  # fmt: skip
OURS = {"contact", "device", "sender", "holder", "account", "subject", "mark"}


def held(house: House, phone: Phone) -> Holdings:
    return house.as_(phone, holdings.mine, house.now)


def test_no_table_is_forgotten():
    assert {table.name for table in metadata.tables.values() if OURS & set(table.c.keys())} == set(SHOWN)
    assert {field for field in SHOWN.values() if field} <= set(Holdings.__dataclass_fields__)


def test_who_just_came(house):
    phone = house.enrolled("messages")
    mine = held(house, phone)
    assert (mine.alias, mine.since, mine.heard_at) == (alias_of(house, phone), START, None)
    assert (mine.phones, mine.language, mine.paused, mine.telegram_linked) == (1, "fa-AF", False, False)
    assert [(each.purpose, each.given) for each in mine.consents] == [("messages", True)]
    assert (mine.incoming, mine.outgoing, mine.seats, mine.answers, mine.attempts) == (0, 0, 0, 0, 0)
    assert mine.household is None


def test_everything_shows_and_to_nobody_else(house):
    phone, other = (house.enrolled("messages", "departures", telegram_id=id_) for id_ in (41, None))
    before = held(house, other)
    phone.send()
    house.write_to(phone)
    draft = house.draft(house.movement(4), [phone])
    house.schedule(draft)
    house.release()
    house.as_(phone, answers.answer, phone.answer(draft, Reply.ACCEPT), house.now)
    person = alias_of(house, phone)
    house.as_(house.by("W-01"), attempts.record, person, way="telephone", outcome="unanswered", now=house.now)
    alias = house.as_(house.by("W-01"), cases.open_, contact=person, now=house.now)
    do(house, cases.add_member, alias, kind="adult")
    do(house, cases.set_needs, alias, needs=["medical"])
    do(house, facts.record, alias, fact="documents", answer="yes")
    do(house, facts.intend, alias, intent="wants")
    mine = held(house, phone)
    assert mine.telegram_linked
    assert mine.heard_at is not None
    assert (mine.incoming, mine.outgoing, mine.seats, mine.answers, mine.attempts) == (2, 1, 1, 1, 1)
    assert mine.logged > 0
    home = mine.household
    assert isinstance(home, HouseholdView)
    assert (home.people, home.intent, home.needs, home.checks) == (2, "wants", ["medical"], 1)
    assert {each.fact: each.answer for each in home.facts if each.answer != "unknown"} == {"documents": "yes"}
    assert held(house, other) == before
    phone.read()
    assert held(house, phone).incoming == 0


def test_not_for_officers_nor_who_waits(house):
    with fails("not_allowed"):
        house.as_(house.chief, holdings.mine, house.now)
    waiting = house.invite()
    waiting.enrol()
    with fails("not_enrolled"):
        held(house, waiting)
