"""A phone that only confirms: what was proposed in chat, as its officer, while they have a desk; nothing else."""

import pytest

from crypto.envelope import Address
from crypto.notice import NoticeKind, verification_code
from crypto.prekey import HolderKind
from crypto.roster import Role
from relay import auth, cases, caseviews, links, mailbox, offices, post, prekeys, proposals, summaries, wishes
from store import accounts
from store.tables.mail import wraps
from tests.relay.house import House, Officer
from tests.relay.refusal import fails
from tests.relay.test_rule_cases import alias_of
from tests.relay.test_rule_delivery import officer_account


@pytest.fixture
def case(house: House) -> str:
    phone = house.enrolled("messages")
    alias = next(
        row.alias
        for row in house.write(lambda tx: tx.exec_driver_sql("SELECT contact, alias FROM contacts").all())
        if bytes(row.contact) == phone.contact
    )
    return house.as_(house.chief, cases.open_, contact=alias, now=house.now)


def pocket(house: House, code: str) -> Officer:
    phone = house.pocket(code)
    house.as_(house.chief, offices.follow, house.next_roster(), house.now)
    return phone


def propose(house: House, kind: str, subject: str, words: str = "", by: str = "W-01") -> bytes:
    named = {"kind": kind, "subject": subject, "words": words}
    return house.as_(house.by(by), proposals.propose, house.now, **named)


def decide(house: House, who: Officer, wish: bytes, confirm: bool = True, **more: str) -> None:
    house.as_(who, proposals.decide, wish, confirm, house.now, **more)


def test_what_it_confirms_happens_as_its_officers_deed(house, case):
    phone = pocket(house, "C-02")
    wishes = [propose(house, "intent", case, "wants"), propose(house, "vet", case, "papers")]
    assert {each.proposal for each in house.as_(phone, proposals.listed, house.now)} == {*wishes}
    for wish in wishes:
        decide(house, phone, wish)
    shown = house.as_(house.chief, caseviews.show, case, house.now)
    assert (shown.intent, shown.verification.state) == ("wants", "once")
    again = propose(house, "vet", case, "voice")
    with fails("same_officer"):  # the desk of the same officer is no second one, nor the phone
        decide(house, house.by("C-02"), again)
    decide(house, phone, again, confirm=False)
    with fails("not_allowed"):  # only what was proposed
        house.as_(phone, caseviews.show, case, house.now)


def test_it_confirms_no_more_than_its_officer_may_and_while_a_desk_of_theirs_stands(house, case):
    wish = propose(house, "intent", case, "unsure")
    with fails("not_allowed"):
        decide(house, pocket(house, "A-01"), wish)
    caseworkers = pocket(house, "W-01")
    route = propose(house, "status", "AIR", "open official 12h", by="C-01")
    with fails("not_allowed"):
        decide(house, caseworkers, route)
    desk = house.by("W-01")
    house.officers.remove(desk)
    house.as_(house.chief, offices.follow, house.next_roster(), house.now)
    for rule, given in ((proposals.listed, ()), (proposals.decide, (wish, True))):
        with fails("not_allowed"):
            house.as_(caseworkers, rule, *given, house.now)
    assert [(view.role_code, view.roles) for view in house.as_(house.chief, summaries.staff)][-1] == (
        "W-01", Role.CONFIRMER,
    )  # fmt: skip


def test_what_takes_keys_is_decided_at_a_desk(house):
    """It can neither set aside what a desk is to sign, nor turn it down."""
    phone, person = pocket(house, "C-02"), house.enrolled("messages")
    house.movement(9, "AIR-07")
    alert = house.draft(None, [person], kind=NoticeKind.THREAT)
    house.approve(house.chief, alert)
    asked = {
        "invite": ("", ""), "offboard": ("A-01", ""), "lend": ("AIR-07", "2"), "cancel": ("AIR-07", ""),
        "threat": (verification_code(alert.content_hash), ""), "offer": (alias_of(house, person), "AIR-07"),
    }  # fmt: skip
    assert asked.keys() == wishes.BY_KEYS
    for kind, (subject, words) in asked.items():
        wish = propose(house, kind, subject, words, by="C-01")
        for confirm in (True, False):
            with fails("desk_needed"):
                decide(house, phone, wish, confirm)
        assert [each.kind for each in house.as_(phone, proposals.listed, house.now)] == [kind]
        decide(house, house.by("C-02"), wish)
        assert house.as_(phone, proposals.listed, house.now) == []


def test_off_boarding_takes_it_with_the_rest(house, case):
    phone, wish = pocket(house, "C-02"), propose(house, "intent", case, "wants")
    house.as_(house.chief, offices.follow, house.next_roster(remove=["C-02"]), house.now)
    with fails("unknown_device"):
        decide(house, phone, wish)


def test_an_officers_chat_goes_by_their_desk_and_ends_with_it(house):
    """Whichever of the two devices comes first."""
    for _ in range(4):
        house.pocket("C-02")
    account = officer_account(house, "C-02")
    house.as_(house.chief, offices.follow, house.next_roster(), house.now)
    assert house.read(links.officer_of, account, house.now).roles == Role.COORDINATOR
    assert house.read(accounts.of_officers, house.office, int(auth.READING), house.now) == {account}
    house.officers.remove(house.by("C-02"))
    house.as_(house.chief, offices.follow, house.next_roster(), house.now)
    assert house.read(links.officer_of, account, house.now) is None
    assert house.read(accounts.of_officers, house.office, int(auth.READING), house.now) == set()
    assert house.read(accounts.officers_in_reach, house.office, int(auth.READING), house.now) == set()


def test_it_is_sealed_nothing_and_no_letter_waits_for_it(house):
    phone = pocket(house, "C-02")
    key = house._device_prekey(phone.keys, 1)
    with fails("not_allowed"):
        house.as_(phone, prekeys.add, [key.prekey.sign(phone.keys.sign_seed)], house.now)
    grant = house.seal(house.chief, [Address(HolderKind.DEVICE, phone.device, key.prekey.prekey)])
    with fails("recipient_unknown"):
        house.write(post.accept, post.Upload(house.chief.device, grant, house.now))
    with fails("not_allowed"):
        house.as_(phone, mailbox.fetch, 0, 10, house.now)
    sent = house.enrolled("messages").send().id
    for officer in house.officers:
        if officer.roles & auth.READING:
            house.as_(officer, post.ack, [sent], house.now)
    assert house.read(lambda tx: tx.execute(wraps.select()).all()) == []


def test_a_device_is_what_the_newest_roster_says(house):
    """A desk that becomes a phone that only confirms, and back, under the same keys."""
    desk = house.by("C-02")
    spare = Officer(desk.code, desk.roles, house.pocket("C-02").keys, desk.officer)
    for roles in (Role.CONFIRMER, Role.COORDINATOR):
        spare.roles = roles
        house.officers[-1] = spare
        house.as_(house.chief, offices.follow, house.next_roster(), house.now)
        assert house.read(auth.device_of, spare.device, house.now).roles == roles
