"""Attachments: who may send and fetch them, how much, and what is forgotten when."""

import secrets
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from crypto.attachment import SEALED_CHUNK, token_hash
from crypto.encoding import new_id
from relay import attachments, enrolments, erasure, holdings, referrals, retention, wipe
from relay.attachments import Chunk, Ticket
from tests.relay.house import House, Officer, Phone
from tests.relay.refusal import fails
from tests.relay.test_rule_cases import alias_of
from tests.relay.test_rule_erasure import everything, names


@dataclass
class Sending:
    """An attachment as its sender holds it: chunks of noise, as the relay sees them."""

    house: House
    by: Officer | Phone
    to: Phone | None = None
    count: int = 3
    ticket: Ticket = field(default_factory=lambda: Ticket(new_id(), secrets.token_bytes(32)))

    def __post_init__(self) -> None:
        self.data = [secrets.token_bytes(SEALED_CHUNK) for _ in range(self.count)]
        self.expires = self.house.now + timedelta(days=20)

    def chunk(self, n: int) -> Chunk:
        data = self.data[n] if 0 <= n < self.count else bytes(SEALED_CHUNK)
        contact = self.to.contact if self.to else b""
        return Chunk(
            self.ticket.attachment, n, data, self.count, self.expires, token_hash(self.ticket.token), contact
        )

    def put(self, number: int, **changed: object) -> list[int]:
        chunk = replace(self.chunk(number), **changed)
        return self.house.as_(self.by, attachments.put, chunk, self.house.now)

    def all(self) -> "Sending":
        for n in range(self.count):
            self.put(n)
        return self

    def held(self, by: Officer | Phone | None = None) -> list[int]:
        return self.house.as_(by or self.by, attachments.held, self.ticket.attachment)

    def fetch(self, by: Officer | Phone, n: int = 0, token: bytes = b"") -> bytes:
        ticket = replace(self.ticket, token=token or self.ticket.token)
        return self.house.as_(by, attachments.fetch, ticket, n, self.house.now)

    def taken(self, by: Officer | Phone) -> None:
        self.house.as_(by, attachments.taken, self.ticket, self.house.now)


@pytest.fixture
def phone(house: House) -> Phone:
    return house.enrolled("messages")


def kept(phone: Phone) -> tuple[int, int]:
    mine = phone.house.as_(phone, holdings.mine, phone.house.now)
    return mine.attachments, mine.attachment_bytes


def test_both_ways_in_any_order_and_again(house: House, phone: Phone) -> None:
    """A retry is harmless, other bytes or another word about it are refused; what came is not sent again."""
    for sending, reader in (
        (Sending(house, phone), house.by("W-01")),
        (Sending(house, house.by("W-01"), phone), phone),
    ):
        assert sending.held() == []
        assert sending.put(2) == [2]
        assert sending.put(0) == sending.put(0) == sending.held() == [0, 2]
        changes = (
            {"data": bytes(SEALED_CHUNK)},
            {"count": 4},
            {"expires": sending.expires + timedelta(days=1)},
            {"token_hash": bytes(32)},
        )
        for changed in changes:
            with fails("attachment_differs"):
                sending.put(0, **changed)
        assert sending.fetch(reader, 2) == sending.data[2]
        with fails("attachment_unknown"):
            sending.fetch(reader, 1)
        sending.put(1)
        assert [sending.fetch(reader, n) for n in range(3)] == sending.data
        assert sending.held(reader) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"data": b""},
        {"data": bytes(SEALED_CHUNK + 1)},
        {"n": 3},
        {"n": -1},
        {"count": 5},
        {"token_hash": bytes(31)},
        {"days": 61},
        {"days": 0},
    ],
    ids=str,
)
def test_wrong_chunks(house: House, phone: Phone, changed: dict) -> None:
    given = dict(changed)
    if "days" in given:
        given["expires"] = house.now + timedelta(days=given.pop("days"))
    sending = Sending(house, phone)
    with fails("malformed"):
        sending.put(0, **given)
    assert sending.held() == []


def test_only_its_two_sides_with_its_token(house: House, phone: Phone) -> None:
    """A wrong token, another contact's and what never was are alike; so is what has expired."""
    sending = Sending(house, house.chief, phone).all()
    other = house.enrolled("messages")
    never = Sending(house, house.chief, phone)
    said = set()
    for asked in (
        lambda: sending.fetch(phone, token=bytes(32)),
        lambda: sending.fetch(house.chief, token=bytes(32)),
        lambda: sending.fetch(other),
        lambda: sending.fetch(phone, 3),
        lambda: never.fetch(phone),
        lambda: sending.taken(other),
        lambda: never.taken(phone),
    ):
        with fails("attachment_unknown") as refused:
            asked()
        said.add(str(refused.value))
    assert len(said) == 1
    with fails("not_allowed"):
        sending.fetch(house.by("A-01"))
    house.pass_(days=20)
    with fails("attachment_unknown"):
        sending.fetch(phone)


def test_whom_an_officer_may_send_to(house: House, phone: Phone) -> None:
    house.as_(house.chief, referrals.open_, "K-OPEN", house.now)
    waiting, stranger = house.invite(), house.unlettered()
    waiting.enrol()
    for nobody in (waiting, stranger, house.phone(phone.secret, new_id())):
        with fails("recipient_unknown"):
            Sending(house, house.chief, nobody).put(0)
        with fails("not_enrolled" if nobody in (waiting, stranger) else "unknown_device"):
            Sending(house, nobody).put(0)
    with fails("no_consent"):
        Sending(house, house.chief, house.enrolled()).put(0)
    with fails("not_allowed"):
        Sending(house, house.by("A-01"), phone).put(0)
    with fails("not_addressed"):
        Sending(house, phone, house.enrolled("messages")).put(0)


def test_taken_by_the_phone_it_is_for(house: House, phone: Phone) -> None:
    """Then the chunks go; a late retry of the sender begins nothing anew. Officers leave it to one another."""
    sending = Sending(house, house.chief, phone).all()
    assert kept(phone) == (1, 3 * SEALED_CHUNK)
    with fails("not_allowed"):
        sending.taken(house.by("W-01"))
    sending.taken(phone)
    sending.taken(phone)
    assert (sending.held(), kept(phone)) == ([], (0, 0))
    with fails("attachment_unknown"):
        sending.fetch(phone)
    with fails("attachment_gone"):
        sending.put(0)
    given_up = Sending(house, phone).all()
    given_up.taken(phone)
    with fails("attachment_unknown"):
        given_up.fetch(house.chief)


def test_another_phone_of_theirs_may_still_want_it(house: House, phone: Phone) -> None:
    second = house.invite(contact=phone.contact)
    second.enrol()
    second.card = phone.card
    card = house.card(phone, second, cosign=house.by("C-02"))
    house.as_(house.chief, enrolments.card, card, second.secret.invitation, house.now)
    sending = Sending(house, house.chief, phone).all()
    sending.taken(phone)
    assert sending.fetch(second) == sending.data[0]


def test_quota_of_one_person_both_ways(house: House, phone: Phone) -> None:
    """What is begun has its place; what was taken gives it back; others have their own."""
    most = attachments.MOST_CHUNKS // 16
    sent = [Sending(house, (house.chief, phone)[i % 2], (phone, None)[i % 2], count=16) for i in range(most)]
    for each in sent:
        each.put(0)
    assert kept(phone) == (most, attachments.MOST_CHUNKS * SEALED_CHUNK)
    for late in (Sending(house, phone, count=1), Sending(house, house.chief, phone, count=1)):
        with fails("attachment_quota"):
            late.put(0)
    assert sent[1].put(1) == [0, 1]
    Sending(house, house.enrolled("messages"), count=1).put(0)
    sent[0].taken(phone)
    assert Sending(house, phone, count=16).put(0) == [0]


def test_so_many_a_day(house: House, phone: Phone) -> None:
    for _ in range(attachments.MOST_A_DAY):
        each = Sending(house, phone, count=1).all()
        each.taken(phone)
    with fails("attachments_too_many"):
        Sending(house, phone, count=1).put(0)
    house.pass_(days=1)
    assert Sending(house, phone, count=1).put(0) == [0]


def test_forgotten_when_it_is_not_whole_or_over(house: House, phone: Phone) -> None:
    whole, half = Sending(house, phone).all(), Sending(house, phone)
    half.put(0)
    house.pass_(days=3)
    house.write(retention.forget, house.now)
    assert (whole.held(), half.held(), kept(phone)[0]) == ([0, 1, 2], [], 1)
    house.pass_(days=17)
    house.write(retention.forget, house.now)
    assert (whole.held(), kept(phone)) == ([], (0, 0))


@pytest.mark.parametrize("how", ["withdrawn", "wiped", "erased"])
def test_destroyed_with_the_persons_word(house: House, phone: Phone, how: str) -> None:
    mine, theirs = Sending(house, phone).all(), Sending(house, house.chief, phone).all()
    other = Sending(house, house.enrolled("messages")).all()
    if how == "withdrawn":
        phone.consent("messages", given=False)
        assert kept(phone) == (0, 0)
    elif how == "wiped":
        house.write(wipe.wipe, phone.wipe(), house.now)
    else:
        house.as_(house.chief, erasure.erase, alias_of(house, phone), house.now)
    for sending in (mine, theirs):
        with fails("attachment_unknown"):
            sending.fetch(house.chief)
        assert names(everything(house), sending.ticket.attachment, *sending.data) == set()
    assert theirs.held() == []
    assert other.fetch(house.chief) == other.data[0]
