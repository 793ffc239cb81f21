"""Against other people's code: HPKE with pyhpke both ways, our request signatures with http-message-signatures."""

import datetime as dt
from dataclasses import dataclass, field

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import HTTPMessageVerifier, HTTPSignatureKeyResolver, algorithms
from http_message_signatures.exceptions import HTTPMessageSignaturesException
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl import bindings
from pyhpke import AEADId, CipherSuite, KDFId, KEMId, OpenError

from crypto import request
from crypto.encoding import b64u
from crypto.errors import CryptoError, Refused
from crypto.hpke import KeyPair, setup_recipient, setup_sender
from crypto.sealing import PSK_ID
from tests.vectors.world import PHONE, seeded

SUITE = CipherSuite.new(KEMId.DHKEM_X25519_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.CHACHA20_POLY1305)
keys = st.binary(min_size=32, max_size=32)


def pair(private: bytes) -> KeyPair:
    return KeyPair(private, bindings.crypto_scalarmult_base(private))


@settings(max_examples=25, deadline=None)
@given(recipient=keys, sender=keys, psk=keys, info=st.binary(max_size=64), aad=st.binary(max_size=64))
def test_they_open_what_we_seal(recipient: bytes, sender: bytes, psk: bytes, info: bytes, aad: bytes) -> None:
    ours, mine = pair(recipient), pair(sender)
    enc, context = setup_sender(ours.public, info, psk=psk, psk_id=PSK_ID, sender=mine)
    theirs = SUITE.create_recipient_context(
        enc,
        SUITE.kem.deserialize_private_key(ours.private),
        info=info,
        pks=SUITE.kem.deserialize_public_key(mine.public),
        psk=psk,
        psk_id=PSK_ID,
    )
    assert theirs.open(context.seal(aad, b"first"), aad) == b"first"
    assert theirs.open(context.seal(aad, b"second"), aad) == b"second"
    with pytest.raises(OpenError):
        theirs.open(context.seal(aad, b"third"), aad + b"x")


@settings(max_examples=25, deadline=None)
@given(recipient=keys, sender=keys, psk=keys, info=st.binary(max_size=64), aad=st.binary(max_size=64))
def test_we_open_what_they_seal(recipient: bytes, sender: bytes, psk: bytes, info: bytes, aad: bytes) -> None:
    ours, mine = pair(recipient), pair(sender)
    enc, theirs = SUITE.create_sender_context(
        SUITE.kem.deserialize_public_key(ours.public),
        info=info,
        sks=SUITE.kem.deserialize_private_key(mine.private),
        psk=psk,
        psk_id=PSK_ID,
    )
    context = setup_recipient(enc, ours, info, psk=psk, psk_id=PSK_ID, sender=mine.public)
    assert context.open(aad, theirs.seal(b"first", aad)) == b"first"
    other = setup_recipient(enc, ours, info, psk=psk, psk_id=PSK_ID, sender=ours.public)
    with pytest.raises(CryptoError):
        other.open(aad, theirs.seal(b"second", aad))


@dataclass
class Message:
    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)


class Resolver(HTTPSignatureKeyResolver):
    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        assert key_id == b64u(PHONE.record.device)
        return Ed25519PublicKey.from_public_bytes(PHONE.record.sign_pk)


COVERED = ("@method", "@authority", "@path", "@query", "content-digest")


def verified_by_them(message: Message, body: bytes) -> None:
    verifier = HTTPMessageVerifier(signature_algorithm=algorithms.ED25519, key_resolver=Resolver())
    [result] = verifier.verify(
        message,
        max_age=dt.timedelta(minutes=5),
        expect_tag="qasid-1",
        require_components=COVERED,
        body=body,
    )
    assert set(result.covered_components) == {f'"{name}"' for name in (*COVERED, "@signature-params")}


@pytest.mark.parametrize(
    ("method", "path", "query", "body"),
    [
        ("GET", "/v1/mail", "", b""),
        ("GET", "/v1/mail", "after=7&limit=20", b""),
        ("POST", "/v1/envelopes", "for=x%2F1", seeded("body", 700)),
    ],
)
def test_they_verify_what_we_sign(method: str, path: str, query: str, body: bytes) -> None:
    # The library looks at the real clock; nothing here waits for it.
    now = int(dt.datetime.now(dt.UTC).timestamp())
    given_ = {"method": method, "authority": "relay.example", "path": path, "query": query, "body": body}
    headers = request.sign(PHONE.sign_seed, device=PHONE.record.device, created=now, **given_)
    url = f"https://relay.example{path}" + (f"?{query}" if query else "")
    verified_by_them(Message(method, url, headers), body)
    ours = request.RequestSignature.parse(headers.items())
    ours.verify(PHONE.record.sign_pk, now=now, **given_)
    with pytest.raises(HTTPMessageSignaturesException):
        verified_by_them(Message(method, url + "&x", headers), body)
    with pytest.raises(HTTPMessageSignaturesException):
        verified_by_them(Message(method, url, headers), body + b"x")


def test_no_foreign_letter_passes_for_a_host_of_ours() -> None:
    """The Kelvin sign is a small k once lowered."""
    given_ = {"method": "GET", "path": "/", "query": "", "body": b""}
    headers = request.sign(
        PHONE.sign_seed, device=PHONE.record.device, created=0, authority="k.example", **given_
    )
    parsed = request.RequestSignature.parse(headers.items())
    parsed.verify(PHONE.record.sign_pk, now=0, authority="K.example", **given_)
    for authority in ("\u212a.example", "k.example\n", "k.example\r"):
        with pytest.raises(Refused):
            parsed.verify(PHONE.record.sign_pk, now=0, authority=authority, **given_)
