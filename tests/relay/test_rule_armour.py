"""What a chat brings as armour: the device's signature admits it, a replay does no harm, and nothing stays behind."""

from datetime import timedelta

import pytest

from crypto.armour import Acknowledge, Fetch, Follow, Kind, Upload, dress, undress
from crypto.encoding import b64u, new_id, unix
from crypto.envelope import split
from crypto.record import rec
from relay import armour, offices, outbox, retention
from relay.errors import RelayError
from store.tables.chat import armour_parts
from store.tables.delivery import outbox as outgoing
from tests.relay.house import House, Phone
from tests.relay.refusal import fails
from tests.relay.test_rule_delivery import CHAT, Courier, account
from tests.relay.test_rule_post import rows

ELSEWHERE = 700_000_002
HOUR = timedelta(hours=1)


@pytest.fixture
def phone(house: House) -> Phone:
    return house.enrolled("messages", telegram_id=CHAT)


def upload(phone: Phone, data: bytes | None = None, at=None, seed: bytes | None = None) -> bytes:
    made = Upload(phone.device, unix(at or phone.house.now), data or phone.letter())
    return made.sign(seed or phone.keys.sign_seed)


def fetch(phone: Phone, at=None) -> bytes:
    return Fetch(phone.device, unix(at or phone.house.now), new_id()).sign(phone.keys.sign_seed)


def acknowledge(phone: Phone, *kept: bytes) -> bytes:
    made = Acknowledge(phone.device, unix(phone.house.now), new_id(), tuple(sorted(kept)))
    return made.sign(phone.keys.sign_seed)


def ask(house: House, kind: Kind, payload: bytes, chat: int = CHAT) -> list[bytes] | None:
    """What is handed out for it, as the chat's edge does: ids of letters; None for an upload."""
    mine = account(house, chat)

    def unit(tx):
        asked = armour.admit(tx, kind, payload, house.now)
        waiting = armour.carry_out(tx, asked, mine, house.now)
        for place, named in enumerate((waiting.rosters, *waiting.letters) if waiting else ()):
            dedupe = f"{payload.hex()[-40:]}:{place}"
            if named is not None:
                outbox.reply(tx, mine, armour.LETTER, named, house.now, dedupe=dedupe, vanish_after=HOUR)
        return waiting

    waiting = house.write(unit)
    return None if waiting is None else [each["envelope"] for each in waiting.letters]


def text_of(house: House, text: str, chat: int = CHAT):
    """What a text holds, "malformed" for a refusal; in the chat, too, the refusal does not undo what it forgot."""
    mine = account(house, chat)

    def unit(tx):
        try:
            return armour.whole(tx, house.vault, mine, text, house.now)
        except RelayError as error:
            return error.code

    return house.write(unit)


def test_what_is_handed_in_goes_the_way_of_every_letter(house, phone):
    data = phone.letter()
    asked = upload(phone, data)
    for _ in range(2):  # the second is a retry
        assert ask(house, Kind.UPLOAD, asked) is None
    (item,) = house.as_(house.chief, armour.mailbox.fetch, 0, 10, house.now).items
    assert split(item.envelope).header.envelope == split(data).header.envelope
    assert Courier(house).run() == [], "no officer has an account here"
    with fails("envelope_taken"):
        other = phone.letter(envelope=split(data).header.envelope)
        ask(house, Kind.UPLOAD, upload(phone, other))
    phone.consent("messages", given=False)
    with fails("no_consent"):
        ask(house, Kind.UPLOAD, upload(phone))


def test_only_the_device_of_a_contact_and_only_its_signature(house, phone):
    stranger = house.enrolled("messages")
    for payload in (
        upload(phone, seed=stranger.keys.sign_seed),
        upload(house.invite()),
        Fetch(new_id(), unix(house.now), new_id()).sign(phone.keys.sign_seed),
        Fetch(house.chief.device, unix(house.now), new_id()).sign(house.chief.keys.sign_seed),
    ):
        kind = Kind.UPLOAD if len(payload) > 1000 else Kind.FETCH
        with fails("unknown_device"):  # whatever the reason
            ask(house, kind, payload)
    with fails("malformed"):
        ask(house, Kind.ENVELOPE, phone.letter())


def test_a_chat_is_slow_and_clocks_are_wrong_but_not_by_everything(house, phone):
    then = house.now
    sealed, waiting = phone.letter(), fetch(phone)
    handed = upload(phone, sealed)
    house.pass_(days=3, seconds=-1)
    assert ask(house, Kind.UPLOAD, handed) is None
    assert ask(house, Kind.FETCH, waiting) == []
    house.pass_(seconds=1)
    with fails("stale"):
        ask(house, Kind.UPLOAD, handed)
    with fails("clock_wrong"):  # signed anew, but sealed too long ago
        ask(house, Kind.UPLOAD, upload(phone, phone.letter(at=then - HOUR)))
    ask(house, Kind.FETCH, fetch(phone, at=house.now + HOUR))
    with fails("stale"):
        ask(house, Kind.FETCH, fetch(phone, at=house.now + HOUR + timedelta(seconds=1)))


def test_letters_are_handed_out_until_they_are_acknowledged(house, phone):
    ids = [house.write_to(phone).id for _ in range(12)]
    courier = Courier(house)
    asked = fetch(phone)
    assert ask(house, Kind.FETCH, asked) == [b64u(each) for each in ids[:10]]
    sent = [claim for claim in courier.run() if claim.kind == "reply"]
    got = [undress(claim.enclosed) for claim in sent]
    assert [split(data).header.envelope for kind, data in got if kind is Kind.ENVELOPE] == ids[:10]
    assert [row.params for row in rows(house, outgoing) if row.key == armour.LETTER] == ["{}"] * 20
    with fails("replayed"):
        ask(house, Kind.FETCH, asked)
    handed = acknowledge(phone, *ids[:10])
    assert ask(house, Kind.ACKNOWLEDGE, handed) == [b64u(each) for each in ids[10:]]
    assert len(phone.mail().items) == 2
    # What was handed out before leaves the chat at once, before anything else is said.
    first = courier.run(limit=1)
    gone = [claim.message_id for claim in first if claim.kind == "delete"]
    assert len(gone) >= 10
    with fails("replayed"):
        ask(house, Kind.ACKNOWLEDGE, handed)


def test_who_follows_an_older_roster_is_handed_the_newer_ones_first(house, phone):
    followed = phone.mail().head.version
    letter = house.write_to(phone).id

    def asked(version: int) -> list[tuple[Kind, bytes]]:
        follow = Follow(phone.device, unix(house.now), new_id(), version).sign(phone.keys.sign_seed)
        assert ask(house, Kind.FOLLOW, follow) == [b64u(letter)]
        return [undress(claim.enclosed) for claim in Courier(house).run() if claim.kind == "reply"]

    assert [kind for kind, _ in asked(followed)] == [Kind.ENVELOPE]
    wires = [house.next_roster() for _ in range(2)]
    for wire in wires:
        house.as_(house.chief, offices.follow, wire, house.now)
    (kind, payload), (other, _) = asked(followed)
    assert (kind, other) == (Kind.ROSTERS, Kind.ENVELOPE)
    assert payload == rec(*wires)
    assert [kind for kind, _ in asked(followed + 2)] == [Kind.ENVELOPE]
    assert [kind for kind, _ in asked(followed + 99)] == [Kind.ENVELOPE], "no such roster yet"


def test_a_letter_that_is_there_no_more_is_not_handed_out(house, phone):
    first, second = house.write_to(phone).id, house.write_to(phone).id
    ask(house, Kind.FETCH, fetch(phone))
    house.as_(phone, armour.mailbox.ack, [first], house.now)
    sent = [claim for claim in Courier(house).run() if claim.kind == "reply"]
    assert [split(undress(claim.enclosed)[1]).header.envelope for claim in sent] == [second]


def test_nobody_elses_letters_and_from_any_account(house, phone):
    other = house.enrolled("messages")
    house.write_to(other)
    mine = house.write_to(phone).id
    assert ask(house, Kind.FETCH, fetch(phone), ELSEWHERE) == [b64u(mine)]
    sent = [claim for claim in Courier(house).run() if claim.kind == "reply"]
    assert [claim.chat for claim in sent] == [ELSEWHERE]
    who = house.read(lambda tx: armour.admit(tx, Kind.FETCH, fetch(phone), house.now)).who
    assert house.read(armour.is_own, account(house), who)
    assert not house.read(armour.is_own, account(house, ELSEWHERE), who)


def in_parts(phone: Phone) -> list[str]:
    text = dress(Kind.UPLOAD, upload(phone, phone.letter(bucket=4)))
    return [text[at : at + 4096] for at in range(0, len(text), 4096)]


def test_a_text_in_parts(house, phone):
    parts = in_parts(phone)
    for part in parts[:-1]:
        assert text_of(house, part) is None
        (held,) = rows(house, armour_parts)
        assert part[:40].encode() not in held.sealed
    assert text_of(house, parts[-1], ELSEWHERE) is None, "another chat has no beginning"
    kind, payload = text_of(house, parts[-1])
    assert dress(kind, payload) == "".join(parts)
    assert rows(house, armour_parts) == []


def test_parts_that_are_missing_late_or_damaged(house, phone):
    first, *middle, last = in_parts(phone)
    assert text_of(house, last) is None, "no beginning"
    text_of(house, first)
    assert text_of(house, last) == "malformed", "the middle is missing"
    assert rows(house, armour_parts) == []
    text_of(house, first)
    house.pass_(minutes=10)
    for part in (*middle, last):
        assert text_of(house, part) is None, "too late: the beginning is forgotten"
    assert text_of(house, first[:200]) == "malformed"
    text_of(house, middle[0])
    for part in (first, first, *middle):  # begun anew
        assert text_of(house, part) is None
    assert text_of(house, last)[0] is Kind.UPLOAD


def test_a_text_in_parts_is_no_store(house, phone):
    first, *_ = in_parts(phone)
    text_of(house, first)
    tries = range(armour.MOST // 4096)
    assert [text_of(house, "A" * 4096) for _ in tries][-1] == "malformed"
    assert rows(house, armour_parts) == []
    text_of(house, first)
    house.pass_(hours=2)
    house.write(retention.forget, house.now)
    assert rows(house, armour_parts) == []
