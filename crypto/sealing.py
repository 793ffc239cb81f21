"""Sealing and opening envelopes and places (PROTOCOL sections 5 and 7); for phones and desks, never the relay."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from nacl import bindings
from nacl.exceptions import CryptoError as NaclError

from crypto.content import Content, Inner, prove
from crypto.device import DeviceRecord, OwnerKind
from crypto.encoding import digest, equal, kdf
from crypto.envelope import (
    BUCKETS,
    STEP,
    SUITE,
    Envelope,
    Form,
    Header,
    Urgency,
    Wrap,
    assemble,
    check_readers,
    coarse,
    encode_wrap,
    padded_size,
)
from crypto.errors import Malformed, Refused
from crypto.hpke import KeyPair, setup_recipient, setup_sender
from crypto.keys import DeviceKeys, PrekeyPair
from crypto.missive import Missive
from crypto.missive import prove as prove_missive
from crypto.notice import PLACE_SIZE, Notice, OwnPart, place_commitment
from crypto.prekey import HolderKind, Prekey
from crypto.record import rec

PSK_ID: Final = b"qasid/1 ML-KEM-768"
_NONCE: Final = bytes(12)  # each body key and place key seals one message
_OWN_SIZE: Final = 94
_PLAIN_SIZE: Final = 128


class Entropy:
    """Where randomness comes from; only the maker of vectors puts another in its place."""

    def random(self, size: int) -> bytes:
        """Random bytes."""
        return secrets.token_bytes(size)

    def pair(self) -> KeyPair | None:
        """HPKE's ephemeral pair; None lets HPKE draw it."""
        return None

    def encapsulate(self, kem_pk: bytes) -> tuple[bytes, bytes]:
        """ML-KEM-768.Encaps: shared secret [32] and ciphertext [1088]; Refused for a key that is none."""
        try:
            return MLKEM768PublicKey.from_public_bytes(kem_pk).encapsulate()
        except ValueError:
            raise Refused("a prekey's ML-KEM key is not one") from None


_SYSTEM: Final = Entropy()


@dataclass(frozen=True, slots=True)
class Recipient:
    """A prekey to seal to, checked by the caller to be its holder's, and what its holder alone shall read."""

    prekey: Prekey
    own: OwnPart | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """What every wrap of one envelope holds, and is bound to; `author` is the sender's device, encoded.

    It opens the envelope and speaks for the sender: it may be handed to another process of the same desk, by a pipe.
    """

    key: bytes
    author: bytes
    sender: KeyPair
    aad: bytes


Wrapper = Callable[[Secret, Sequence[Recipient]], list[bytes]]
"""Makes the wraps, in order; `wraps` is the plain one."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An opened envelope; what content.py checks is still to be checked."""

    header: Header
    content: Content
    own: OwnPart | None


class OpenedBytes(NamedTuple):
    """An opened envelope whose content is still to be parsed."""

    header: Header
    content: bytes
    own: OwnPart | None


def seal(
    inner: Inner,
    *,
    sender: DeviceKeys,
    recipients: Sequence[Recipient],
    now: int,
    expires: int,
    urgency: Urgency = Urgency.ROUTINE,
    envelope: bytes | None = None,
    wrapper: Wrapper | None = None,
    _entropy: Entropy = _SYSTEM,
) -> bytes:
    """The envelope of a message, with the proof when `sender` is an officer's device.

    `expires` (unix seconds) is rounded up to 15 minutes. `envelope` is the id of an earlier sealing of the same
    message, of which nobody knows whether it arrived; otherwise a new one is drawn. `wrapper` makes the wraps in its
    own way (in several processes, say). Refused when a prekey is not in its time or of another office, or when
    `sender` is not the message's; Malformed when there is no recipient or two are the same.
    """
    if inner.sender != sender.record.device:
        raise Refused("the message names another sender than the device that seals it")
    for recipient in recipients:
        if recipient.prekey.office != sender.record.office:
            raise Refused("a prekey is another office's")

    def written(envelope_id: bytes, commitment: bytes) -> bytes:
        proof = b""
        if sender.record.owner_kind is OwnerKind.OFFICER:
            proof = prove(inner, sender.record.office, envelope_id, commitment, sender.sign_seed)
        return Content(inner, proof).encode()

    return _seal(
        written, sender, recipients,
        now=now, expires=expires, urgency=urgency, envelope=envelope, wrapper=wrapper, entropy=_entropy,
    )  # fmt: skip


def seal_missive(
    missive: Missive,
    *,
    sender: DeviceKeys,
    epoch: Prekey,
    now: int,
    expires: int,
    envelope: bytes | None = None,
) -> bytes:
    """The envelope of a message between offices, to the other's epoch or (a copy for colleagues) one's own.

    As `seal`; Refused also when `epoch` is neither office's.
    """
    if (missive.sender, missive.office) != (sender.record.device, sender.record.office):
        raise Refused("the message names another sender than the device that seals it")
    if epoch.holder_kind is not HolderKind.EPOCH or epoch.office not in (missive.office, missive.to):
        raise Refused("the prekey is neither office's epoch")

    def written(envelope_id: bytes, commitment: bytes) -> bytes:
        return prove_missive(missive, envelope_id, commitment, sender.sign_seed).encode()

    return _seal(
        written, sender, [Recipient(epoch)],
        now=now, expires=expires, urgency=Urgency.ROUTINE, envelope=envelope, wrapper=None, entropy=_SYSTEM,
    )  # fmt: skip


def _seal(
    written: Callable[[bytes, bytes], bytes],
    sender: DeviceKeys,
    recipients: Sequence[Recipient],
    *,
    now: int,
    expires: int,
    urgency: Urgency,
    envelope: bytes | None,
    wrapper: Wrapper | None,
    entropy: Entropy,
) -> bytes:
    """`written` gives the content for an envelope id and key commitment."""
    check_readers([recipient.prekey.address for recipient in recipients])
    for recipient in recipients:
        recipient.prekey.check_usable(now)
    key, envelope_id = entropy.random(32), envelope or entropy.random(16)
    commitment = kdf(key, b"", "commit")
    content = rec(written(envelope_id, commitment))
    bucket = _bucket(len(content))
    header = Header(
        envelope=envelope_id,
        sender=sender.record.device,
        time=coarse(now),
        expires=coarse(expires + STEP - 1),
        bucket=bucket,
        urgency=urgency,
        commitment=commitment,
    )
    body = _aead_seal(kdf(key, b"", "body"), header.encode(), content.ljust(padded_size(bucket), b"\0"))
    pair = KeyPair(sender.dh_sk, sender.record.dh_pk)
    secret = Secret(key, _author(sender.record), pair, _binding(header, body))
    made = wraps(secret, recipients, entropy) if wrapper is None else wrapper(secret, recipients)
    return assemble(header, body, made)


def wraps(secret: Secret, recipients: Sequence[Recipient], _entropy: Entropy = _SYSTEM) -> list[bytes]:
    """The wraps of an envelope, one for each recipient; Refused for a prekey that is none."""
    return [_wrap(secret, recipient, _entropy) for recipient in recipients]


def open_envelope(data: bytes, *, sender: DeviceRecord, prekey: PrekeyPair) -> Opened:
    """Open the wrap for `prekey` in an envelope from the device `sender`. Raises Malformed or Refused."""
    opened = open_sealed(data, sender=sender, prekey=prekey)
    return Opened(opened.header, Content.parse(opened.content), opened.own)


def open_sealed(data: bytes, *, sender: DeviceRecord, prekey: PrekeyPair) -> OpenedBytes:
    """As `open_envelope`; what is inside is not yet read: a message, or one between offices (missive.py)."""
    envelope = Envelope.parse(data)
    header = envelope.header
    if header.sender != sender.device:
        raise Refused("the envelope is from another device")
    wrap = envelope.only(prekey.prekey.address).wraps[0]
    key, own = _unwrap(wrap, sender, prekey, _binding(header, envelope.body))
    if not equal(kdf(key, b"", "commit"), header.commitment):
        raise Refused("the envelope commits to another key")
    content = _unpad(_aead_open(kdf(key, b"", "body"), header.encode(), envelope.body), header.bucket)
    return OpenedBytes(header, content, own)


def seal_place(
    place_key: bytes, office: bytes, notice: bytes, version: int, place: str
) -> tuple[bytes, bytes]:
    """`place_commit` and `place_sealed` of a notice; Malformed when the place is longer than 252 bytes."""
    text = rec(place.encode())
    if len(text) > PLACE_SIZE:
        raise Malformed("a place is at most 252 bytes long")
    sealed = _aead_seal(
        kdf(place_key, b"", "place"), _place_aad(office, notice, version), text.ljust(PLACE_SIZE, b"\0")
    )
    return place_commitment(place_key), sealed


def open_place(place_key: bytes, notice: Notice) -> str:
    """The place of a notice, with the key from its go; empty if it has none. Raises Refused."""
    if not notice.has_place:
        return ""
    if not equal(place_commitment(place_key), notice.place_commit):
        raise Refused("the notice commits to another place")
    aad = _place_aad(notice.office, notice.notice, notice.version)
    padded = _aead_open(kdf(place_key, b"", "place"), aad, notice.place_sealed)
    try:
        return _lead(padded).decode()
    except UnicodeDecodeError:
        raise Refused("the place is not text") from None


def _place_aad(office: bytes, notice: bytes, version: int) -> bytes:
    return rec(office, notice, version.to_bytes(4, "big"))


def _bucket(size: int) -> int:
    for bucket in range(BUCKETS):
        if size <= padded_size(bucket):
            return bucket
    raise Malformed("the message is too long for an envelope")


def _unpad(padded: bytes, bucket: int) -> bytes:
    content = _lead(padded)
    if _bucket(4 + len(content)) != bucket:
        raise Refused("the envelope is larger than its content needs")
    return content


def _lead(padded: bytes) -> bytes:
    """The content of `lp(content) ‖ zeros`."""
    end = 4 + int.from_bytes(padded[:4], "big")
    if end > len(padded) or padded[end:].strip(b"\0"):
        raise Refused("the padding is wrong")
    return padded[4:end]


def _binding(header: Header, body: bytes) -> bytes:
    return digest("envelope", rec(header.encode(), body))


def _author(sender: DeviceRecord) -> bytes:
    """How what binds a wrap begins, the same for all of an envelope."""
    return rec(bytes([SUITE]), sender.encode())


def _info(author: bytes, prekey: Prekey, kem_ct: bytes) -> bytes:
    """What binds a wrap to both ends."""
    return digest("wrap", author + rec(prekey.encode(), kem_ct))


def _wrap(secret: Secret, recipient: Recipient, entropy: Entropy) -> bytes:
    prekey = recipient.prekey
    psk, kem_ct = entropy.encapsulate(prekey.kem_pk)
    enc, context = setup_sender(
        prekey.dh_pk,
        _info(secret.author, prekey, kem_ct),
        psk=psk,
        psk_id=PSK_ID,
        sender=secret.sender,
        _ephemeral=entropy.pair(),
    )
    plain, form = secret.key, Form.BARE
    if recipient.own is not None:
        own = recipient.own.encode()
        plain, form = (plain + len(own).to_bytes(2, "big") + own).ljust(_PLAIN_SIZE, b"\0"), Form.OWN_PART
    return encode_wrap(prekey.address, kem_ct, enc, form, context.seal(secret.aad, plain))


def _unwrap(wrap: Wrap, sender: DeviceRecord, pair: PrekeyPair, aad: bytes) -> tuple[bytes, OwnPart | None]:
    psk = MLKEM768PrivateKey.from_seed_bytes(pair.kem_seed).decapsulate(wrap.kem_ct)
    context = setup_recipient(
        wrap.enc,
        KeyPair(pair.dh_sk, pair.prekey.dh_pk),
        _info(_author(sender), pair.prekey, wrap.kem_ct),
        psk=psk,
        psk_id=PSK_ID,
        sender=sender.dh_pk,
    )
    plain = context.open(aad, wrap.ciphertext)
    if wrap.form is Form.BARE:
        return plain, None
    size = int.from_bytes(plain[32:34], "big")
    if size > _OWN_SIZE or plain[34 + size :].strip(b"\0"):
        raise Refused("the padding is wrong")
    return plain[:32], OwnPart.parse(plain[34 : 34 + size])


def _aead_seal(key: bytes, aad: bytes, plaintext: bytes) -> bytes:
    return bindings.crypto_aead_chacha20poly1305_ietf_encrypt(plaintext, aad, _NONCE, key)


def _aead_open(key: bytes, aad: bytes, ciphertext: bytes) -> bytes:
    try:
        return bindings.crypto_aead_chacha20poly1305_ietf_decrypt(ciphertext, aad, _NONCE, key)
    except (NaclError, ValueError):
        raise Refused("the ciphertext does not open") from None
