"""The two attacks of the design, against a variant without the defence (they work) and against ours (they do not).

`Loose` below is our own opening with one check taken out; everything else is the same code.
"""

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms
from nacl import bindings

from crypto import sealing
from crypto.content import Content
from crypto.encoding import digest, equal, kdf
from crypto.envelope import Envelope, Form, Header, Urgency, Wrap
from crypto.errors import Refused
from crypto.hpke import KeyPair, setup_sender
from crypto.keys import PrekeyPair
from crypto.record import rec
from tests.vectors.envelopes import INNER
from tests.vectors.world import COORDINATOR, DAY, NOW, PHONE_PREKEY, STRANGER_PREKEY, seeded

Binding = Callable[[Header, bytes], bytes]


def opened(data: bytes, pair: PrekeyPair, *, binding: Binding, commits: bool) -> bytes:
    """The padded content, as `sealing.open_envelope` gets at it, with each defence there or not."""
    envelope = Envelope.parse(data)
    wrap = envelope.only(pair.prekey.address).wraps[0]
    key, _ = sealing._unwrap(wrap, COORDINATOR.record, pair, binding(envelope.header, envelope.body))
    if commits and not equal(kdf(key, b"", "commit"), envelope.header.commitment):
        raise Refused("the envelope commits to another key")
    return sealing._aead_open(kdf(key, b"", "body"), envelope.header.encode(), envelope.body)


def header_only(header: Header, body: bytes) -> bytes:
    return digest("envelope", rec(header.encode()))


def wrap(key: bytes, pair: PrekeyPair, aad: bytes) -> Wrap:
    psk, kem_ct = sealing.Entropy().encapsulate(pair.prekey.kem_pk)
    info = sealing._info(sealing._author(COORDINATOR.record), pair.prekey, kem_ct)
    sender = KeyPair(COORDINATOR.dh_sk, COORDINATOR.record.dh_pk)
    enc, context = setup_sender(pair.prekey.dh_pk, info, psk=psk, psk_id=sealing.PSK_ID, sender=sender)
    return Wrap(pair.prekey.address, kem_ct, enc, Form.BARE, context.seal(aad, key))


def header(key: bytes) -> Header:
    commitment = kdf(key, b"", "commit")
    return Header(seeded("id", 16), COORDINATOR.record.device, NOW, NOW + DAY, 0, Urgency.ROUTINE, commitment)


HONEST = rec(Content(INNER, bytes(64)).encode()).ljust(512, b"\0")
FORGED = HONEST.replace(b"Message received.", b"Go to the bridge.")
assert FORGED != HONEST


# Body swap: a recipient knows the content key, and with the relay's help serves another body to somebody else.


def swapped(binding: Binding) -> bytes:
    """The office seals for two; the stranger opens, forges a body under the same key, the relay serves it on."""
    key = seeded("content key")
    head = header(key)
    body = sealing._aead_seal(kdf(key, b"", "body"), head.encode(), HONEST)
    aad = binding(head, body)
    sealed = Envelope(head, body, (wrap(key, PHONE_PREKEY, aad), wrap(key, STRANGER_PREKEY, aad)))
    mine = sealed.only(STRANGER_PREKEY.prekey.address).wraps[0]
    known, _ = sealing._unwrap(mine, COORDINATOR.record, STRANGER_PREKEY, aad)
    forged = sealing._aead_seal(kdf(known, b"", "body"), head.encode(), FORGED)
    return Envelope(head, forged, sealed.only(PHONE_PREKEY.prekey.address).wraps).encode()


def test_body_swap_works_when_wraps_are_bound_to_the_header_alone() -> None:
    assert opened(swapped(header_only), PHONE_PREKEY, binding=header_only, commits=True) == FORGED


def test_body_swap_fails_against_ours() -> None:
    data = swapped(sealing._binding)
    with pytest.raises(Refused, match="does not open"):
        opened(data, PHONE_PREKEY, binding=sealing._binding, commits=True)
    with pytest.raises(Refused, match="does not open"):
        sealing.open_envelope(data, sender=COORDINATOR.record, prekey=PHONE_PREKEY)


# Two keys: one ciphertext with one tag that opens under two keys to two texts (Poly1305 commits to no key).

P = 2**130 - 5
R_MASK = 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF


def poly(key: bytes, blocks: list[int]) -> int:
    r, total = int.from_bytes(key[:16], "little") & R_MASK, 0
    for block in blocks:
        total = (total + block) * r % P
    return total


def one_time_key(key: bytes) -> bytes:
    """The Poly1305 key of a zero nonce: the first 32 bytes of ChaCha20 block 0."""
    return Cipher(algorithms.ChaCha20(key, bytes(16)), None).encryptor().update(bytes(32))


def keystream(key: bytes, size: int) -> bytes:
    return bindings.crypto_aead_chacha20poly1305_ietf_encrypt(bytes(size), b"", bytes(12), key)[:-16]


def blocks_of(data: bytes) -> list[int]:
    return [
        int.from_bytes(data[i : i + 16].ljust(16, b"\0") + b"\1", "little") for i in range(0, len(data), 16)
    ]


def collide(first: bytes, second: bytes, ciphertext: bytes, aad: bytes, free: int) -> bytes | None:
    """`ciphertext ‖ tag` valid under both keys, the 16 bytes at `free` chosen to that end; None if they overflow."""
    keys = [one_time_key(first), one_time_key(second)]
    padded = aad + bytes(-len(aad) % 16)
    ending = len(aad).to_bytes(8, "little") + len(ciphertext).to_bytes(8, "little")
    blocks = blocks_of(padded) + blocks_of(ciphertext) + blocks_of(ending)
    at = len(padded) // 16 + free // 16
    exponent = len(blocks) - at
    blocks[at] = 1 << 128
    sums, factors = [], []
    for key in keys:
        r = int.from_bytes(key[:16], "little") & R_MASK
        sums.append(poly(key, blocks))
        factors.append(pow(r, exponent, P))
    # Tags are sums modulo 2^128 of what was reduced modulo P: try the few carries that can stand between them.
    difference = int.from_bytes(keys[1][16:], "little") - int.from_bytes(keys[0][16:], "little")
    for carry in range(-4, 5):
        target = difference + carry * 2**128 + sums[1] - sums[0]
        x = target * pow(factors[0] - factors[1], -1, P) % P
        if x >= 2**128:
            continue
        forged = ciphertext[:free] + x.to_bytes(16, "little") + ciphertext[free + 16 :]
        blocks[at] = (1 << 128) + x
        tags = [(poly(key, blocks) + int.from_bytes(key[16:], "little")) % 2**128 for key in keys]
        if tags[0] == tags[1]:
            return forged + tags[0].to_bytes(16, "little")
    return None


def two_keys() -> tuple[Header, bytes, bytes, bytes]:
    """A header, a body and two content keys under which it opens to two texts of the sender's choosing."""
    key = seeded("content key")
    head = header(key)
    first = kdf(key, b"", "body")
    for attempt in range(1000):
        other = seeded(f"second key {attempt}")
        second = kdf(other, b"", "body")
        a, b = keystream(first, 512), keystream(second, 512)
        # The first 256 bytes are for the first reader, the next 240 for the second, the last 16 make the tags meet.
        plain = b"Stay where you are.".ljust(256, b" ")
        mixed = bytes(x ^ y for x, y in zip(plain, a, strict=False))
        mixed += bytes(x ^ y for x, y in zip(b"Go to the bridge.".ljust(240, b" "), b[256:], strict=False))
        body = collide(first, second, mixed + bytes(16), head.encode(), 496)
        if body is not None:
            return head, body, key, other
    raise AssertionError("no collision in a thousand keys")


def test_two_keys_open_one_body_to_two_texts_when_no_key_is_committed_to() -> None:
    head, body, key, other = two_keys()
    aad = sealing._binding(head, body)
    data = Envelope(head, body, (wrap(key, PHONE_PREKEY, aad), wrap(other, STRANGER_PREKEY, aad))).encode()
    first = opened(data, PHONE_PREKEY, binding=sealing._binding, commits=False)
    second = opened(data, STRANGER_PREKEY, binding=sealing._binding, commits=False)
    assert first.startswith(b"Stay where you are.")
    assert second[256:].startswith(b"Go to the bridge.")
    assert first != second


def test_two_keys_fail_against_ours() -> None:
    head, body, key, other = two_keys()
    aad = sealing._binding(head, body)
    data = Envelope(head, body, (wrap(key, PHONE_PREKEY, aad), wrap(other, STRANGER_PREKEY, aad))).encode()
    with pytest.raises(Refused, match="another key"):
        sealing.open_envelope(data, sender=COORDINATOR.record, prekey=STRANGER_PREKEY)
    # The one key that is committed to opens the body to one text; whether that is a message is another matter.
    assert opened(data, PHONE_PREKEY, binding=sealing._binding, commits=True)
