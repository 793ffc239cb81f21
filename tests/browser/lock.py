"""What a phone stored: behind a lock that costs nothing to open, and as somebody reads it who has its PIN."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nacl.bindings import crypto_aead_chacha20poly1305_ietf_decrypt as unwrap
from nacl.bindings import crypto_aead_chacha20poly1305_ietf_encrypt as wrap
from nacl.pwhash import argon2id

MIB = 1 << 20


def lighten(state: Any, pin: str) -> None:
    """Wrap the master key anew, under the same PIN and salt, after one pass over 1 MiB (webapp/src/lock.ts).

    It stands in a browser's stored state, `context.storage_state(indexed_db=True)`.
    """
    lock = _lock(_records(state))
    key = _master(lock, pin)
    safe = _only(lock)
    salt, nonce = _bytes(lock["salt"]["v"]), _bytes(safe["nonce"]["v"])
    lock["passes"]["v"] = lock["mib"]["v"] = 1
    safe["wrapped"]["v"]["ta"]["b"] = b64encode(wrap(key, None, nonce, _wrapping(pin, salt, 1, 1))).decode()


def seized(state: Any, pin: str, second: str = "") -> bytes:
    """All that the app keeps in a browser's stored state, opened, byte strings in it as they are.

    `second` is the key in the phone's keystore, where there is one.
    """
    records = _records(state)
    key = _master(_lock(records), pin, second)
    found: list[bytes] = []

    def note(item: dict[str, Any]) -> dict[str, Any]:
        if "$bytes" in item:
            found.append(b64decode(item["$bytes"]))
        return item

    for name, sealed in records.items():
        if name.startswith("safe/"):
            data = _bytes(sealed)
            part = unwrap(data[12:], name.removeprefix("safe/").encode(), data[:12], key)
            found.append(json.dumps(json.loads(part, object_hook=note), ensure_ascii=False).encode())
    return b"\n".join(found)


def _records(state: Any) -> dict[str, Any]:
    (store,) = state["origins"][0]["indexedDB"][0]["stores"]
    return {record["key"]: record.get("valueEncoded") for record in store["records"]}


def _lock(records: dict[str, Any]) -> dict[str, Any]:
    return {pair["k"]: pair for pair in records["lock"]["o"]}


def _only(lock: dict[str, Any]) -> dict[str, Any]:
    """The lock of the one safe there is."""
    (safe,) = lock["safes"]["v"]["a"]
    return {pair["k"]: pair for pair in safe["o"]}


def _bytes(value: Any) -> bytes:
    return b64decode(value["ta"]["b"])


def master(state: Any, pin: str, second: str = "") -> bytes:
    """The key that all of it is sealed under."""
    return _master(_lock(_records(state)), pin, second)


def _master(lock: dict[str, Any], pin: str, second: str = "") -> bytes:
    salt, safe = _bytes(lock["salt"]["v"]), _only(lock)
    nonce, wrapped = (_bytes(safe[name]["v"]) for name in ("nonce", "wrapped"))
    kek = _wrapping(pin, salt, lock["passes"]["v"], lock["mib"]["v"], second)
    return unwrap(wrapped, None, nonce, kek)


def _wrapping(pin: str, salt: bytes, passes: int, mib: int, second: str = "") -> bytes:
    stretched = argon2id.kdf(32, pin.encode(), salt, opslimit=passes, memlimit=mib * MIB)
    return HKDF(SHA256(), 32, salt=second.encode(), info=b"qasid app lock").derive(stretched)
