"""Sealing and opening the chunks of an attachment (PROTOCOL section 6, Attachments); for phones and desks alone."""

import struct
from collections.abc import Sequence
from typing import Final

from nacl import bindings
from nacl.exceptions import CryptoError as NaclError

from crypto.attachment import CHUNK, SEALED_CHUNK, Attachment, attachment_hash
from crypto.encoding import equal, kdf
from crypto.errors import Malformed, Refused
from crypto.record import rec

_NONCE: Final = struct.Struct(">7xI?")


def seal_chunk(attachment: Attachment, office: bytes, n: int, plain: bytes, *, last: bool) -> bytes:
    """Chunk `n` (from 0) of an attachment, of at most 16 KiB of it, padded with zeros."""
    if len(plain) > CHUNK:
        raise Malformed("a chunk holds at most 16,384 bytes")
    key, aad = _key(attachment), _aad(attachment, office)
    nonce = _NONCE.pack(n, last)
    return bindings.crypto_aead_chacha20poly1305_ietf_encrypt(plain.ljust(CHUNK, b"\0"), aad, nonce, key)


def open_chunk(attachment: Attachment, office: bytes, n: int, sealed: bytes) -> bytes:
    """The 16 KiB in chunk `n`, padding included. Malformed in another length, Refused where it does not open."""
    if len(sealed) != SEALED_CHUNK:
        raise Malformed("a chunk is 16,400 bytes")
    key, aad = _key(attachment), _aad(attachment, office)
    nonce = _NONCE.pack(n, n == attachment.count - 1)
    try:
        return bindings.crypto_aead_chacha20poly1305_ietf_decrypt(sealed, aad, nonce, key)
    except (NaclError, ValueError):
        raise Refused("a chunk of the attachment does not open") from None


def seal_chunks(attachment: Attachment, office: bytes, data: bytes) -> list[bytes]:
    """All chunks, in order; Refused when `data` is not what the attachment names."""
    _check(attachment, data)
    return [
        seal_chunk(attachment, office, n, data[n * CHUNK : (n + 1) * CHUNK], last=n == attachment.count - 1)
        for n in range(attachment.count)
    ]


def open_chunks(attachment: Attachment, office: bytes, chunks: Sequence[bytes]) -> bytes:
    """What was attached. Malformed or Refused when it is not all there, in order, as its message says."""
    if len(chunks) != attachment.count:
        raise Refused("the attachment is not all there")
    padded = b"".join([open_chunk(attachment, office, n, sealed) for n, sealed in enumerate(chunks)])
    data, padding = padded[: attachment.size], padded[attachment.size :]
    if padding.strip(b"\0"):
        raise Refused("the padding is wrong")
    _check(attachment, data)
    return data


def _check(attachment: Attachment, data: bytes) -> None:
    if len(data) != attachment.size or not equal(attachment_hash(data), attachment.hash):
        raise Refused("the attachment is another than its message names")


def _key(attachment: Attachment) -> bytes:
    return kdf(attachment.key, attachment.attachment, "attachment")


def _aad(attachment: Attachment, office: bytes) -> bytes:
    return rec(office, attachment.attachment, bytes([attachment.count]))
