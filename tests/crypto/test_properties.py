"""Properties: what is sealed opens, a flipped bit never passes, parsing answers Malformed and nothing else."""

import contextlib
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crypto import armour, request
from crypto.attachment import CHUNK, MOST, Attachment, Media, attachment_hash, count_of
from crypto.card import Card
from crypto.chunk import open_chunks, seal_chunks
from crypto.content import Content
from crypto.device import DeviceRecord, OwnerKind
from crypto.encoding import b64u, unb64u
from crypto.envelope import Envelope, Urgency, join, split
from crypto.errors import CryptoError, Malformed, Refused
from crypto.keys import DeviceKeys, PrekeyPair
from crypto.letter import Letter, Secret
from crypto.notice import OwnPart
from crypto.record import rec, unrec
from crypto.roster import follow
from crypto.sealing import Recipient, open_envelope, seal
from tests.vectors import ops
from tests.vectors.cards import FIRST
from tests.vectors.contents import _messages
from tests.vectors.envelopes import INNER, OWN
from tests.vectors.notices import GO, NOTICE
from tests.vectors.world import (
    COORDINATOR,
    DAY,
    LETTER,
    NOW,
    OFFICE,
    PHONE,
    PHONE_PREKEY,
    PIN,
    ROSTER,
    STRANGER_PREKEY,
    WIRE,
    flip,
)

quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ids = st.binary(min_size=16, max_size=16)
hashes = st.binary(min_size=32, max_size=32)

SEALED = seal(
    INNER,
    sender=COORDINATOR,
    recipients=[Recipient(PHONE_PREKEY.prekey, OWN), Recipient(STRANGER_PREKEY.prekey)],
    now=NOW,
    expires=NOW + DAY,
)
SERVED = Envelope.parse(SEALED).only(PHONE_PREKEY.prekey.address).encode()


@quick
@given(
    text=st.text(max_size=3000),
    party=st.none() | st.integers(0, 255),
    alias=st.text(max_size=6),
    offer=ids,
    urgent=st.sampled_from(Urgency),
    now=st.integers(NOW - 3600, PHONE_PREKEY.prekey.seal_until - 1),
    life=st.integers(900, 59 * DAY),
)
def test_what_is_sealed_opens(text, party, alias, offer, urgent, now, life) -> None:
    inner = replace(INNER, payload=text.encode())
    own = None if party is None else OwnPart(alias, offer, party, NOW)
    data = seal(
        inner,
        sender=COORDINATOR,
        recipients=[Recipient(PHONE_PREKEY.prekey, own), Recipient(STRANGER_PREKEY.prekey)],
        now=now,
        expires=now + life,
        urgency=urgent,
    )
    opened = open_envelope(data, sender=COORDINATOR.record, prekey=PHONE_PREKEY)
    assert opened.content.inner == inner
    assert opened.own == own
    assert opened.header.urgency is urgent
    assert opened.header.time <= now < opened.header.time + 900
    assert now + life <= opened.header.expires < now + life + 900
    assert len(data) == 84 + (512 << opened.header.bucket) + 16 + 2 + 2 * 1202 + (96 if own else 0)
    other = open_envelope(data, sender=COORDINATOR.record, prekey=STRANGER_PREKEY)
    assert other.content == opened.content


def test_no_bit_of_an_envelope_can_be_flipped() -> None:
    """Every bit of header, ids and form; of the long fields every byte, a different bit each."""
    for at in range(len(SERVED)):
        bits = range(8) if at < 84 or 612 <= at < 647 or at == 612 + 2 + 1153 else [at % 8]
        for bit in bits:
            with pytest.raises(CryptoError):
                open_envelope(flip(SERVED, at, 1 << bit), sender=COORDINATOR.record, prekey=PHONE_PREKEY)


@pytest.mark.parametrize(
    ("wire", "judge"),
    [
        (WIRE, lambda data: follow(PIN, data)),
        (FIRST.encode(), lambda data: Card.parse(data).check(ROSTER)),
        (GO.sign(COORDINATOR.sign_seed), lambda data: type(GO).open(data, COORDINATOR.record.sign_pk)),
    ],
    ids=["roster", "card", "go"],
)
def test_no_byte_of_a_signed_object_can_be_changed(wire: bytes, judge) -> None:
    judge(wire)
    step = max(1, len(wire) // 700)
    for at in range(0, len(wire), step):
        with pytest.raises(CryptoError):
            judge(flip(wire, at, 1 << at % 8))


# Parsing is total: whatever comes, an object or Malformed.

GOOD = {
    "root": unrec(ROSTER.encode())[1],
    "device": PHONE.record.encode(),
    "prekey": PHONE_PREKEY.prekey.encode(),
    "roster": ROSTER.encode(),
    "signed roster": WIRE,
    "card": FIRST.encode(),
    "content": Content(_messages()["notice"], bytes(64)).encode(),
    "notice": NOTICE.encode(),
    "go": GO.sign(COORDINATOR.sign_seed),
    "own part": OWN.encode(),
}


@settings(quick, max_examples=150)
@given(kind=st.sampled_from(sorted(ops.TYPES)), data=st.binary(max_size=400))
def test_noise_is_malformed(kind: str, data: bytes) -> None:
    with contextlib.suppress(Malformed):
        ops.TYPES[kind](data)


@settings(quick, max_examples=300)
@given(kind=st.sampled_from(sorted(GOOD)), data=st.data())
def test_what_is_nearly_right_is_malformed_or_means_itself(kind: str, data) -> None:
    """Cut, change, insert anywhere: what still parses must encode to exactly the bytes it came from."""
    whole = GOOD[kind]
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 40)))
    mutated = whole[:start] + data.draw(st.binary(max_size=8)) + whole[end:]
    try:
        parsed = ops.TYPES[kind](mutated)
    except Malformed:
        return
    if hasattr(parsed, "PURPOSE") and kind in {"signed roster", "go"}:
        assert parsed.encode() == unrec(mutated)[0]
    else:
        assert parsed.encode() == mutated


@settings(quick, max_examples=200)
@given(data=st.data())
def test_a_mutated_envelope_is_malformed_or_means_itself(data) -> None:
    start = data.draw(st.integers(0, len(SEALED)))
    end = data.draw(st.integers(start, min(len(SEALED), start + 2000)))
    mutated = SEALED[:start] + data.draw(st.binary(max_size=20)) + SEALED[end:]
    try:
        cut = split(mutated)
    except Malformed:
        with pytest.raises(Malformed):
            Envelope.parse(mutated)
        return
    parsed = Envelope.parse(mutated)
    assert parsed.encode() == mutated
    assert [address for address, _ in cut.wraps] == [wrap.address for wrap in parsed.wraps]
    for address, wrap in cut.wraps:
        assert join(cut.common, wrap) == parsed.only(address).encode()


@settings(quick, max_examples=200)
@given(text=st.text(max_size=200) | st.text(alphabet="qasidQASID1.-_ Aa=\n", max_size=60))
def test_texts_are_malformed_and_nothing_worse(text: str) -> None:
    for read in (armour.undress, Letter.from_text, Secret.from_words, unb64u):
        with contextlib.suppress(Malformed):
            read(text)
    for name in ("Signature", "Signature-Input", "Content-Digest"):
        with pytest.raises(Malformed):
            request.RequestSignature.parse([(name, text)])


@given(st.lists(st.binary(max_size=40), max_size=8))
def test_records_read_back(parts: list[bytes]) -> None:
    assert unrec(rec(*parts)) == parts


@given(st.binary(max_size=100))
def test_base64url_has_one_spelling(data: bytes) -> None:
    text = b64u(data)
    assert unb64u(text) == data
    for other in (text + "=", text + "\n", " " + text):
        with pytest.raises(Malformed):
            unb64u(other)


@given(ids)
def test_words_read_back(secret: bytes) -> None:
    words = Secret(secret).words()
    assert Secret.from_words(words).value == secret
    assert Secret.from_words(" ".join(word[:4].upper() for word in words.split())).value == secret


@quick
@given(data=st.data())
def test_a_letter_with_one_wrong_character_is_refused(data) -> None:
    text = LETTER.text()
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."))
    if other != text[at]:
        with pytest.raises(Malformed):
            Letter.from_text(text[:at] + other + text[at + 1 :])


@given(st.builds(DeviceRecord, hashes, st.sampled_from(OwnerKind), ids, ids, hashes, hashes))
def test_device_records_read_back(record: DeviceRecord) -> None:
    assert DeviceRecord.parse(record.encode()) == record


@pytest.mark.parametrize(
    "wrong",
    [
        {"office": b"short"},
        {"office": "text" * 8},
        {"owner_kind": 1},
        {"owner": bytearray(16)},
        {"device": None},
    ],
    ids=str,
)
def test_construction_checks_what_parsing_checks(wrong) -> None:
    with pytest.raises(Malformed):
        replace(PHONE.record, **wrong)


def test_secrets_stay_out_of_repr() -> None:
    secret = "".join(map(repr, (COORDINATOR, PHONE_PREKEY, Secret(bytes(16)), LETTER)))
    assert "…" in secret
    for value in (COORDINATOR.sign_seed, PHONE_PREKEY.dh_sk, LETTER.secret.value):
        assert repr(value) not in secret


def test_private_keys_that_do_not_fit_are_refused() -> None:
    with pytest.raises(Refused):
        DeviceKeys(PHONE.record, COORDINATOR.sign_seed, PHONE.dh_sk)
    with pytest.raises(Refused):
        PrekeyPair(PHONE_PREKEY.prekey, PHONE_PREKEY.dh_sk, STRANGER_PREKEY.kem_seed)
    assert DeviceKeys.parse(PHONE.encode()) == PHONE
    assert PrekeyPair.parse(PHONE_PREKEY.encode()) == PHONE_PREKEY


def test_fresh_keys_work_and_differ() -> None:
    one, two = (DeviceKeys.generate(OFFICE, OwnerKind.CONTACT, bytes(16)) for _ in range(2))
    assert one.record.device != two.record.device
    assert one.record.dh_pk != two.record.dh_pk
    assert one.record.sign_pk != two.record.sign_pk
    assert one.sign_seed != one.dh_sk


def test_the_header_names_no_recipient() -> None:
    envelope = Envelope.parse(SERVED)
    assert len(envelope.wraps) == 1
    for secret in (PHONE.record.device, PHONE.record.owner, PHONE_PREKEY.prekey.prekey):
        assert secret not in envelope.header.encode()


@quick
@given(
    size=st.integers(1, MOST) | st.sampled_from([CHUNK, CHUNK + 1, 4 * CHUNK, 4 * CHUNK + 1]),
    seed=st.binary(min_size=1, max_size=40),
    at=st.integers(min_value=0),
    mangle=st.sampled_from(["flip", "drop", "twice", "swap"]),
)
def test_an_attachment_opens_whole_in_order_and_unchanged_or_not_at_all(size, seed, at, mangle) -> None:
    data = (seed * (size // len(seed) + 1))[:size]
    named = Attachment(
        seed[:1] * 16, seed[-1:] * 32, Media.WEBP, size, count_of(size), attachment_hash(data), 0, 8, 9, ""
    )
    assert Attachment.parse(named.encode()) == named
    chunks = seal_chunks(named, OFFICE, data)
    assert open_chunks(named, OFFICE, chunks) == data
    n = at % len(chunks)
    wrong = list(chunks)
    if mangle == "flip":
        wrong[n] = flip(wrong[n], at)
    elif mangle == "drop":
        del wrong[n]
    elif mangle == "twice":
        wrong.insert(n, wrong[n])
    else:
        wrong[n], wrong[n - 1] = wrong[n - 1], wrong[n]
    if wrong != chunks:
        with pytest.raises(Refused):
            open_chunks(named, OFFICE, wrong)
