"""HPKE (RFC 9180), all four modes of one suite: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305.

Qasid seals in mode AuthPSK alone; the others are here because they share every line and the RFC's vectors
then check each. The relay's packages must not reach this module.
"""

import secrets
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from nacl import bindings
from nacl.exceptions import CryptoError as NaclError

from crypto.encoding import expand, extract
from crypto.errors import Malformed, Refused

# LabeledExtract and LabeledExpand (section 4) are `extract` and `expand` of these and what differs. They are put
# together once: sealing asks for them thousands of times.
_KEM: Final = b"HPKE-v1KEM\x00\x20"
_SUITE: Final = b"HPKE-v1HPKE\x00\x20\x00\x01\x00\x03"
_EAE_PRK: Final = _KEM + b"eae_prk"
_SHARED_SECRET: Final = b"\x00\x20" + _KEM + b"shared_secret"
_INFO_HASH: Final = _SUITE + b"info_hash"
_SECRET: Final = _SUITE + b"secret"
_KEY: Final = b"\x00\x20" + _SUITE + b"key"
_BASE_NONCE: Final = b"\x00\x0c" + _SUITE + b"base_nonce"
_EXPORTER: Final = b"\x00\x20" + _SUITE + b"exp"
_MAX_SEQUENCE: Final = 2**96 - 1


class KeyPair(NamedTuple):
    """An X25519 pair, 32 bytes each."""

    private: bytes
    public: bytes


def derive_key_pair(ikm: bytes) -> KeyPair:
    """RFC 9180 section 7.1.3."""
    private = expand(extract(b"", _KEM + b"dkp_prk" + ikm), b"\x00\x20" + _KEM + b"sk", 32)
    return KeyPair(private, bindings.crypto_scalarmult_base(private))


@dataclass(slots=True, repr=False)
class Context:
    """What both sides share (section 5.2); `seal` and `open` count messages."""

    key: bytes
    base_nonce: bytes
    secret: bytes = b""
    schedule: bytes = b""
    sequence: int = 0

    @property
    def exporter_secret(self) -> bytes:
        """Derived when asked for: sealing never does."""
        return expand(self.secret, _EXPORTER + self.schedule, 32)

    def seal(self, aad: bytes, plaintext: bytes) -> bytes:
        """The next ciphertext."""
        return bindings.crypto_aead_chacha20poly1305_ietf_encrypt(plaintext, aad, self._nonce(), self.key)

    def open(self, aad: bytes, ciphertext: bytes) -> bytes:
        """The next plaintext; Refused, without counting, when it does not open."""
        sequence = self.sequence
        try:
            return bindings.crypto_aead_chacha20poly1305_ietf_decrypt(
                ciphertext, aad, self._nonce(), self.key
            )
        except (NaclError, ValueError):
            self.sequence = sequence
            raise Refused("the ciphertext does not open") from None

    def export(self, context: bytes, length: int) -> bytes:
        """Section 5.3."""
        label = length.to_bytes(2, "big") + _SUITE + b"sec"
        return expand(self.exporter_secret, label + context, length)

    def _nonce(self) -> bytes:
        if self.sequence >= _MAX_SEQUENCE:
            raise Refused("too many messages under one key")
        nonce = int.from_bytes(self.base_nonce, "big") ^ self.sequence
        self.sequence += 1
        return nonce.to_bytes(12, "big")


def setup_sender(
    recipient: bytes,
    info: bytes,
    *,
    psk: bytes = b"",
    psk_id: bytes = b"",
    sender: KeyPair | None = None,
    _ephemeral: KeyPair | None = None,
) -> tuple[bytes, Context]:
    """`enc` and the context towards the public key `recipient`; psk and sender choose the mode.

    `_ephemeral` is for vectors alone. Refused when the recipient's key has small order.
    """
    ephemeral = _ephemeral or _fresh()
    shared, bound = _dh(ephemeral.private, recipient), ephemeral.public + recipient
    if sender is not None:
        shared, bound = shared + _dh(sender.private, recipient), bound + sender.public
    return ephemeral.public, _schedule(_shared_secret(shared, bound), info, psk, psk_id, sender is not None)


def setup_recipient(
    enc: bytes,
    recipient: KeyPair,
    info: bytes,
    *,
    psk: bytes = b"",
    psk_id: bytes = b"",
    sender: bytes | None = None,
) -> Context:
    """The context of `enc` for the pair `recipient`; `sender` is the authenticated sender's public key."""
    shared, bound = _dh(recipient.private, enc), enc + recipient.public
    if sender is not None:
        shared, bound = shared + _dh(recipient.private, sender), bound + sender
    return _schedule(_shared_secret(shared, bound), info, psk, psk_id, sender is not None)


def _schedule(shared: bytes, info: bytes, psk: bytes, psk_id: bytes, authenticated: bool) -> Context:
    if bool(psk) != bool(psk_id):
        raise Malformed("a PSK and its id come together")
    mode = bytes([2 * authenticated + bool(psk)])
    context = mode + _psk_id_hash(psk_id) + extract(b"", _INFO_HASH + info)
    secret = extract(shared, _SECRET + psk)
    return Context(
        key=expand(secret, _KEY + context, 32),
        base_nonce=expand(secret, _BASE_NONCE + context, 12),
        secret=secret,
        schedule=context,
    )


@lru_cache(maxsize=8)
def _psk_id_hash(psk_id: bytes) -> bytes:
    return extract(b"", _SUITE + b"psk_id_hash" + psk_id)


def _fresh() -> KeyPair:
    private = secrets.token_bytes(32)
    return KeyPair(private, bindings.crypto_scalarmult_base(private))


def _dh(private: bytes, public: bytes) -> bytes:
    if len(public) != 32:
        raise Malformed("an X25519 key is 32 bytes")
    try:
        return bindings.crypto_scalarmult(private, public)
    except (NaclError, RuntimeError):  # PyNaCl raises RuntimeError for an all-zero result
        raise Refused("an X25519 key of small order") from None


def _shared_secret(shared: bytes, bound: bytes) -> bytes:
    return expand(extract(b"", _EAE_PRK + shared), _SHARED_SECRET + bound, 32)
