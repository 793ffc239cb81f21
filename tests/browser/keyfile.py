"""A key file opened by somebody who has read PROTOCOL section 9 and nothing of the app."""

from __future__ import annotations

import base64
import json
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from nacl.pwhash import argon2id

from crypto.encoding import digest, kdf, unb64u
from crypto.record import unrec

ONCE = bytes(12)


def opened(text: str, pin: str) -> dict[str, Any]:
    """What is in it: `generation` and `parts`, with their bytes. Raises what the cipher raises for another PIN."""
    data = unb64u("".join(text.split()).removeprefix("qasidkeys1."))
    body, check = data[:-4], data[-4:]
    assert check == digest("key file check", body)[:4]
    lock, nonce, sealed = unrec(body, 3)
    passes, mib, salt, wrapped = unrec(lock, 4)
    cost = {"opslimit": int.from_bytes(passes), "memlimit": int.from_bytes(mib) << 20}
    stretched = argon2id.kdf(32, pin.encode(), salt, **cost)
    master = ChaCha20Poly1305(kdf(stretched, b"", "key file")).decrypt(ONCE, wrapped, None)
    plain = ChaCha20Poly1305(master).decrypt(nonce, sealed, lock)
    return dict(json.loads(plain, object_hook=_bytes))


def _bytes(value: dict[str, Any]) -> Any:
    return base64.b64decode(value["$bytes"]) if "$bytes" in value else value
