"""Key files written and opened by somebody who has read PROTOCOL section 9 and nothing of the app."""

from __future__ import annotations

import base64
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from nacl.pwhash import argon2id

from crypto.encoding import b64u, digest, kdf, unb64u
from crypto.keys import DeviceKeys, PrekeyPair
from crypto.record import rec, unrec
from tests.browser.office import Office

BEGIN = "qasidkeys1."
LEAST_MIB = 8
ONCE = bytes(12)


def sealed(pin: str, parts: dict[str, Any]) -> str:
    """A new file with these parts, at the least cost there may be."""
    salt, master, nonce = secrets.token_bytes(16), secrets.token_bytes(32), secrets.token_bytes(12)
    wrapped = _wrapping(pin, salt, 1, LEAST_MIB).encrypt(ONCE, master, None)
    lock = rec((1).to_bytes(4), LEAST_MIB.to_bytes(4), salt, wrapped)
    plain = json.dumps({"generation": 1, "parts": _texts(parts)}).encode()
    body = rec(lock, nonce, ChaCha20Poly1305(master).encrypt(nonce, plain, lock))
    return BEGIN + b64u(body + digest("key file check", body)[:4])


def opened(text: str, pin: str) -> dict[str, Any]:
    """What is in it: `generation` and `parts`, with their bytes. Raises what the cipher raises for another PIN."""
    data = unb64u("".join(text.split()).removeprefix(BEGIN))
    body, check = data[:-4], data[-4:]
    assert check == digest("key file check", body)[:4]
    lock, nonce, content = unrec(body, 3)
    passes, mib, salt, wrapped = unrec(lock, 4)
    wrapping = _wrapping(pin, salt, int.from_bytes(passes), int.from_bytes(mib))
    plain = ChaCha20Poly1305(wrapping.decrypt(ONCE, wrapped, None)).decrypt(nonce, content, lock)
    return dict(json.loads(plain, object_hook=_bytes))


def parts(office: Office, keys: DeviceKeys, prekey: PrekeyPair) -> dict[str, Any]:
    """What a new file holds of a device that the office has on its card."""
    head, root = office.head, office.root.root.root_pk
    return {
        "self": {
            "keys": rec(keys.record.encode(), keys.sign_seed, keys.dh_sk),
            "prekeys": [rec(prekey.prekey.encode(), prekey.dh_sk, prekey.kem_seed)],
            "state": "enrolled",
            "bot": "letters_bot",
        },
        "office": {
            "pin": {"office": office.id, "version": head.version, "hash": head.hash, "root": root},
            "wire": office.wires()[-1],
            "former": [],
            "floor": head.issued,
        },
        "ledger": {"sent": {}, "heard": {}, "seen": {}, "statements": {}, "early": [], "rejected": 0},
        "messages": [],
        "notices": [],
        "settings": {
            "consents": {"messages": True, "departures": True},
            "agreedAt": {"messages": office.now, "departures": office.now},
            "paused": False,
        },
        "about": {"others": [], "told": {}},
        "queue": [],
    }


def _wrapping(pin: str, salt: bytes, passes: int, mib: int) -> ChaCha20Poly1305:
    stretched = argon2id.kdf(32, pin.encode(), salt, opslimit=passes, memlimit=mib << 20)
    return ChaCha20Poly1305(kdf(stretched, b"", "key file"))


def _bytes(value: dict[str, Any]) -> Any:
    return base64.b64decode(value["$bytes"]) if "$bytes" in value else value


def _texts(value: Any) -> Any:
    """The other way: byte strings as JSON has them."""
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    if isinstance(value, dict):
        return {name: _texts(each) for name, each in value.items()}
    return [_texts(each) for each in value] if isinstance(value, list) else value
