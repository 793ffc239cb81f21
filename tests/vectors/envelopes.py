"""Vectors of section 5: envelopes read, sealed, opened, and the two attacks on them."""

from dataclasses import replace

from crypto import sealing
from crypto.content import Content, Inner, Kind
from crypto.encoding import kdf
from crypto.envelope import Envelope, Form, Header, Urgency, Wrap
from crypto.hpke import KeyPair, derive_key_pair, setup_sender
from crypto.keys import DeviceKeys, PrekeyPair
from crypto.notice import OwnPart
from crypto.record import ZERO_32, rec

from . import mlkem
from .topic import Topic
from .world import (
    CONTACT,
    COORDINATOR,
    DAY,
    EPOCHS,
    NEW_PHONE_PREKEY,
    NOW,
    OFFICE,
    OTHER_OFFICE,
    PHONE,
    PHONE_PREKEY,
    PIN,
    STRANGER,
    STRANGER_PREKEY,
    edit,
    flip,
    pair,
    seeded,
)

OWN = OwnPart("K-4821", seeded("offer", 16), 3, NOW + DAY)
INNER = Inner(
    nonce=seeded("nonce"),
    kind=Kind.TEXT,
    sender=COORDINATOR.record.device,
    recipient=CONTACT,
    thread=seeded("thread", 16),
    counter=1,
    prev=ZERO_32,
    sent_at=NOW,
    roster_version=PIN.version,
    roster_hash=PIN.hash,
    payload="Message received. – رسید".encode(),
)
KEY, ID = seeded("content key"), seeded("envelope id", 16)


def given(
    inner: Inner, sender: DeviceKeys, *recipients: tuple[PrekeyPair, OwnPart | None], **changed
) -> dict:
    """The `in` of a `seal` case."""
    return {
        "inner": inner.encode(),
        "sender": sender.record.encode(),
        "sign_seed": sender.sign_seed,
        "dh_sk": sender.dh_sk,
        "recipients": [
            {
                "prekey": pair.prekey.encode(),
                "own": own.encode() if own else b"",
                "ephemeral": derive_key_pair(seeded(f"ephemeral {i}")).private,
                "kem_m": seeded(f"kem m {i}"),
            }
            for i, (pair, own) in enumerate(recipients)
        ],
        "now": NOW,
        "expires": NOW + 10 * DAY,
        "urgency": 0,
        "content_key": KEY,
        "envelope_id": ID,
    } | changed


def make() -> Topic:
    topic = Topic("envelopes")
    one, two = _seals(topic)
    _forms(topic, one, two)
    _opens(topic, one, two)
    _dishonest(topic)
    return topic


def _sealed(topic: Topic, name: str, values: dict) -> bytes:
    out = topic.add(f"seal: {name}", "seal", **values)
    assert out
    return bytes.fromhex(out["envelope"])


def _seals(topic: Topic) -> tuple[bytes, bytes]:
    phone, stranger = (PHONE_PREKEY, None), (STRANGER_PREKEY, OWN)
    one = _sealed(topic, "an office's text", given(INNER, COORDINATOR, phone))
    two = _sealed(
        topic, "two wraps, one with own part, urgent", given(INNER, COORDINATOR, phone, stranger, urgency=1)
    )
    status = replace(
        INNER, kind=Kind.STATUS, sender=PHONE.record.device, recipient=OFFICE, payload=rec(b"\1", b"")
    )
    _sealed(topic, "a contact's status to the epoch", given(status, PHONE, (EPOCHS[0], None)))
    fits = 512 - 4 - len(Content(replace(INNER, payload=b""), bytes(64)).encode())
    exact = replace(INNER, payload=b"x" * fits)
    _sealed(topic, "bucket 0 filled to the last byte", given(exact, COORDINATOR, phone))
    over = replace(INNER, payload=b"x" * (fits + 1))
    _sealed(topic, "one byte more takes bucket 1", given(over, COORDINATOR, phone))
    _sealed(topic, "times are rounded", given(INNER, COORDINATOR, phone, now=NOW + 899, expires=NOW + 901))
    late, other = (
        pair("late", OFFICE, PHONE.record.device, created=NOW + 2 * DAY),
        pair("p", OTHER_OFFICE, ID),
    )
    for name, values, fails in (
        ("prekey not yet in its time", given(INNER, COORDINATOR, (late, None)), "refused"),
        (
            "prekey past its time",
            given(INNER, COORDINATOR, phone, now=PHONE_PREKEY.prekey.seal_until),
            "refused",
        ),
        ("prekey of another office", given(INNER, COORDINATOR, (other, None)), "refused"),
        ("another sender", given(INNER, STRANGER, phone), "refused"),
        ("to nobody", given(INNER, COORDINATOR), "malformed"),
        ("to one twice", given(INNER, COORDINATOR, phone, phone), "malformed"),
        ("for 61 days", given(INNER, COORDINATOR, phone, expires=NOW + 61 * DAY), "malformed"),
        ("expired at once", given(INNER, COORDINATOR, phone, expires=NOW), "malformed"),
    ):
        topic.add(f"seal: {name}", "seal", fails, **values)
    return one, two


def _put(data: bytes, at: int, value: bytes) -> bytes:
    return data[:at] + value + data[at + len(value) :]


def _forms(topic: Topic, one: bytes, two: bytes) -> None:
    def read(name: str, data: bytes, fails: str | None = "malformed") -> None:
        topic.add(f"envelope: {name}", "envelope", fails, bytes=data)

    u64 = lambda n: n.to_bytes(8, "big")  # noqa: E731  (a name for eight bytes)
    wraps = 84 + 528 + 2
    first, last = two[wraps : wraps + 1202], two[wraps + 1202 :]
    read("one wrap", one, None)
    read("two wraps", two, None)
    read("an epoch's wrap", _put(_put(one, wraps, b"\2"), wraps + 1, bytes(16)), None)
    read("60 days", _put(one, 42, u64(NOW + 60 * DAY)), None)
    for end in (
        0,
        1,
        2,
        17,
        18,
        34,
        42,
        50,
        51,
        52,
        83,
        84,
        611,
        612,
        613,
        614,
        615,
        631,
        647,
        1735,
        1767,
        1768,
    ):
        read(f"cut at {end}", one[:end])
    for name, data in {
        "one byte missing": one[:-1],
        "one byte more": one + b"\0",
        "version 0": _put(one, 0, b"\0"),
        "version 2": _put(one, 0, b"\2"),
        "suite 2": _put(one, 1, b"\2"),
        "time not a multiple of 900": _put(one, 34, u64(NOW + 1)),
        "expires not a multiple of 900": _put(one, 42, u64(NOW + 901)),
        "expires with time": _put(one, 42, u64(NOW)),
        "expires before time": _put(one, 42, u64(NOW - 900)),
        "60 days and 15 minutes": _put(one, 42, u64(NOW + 60 * DAY + 900)),
        "a time after the year 9999": _put(_put(one, 34, u64(253402300800)), 42, u64(253402301700)),
        "a time of 2^64 − 16": _put(one, 34, u64(2**64 - 16)),
        "a larger bucket than the body": _put(one, 50, b"\1"),
        "bucket 8": _put(one, 50, b"\x08"),
        "urgency 2": _put(one, 51, b"\2"),
        "no wraps": one[:612] + bytes(2),
        "count 0 with a wrap": _put(one, 612, b"\0\0"),
        "count 2 with one wrap": _put(one, 612, b"\0\2"),
        "count 1 with two wraps": _put(two, 612, b"\0\1"),
        "count 65535 with one wrap": _put(one, 612, b"\xff\xff"),
        "holder kind 0": _put(one, wraps, b"\0"),
        "holder kind 3": _put(one, wraps, b"\3"),
        "an epoch with a holder": _put(one, wraps, b"\2"),
        "form 2": _put(one, wraps + 1153, b"\2"),
        "form 1 with 48 bytes": _put(one, wraps + 1153, b"\1"),
        "form 0 with 144 bytes": _put(two, wraps + 1202 + 1153, b"\0"),
        "a wrap twice": one[:612] + b"\0\2" + first + first,
        "two forms for one prekey": two[:wraps] + first + _put(last, 0, first[:33]),
    }.items():
        read(name, data)


def _opens(topic: Topic, one: bytes, two: bytes) -> None:
    def opens(name, fails=None, *, envelope=one, sender=COORDINATOR.record, prekey=PHONE_PREKEY, **changed):
        values = {
            "envelope": envelope,
            "sender": sender.encode(),
            "prekey": prekey.prekey.encode(),
            "dh_sk": prekey.dh_sk,
            "kem_seed": prekey.kem_seed,
        }
        topic.add(f"open: {name}", "open", fails, **values | changed)

    opens("bare")
    opens("with own part, second of two wraps", envelope=two, prekey=STRANGER_PREKEY)
    opens(
        "as the relay serves it",
        envelope=Envelope.parse(two).only(STRANGER_PREKEY.prekey.address).encode(),
        prekey=STRANGER_PREKEY,
    )
    opens("not for this prekey", "refused", prekey=STRANGER_PREKEY)
    opens("not for this device's prekey", "refused", prekey=NEW_PHONE_PREKEY)
    opens("another sender", "refused", sender=STRANGER.record)
    liar = replace(COORDINATOR.record, dh_pk=STRANGER.record.dh_pk)
    opens("sender record with another DH key", "refused", sender=liar)
    opens(
        "sender record with another signing key",
        "refused",
        sender=replace(COORDINATOR.record, sign_pk=STRANGER.record.sign_pk),
    )
    opens(
        "prekey record with another sequence",
        "refused",
        prekey=replace(PHONE_PREKEY, prekey=replace(PHONE_PREKEY.prekey, sequence=2)),
    )
    small = _put(one, 84 + 528 + 2 + 1121, bytes(32))
    opens("HPKE enc of small order", "refused", envelope=small)
    wraps = 84 + 528 + 2
    for name, at in {
        "envelope id": 2,
        "bit of the commitment": 52,
        "urgency": 51,
        "bit of the body": 84,
        "bit of the body's tag": 611,
        "bit of the ML-KEM ciphertext": wraps + 33,
        "bit of the HPKE enc": wraps + 1121,
        "bit of the HPKE ciphertext": wraps + 1154,
        "bit of the HPKE tag": wraps + 1201,
    }.items():
        opens(f"{name} changed", "refused", envelope=flip(one, at))
    opens("expiry moved", "refused", envelope=_put(one, 42, (NOW + 11 * DAY).to_bytes(8, "big")))
    first, second = Envelope.parse(one), Envelope.parse(two)
    crossed = replace(first, wraps=(replace(second.wraps[1], address=first.wraps[0].address),))
    opens("another's wrap under this address", "refused", envelope=crossed.encode())
    opens("truncated", "malformed", envelope=one[:-1])


def _wrapped(header: Header, body: bytes, key: bytes, plain: bytes, form: Form = Form.BARE) -> bytes:
    """An envelope as a dishonest sender may put it together: one wrap for the phone, with this plaintext."""
    psk, kem_ct = mlkem.encapsulate(PHONE_PREKEY.prekey.kem_pk, seeded("m"))
    enc, context = setup_sender(
        PHONE_PREKEY.prekey.dh_pk,
        sealing._info(sealing._author(COORDINATOR.record), PHONE_PREKEY.prekey, kem_ct),
        psk=psk,
        psk_id=sealing.PSK_ID,
        sender=KeyPair(COORDINATOR.dh_sk, COORDINATOR.record.dh_pk),
        _ephemeral=derive_key_pair(seeded("dishonest")),
    )
    ciphertext = context.seal(sealing._binding(header, body), key + plain)
    wrap = Wrap(PHONE_PREKEY.prekey.address, kem_ct, enc, form, ciphertext)
    return Envelope(header, body, (wrap,)).encode()


def _header(commitment: bytes, bucket: int = 0) -> Header:
    return Header(ID, COORDINATOR.record.device, NOW, NOW + DAY, bucket, Urgency.ROUTINE, commitment)


def _dishonest(topic: Topic) -> None:
    commitment = kdf(KEY, b"", "commit")
    content = rec(Content(INNER, bytes(64)).encode())

    def opens(name: str, fails: str | None, envelope: bytes) -> None:
        topic.add(
            f"open: {name}",
            "open",
            fails,
            envelope=envelope,
            sender=COORDINATOR.record.encode(),
            prekey=PHONE_PREKEY.prekey.encode(),
            dh_sk=PHONE_PREKEY.dh_sk,
            kem_seed=PHONE_PREKEY.kem_seed,
        )

    def padded(padding: bytes, *, bucket: int = 0, plain: bytes = b"", form: Form = Form.BARE) -> bytes:
        header = _header(commitment, bucket)
        body = sealing._aead_seal(kdf(KEY, b"", "body"), header.encode(), padding)
        return _wrapped(header, body, KEY, plain, form)

    whole = content.ljust(512, b"\0")
    opens("put together by hand", None, padded(whole))
    opens("two keys: the wrap's key is not the committed one", "refused", _two_keys(whole))
    opens("body swap: the wrap is bound to another body", "refused", _body_swap(whole))
    opens("padding not zero", "refused", padded(flip(whole, -1)))
    opens("padding not zero right after the content", "refused", padded(_put(whole, len(content), b"\1")))
    opens("a bucket too large", "refused", padded(content.ljust(1024, b"\0"), bucket=1))
    opens("content longer than its bucket", "refused", padded(_put(whole, 0, (509).to_bytes(4, "big"))))
    opens("content of 2^32 − 1 bytes", "refused", padded(_put(whole, 0, b"\xff" * 4)))
    opens("content that is no record", "malformed", padded(rec(b"nothing").ljust(512, b"\0")))
    opens("empty content", "malformed", padded(bytes(512)))
    bad = rec(edit(Content(INNER, bytes(64)).encode(), (0, 1), b"\x0a")).ljust(512, b"\0")
    opens("content of an unknown kind", "malformed", padded(bad))
    own = OWN.encode()
    part = (len(own).to_bytes(2, "big") + own).ljust(96, b"\0")
    opens("own part", None, padded(whole, plain=part, form=Form.OWN_PART))
    opens("own part, padding not zero", "refused", padded(whole, plain=flip(part, -1), form=Form.OWN_PART))
    opens(
        "own part of 95 bytes", "refused", padded(whole, plain=_put(part, 0, b"\0\x5f"), form=Form.OWN_PART)
    )
    opens("own part empty", "malformed", padded(whole, plain=bytes(96), form=Form.OWN_PART))
    long = (len(own) + 1).to_bytes(2, "big") + own
    opens(
        "own part with a byte after it",
        "malformed",
        padded(whole, plain=long.ljust(96, b"\0"), form=Form.OWN_PART),
    )


def _two_keys(whole: bytes) -> bytes:
    other = seeded("another content key")
    header = _header(kdf(KEY, b"", "commit"))
    body = sealing._aead_seal(kdf(other, b"", "body"), header.encode(), whole)
    return _wrapped(header, body, other, b"")


def _body_swap(whole: bytes) -> bytes:
    header = _header(kdf(KEY, b"", "commit"))
    body_key = kdf(KEY, b"", "body")
    body = sealing._aead_seal(body_key, header.encode(), whole)
    swapped = sealing._aead_seal(body_key, header.encode(), flip(whole, 40))
    return _wrapped(header, body, KEY, b"").replace(body, swapped)
